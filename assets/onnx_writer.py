"""Writes an ONNX model without the onnx package: the few protobuf messages that a graph needs.

Field numbers are those of onnx.proto (IR version 8). The same calls give the same bytes everywhere.
"""

from __future__ import annotations

import struct

FLOAT, INT8, INT64 = 1, 3, 7

_IR_VERSION = 8
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_INTS = 1, 2, 7


class Graph:
    """Collects nodes, constants, inputs and outputs; `model` turns them into the file's bytes.

    A value is named by a string. `node` returns the name of the node's first output, so that calls nest.
    """

    def __init__(self, name: str):
        self._name = name
        self._nodes: list[bytes] = []
        self._constants: dict[str, bytes] = {}
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []

    def input(self, name: str, element: int, shape: list) -> str:
        self._inputs.append(_value_info(name, element, shape))
        return name

    def output(self, name: str, element: int, shape: list) -> None:
        self._outputs.append(_value_info(name, element, shape))

    def constant(self, name: str, element: int, shape: list[int], raw: bytes) -> str:
        """A tensor stored in the model, its elements little-endian. The first use of a name keeps it."""
        dims = b"".join(_integer(1, size) for size in shape)
        tensor = dims + _integer(2, element) + _text(8, name) + _bytes(9, raw)
        self._constants.setdefault(name, tensor)
        return name

    def floats(self, name: str, *values: float) -> str:
        """A scalar for one value, a vector for more."""
        shape = [len(values)] if len(values) > 1 else []
        return self.constant(name, FLOAT, shape, struct.pack(f"<{len(values)}f", *values))

    def integers(self, name: str, *values: int) -> str:
        return self.constant(name, INT64, [len(values)], struct.pack(f"<{len(values)}q", *values))

    def node(self, operator: str, inputs: list[str], output: str | list[str], **attributes) -> str:
        outputs = [output] if isinstance(output, str) else output
        message = b"".join(_text(1, name) for name in inputs)
        message += b"".join(_text(2, name) for name in outputs)
        message += _text(3, f"{outputs[0]}/{operator}") + _text(4, operator)
        message += b"".join(_bytes(5, _attribute(key, value)) for key, value in attributes.items())
        self._nodes.append(message)
        return outputs[0]

    def model(self, opset: int, producer: str) -> bytes:
        graph = b"".join(_bytes(1, node) for node in self._nodes)
        graph += _text(2, self._name)
        graph += b"".join(_bytes(5, tensor) for tensor in self._constants.values())
        graph += b"".join(_bytes(11, value) for value in self._inputs)
        graph += b"".join(_bytes(12, value) for value in self._outputs)
        opset_import = _text(1, "") + _integer(2, opset)
        return _integer(1, _IR_VERSION) + _text(2, producer) + _bytes(7, graph) + _bytes(8, opset_import)


def _attribute(name: str, value) -> bytes:
    if isinstance(value, float):
        return _text(1, name) + _key(2, 5) + struct.pack("<f", value) + _integer(20, _ATTRIBUTE_FLOAT)
    if isinstance(value, int):
        return _text(1, name) + _integer(3, value) + _integer(20, _ATTRIBUTE_INT)
    integers = b"".join(_integer(8, item) for item in value)
    return _text(1, name) + integers + _integer(20, _ATTRIBUTE_INTS)


def _value_info(name: str, element: int, shape: list) -> bytes:
    """A size is a number, or a name for a size that is known only at run time."""
    dims = (_integer(1, size) if isinstance(size, int) else _text(2, size) for size in shape)
    tensor_shape = b"".join(_bytes(1, dim) for dim in dims)
    tensor_type = _integer(1, element) + _bytes(2, tensor_shape)
    return _text(1, name) + _bytes(2, _bytes(1, tensor_type))


def _varint(number: int) -> bytes:
    number &= (1 << 64) - 1  # negative numbers are written as their 64-bit two's complement
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def _key(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _integer(field: int, number: int) -> bytes:
    return _key(field, 0) + _varint(number)


def _bytes(field: int, content: bytes) -> bytes:
    return _key(field, 2) + _varint(len(content)) + content


def _text(field: int, content: str) -> bytes:
    return _bytes(field, content.encode())
