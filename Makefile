# Two commands: `make run` and `make test`. `make help` lists the rest.
# Needs Rust, a C compiler, make, and Python 3.9 or newer with pip.

PYTHON ?= python3
CARGO  ?= cargo
LISTEN ?= 127.0.0.1:8787
DATA   ?= mnemon-data

.DEFAULT_GOAL := help
# Programs that Mnemon is held beside; what is not to be had is left out and named.
PEERS = numpy hnswlib usearch faiss-cpu bm25s tantivy sqlite-vec lancedb chromadb onnxruntime tokenizers
SIDE  = target/side-by-side
PROBE = target/schemathesis
SYSTEM = $(shell rustc -vV | sed -n "s/host: //p")

.PHONY: help run test build assets bench side-by-side sizes quality types schemathesis sbom check

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build in release mode and serve ./mnemon-data on 127.0.0.1:8787 (DATA=, LISTEN=)
	@exec ./target/release/mnemon serve --data $(DATA) --listen $(LISTEN)

test: assets ## run every test
	$(CARGO) test --locked

build: assets ## build target/release/mnemon: one file with model and runtime inside
	$(CARGO) build --release --locked

assets: ## fetch and build the embedding model and ONNX Runtime, once, into assets/built
	@$(PYTHON) assets/build.py

bench: assets ## run the benchmarks
	$(CARGO) bench --locked

side-by-side: build ## hold search beside other programs from PyPI (SIZES=10000,100000 STORE=50000)
	@test -x $(SIDE)/bin/python || $(PYTHON) -m venv $(SIDE)
	@for peer in $(PEERS); do $(SIDE)/bin/python -m pip install --quiet $$peer || echo "$$peer: not to be had" >&2; done
	@$(SIDE)/bin/python benches/side_by_side.py --sizes $(or $(SIZES),10000) --store $(or $(STORE),0)

sizes: ## measure bytes a memory at 10,000, 100,000 and a million (takes minutes, and some 5 GB in TMPDIR)
	$(CARGO) bench --locked --bench sizes -- bytes

quality: build ## measure memory quality and hold it against tests/quality/floors.json (needs ../shared/eval)
	@$(PYTHON) tests/quality/run.py

types: build ## train the classifier of statement types anew and print its accuracy (then build again)
	./target/release/mnemon train-types src/ingest/types/examples.tsv --out src/ingest/types/weights.tsv

schemathesis: assets ## send requests made from openapi.json to a server of its own, all checks (CASES=100)
	@$(CARGO) build --locked --quiet
	@test -x $(PROBE)/bin/schemathesis || ($(PYTHON) -m venv $(PROBE) && $(PROBE)/bin/python -m pip install --quiet "schemathesis>=4.32,<5")
	@$(PYTHON) tests/schemathesis/run.py target/debug/mnemon $(PROBE)/bin/schemathesis $(or $(CASES),100)

sbom: assets ## write what the binary is made of to target/mnemon.cdx.json (CycloneDX)
	@mkdir -p target
	@$(PYTHON) .ci/sbom.py $(SYSTEM) > target/mnemon.cdx.json

check: ## run all that CI runs
	.ci/run
