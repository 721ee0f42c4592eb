#!/usr/bin/env python3
"""What the binary is made of, as CycloneDX 1.5: sbom.py TARGET > mnemon.cdx.json

Crates that are compiled into it or run while it is built, as Cargo.lock has them for TARGET (a triple such as
x86_64-unknown-linux-gnu), then the model and the runtime inside it. No time and no random number: the same source gives
the same file.
"""

import hashlib
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILT = os.path.join(ROOT, "assets", "built")
# Files of others inside the binary: name, file, licence.
INSIDE = [
    ("onnxruntime", "libonnxruntime.so", "MIT"),
    ("all-MiniLM-L6-v2", "model.onnx", "Apache-2.0"),
    ("all-MiniLM-L6-v2-tokenizer", "tokenizer.json", "Apache-2.0"),
    ("all-MiniLM-L6-v2-reader", "reader.onnx", "Apache-2.0"),
]


def main(target):
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    needs = {}
    waiting = [root]
    while waiting:
        this = waiting.pop()
        if this not in needs:
            needs[this] = sorted(dep["pkg"] for dep in nodes[this]["deps"] if is_built(dep))
            waiting += needs[this]
    crates = sorted((id for id in needs if id != root), key=lambda id: reference(packages[id]))
    files = [inside(*file) for file in INSIDE if os.path.exists(os.path.join(BUILT, file[1]))]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {**component(packages[root]), "type": "application"}},
        "components": [component(packages[id]) for id in crates] + files,
        "dependencies": [
            {"ref": reference(packages[id]), "dependsOn": [reference(packages[need]) for need in needs[id]]}
            for id in [root, *crates]
        ],
    }
    json.dump(document, sys.stdout, indent=1)
    print()
    print(f"{len(crates)} crates, {len(files)} files", file=sys.stderr)


def is_built(dependency):
    return any(kind["kind"] != "dev" for kind in dependency["dep_kinds"])


def reference(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package):
    found = {
        "type": "library",
        "bom-ref": reference(package),
        "name": package["name"],
        "version": package["version"],
        "purl": reference(package),
    }
    if package["license"]:
        found["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    return found


def inside(name, file, licence):
    with open(os.path.join(BUILT, file), "rb") as opened:
        digest = hashlib.sha256(opened.read()).hexdigest()
    hashes = [{"alg": "SHA-256", "content": digest}]
    return {"type": "library", "bom-ref": name, "name": name, "hashes": hashes, "licenses": [{"expression": licence}]}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
