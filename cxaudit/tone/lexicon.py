"""The lexicons: from lines of a TSV to one automaton over words, and a vocabulary that reads any token.

A line is `pattern ⇥ label ⇥ weight ⇥ note`. A pattern is a row of words as one would say them; within a word's place
`a|b` are alternatives, `decu*` is a stem, `#` any number, and a place that ends in `?` may be absent. Each word of a
text becomes one character, so that the automaton runs over some forty characters a text instead of two hundred.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

from cxaudit.tone.fold import LETTER, fold
from cxaudit.tone.labels import SCORED
from cxaudit.tone.typos import Typos
from cxaudit.tone.vocabulary import FIRST_FREE, NUMBER, Senses, Vocabulary, inflects

LANGUAGES = ("fr", "en")
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

BASE = 0x20000  # the plane where words become characters; free of surrogates for as many words as a lexicon can hold
CLOSE = 2
MARKS = {mark: 3 + place for place, mark in enumerate(".,;:!?()")}
_NUMBERS = (
    "deux trois quatre cinq six sept huit neuf dix douze quinze vingt trente quarante cinquante cent mille "
    "two three four five seven eight nine ten twelve fifteen twenty thirty forty fifty hundred thousand"
)
NUMBER_WORDS = tuple(_NUMBERS.split())
MOST_EXPANSIONS = 2000


@dataclass(frozen=True)
class Entry:
    """One line of a lexicon."""

    pattern: str
    label: str
    weight: float
    note: str


@dataclass(frozen=True)
class Lexicon:
    """All languages' entries, ready to run. `weights` is patterns × channels; `roles` a bit set a pattern."""

    vocabularies: dict[str, Vocabulary]
    senses: Senses
    automaton: AhoCorasick
    weights: NDArray[np.float32]
    mute: NDArray[np.bool_]
    firm: NDArray[np.bool_]  # says its own negation: a "pas" beside it changes nothing
    mock: NDArray[np.bool_]
    cues: NDArray[np.object_]
    roles: NDArray[np.uint16]  # by word code
    strength: NDArray[np.float32]  # by word code: the factor of an intensifier or diminisher, else 1
    emoji: dict[int, int]  # code point to word code


def entries(name: str) -> Iterator[Entry]:
    """The lines of a packaged lexicon, comments and blank lines passed over."""
    lines = (resources.files("cxaudit.tone") / "lexicons" / f"{name}.tsv").read_text("utf-8").splitlines()
    for line in lines:
        if line.strip() and not line.startswith("//"):
            pattern, label, weight, note = (*line.split("\t"), "", "", "")[:4]
            yield Entry(pattern.strip(), label.strip(), float(weight or 1), note.strip())


def word_list(name: str) -> frozenset[str]:
    """A packaged list of plain words, folded."""
    text = (resources.files("cxaudit.tone") / "lexicons" / f"{name}.txt").read_text("utf-8")
    return frozenset(plain(" ".join(line for line in text.splitlines() if not line.startswith("//"))))


@cache
def hearing() -> tuple[str, ...]:
    """The languages that small words vote for: the two that are scored, then those that are only told apart."""
    return (*LANGUAGES, *sorted({entry.label for entry in entries("languages")} - set(LANGUAGES)))


def small_words() -> dict[bytes, int]:
    """A word to two bits a language of `hearing`: 0 silent, 1 a hint, 2 a sure sign."""
    table: dict[bytes, int] = {}
    for entry in entries("languages"):
        shift = 2 * hearing().index(entry.label)
        for word in plain(entry.pattern):
            table[word.encode()] = table.get(word.encode(), 0) | int(entry.weight) << shift
    return table


def plain(text: str) -> list[str]:
    """The folded words of a text."""
    return plain_each([text])[0]


