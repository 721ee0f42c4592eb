"""The graphs of all-MiniLM-L6-v2 and of the reader: six BERT layers with 8-bit weights, as ONNX (opset 17, standard operators).

Every dense layer is quantised as ONNX Runtime's own dynamic quantiser would do it: 8-bit weights with a scale
an output channel, activations to 8 bits while running. README.md says why the ranges are as they are.
"""

from __future__ import annotations

import math
import struct
from array import array

from onnx_writer import FLOAT, INT8, INT64, Graph
from quantize import Trained, Weights, transpose

LAYERS, HEADS, WIDTH = 6, 12, 384
HEAD_WIDTH = WIDTH // HEADS

# 7 bits: an AVX2 or AVX-512 machine without VNNI adds two products in 16 bits, and 2 · 255 · 64 still
# fits there, so that every machine computes the same sums.
DENSE_LIMIT = 64
# Table rows are only looked up and scaled, never multiplied as integers: all 8 bits.
TABLE_LIMIT = 127

_EPSILON = 1e-12
_MASKED = -10000.0


def build(safetensors: bytes) -> bytes:
    """The model file's bytes: token ids, mask and token types in, `last_hidden_state` out."""
    return Bert(Weights(safetensors), "all-MiniLM-L6-v2").embedder()


def build_reader(safetensors: bytes, trained: bytes) -> bytes:
    """The reader's bytes: the same inputs. Out come `bounds`, what speaks for each token as the first of an answer, and as the last, and
    `outdates`, what speaks for the second text making the first untrue."""
    return Bert(Trained(Weights(safetensors), Weights(trained)), "reader").reader()


