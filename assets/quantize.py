"""Reads the tensors of safetensors files and makes 8-bit rows of float32 ones, one scale a row.

Plain double arithmetic in a fixed order: the same bytes on every machine.
"""

from __future__ import annotations

import json
import struct
import sys
from array import array

# Adding 1.5 · 2^52 to a small double rounds it to the nearest integer (ties to even) and leaves that
# integer, as two's complement, in the low byte: far quicker than calling round() 22 million times.
_ROUND = 6755399441055744.0


class Weights:
    """The tensors of one safetensors file, by name."""

    def __init__(self, content: bytes):
        if sys.byteorder != "little":
            raise SystemExit("cannot build the model on a big-endian machine: copy assets/built from another machine")
        header_length = struct.unpack_from("<Q", content)[0]
        self._header = json.loads(content[8 : 8 + header_length])
        self._data = memoryview(content)[8 + header_length :]

    def raw(self, name: str, dtype: str = "F32") -> bytes:
        entry = self._header[name]
        if entry["dtype"] != dtype:
            raise SystemExit(f"tensor {name} is {entry['dtype']}, expected {dtype}")
        begin, end = entry["data_offsets"]
        return bytes(self._data[begin:end])

    def __contains__(self, name: str) -> bool:
        return name in self._header

    def shape(self, name: str) -> list[int]:
        return list(self._header[name]["shape"])

    def rows(self, name: str) -> list[array]:
        values = array("f", self.raw(name))
        width = self.shape(name)[-1]
        return [values[start : start + width] for start in range(0, len(values), width)]

    def quantized(self, name: str, limit: int) -> tuple[bytes, list[float]]:
        """Rows as signed bytes in -limit..=limit, and the scale of each."""
        return quantize_rows(self.rows(name), limit)


class Trained:
    """The tensors of one file, and in their place those of another that has been trained further.

    Its matrices are 8-bit already: `name` has the bytes, `name.scale` the scale of each row.
    """

    def __init__(self, base: Weights, trained: Weights):
        self._base, self._trained = base, trained

    def raw(self, name: str) -> bytes:
        return self._of(name).raw(name)

    def shape(self, name: str) -> list[int]:
        return self._of(name).shape(name)

    def quantized(self, name: str, limit: int) -> tuple[bytes, list[float]]:
        if name not in self._trained:
            return self._base.quantized(name, limit)
        scales = array("f", self._trained.raw(f"{name}.scale"))
        return self._trained.raw(name, "I8"), list(scales)

    def _of(self, name: str) -> Weights:
        return self._trained if name in self._trained else self._base


def quantize_row(row: array, limit: int) -> tuple[bytes, float]:
    """Signed bytes in -limit..=limit and the scale that turns them back into the row, symmetric about 0."""
    largest = max(max(row), -min(row))
    if largest == 0.0:
        return bytes(len(row)), 1.0
    scale = largest / limit
    shifted = array("d", [value / scale + _ROUND for value in row])
    return shifted.tobytes()[::8], scale


def quantize_rows(rows: list[array], limit: int) -> tuple[bytes, list[float]]:
    quantized = [quantize_row(row, limit) for row in rows]
    return b"".join(content for content, _ in quantized), [scale for _, scale in quantized]


def transpose(content: bytes, rows: int) -> bytes:
    """A row-major byte matrix of `rows` rows, with rows and columns exchanged."""
    columns = len(content) // rows
    turned = bytearray(len(content))
    for row in range(rows):
        turned[row::rows] = content[row * columns : (row + 1) * columns]
    return bytes(turned)
