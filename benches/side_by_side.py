#!/usr/bin/env python3
"""Mnemon beside other programs: the same texts, vectors and machine, in turns.

    make side-by-side                  # makes target/side-by-side with the peers from PyPI, then runs this
    python benches/side_by_side.py --mnemon target/release/mnemon --sizes 10000,100000

Texts are synthetic (`mnemon bench dump`), their vectors are those of the built-in sentence model. Every peer is used as its
documentation says, on one thread. Each round runs all in turn, in another order each time; what is reported is the median of the
rounds, its least and its most, and the ratio to Mnemon's in the same round. A peer that is not installed is left out and named.

Parts: vectors (at the first setting whose recall@10 is .99 or more), words, with `--store N` whole stores (stores.py): keep N texts,
then answer questions by words and by vector, embedding included; with `--memories N` mem0 and Mnemon, each text added by a call of its own.
"""

import argparse
import json
import os
import pathlib
import platform
import random
import statistics
import subprocess
import sys
import time

# One thread each, before NumPy and its friends look.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS", "TOKENIZERS_PARALLELISM"):
    os.environ[name] = "1"
# No peer reports home or asks a network for anything.
os.environ.update({"ANONYMIZED_TELEMETRY": "False", "HF_HUB_OFFLINE": "1"})

import numpy as np  # noqa: E402

HITS = 10
WANTED = 0.99
#: What hnswlib and usearch are built with.
LINKS, BREADTH = 16, 200
#: Breadths of a search that are tried, until one reaches the recall that is wanted.
BREADTHS = (10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384)


def timed(search, questions):
    """The hits, and the seconds of each search; the first tenth is done once before it counts."""
    for question in questions[: len(questions) // 10]:
        search(question)
    hits, seconds = [], []
    for question in questions:
        began = time.perf_counter()
        found = search(question)
        seconds.append(time.perf_counter() - began)
        hits.append(found)
    return hits, seconds


def percentile(seconds, percent):
    ordered = sorted(seconds)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] * 1e3


def recall(truth, hits):
    return sum(len(set(map(int, a)) & set(map(int, b))) for a, b in zip(truth, hits)) / (HITS * len(truth))


def figures(build, seconds, **more):
    return {"build_s": build, "p50": percentile(seconds, 50), "p99": percentile(seconds, 99), **more}


# --- vectors ---------------------------------------------------------------------------------------------------------


class Vectors:
    """Files of vectors, and the true nearest."""

    def __init__(self, folder):
        self.base_file, self.questions_file = folder / "texts.npy", folder / "questions.npy"
        self.base, self.questions = np.load(self.base_file), np.load(self.questions_file)
        self.truth = np.argsort(-(self.questions @ self.base.T), axis=1, kind="stable")[:, :HITS]

    def quickest(self, set_breadth, search, build, **more):
        """The first breadth that finds enough."""
        for breadth in BREADTHS:
            set_breadth(breadth)
            found = [search(question) for question in self.questions]
            if recall(self.truth, found) >= WANTED or breadth == BREADTHS[-1]:
                hits, seconds = timed(search, self.questions)
                return figures(build, seconds, recall=recall(self.truth, hits), setting=f"ef {breadth}", **more)


def vectors_mnemon(data, mnemon):
    command = [mnemon, "bench", "vectors", data.base_file, data.questions_file, "--json"]
    report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    latency = report["latency"]
    found = recall(data.truth, report["hits"])
    return {"build_s": report["build_ms"] / 1e3, "p50": latency["p50"], "p99": latency["p99"], "recall": found, "setting": ""}


def vectors_hnswlib(data, _):
    import hnswlib

    began = time.perf_counter()
    index = hnswlib.Index(space="ip", dim=data.base.shape[1])
    index.init_index(max_elements=len(data.base), M=LINKS, ef_construction=BREADTH, random_seed=7)
    index.add_items(data.base, num_threads=1)
    build = time.perf_counter() - began
    index.set_num_threads(1)
    return data.quickest(index.set_ef, lambda q: index.knn_query(q, k=HITS, num_threads=1)[0][0], build)