def plain_each(texts: list[str]) -> list[list[str]]:
    """The folded words of each text, by one pass over all."""
    batch = fold(texts)
    words: list[list[str]] = [[] for _ in texts]
    for owner, word in zip(batch.text[batch.kind == LETTER].tolist(), batch.words, strict=True):
        words[owner].append(word.decode("ascii"))
    return words


@cache
def load() -> Lexicon:
    """The packaged lexicons, read once in a process."""
    return _Builder().build({name: list(entries(name)) for name in (*LANGUAGES, "emoji")})


class _Builder:
    def __init__(self) -> None:
        self.next = FIRST_FREE
        self.exact: dict[str, dict[str, int]] = {lang: {} for lang in LANGUAGES}
        self.stems: dict[str, dict[str, int]] = {lang: {} for lang in LANGUAGES}
        self.found: dict[str, int] = {}  # a pattern to its row
        self.cues: list[str] = []  # a row
        self.said: list[tuple[int, int, float]] = []  # a row, the column of what it says, how strongly
        self.roles: dict[int, int] = {}
        self.strength: dict[int, float] = {}
        self.covered: dict[tuple[str, str], list[str]] = {}
        self.known: dict[str, list[str]] = {}

    def build(self, lexicons: dict[str, list[Entry]]) -> Lexicon:
        emoji = self._emoji(lexicons["emoji"])
        for lang in LANGUAGES:
            for word in ("#", *NUMBER_WORDS):
                self.exact[lang].update(dict.fromkeys(plain(word), NUMBER))
            folded = _folded(entry.pattern for entry in lexicons[lang])
            parsed = [(entry, places) for entry in lexicons[lang] for places in _choices(entry.pattern, folded)]
            self._atoms(lang, parsed)
            _refuse_degree(parsed)
            for entry, places in parsed:
                self._enter(lang, entry, places)
        return self._lexicon(emoji)

    def _emoji(self, lines: list[Entry]) -> dict[int, int]:
        codes: dict[int, int] = {}
        for entry in lines:
            for char in entry.pattern.replace("\ufe0f", ""):
                code = codes.setdefault(ord(char), self._new())
                self._say(chr(BASE + code), char, entry)
        return codes

    def _new(self) -> int:
        self.next += 1
        return self.next - 1

    def _atoms(self, lang: str, parsed: list[tuple[Entry, tuple[str, ...]]]) -> None:
        for _, places in parsed:
            for word in places:
                table = self.stems[lang] if word.endswith("*") else self.exact[lang]
                if word != "#" and word.rstrip("*") not in table:
                    table[word.rstrip("*")] = self._new()

    def _enter(self, lang: str, entry: Entry, places: tuple[str, ...]) -> None:
        codes = [self.covered.get((lang, word)) or self._covered(lang, word) for word in places]
        if entry.label in ROLE:
            for code in (ord(char) - BASE for char in codes[0]):
                self.roles[code] = self.roles.get(code, 0) | int(ROLE[entry.label])
                if entry.label in DEGREES:
                    self.strength[code] = entry.weight
            return
        cue = " ".join(places)
        for row in product(*codes):
            self._say("".join(row), cue, entry)

    def _say(self, pattern: str, cue: str, entry: Entry) -> None:
        row = self.found.setdefault(pattern, len(self.cues))
        if row == len(self.cues):
            self.cues.append(cue)
        self.said.append((row, COLUMN[entry.label], entry.weight))

    def _covered(self, lang: str, word: str) -> list[str]:
        """The characters that a place of a pattern stands for: a stem covers longer stems and words, its forms."""
        exact, stems = self.exact[lang], self.stems[lang]
        if word == "#":
            codes = {NUMBER, *(code for known, code in exact.items() if known.isdigit())}
        elif word.endswith("*"):
            stem = word[:-1]
            forms = [known for known in self._opening(lang, stem) if inflects(known, stem)]
            codes = {table[known] for known in forms for table in (exact, stems) if known in table} - {NUMBER}
        else:
            codes = {exact[word]}
        return self.covered.setdefault((lang, word), [chr(BASE + code) for code in sorted(codes)])

    def _opening(self, lang: str, stem: str) -> list[str]:
        """The known words and stems that begin with `stem`; all lines' words must have been met."""
        if lang not in self.known:
            self.known[lang] = sorted({*self.exact[lang], *self.stems[lang]})
        known = self.known[lang]
        return known[bisect_left(known, stem) : bisect_left(known, stem + "\x7f")]

    def _lexicon(self, emoji: dict[int, int]) -> Lexicon:
        patterns = list(self.found)
        row, column, weight = (np.array(part) for part in zip(*self.said, strict=True))
        table = np.zeros((len(patterns), len(COLUMN)), np.float32)
        np.maximum.at(table, (row, column), weight.astype(np.float32))
        digits = {code for words in self.exact.values() for word, code in words.items() if word.isdigit()}
        self.roles |= {code: self.roles.get(code, 0) | int(ROLE["number"]) for code in {NUMBER, *digits}}
        roles, strength = np.zeros(self.next, np.uint16), np.ones(self.next, np.float32)
        roles[list(self.roles)] = list(self.roles.values())
        strength[list(self.strength)] = list(self.strength.values())
        vocabularies = {lang: self._vocabulary(lang) for lang in LANGUAGES}
        return Lexicon(
            vocabularies=vocabularies,
            senses=Senses(vocabularies["fr"], vocabularies["en"], small_words()),
            automaton=AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest),
            weights=table[:, : len(CHANNELS)].copy(),
            firm=self._denying(patterns),
            mute=table[:, COLUMN[MUTE]] > 0,
            mock=table[:, COLUMN[MOCK]] > 0,
            cues=np.array(self.cues, object),
            roles=roles,
            strength=strength,
            emoji=emoji,
        )

    def _denying(self, patterns: list[str]) -> NDArray[np.bool_]:
        """Which patterns hold a negation themselves."""
        negators = {chr(BASE + code) for code, role in self.roles.items() if role & int(ROLE["negator"])}
        return np.array([not negators.isdisjoint(pattern) for pattern in patterns])

    def _vocabulary(self, lang: str) -> Vocabulary:
        return Vocabulary(
            self.exact[lang], self.stems[lang], Typos(self.exact[lang], self.stems[lang], word_list(f"words_{lang}"))
        )


