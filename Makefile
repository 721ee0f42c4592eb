# Two commands: `make run` and `make test`. `make help` lists the rest.
# Needs Rust, a C compiler, make, and Python 3.9 or newer with pip.

PYTHON ?= python3
CARGO  ?= cargo
LISTEN ?= 127.0.0.1:8787
DATA   ?= mnemon-data

.DEFAULT_GOAL := help
# Programs that Mnemon is held beside; what is not to be had is left out and named.
PEERS = numpy hnswlib usearch faiss-cpu bm25s tantivy sqlite-vec lancedb chromadb onnxruntime tokenizers mem0ai
SIDE  = target/side-by-side
FUZZ  = backup caches extract http import names_and_times operations questions records
PROBE = target/schemathesis
SYSTEM = $(shell rustc -vV | sed -n "s/host: //p")

.PHONY: help run test build assets bench side-by-side sizes quality types worth check faults torture damage fuzz soak schemathesis sbom

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

side-by-side: build ## hold search beside other programs from PyPI (SIZES=10000,100000 STORE=50000 MEMORIES=5000)
	@test -x $(SIDE)/bin/python || $(PYTHON) -m venv $(SIDE)
	@for peer in $(PEERS); do $(SIDE)/bin/python -m pip install --quiet $$peer || echo "$$peer: not to be had" >&2; done
	@$(SIDE)/bin/python benches/side_by_side.py --sizes $(or $(SIZES),10000) --store $(or $(STORE),0) --memories $(or $(MEMORIES),0)

sizes: ## measure bytes a memory at 10,000, 100,000 and a million (takes minutes, and some 5 GB in TMPDIR)
	$(CARGO) bench --locked --bench sizes -- bytes

faults: assets ## fail every write, resize and sync of a workload in turn and hold what is left against a model (minutes)
	$(CARGO) test --locked --lib -- --ignored --nocapture all_faults

torture: assets ## kill the server at random moments under load and hold what is left against what was acknowledged (CYCLES=500)
	CYCLES=$(or $(CYCLES),500) $(CARGO) test --locked --test it -- --nocapture cli::torture

damage: assets ## flip bytes of a data file one at a time and look what check and repair say (FLIPS=5000)
	FLIPS=$(or $(FLIPS),5000) $(CARGO) test --locked --test it -- --nocapture a_flipped_byte

soak: assets ## mixed load for MINUTES=30 on a server of its own; memory, handles and latency as curves in target/soak.html
	MINUTES=$(or $(MINUTES),30) $(CARGO) bench --locked --bench soak

fuzz: assets ## run every fuzz target from its seeds, SECONDS=60 each (needs nightly Rust and cargo-fuzz)
	@for target in $(FUZZ); do mkdir -p fuzz/corpus/$$target; echo "== $$target"; \
	$(CARGO) +nightly fuzz run -s none $$target fuzz/corpus/$$target fuzz/seeds/$$target -- \
	-max_total_time=$(or $(SECONDS),60) -rss_limit_mb=4096 -timeout=25 -print_final_stats=1 || exit 1; done

quality: build ## measure memory quality and hold it against tests/quality/floors.json (needs ../shared/eval)
	@$(PYTHON) tests/quality/run.py

types: build ## train the classifier of statement types anew and print its accuracy (then build again)
	./target/release/mnemon train-types src/ingest/types/examples.tsv --out src/ingest/types/weights.tsv

worth: build ## train the classifier of what is worth keeping anew and print its accuracy (then build again)
	./target/release/mnemon train-worth src/ingest/types/examples.tsv src/ingest/worth/examples.tsv --out src/ingest/worth/weights.tsv

schemathesis: assets ## send requests made from openapi.json to a server of its own, all checks (CASES=100)
	@$(CARGO) build --locked --quiet
	@test -x $(PROBE)/bin/schemathesis || ($(PYTHON) -m venv $(PROBE) && $(PROBE)/bin/python -m pip install --quiet "schemathesis>=4.32,<5")
	@$(PYTHON) tests/schemathesis/run.py target/debug/mnemon $(PROBE)/bin/schemathesis $(or $(CASES),100)

sbom: assets ## write what the binary is made of to target/mnemon.cdx.json (CycloneDX)
	@mkdir -p target
	@$(PYTHON) .ci/sbom.py $(SYSTEM) > target/mnemon.cdx.json

check: ## run all that CI runs
	.ci/run
