"""How likely a column's name is each field's, learnt from thousands of names that people and tools give them.

`names.tsv` holds the names, `learn` fits them, `learnt.npz` is what it found: for each table a softmax over its fields
and none of them, and one over the tables, both linear in what a name is made of (concepts, words, pieces of words).
Concepts know what is meant; the pieces also recognise words, abbreviations and languages that no list holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

import numpy as np
from scipy import sparse

from cxaudit.ingest.words import meaning, spelled
from cxaudit.schema.tables import TABLES

NONE_OF_THEM = "-"
# The classes of the softmax over tables: a sheet that is none of them comes last.
KINDS_OF_SHEET = (*TABLES, "none")
PIECES = (3, 4, 5)
# Long questions are told by their beginning.
_MOST_WORDS = 14
_MOST_CONCEPTS = 6
# What a part of a name weighs against a word: there are many pieces to a word.
_PIECE, _PAIR, _PLACE, _WHOLE, _SHAPE = 0.35, 0.7, 0.5, 0.7, 0.5


@dataclass(frozen=True)
class Weights:
    """What was learnt: parts × classes, the classes of one table side by side, those of the tables last."""

    parts: Mapping[str, int]
    weights: np.ndarray
    starts: np.ndarray
    columns: Mapping[str, slice]


def classes() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The softmaxes in the order of their columns: a table with its fields, none of them first; then the tables."""
    return (*((table.name, (NONE_OF_THEM, *table.names)) for table in TABLES.values()), ("", KINDS_OF_SHEET))


def columns_of() -> dict[str, slice]:
    """The columns of each softmax in the matrix of weights."""
    ends = np.cumsum([0, *(len(names) for _, names in classes())]).tolist()
    return {name: slice(ends[i], ends[i + 1]) for i, (name, _) in enumerate(classes())}


@cache
def learnt() -> Weights:
    """The weights that ship with the package."""
    with resources.files(__package__).joinpath("learnt.npz").open("rb") as file, np.load(file) as held:
        parts = bytes(held["parts"]).decode("utf-8").split("\n")
        weights = held["weights"].astype(np.float32) * held["steps"]
        return Weights({part: i for i, part in enumerate(parts)}, weights, held["starts"], columns_of())


@lru_cache(maxsize=20_000)
def parts_of(name: str) -> Mapping[str, float]:
    """What a name is made of, each part with its weight."""
    words = spelled(name).split()[:_MOST_WORDS]
    said = sorted(meaning(name).concepts)[:_MOST_CONCEPTS]
    parts = {f"c:{concept}": 1.0 for concept in said} or {"c:": _SHAPE}
    parts |= {f"c:{one}+{two}": _PAIR for i, one in enumerate(said) for two in said[i + 1 :]}
    parts |= {f"g:{piece}": _PIECE for word in words for piece in _pieces(word)}
    parts |= {f"w:{word}": 1.0 for word in words}
    parts |= {f"b:{one} {two}": _PAIR for one, two in pairwise(words)}
    if words:
        parts |= {f"l:{words[-1]}": _PLACE, f"s:{words[0]}": _PLACE}
    parts |= {f"=:{''.join(words)}": _WHOLE, f"n:{min(len(words), 6)}": _SHAPE}
    return parts | ({"?": _PAIR} if "?" in name else {})


def _pieces(word: str) -> Iterator[str]:
    marked = f"<{word}>"
    return (marked[i : i + size] for size in PIECES for i in range(len(marked) - size + 1))


def as_rows(names: Sequence[str], parts: Mapping[str, int]) -> sparse.csr_array:
    """Names × parts."""
    places: list[int] = []
    weights: list[float] = []
    ends = [0]
    for name in names:
        known = [(parts[part], weight) for part, weight in parts_of(name).items() if part in parts]
        places += [place for place, _ in known]
        weights += [weight for _, weight in known]
        ends.append(len(places))
    return sparse.csr_array((np.array(weights, np.float32), places, ends), shape=(len(names), len(parts)))


def shares(names: Sequence[str]) -> dict[str, np.ndarray]:
    """For each table names × (none, its fields), and under "" names × (the tables, none): shares that sum to one."""
    held = learnt()
    scores = as_rows(names, held.parts) @ held.weights + held.starts
    return {name: _softmax(scores[:, columns]) for name, columns in held.columns.items()}


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
