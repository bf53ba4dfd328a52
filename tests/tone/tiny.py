"""A tiny text classifier in the form in which large ones are exported: the score of a class is its count of words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WORDS = ("[UNK]", "bon", "mauvais", "vide", "[PAD]")  # "vide" has no number for an answer
CLASSES = ("negative", "neutral", "positive")
SCORES = ((0, 0, 0), (0, 0, 1), (1, 0, 0), (np.nan, 0, 0), (0, 0, 0))


def model(scores: Sequence[Sequence[float]] = SCORES, output: str = "logits", keep: bool = False) -> onnx.ModelProto:
    """The classifier: the sum of its words' scores; `keep` leaves one row a word, which is no classifier."""
    table = numpy_helper.from_array(np.array(scores, np.float32), "table")
    axis = numpy_helper.from_array(np.array([1], np.int64), "axis")
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
        helper.make_node("Mul", ["rows", "column"], ["counted"]),
        helper.make_node("Identity", ["counted"], [output])
        if keep
        else helper.make_node("ReduceSum", ["counted", "axis"], [output], keepdims=0),
    ]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, None) for name in ("input_ids", "attention_mask")]
    last = numpy_helper.from_array(np.array([2], np.int64), "last")
    outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, [table, axis, last])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)


def tokenizer() -> dict[str, object]:
    """One token a word."""
    return {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "model": {"type": "WordLevel", "vocab": {word: at for at, word in enumerate(WORDS)}, "unk_token": "[UNK]"},
    }


def write(
    folder: Path, classes: Sequence[str] = CLASSES, proto: onnx.ModelProto | None = None, **config: object
) -> Path:
    """The folder of a model, made."""
    folder.mkdir(exist_ok=True)
    (folder / "model.onnx").write_bytes((proto or model()).SerializeToString())
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer()), "utf-8")
    named = {"id2label": {str(at): name for at, name in enumerate(classes)}, **config}
    (folder / "config.json").write_text(json.dumps(named), "utf-8")
    return folder
