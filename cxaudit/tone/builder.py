"""The lexicons compiled: from lines of a TSV to arrays that are read without being built.

A line is `pattern ⇥ label ⇥ weight ⇥ note`. A pattern is a row of words as one would say them; within a word's place
`a|b` are alternatives, `decu*` is a stem, `#` any number, and a place that ends in `?` may be absent. Each word of a
text becomes one number, so that phrases are looked for among some forty numbers a text instead of two hundred letters.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.fold import LETTER, fold
from cxaudit.tone.lexicon import CHANNELS, COLUMN, DEGREES, FLAGS, ROLE
from cxaudit.tone.telling import LANGUAGES, TARGETS
from cxaudit.tone.trie import Trie
from cxaudit.tone.vocabulary import FIRST_FREE, NUMBER, inflects

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


def compiled() -> dict[str, NDArray[Any]]:
    """The arrays that cxaudit.tone.lexicon reads, from the packaged TSV files and lists of words."""
    found = _Builder().build({name: list(entries(name)) for name in (*LANGUAGES, "emoji")})
    votes = small_words()
    lines, weights = telling()
    return found | {
        "votes": _blob(votes),
        "votes_of": np.array(list(votes.values()), np.int64),
        "hearing": _blob(hearing()),
        "telling": _blob(lines),
        "telling_weight": weights,
        **{f"real_{language}": _blob(sorted(word_list(f"words_{language}"))) for language in LANGUAGES},
    }


def telling() -> tuple[list[str], NDArray[np.int16]]:
    """The lines of telling.tsv without their weights, and these in thousandths, lines × TARGETS."""
    text = (resources.files("cxaudit.tone") / "telling.tsv").read_text("utf-8")
    rows = [line.rsplit("\t", 1) for line in text.splitlines()[1:]]
    weights = np.array(" ".join(row[1] for row in rows).split(), np.int16).reshape(-1, len(TARGETS))
    return [row[0] for row in rows], weights


def _blob(words: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), np.uint8)


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


def hearing() -> tuple[str, ...]:
    """The languages that small words vote for: the two that are scored, then those that are only told apart."""
    return (*LANGUAGES, *sorted({entry.label for entry in entries("languages")} - set(LANGUAGES)))


def small_words() -> dict[str, int]:
    """A word to two bits a language of `hearing`: 0 silent, 1 a hint, 2 a sure sign."""
    heard = hearing()
    table: dict[str, int] = {}
    for entry in entries("languages"):
        shift = 2 * heard.index(entry.label)
        for word in plain(entry.pattern):
            table[word] = table.get(word, 0) | int(entry.weight) << shift
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


class _Builder:
    def __init__(self) -> None:
        self.next = FIRST_FREE
        self.exact: dict[str, dict[str, int]] = {lang: {} for lang in LANGUAGES}
        self.stems: dict[str, dict[str, int]] = {lang: {} for lang in LANGUAGES}
        self.found: dict[tuple[int, ...], int] = {}  # a pattern to its row
        self.cues: list[str] = []  # a row
        self.said: list[tuple[int, int, float]] = []  # a row, the column of what it says, how strongly
        self.roles: dict[int, int] = {}
        self.strength: dict[int, float] = {}
        self.covered: dict[tuple[str, str], list[int]] = {}
        self.known: dict[str, list[str]] = {}

    def build(self, lexicons: dict[str, list[Entry]]) -> dict[str, NDArray[Any]]:
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
        return self._arrays(emoji)

    def _emoji(self, lines: list[Entry]) -> dict[int, int]:
        codes: dict[int, int] = {}
        for entry in lines:
            for char in entry.pattern.replace("\ufe0f", ""):
                code = codes.setdefault(ord(char), self._new())
                self._say((code,), char, entry)
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
            for code in codes[0]:
                self.roles[code] = self.roles.get(code, 0) | int(ROLE[entry.label])
                if entry.label in DEGREES:
                    self.strength[code] = entry.weight
            return
        cue = " ".join(places)
        for row in product(*codes):
            self._say(row, cue, entry)

    def _say(self, pattern: tuple[int, ...], cue: str, entry: Entry) -> None:
        row = self.found.setdefault(pattern, len(self.cues))
        if row == len(self.cues):
            self.cues.append(cue)
        self.said.append((row, COLUMN[entry.label], entry.weight))

    def _covered(self, lang: str, word: str) -> list[int]:
        """The codes that a place of a pattern stands for: a stem covers longer stems and words, its forms."""
        exact, stems = self.exact[lang], self.stems[lang]
        if word == "#":
            codes = {NUMBER, *(code for known, code in exact.items() if known.isdigit())}
        elif word.endswith("*"):
            stem = word[:-1]
            forms = [known for known in self._opening(lang, stem) if inflects(known, stem)]
            codes = {table[known] for known in forms for table in (exact, stems) if known in table} - {NUMBER}
        else:
            codes = {exact[word]}
        return self.covered.setdefault((lang, word), sorted(codes))

    def _opening(self, lang: str, stem: str) -> list[str]:
        """The known words and stems that begin with `stem`; all lines' words must have been met."""
        if lang not in self.known:
            self.known[lang] = sorted({*self.exact[lang], *self.stems[lang]})
        known = self.known[lang]
        return known[bisect_left(known, stem) : bisect_left(known, stem + "\x7f")]

    def _arrays(self, emoji: dict[int, int]) -> dict[str, NDArray[Any]]:
        row, column, weight = (np.array(part) for part in zip(*self.said, strict=True))
        table = np.zeros((len(self.found), len(CHANNELS) + len(FLAGS)), np.float32)
        np.maximum.at(table, (row, column), weight.astype(np.float32))
        table[:, -1] = self._denying()
        kinds, kind = np.unique(table, axis=0, return_inverse=True)
        digits = {code for words in self.exact.values() for word, code in words.items() if word.isdigit()}
        self.roles |= {code: self.roles.get(code, 0) | int(ROLE["number"]) for code in {NUMBER, *digits}}
        roles, strength = np.zeros(self.next, np.uint16), np.ones(self.next, np.float32)
        roles[list(self.roles)] = list(self.roles.values())
        strength[list(self.strength)] = list(self.strength.values())
        trie = Trie.grow(self.found)
        words = {f"exact_{lang}": self.exact[lang] for lang in LANGUAGES}
        words |= {f"stems_{lang}": self.stems[lang] for lang in LANGUAGES}
        return {
            "step": trie.step,
            "child": trie.child,
            "row": trie.row,
            "kinds": kinds,
            "kind": kind.reshape(-1).astype(np.uint16),
            "cues": _blob(self.cues),
            "roles": roles,
            "strength": strength,
            "emoji": np.array(list(emoji.items()), np.int64),
            **{name: _blob(table) for name, table in words.items()},
            **{f"{name}_code": np.array(list(table.values()), np.int32) for name, table in words.items()},
        }

    def _denying(self) -> NDArray[np.bool_]:
        """Which patterns hold a negation themselves."""
        negators = {code for code, role in self.roles.items() if role & int(ROLE["negator"])}
        return np.array([not negators.isdisjoint(pattern) for pattern in self.found])


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