def _refuse_degree(parsed: list[tuple[Entry, tuple[str, ...]]]) -> None:
    """Words of degree are taken out of a text before matching: a pattern with one would never be found."""
    degree = {places[0] for entry, places in parsed if entry.label in DEGREES}
    for entry, places in parsed:
        if entry.label not in ROLE and not degree.isdisjoint(places):
            raise ValueError(f"pattern {entry.pattern!r} holds a word of degree, which a text loses before matching")


def _options(place: str) -> list[str]:
    return (place.removesuffix("?") if len(place) > 1 else place).split("|")


def _folded(patterns: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Every alternative of all patterns to its folded words, the last with a * where it is a stem."""
    options = sorted({option for pattern in patterns for place in pattern.split() for option in _options(place)})
    words = plain_each([option.replace("_", " ") for option in options])
    folded = {option: tuple(row) for option, row in zip(options, words, strict=True)}
    stems = {option: (*row[:-1], row[-1] + "*") for option, row in folded.items() if option.endswith("*") and row}
    return folded | stems | {"#": ("#",)}


def _choices(pattern: str, folded: dict[str, tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
    """The rows of folded places that a pattern stands for, optional places taken and left."""
    places = []
    for place in pattern.split():
        absent: list[tuple[str, ...]] = [()] if place.endswith("?") and len(place) > 1 else []
        places.append([folded[option] for option in _options(place)] + absent)
    rows = {tuple(word for words in row for word in words) for row in product(*places)}
    if len(rows) > MOST_EXPANSIONS:
        raise ValueError(f"pattern {pattern!r} stands for {len(rows)} phrases")
    return sorted(row for row in rows if row)
