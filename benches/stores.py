"""Whole stores for side_by_side.py: keep texts, then find ten for a question by words and by vector, embedding included.

Peers embed with the very model in Mnemon (assets/built), one text a call on one thread, through ONNX Runtime and the tokenizer as
sentence-transformers does. Mnemon is a server that is asked over HTTP, and makes memories besides; its peers are libraries in process.
"""

import http.client
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.parse

import numpy as np

HITS = 10
BATCH = 500
MODEL = pathlib.Path(__file__).resolve().parent.parent / "assets" / "built"


class Model:
    """Text to unit vector."""

    def __init__(self):
        import onnxruntime
        import tokenizers

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(MODEL / "model.onnx", options, providers=["CPUExecutionProvider"])
        self.tokenizer = tokenizers.Tokenizer.from_file(str(MODEL / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(256)
        self.names = {entry.name for entry in self.session.get_inputs()}

    def __call__(self, text):
        tokens = self.tokenizer.encode(text)
        fields = {"input_ids": tokens.ids, "attention_mask": tokens.attention_mask, "token_type_ids": tokens.type_ids}
        fields = {name: np.array([ids], dtype=np.int64) for name, ids in fields.items() if name in self.names}
        vector = self.session.run(None, fields)[0][0].mean(axis=0)
        return (vector / np.linalg.norm(vector)).astype(np.float32)


class Texts:
    """What is kept and asked."""

    def __init__(self, words, count):
        self.texts, self.questions = words.base[:count], words.questions
        self.model = Model()

    def embedding(self):
        began = time.perf_counter()
        for text in self.texts[:500]:
            self.model(text)
        build = (time.perf_counter() - began) * len(self.texts) / min(500, len(self.texts))
        return {"build_s": build, "seconds": timed(self.model, self.questions)}


def timed(search, questions):
    for question in questions[: len(questions) // 10]:
        search(question)
    seconds = []
    for question in questions:
        began = time.perf_counter()
        search(question)
        seconds.append(time.perf_counter() - began)
    return seconds


def percentile(seconds, percent):
    ordered = sorted(seconds)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] * 1e3


def fresh(run, data, mnemon, work):
    """Runs on an empty folder that is removed."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=work))
    try:
        build, seconds = run(data, folder, mnemon)
        return {"build_s": build, "p50": percentile(seconds, 50), "p99": percentile(seconds, 99)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """Mnemon on a folder, called over one connection."""

    def __init__(self, folder, program):
        environment = {**os.environ, "MNEMON_API_TOKEN": "side-by-side"}
        command = [program, "serve", "--data", folder / "data", "--listen", "127.0.0.1:0", "--json", "--log-level", "error"]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        lines = ""
        while not lines.rstrip().endswith("}"):
            lines += self.process.stdout.readline()
        self.connection = http.client.HTTPConnection(urllib.parse.urlparse(json.loads(lines)["url"]).netloc)
        self.call("", {"name": "all"})
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def call(self, path, body):
        headers = {"Authorization": "Bearer side-by-side", "Content-Type": "application/json"}
        self.connection.request("POST", "/client/v4/accounts/local/agent-memory/namespaces" + path, json.dumps(body), headers)
        answer = self.connection.getresponse()
        read = answer.read()
        assert answer.status < 300, read
        return read

    def recall(self, question):
        return self.call("/all/profiles/one/recall", {"query": question, "evidenceLimit": HITS})


def mnemon(data, folder, program):
    with Server(folder, program) as server:
        began = time.perf_counter()
        for first in range(0, len(data.texts), BATCH):
            messages = [{"role": "user", "content": text} for text in data.texts[first : first + BATCH]]
            server.call("/all/profiles/one/ingest", {"sessionId": f"part-{first}", "messages": messages})
        build = time.perf_counter() - began
        return build, timed(server.recall, data.questions)


def mnemon_remembering(data, folder, program):
    """Each text by a call of its own, each durable before it is answered."""
    with Server(folder, program) as server:
        began = time.perf_counter()
        for text in data.texts:
            server.call("/all/profiles/one/remember", {"content": text})
        build = time.perf_counter() - began
        return build, timed(server.recall, data.questions)


def fused(*lists):
    """Reciprocal ranks."""
    scores = {}
    for ranked in lists:
        for rank, number in enumerate(ranked):
            scores[number] = scores.get(number, 0) + 1 / (60 + rank)
    return sorted(scores, key=scores.get, reverse=True)[:HITS]


def sqlite(data, folder, _):
    import sqlite3

    import sqlite_vec

    base = sqlite3.connect(folder / "data.db")
    if not hasattr(base, "enable_load_extension"):
        raise ImportError("this Python's sqlite3 loads no extensions")
    base.enable_load_extension(True)
    sqlite_vec.load(base)
    base.execute("create virtual table v using vec0(embedding float[384])")
    base.execute("create virtual table t using fts5(text, tokenize = 'porter unicode61')")
    began = time.perf_counter()
    for first in range(0, len(data.texts), BATCH):
        with base:
            for number, text in enumerate(data.texts[first : first + BATCH], first):
                base.execute("insert into v(rowid, embedding) values (?, ?)", (number, data.model(text).tobytes()))
                base.execute("insert into t(rowid, text) values (?, ?)", (number, text))
    build = time.perf_counter() - began

    def search(question):
        vector = data.model(question).tobytes()
        query = " OR ".join(f'"{word}"' for word in "".join(c if c.isalnum() else " " for c in question).split())
        near = base.execute("select rowid from v where embedding match ? and k = 50 order by distance", (vector,)).fetchall()
        said = base.execute("select rowid from t where t match ? order by rank limit 50", (query,)).fetchall()
        numbers = fused([row[0] for row in near], [row[0] for row in said])
        return base.execute(f"select text from t where rowid in ({','.join(map(str, numbers))})").fetchall()

    return build, timed(search, data.questions)


def lancedb(data, folder, _):
    import lancedb as lance

    table, began = None, time.perf_counter()
    for first in range(0, len(data.texts), BATCH):
        rows = [{"text": text, "vector": data.model(text)} for text in data.texts[first : first + BATCH]]
        if table is None:
            table = lance.connect(str(folder)).create_table("memories", rows)
        else:
            table.add(rows)
    table.create_fts_index("text", replace=True)
    build = time.perf_counter() - began

    def search(question):
        return table.search(query_type="hybrid").vector(data.model(question)).text(question).limit(HITS).to_list()

    return build, timed(search, data.questions)


def chroma(data, folder, _):
    """By vector only: it has no ranking by words."""
    import chromadb

    client = chromadb.PersistentClient(path=str(folder), settings=chromadb.Settings(anonymized_telemetry=False))
    memories = client.create_collection("memories", metadata={"hnsw:space": "cosine"}, embedding_function=None)
    began = time.perf_counter()
    for first in range(0, len(data.texts), BATCH):
        some = data.texts[first : first + BATCH]
        numbers = [str(number) for number in range(first, first + len(some))]
        memories.add(ids=numbers, documents=some, embeddings=np.stack([data.model(text) for text in some]))
    build = time.perf_counter() - began
    search = lambda question: memories.query(query_embeddings=[data.model(question)], n_results=HITS)  # noqa: E731
    return build, timed(search, data.questions)


def mem0(data, folder, _):
    """Without its language model (`infer=False`), on the store that it uses when none is named."""
    os.environ |= {"MEM0_TELEMETRY": "False", "MEM0_DIR": str(folder / "mem0"), "OPENAI_API_KEY": "never used"}
    from mem0 import Memory
    from mem0.embeddings.base import EmbeddingBase

    class Embedding(EmbeddingBase):
        def embed(self, text, memory_action=None):
            return data.model(text).tolist()

    store = {"path": str(folder / "qdrant"), "embedding_model_dims": 384, "on_disk": True}
    memory = Memory.from_config(
        {"vector_store": {"provider": "qdrant", "config": store}, "history_db_path": str(folder / "history.db")}
    )
    memory.embedding_model = Embedding()
    began = time.perf_counter()
    for text in data.texts:
        memory.add(text, user_id="one", infer=False)
    build = time.perf_counter() - began
    search = lambda question: memory.search(question, filters={"user_id": "one"}, top_k=HITS)  # noqa: E731
    return build, timed(search, data.questions)


MEMORIES = {"Mnemon": mnemon_remembering, "Mnemon, ingesting": mnemon, "mem0": mem0}
PEERS = {"Mnemon": mnemon, "sqlite-vec + FTS5": sqlite, "LanceDB": lancedb, "Chroma": chroma}