class Bert:
    """Writes one graph."""

    def __init__(self, weights: Weights | Trained, name: str):
        self.weights = weights
        self.graph = Graph(name)

    def embedder(self) -> bytes:
        graph = self.graph
        hidden = self.body()
        graph.node("Identity", [hidden], "last_hidden_state")
        graph.output("last_hidden_state", FLOAT, ["batch", "sequence", WIDTH])
        return graph.model(opset=17, producer="mnemon")

    def reader(self) -> bytes:
        graph = self.graph
        hidden = self.body()
        zero, one, two, three = (graph.integers(f"index.{value}", value) for value in range(4))
        product = graph.node("MatMul", [hidden, self.parameter("bounds.weight")], "scores.product")
        scores = graph.node("Add", [product, self.parameter("bounds.bias")], "scores")
        graph.node("Slice", [scores, zero, two, two], "bounds")
        graph.output("bounds", FLOAT, ["batch", "sequence", 2])
        first = graph.node("Slice", [scores, zero, one, one], "scores.first")
        graph.node("Slice", [first, two, three, two], "outdates")
        graph.output("outdates", FLOAT, ["batch", 1, 1])
        return graph.model(opset=17, producer="mnemon")

    def body(self) -> str:
        """Inputs to the last layer's output: [batch, sequence, width]."""
        for name in ("input_ids", "attention_mask", "token_type_ids"):
            self.graph.input(name, INT64, ["batch", "sequence"])
        hidden = self.embeddings()
        bias = self.attention_bias()
        for layer in range(LAYERS):
            hidden = self.layer(layer, hidden, bias)
        return hidden

    def embeddings(self) -> str:
        """Token + position + token type, normalised: [batch, sequence, width]."""
        graph = self.graph
        content, scales = self.weights.quantized("embeddings.word_embeddings.weight", TABLE_LIMIT)
        table = graph.constant("words", INT8, [len(scales), WIDTH], content)
        scale_table = graph.constant("words.scale", FLOAT, [len(scales), 1], _pack(scales))
        rows = graph.node("Gather", [table, "input_ids"], "words.row")
        rows = graph.node("Cast", [rows], "words.float", to=FLOAT)
        row_scales = graph.node("Gather", [scale_table, "input_ids"], "words.row_scale")
        words = graph.node("Mul", [rows, row_scales], "words.value")

        types = self.parameter("embeddings.token_type_embeddings.weight")
        types = graph.node("Gather", [types, "token_type_ids"], "types.value")
        length = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
        positions = self.parameter("embeddings.position_embeddings.weight")
        zero = graph.integers("zero", 0)
        positions = graph.node("Slice", [positions, zero, length, zero], "positions.value")

        total = graph.node("Add", [words, types], "embeddings.typed")
        total = graph.node("Add", [total, positions], "embeddings.placed")
        return self.layer_norm("embeddings.LayerNorm", total)

    def attention_bias(self) -> str:
        """0 where a token may be looked at, a large negative number at padding: [batch, 1, 1, sequence]."""
        graph = self.graph
        mask = graph.node("Cast", ["attention_mask"], "mask.float", to=FLOAT)
        padding = graph.node("Sub", [graph.floats("one", 1.0), mask], "mask.padding")
        bias = graph.node("Mul", [padding, graph.floats("masked", _MASKED)], "mask.bias")
        return graph.node("Unsqueeze", [bias, graph.integers("head_axes", 1, 2)], "mask.wide")

    def layer(self, number: int, hidden: str, bias: str) -> str:
        name = f"encoder.layer.{number}"
        attended = self.attention(f"{name}.attention", hidden, bias)
        middle = self.residual(f"{name}.attention.output", attended, hidden)
        wide = self.dense(f"{name}.intermediate.dense", self.to_bytes(f"{name}.intermediate", middle))
        return self.residual(f"{name}.output", self.gelu(f"{name}.gelu", wide), middle)

    def attention(self, name: str, hidden: str, bias: str) -> str:
        graph = self.graph
        quantized = self.to_bytes(f"{name}.self", hidden)
        # The division of the scores by sqrt(head width) is done once, in the query's weights.
        query = self.dense(f"{name}.self.query", quantized, factor=1.0 / math.sqrt(HEAD_WIDTH))
        key = self.dense(f"{name}.self.key", quantized)
        value = self.dense(f"{name}.self.value", quantized)
        scores = graph.node(
            "MatMul",
            [self.heads(query, 0, 2, 1, 3), self.heads(key, 0, 2, 3, 1)],
            f"{name}.scores",
        )
        scores = graph.node("Add", [scores, bias], f"{name}.masked")
        shares = graph.node("Softmax", [scores], f"{name}.shares", axis=-1)
        context = graph.node("MatMul", [shares, self.heads(value, 0, 2, 1, 3)], f"{name}.context")
        context = graph.node("Transpose", [context], f"{name}.context_turned", perm=[0, 2, 1, 3])
        return graph.node("Reshape", [context, graph.integers("joined", 0, 0, WIDTH)], f"{name}.joined")

    def heads(self, value: str, *order: int) -> str:
        """[batch, sequence, width] → one matrix a head, its axes in `order`."""
        split = self.graph.integers("split", 0, 0, HEADS, HEAD_WIDTH)
        value = self.graph.node("Reshape", [value, split], f"{value}.split")
        return self.graph.node("Transpose", [value], f"{value}.turned", perm=list(order))

    def residual(self, name: str, value: str, skipped: str) -> str:
        """A dense layer, what went around it added, normalised."""
        dense = self.dense(f"{name}.dense", self.to_bytes(name, value))
        total = self.graph.node("Add", [dense, skipped], f"{name}.sum")
        return self.layer_norm(f"{name}.LayerNorm", total)

    def gelu(self, name: str, value: str) -> str:
        """x · ½ · (1 + erf(x / √2)), written in the form that ONNX Runtime makes one operator of."""
        graph = self.graph
        inner = graph.node("Div", [value, graph.floats("sqrt2", math.sqrt(2.0))], f"{name}.div")
        inner = graph.node("Erf", [inner], f"{name}.erf")
        inner = graph.node("Add", [inner, graph.floats("one", 1.0)], f"{name}.add")
        product = graph.node("Mul", [value, inner], f"{name}.mul")
        return graph.node("Mul", [product, graph.floats("half", 0.5)], f"{name}.value")

    def layer_norm(self, name: str, value: str) -> str:
        inputs = [value, self.parameter(f"{name}.weight"), self.parameter(f"{name}.bias")]
        return self.graph.node("LayerNormalization", inputs, f"{name}.value", axis=-1, epsilon=_EPSILON)

    def to_bytes(self, name: str, value: str) -> list[str]:
        """Activations as unsigned bytes: [bytes, scale, zero point]."""
        outputs = [f"{name}.quantized", f"{name}.quantized_scale", f"{name}.quantized_zero"]
        self.graph.node("DynamicQuantizeLinear", [value], outputs)
        return outputs

    def dense(self, name: str, quantized: list[str], factor: float = 1.0) -> str:
        """(activations · weights + bias) · factor."""
        graph = self.graph
        content, scales = self.weights.quantized(f"{name}.weight", DENSE_LIMIT)
        outputs, inputs = self.weights.shape(f"{name}.weight")
        matrix = graph.constant(f"{name}.weight", INT8, [inputs, outputs], transpose(content, outputs))
        scale = graph.constant(f"{name}.scale", FLOAT, [outputs], _pack(scales, factor))
        zero = graph.constant(f"zeros.{outputs}", INT8, [outputs], bytes(outputs))
        bias_values = array("f", self.weights.raw(f"{name}.bias"))
        bias = graph.constant(f"{name}.bias", FLOAT, [outputs], _pack(bias_values, factor))

        values, value_scale, value_zero = quantized
        product = graph.node("MatMulInteger", [values, matrix, value_zero, zero], f"{name}.product")
        product = graph.node("Cast", [product], f"{name}.float", to=FLOAT)
        both_scales = graph.node("Mul", [value_scale, scale], f"{name}.scales")
        product = graph.node("Mul", [product, both_scales], f"{name}.scaled")
        return graph.node("Add", [product, bias], f"{name}.value")

    def parameter(self, name: str) -> str:
        return self.graph.constant(name, FLOAT, self.weights.shape(name), self.weights.raw(name))


def _pack(values, factor: float = 1.0) -> bytes:
    return struct.pack(f"<{len(values)}f", *(value * factor for value in values))