def vectors_usearch(data, _):
    from usearch.index import Index

    began = time.perf_counter()
    index = Index(ndim=data.base.shape[1], metric="ip", dtype="f32", connectivity=LINKS, expansion_add=BREADTH)
    index.add(np.arange(len(data.base)), data.base, threads=1)
    build = time.perf_counter() - began

    def breadth(value):
        index.expansion_search = value

    return data.quickest(breadth, lambda q: index.search(q, HITS, threads=1).keys, build)


def vectors_faiss(data, _):
    import faiss

    faiss.omp_set_num_threads(1)
    began = time.perf_counter()
    index = faiss.IndexFlatIP(data.base.shape[1])
    index.add(data.base)
    build = time.perf_counter() - began
    hits, seconds = timed(lambda q: index.search(q[None], HITS)[1][0], data.questions)
    return figures(build, seconds, recall=recall(data.truth, hits), setting="exact")


# --- words -----------------------------------------------------------------------------------------------------------


class Words:
    """Files of texts."""

    def __init__(self, folder):
        self.base_file, self.questions_file = folder / "texts.txt", folder / "questions.txt"
        self.base = self.base_file.read_text().splitlines()
        self.questions = self.questions_file.read_text().splitlines()


def words_mnemon(data, mnemon):
    command = [mnemon, "bench", "words", data.base_file, data.questions_file, "--json"]
    report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return {"build_s": report["build_ms"] / 1e3, "p50": report["latency"]["p50"], "p99": report["latency"]["p99"]}


def words_bm25s(data, _):
    import bm25s

    began = time.perf_counter()
    index = bm25s.BM25()
    index.index(bm25s.tokenize(data.base, stopwords="en", show_progress=False), show_progress=False)
    build = time.perf_counter() - began

    def search(question):
        tokens = bm25s.tokenize(question, stopwords="en", show_progress=False)
        return index.retrieve(tokens, k=HITS, show_progress=False, n_threads=0)[0][0]

    return figures(build, timed(search, data.questions)[1])


def words_tantivy(data, _):
    import tantivy

    began = time.perf_counter()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=False, tokenizer_name="en_stem")
    builder.add_unsigned_field("number", stored=True)
    index = tantivy.Index(builder.build())
    writer = index.writer(num_threads=1)
    for number, text in enumerate(data.base):
        writer.add_document(tantivy.Document(text=[text], number=number))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    build = time.perf_counter() - began

    def search(question):
        query, _ = index.parse_query_lenient(question, ["text"])
        return searcher.search(query, HITS).hits

    return figures(build, timed(search, data.questions)[1])


# --- running --------------------------------------------------------------------------------------------------------


PARTS = {
    "vectors": {"Mnemon": vectors_mnemon, "hnswlib": vectors_hnswlib, "usearch": vectors_usearch, "faiss, exact": vectors_faiss},
    "words": {"Mnemon": words_mnemon, "bm25s": words_bm25s, "tantivy": words_tantivy},
}


def rounds(peers, count, run):
    """Runs every peer in turn, so many times; those that are not installed once."""
    measured, missing = {name: [] for name in peers}, {}
    order = random.Random(7)
    for number in range(count):
        names = [name for name in peers if name not in missing]
        order.shuffle(names)
        for name in names:
            print(f"  round {number + 1} of {count}: {name}", file=sys.stderr)
            try:
                measured[name].append(run(peers[name]))
            except ImportError as error:
                missing[name] = str(error)
    return {name: runs for name, runs in measured.items() if runs}, missing


