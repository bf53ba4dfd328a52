"""What the lexicons hold, ready to run, as `builder.py` compiled it from their TSV files into the package's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.labels import SCORED
from cxaudit.tone.telling import LANGUAGES, UNIT, Telling
from cxaudit.tone.trie import Trie
from cxaudit.tone.typos import Typos
from cxaudit.tone.vocabulary import Senses, Vocabulary

COMPILED = "compiled.npz"
# What a pattern can say beside the labels: good or bad facts without emotion, words that only look emotional, and the
# roles of words that change the meaning of others.
VALENCES = ("plus", "minus")
CHANNELS = (*SCORED, *VALENCES)
MUTE, MOCK = "mute", "mock"
COLUMN = {name: place for place, name in enumerate((*CHANNELS, MUTE, MOCK))}
ROLES = (
    "negator",
    "soft",
    "particle",
    "contrast",
    "boost",
    "damp",
    "if",
    "time",
    "greeting",
    "ask",
    "partitive",
    "number",
)
ROLE = {name: np.uint16(1 << place) for place, name in enumerate(ROLES)}
DEGREES = ("boost", "damp")
DEGREE = int(ROLE["boost"] | ROLE["damp"])

CLOSE = 2
MARKS = {mark: 3 + place for place, mark in enumerate(".,;:!?()")}
FLAGS = (MUTE, MOCK, "firm")  # what a pattern's row says beside its weights


class Lines:
    """Lines of text by their places, cut when asked for: of a hundred thousand cues a text shows three."""

    def __init__(self, blob: NDArray[np.uint8]) -> None:
        self._blob = blob
        self._stops = np.append(np.flatnonzero(blob == ord("\n")), len(blob))

    def __getitem__(self, place: int) -> str:
        begin = self._stops[place - 1] + 1 if place else 0
        return self._blob[begin : self._stops[place]].tobytes().decode("utf-8")


@dataclass(frozen=True)
class Lexicon:
    """All languages' entries, ready to run. `weights` is patterns × channels; `roles` a bit set a word code."""

    senses: Senses
    trie: Trie
    weights: NDArray[np.float32]
    mute: NDArray[np.bool_]
    firm: NDArray[np.bool_]  # says its own negation: a "pas" beside it changes nothing
    mock: NDArray[np.bool_]
    cues: Lines
    roles: NDArray[np.uint16]
    strength: NDArray[np.float32]  # by word code: the factor of an intensifier or diminisher, else 1
    emoji: dict[int, int]  # code point to word code
    hearing: tuple[str, ...]  # the languages that small words vote for: the two that are scored, then the others


@cache
def load() -> Lexicon:
    """The packaged lexicons, read once in a process."""
    with (resources.files("cxaudit.tone") / COMPILED).open("rb") as file, np.load(file) as stored:
        return lexicon(stored)


def lexicon(stored: Mapping[str, Any]) -> Lexicon:
    """The lexicon that compiled arrays stand for (see cxaudit.tone.builder.compiled)."""
    kinds, kind = stored["kinds"], stored["kind"]
    flags = {name: (kinds[:, place] > 0)[kind] for place, name in enumerate(FLAGS, len(CHANNELS))}
    french, english = (_vocabulary(stored, language) for language in LANGUAGES)
    votes = dict(zip(listed(stored["votes"]), stored["votes_of"].tolist(), strict=True))
    return Lexicon(
        senses=Senses(french, english, votes, _telling(stored)),
        trie=Trie(stored["step"], stored["child"], stored["row"]),
        weights=kinds[:, : len(CHANNELS)][kind],
        cues=Lines(stored["cues"]),
        roles=stored["roles"],
        strength=stored["strength"],
        emoji=dict(stored["emoji"].tolist()),
        hearing=tuple(listed(stored["hearing"])),
        **flags,
    )


def listed(blob: NDArray[np.uint8]) -> list[str]:
    """The words of an array of text."""
    return blob.tobytes().decode("utf-8").split("\n")


def _vocabulary(stored: Mapping[str, Any], language: str) -> Vocabulary:
    exact, stems = (
        dict(zip(listed(stored[f"{part}_{language}"]), stored[f"{part}_{language}_code"].tolist(), strict=True))
        for part in ("exact", "stems")
    )
    return Vocabulary(exact, stems, Typos(exact, stems, frozenset(listed(stored[f"real_{language}"]))))


def _telling(stored: Mapping[str, Any]) -> Telling:
    return Telling.of(stored["telling"], stored["telling_weight"].astype(np.float32) / UNIT)
