#!/usr/bin/env python3
"""Measures memory quality against a fresh server of its own, and holds the figures against the recorded limits.

    tests/quality/run.py [BINARY [FOLDER]]

BINARY is target/release/mnemon unless another is named. FOLDER holds `score.py` and the data in `dev/`; it is
`../shared/eval` beside the checkout and no part of it: where it is not there, this says so and passes. Every suite that
`floors.json` names runs. Needs only the standard library.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMITS = pathlib.Path(__file__).with_name("floors.json")
TOKEN = "quality"
FILES = {"locomo": "locomo_dev.json"}  # the others are named like their suite
SUITE_SECONDS = 600


def main():
    binary = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release/mnemon").resolve()
    folder = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else ROOT / "../shared/eval").resolve()
    if not (folder / "score.py").exists() or not (folder / "dev").is_dir():
        print(f"quality not measured: the data is not there ({folder} has no score.py and dev/)")
        return 0
    if not os.access(binary, os.X_OK):
        print(f"there is no {binary}: build it first, or name another", file=sys.stderr)
        return 1
    limits = json.loads(LIMITS.read_text())
    with tempfile.TemporaryDirectory(prefix="mnemon-quality-") as scratch:
        figures = measure(binary, folder, list(limits["floors"]), pathlib.Path(scratch))
    broken = report(figures, limits["floors"], limits["ceilings"])
    for line in broken:
        print(f"quality: {line}", file=sys.stderr)
    if not broken:
        print("every figure keeps its limit")
    return 1 if broken else 0


def measure(binary, folder, suites, scratch):
    """The figures of each suite, by its name."""
    server, url = start(binary, scratch)
    try:
        return {suite: score(folder, suite, url, scratch) for suite in suites}
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()


def start(binary, scratch):
    """A server on a free port with an empty folder, and the address of its account."""
    env = {"MNEMON_API_TOKEN": TOKEN, "MNEMON_LOG": "error"}  # nothing of what the machine happens to have set
    command = [binary, "serve", "--data", scratch / "data", "--listen", "127.0.0.1:0", "--json"]
    with open(scratch / "started", "w") as out, open(scratch / "log", "w") as log:
        server = subprocess.Popen(command, env=env, stdout=out, stderr=log)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            return server, json.loads((scratch / "started").read_text())["url"] + "/client/v4/accounts/local"
        except (json.JSONDecodeError, KeyError):
            time.sleep(0.05)
    server.kill()
    sys.exit(f"the server did not start: {(scratch / 'log').read_text()}")


def score(folder, suite, url, scratch):
    data = folder / "dev" / FILES.get(suite, f"{suite}.jsonl")
    out, began = scratch / f"{suite}.json", time.monotonic()
    command = [sys.executable, folder / "score.py", "--url", url, "--token", TOKEN, "--json", out, suite, data]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, timeout=SUITE_SECONDS)
    if done.returncode != 0:
        sys.exit(f"the {suite} suite failed with exit code {done.returncode}")
    print(f"{suite}: {time.monotonic() - began:.0f} s", flush=True)
    return json.loads(out.read_text())


def report(figures, floors, ceilings):
    """Prints every limited figure beside its limit; gives a line for each that breaks it."""
    rows, broken = [], []
    for kind, word, limits in (("floor", "below", floors), ("ceiling", "above", ceilings)):
        for suite, name, limit in ((s, n, l) for s, of in limits.items() for n, l in of.items()):
            value = figures.get(suite, {}).get(name)
            held = value is not None and (value >= limit if kind == "floor" else value <= limit)
            rows.append((suite, name, "-" if value is None else f"{value:.4f}", f"{kind} {limit}", "" if held else "BROKEN"))
            if value is None:
                broken.append(f"{suite} gives no {name}, whose {kind} is {limit}")
            elif not held:
                broken.append(f"{suite} {name} is {value}, {word} its {kind} {limit}")
    rows = [("SUITE", "FIGURE", "VALUE", "LIMIT", ""), *sorted(rows, key=lambda row: list(floors).index(row[0]))]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    print()
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    return broken


if __name__ == "__main__":
    sys.exit(main())