def spread(values):
    return f"{statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def table(title, measured, missing, limit=""):
    print(f"\n{title}")
    if limit:
        print(f"  limit: {limit}")
    own = measured["Mnemon"]
    rows = [("", "p50 ms", "p99 ms", "build s", "recall@10", "p50 / Mnemon's", "build / Mnemon's")]
    for name, runs in measured.items():
        pick = lambda key: [run[key] for run in runs]  # noqa: E731
        ratios = lambda key: [run[key] / max(mine[key], 1e-9) for run, mine in zip(runs, own)]  # noqa: E731
        quality = f"{runs[0]['recall']:.4f} {runs[0].get('setting', '')}" if "recall" in runs[0] else runs[0].get("setting", "")
        rows.append((name, *(spread(pick(key)) for key in ("p50", "p99", "build_s")), quality.strip(), spread(ratios("p50")), spread(ratios("build_s"))))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    for name, why in missing.items():
        print(f"  {name}: left out, {why}")


def bandwidth():
    """Bytes a second that one thread reads, in GB: the limit of any scan beyond the caches."""
    block = np.ones(64 << 20, dtype=np.int64)
    block.sum()
    began = time.perf_counter()
    for _ in range(3):
        block.sum()
    return 3 * block.nbytes / (time.perf_counter() - began) / 1e9


def dumped(mnemon, work, size, questions):
    folder = work / f"dump-{size}"
    if not folder.exists():
        command = [mnemon, "bench", "dump", folder, "--texts", str(size), "--questions", str(questions)]
        subprocess.run(command, check=True, stdout=sys.stderr)
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnemon", default="target/release/mnemon", help="the program")
    parser.add_argument("--sizes", default="10000", help="numbers of texts for vectors and words")
    parser.add_argument("--store", type=int, default=0, help="texts for the stores; 0 leaves them out")
    parser.add_argument("--memories", type=int, default=0, help="texts for mem0 and Mnemon call by call; 0 leaves them out")
    parser.add_argument("--parts", default="vectors,words", help="parts for --sizes; empty for none")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("target/side-by-side/work"), help="where files are kept")
    parser.add_argument("--json", type=pathlib.Path, help="write every run to this file")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    mnemon = str(pathlib.Path(options.mnemon).resolve())
    speed = bandwidth()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; one thread reads {speed:.1f} GB/s")
    everything = {}
    for size in map(int, options.sizes.split(",")):
        folder = dumped(mnemon, options.work, size, options.questions)
        for part in filter(None, options.parts.split(",")):
            data = Vectors(folder) if part == "vectors" else Words(folder)
            measured, missing = rounds(PARTS[part], options.rounds, lambda run: run(data, mnemon))
            limit = ""
            if part == "vectors":
                bytes_read = data.base.shape[0] * data.base.shape[1]
                limit = f"reading one byte a number once takes {bytes_read / speed / 1e6:.3f} ms from memory; from a cache less"
            table(f"{part}, {len(data.base)} texts", measured, missing, limit)
            everything[f"{part} {size}"] = {"measured": measured, "missing": missing}
    for name, count in (("stores", options.store), ("memories", options.memories)):
        if not count:
            continue
        import stores

        data = stores.Texts(Words(dumped(mnemon, options.work, count, options.questions)), count)
        peers = {"stores": stores.PEERS, "memories": stores.MEMORIES}[name]
        measured, missing = rounds(peers, options.rounds, lambda run: stores.fresh(run, data, mnemon, options.work))
        alone = data.embedding()
        alone = figures(alone["build_s"], alone["seconds"])
        limit = f"embedding a question alone took {alone['p50']:.2f} ms, all texts {alone['build_s']:.1f} s on one thread"
        table(f"{name}, {len(data.texts)} texts, end to end", measured, missing, limit)
        everything[f"{name} {count}"] = {"measured": measured, "missing": missing}
    if options.json:
        options.json.write_text(json.dumps({"bandwidth_gb_s": speed, "parts": everything}, indent=1) + "\n")


if __name__ == "__main__":
    main()
