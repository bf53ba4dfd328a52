"""Near-identical texts: the same but for names, numbers and dates.

Names, numbers, dates, codes and addresses are masked; what is left is cut into pairs of words; texts that share at
least 60 % of their pairs are near-identical (`cxaudit.field.likeness`). All texts are masked in one go, on arrays of
word codes.

Source: Broder (1997) for shingles.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cxaudit import markup
from cxaudit.field.likeness import joined
from cxaudit.field.words import folded
from cxaudit.tokens import Grammar, tokens

Whole = NDArray[np.int64]
Told = NDArray[np.int32]
Flags = NDArray[np.bool_]
OTHERS = 4
LONGEST = 4000
AT_ONCE = 8192
GREETING_WORDS, SIGNATURE_WORDS = 8, 6
MASK = "0"

_QUOTED = re.compile(r"(?<!\s)[^\S\n]*\n\s*+(?:-{2,}|_{2,}|>|le .{5,60} a écrit ?:|on .{5,60} wrote:)", re.IGNORECASE)
_MARKS = ("--", "__", ">", "crit", "CRIT", "rote", "ROTE", *markup.MARKS)  # a text without any quotes nothing
_TOKEN = r"[\p{L}\p{N}]+|[.,;:!?\n@]"
_ENDS = frozenset(".!?:\n")
_STOPS = frozenset(".,;:!?\n")


def near_identical(texts: Sequence[str | None], others: int = OTHERS) -> Flags:
    """Whether each text is near-identical to at least `others` others; null and blank texts never are."""
    return cluster_sizes(texts) > others


def cluster_sizes(texts: Sequence[str | None]) -> Whole:
    """How many texts are near-identical to each, itself included; 0 where there is none to read."""
    place, cluster = clusters(texts)
    known = place >= 0
    sizes = np.bincount(cluster[place[known]], minlength=int(cluster.max(initial=-1)) + 1)
    found = np.zeros(len(texts), np.int64)
    found[known] = sizes[cluster[place[known]]]
    return found


def clusters(texts: Sequence[str | None]) -> tuple[Whole, Whole]:
    """The place of each text among the distinct masked texts (−1: blank), and the cluster of each of those."""
    distinct = list(dict.fromkeys(text for text in texts if text))
    batch = mask(distinct)
    lengths = np.diff(batch.starts)
    spoken = np.flatnonzero(lengths > 0)
    _, first, inverse = np.unique(_digests(batch)[spoken], return_index=True, return_inverse=True)
    where = np.full(len(distinct), -1, np.int64)
    where[spoken] = inverse
    held = {text: int(at) for text, at in zip(distinct, where, strict=True)}
    place = np.array([held[text] if text else -1 for text in texts], np.int64)
    return place, joined(_pairs_of_words(batch, spoken[first]))


# ---- masking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Batch:
    """Masked texts as one row of word codes: text i is codes[starts[i]:starts[i + 1]]; `words` names each code."""

    codes: Whole
    starts: Whole
    words: tuple[str, ...]

    def text(self, place: int) -> tuple[str, ...]:
        """The masked words of one text."""
        return tuple(self.words[code] for code in self.codes[self.starts[place] : self.starts[place + 1]])


@dataclass(frozen=True)
class _Kinds:
    """What each distinct token is, by its code."""

    stop: Flags
    end: Flags
    line: Flags
    capital: Flags
    number: Flags
    greeting: Flags
    closing: Flags
    title: Flags
    at: Flags


def mask(texts: Sequence[str]) -> Batch:
    """The words of `texts`, names, numbers and dates each as a single 0; quoted messages below are left out."""
    cut = tokens(texts, Grammar(_TOKEN, LONGEST, _MARKS, _unquoted))
    kinds = _kinds(cut.names)
    plain = {word: place for place, word in enumerate(dict.fromkeys((MASK, *map(folded, cut.names))))}
    bare = np.array([plain[folded(name)] for name in cut.names], np.int64)
    # Some texts at a time: what is told of each word takes ten times its code.
    places = _starts(cut.lengths)
    masked = [
        _masked(cut.codes[places[begin] : places[end]], cut.lengths[begin:end], kinds, bare)
        for begin in range(0, len(texts), AT_ONCE)
        for end in (min(begin + AT_ONCE, len(texts)),)
    ]
    nothing = np.zeros(0, np.int64)
    codes, lengths = (np.concatenate([nothing, *parts]) for parts in zip((nothing, nothing), *masked, strict=True))
    return Batch(codes, _starts(lengths), tuple(plain))


def _masked(codes: Told, lengths: Whole, kinds: _Kinds, bare: Whole) -> tuple[Whole, Whole]:
    """The codes of the masked words without their stops, a run of masks as one, and how many each text has."""
    starts = _starts(lengths)
    words = np.where(_hidden(codes, starts, kinds), 0, bare[codes])
    spoken = ~(kinds.stop[codes] | kinds.at[codes])
    text, kept = np.repeat(np.arange(len(lengths)), lengths)[spoken], words[spoken]
    again = np.zeros(len(kept), bool)
    again[1:] = (kept[1:] == 0) & (kept[:-1] == 0) & (text[1:] == text[:-1])
    return kept[~again], np.bincount(text[~again], minlength=len(lengths))


def _starts(lengths: Whole) -> Whole:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _unquoted(text: str) -> str:
    """A text as it reads, without the messages quoted below."""
    text = markup.readable(text)
    return _QUOTED.split(text, maxsplit=1)[0] if "\n" in text else text


def _kinds(names: Sequence[str]) -> _Kinds:
    known = _known_words()

    def told(rule: Callable[[str], bool]) -> Flags:
        return np.array([rule(name) for name in names], np.bool_)

    return _Kinds(
        told(lambda name: name in _STOPS),
        told(lambda name: name in _ENDS),
        told(lambda name: name == "\n"),
        told(lambda name: name[0].isupper()),
        told(lambda name: any(map(str.isdigit, name)) or folded(name) in known["dates"]),
        told(lambda name: folded(name) in known["greetings"]),
        told(lambda name: folded(name) in known["closings"]),
        told(lambda name: folded(name) in known["titles"]),
        told(lambda name: name == "@"),
    )


@cache
def _known_words() -> dict[str, frozenset[str]]:
    text = resources.files(__package__).joinpath("letters.toml").read_text("utf-8")
    return {name: frozenset(folded(words).split()) for name, words in tomllib.loads(text).items()}


def _hidden(codes: Told, starts: Whole, kinds: _Kinds) -> Flags:
    """Which tokens are names, numbers or dates, or stand in a greeting or a signature."""
    size = len(codes)
    if not size:
        return np.zeros(0, bool)
    text = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    at = np.arange(size)
    opens = at == starts[text]
    before = np.concatenate([[0], codes[:-1]])
    after = np.concatenate([codes[1:], [codes[-1]]])
    abbreviated = kinds.title[np.concatenate([[0, 0], codes[:-2]])[:size]] & (at - starts[text] > 1)
    named = kinds.capital[codes] & (~(opens | kinds.end[before]) | abbreviated)
    address = kinds.at[codes] | (kinds.at[before] & ~opens) | kinds.at[after]
    called = opens & kinds.capital[codes] & kinds.stop[after] & ~kinds.greeting[codes]
    return (
        kinds.number[codes]
        | named
        | address
        | called
        | _greeted(codes, starts, text, kinds)
        | _signed(codes, starts, text, kinds)
    )


def _greeted(codes: Told, starts: Whole, text: Whole, kinds: _Kinds) -> Flags:
    """What stands between a greeting that opens the text and the first stop, if that is near."""
    at = np.arange(len(codes))
    first_stop = np.full(len(starts) - 1, np.iinfo(np.int64).max)
    stops = np.flatnonzero(kinds.stop[codes])[::-1]
    first_stop[text[stops]] = stops
    full = np.flatnonzero(np.diff(starts) > 0)
    greets = np.zeros(len(starts) - 1, bool)
    greets[full] = kinds.greeting[codes[starts[:-1][full]]]
    near = first_stop - starts[:-1] <= GREETING_WORDS
    return (greets & near)[text] & (at > starts[text]) & (at < first_stop[text])


def _signed(codes: Told, starts: Whole, text: Whole, kinds: _Kinds) -> Flags:
    """What follows the last closing word, and a short last line or a last word that opens with a capital."""
    at = np.arange(len(codes))
    closing = np.full(len(starts) - 1, -1)
    closed = np.flatnonzero(kinds.closing[codes])
    closing[text[closed]] = closed
    after = (closing[text] >= 0) & (at > closing[text]) & (starts[1:][text] - at <= 3 * SIGNATURE_WORDS)
    line = _tail(codes, starts, text, kinds, kinds.line, SIGNATURE_WORDS)
    return after | line | _tail(codes, starts, text, kinds, kinds.end, 1)


def _tail(codes: Told, starts: Whole, text: Whole, kinds: _Kinds, breaks: Flags, words: int) -> Flags:
    """What follows the last of `breaks` in a text, where it opens with a capital and holds at most `words` tokens."""
    last = np.full(len(starts) - 1, -1)
    broken = np.flatnonzero(breaks[codes])
    broken = broken[broken < starts[1:][text[broken]] - 1]
    last[text[broken]] = broken
    opened = np.zeros(len(starts) - 1, bool)
    opened[last >= 0] = kinds.capital[codes[last[last >= 0] + 1]]
    short = starts[1:] - last <= words + 1
    return ((last >= 0) & opened & short)[text] & (np.arange(len(codes)) > last[text])


def _digests(batch: Batch) -> Whole:
    """One number a text; equal texts have equal numbers, different ones practically never."""
    size = len(batch.codes)
    within = np.arange(size) - np.repeat(batch.starts[:-1], np.diff(batch.starts))
    draws = np.random.default_rng(0)
    by_word = draws.integers(1, 1 << 62, max(1, len(batch.words)))
    by_place = draws.integers(1, 1 << 62, int(within.max(initial=0)) + 1) | 1
    mixed = np.concatenate([(by_word[batch.codes] * by_place[within]), [0]])
    sums = np.concatenate([[0], np.cumsum(mixed[:-1])])
    return sums[batch.starts[1:]] - sums[batch.starts[:-1]]


# ---- pairs of words --------------------------------------------------------------------------------------------------


def _pairs_of_words(batch: Batch, chosen: Whole) -> sparse.csr_matrix:
    """Rows: texts; columns: pairs of words in a row, the ends of the text included (code −1)."""
    lengths = np.diff(batch.starts)[chosen]
    starts = np.concatenate([[0], np.cumsum(lengths + 1)]).astype(np.int64)
    flat = np.full(int(starts[-1]), -1, np.int64)
    inside = np.ones(len(flat), bool)
    inside[starts[1:] - 1] = False
    source = np.repeat(batch.starts[:-1][chosen] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    flat[inside] = batch.codes[source + np.arange(int(lengths.sum()))]
    before = np.concatenate([[-1], flat[:-1]])
    _, columns = np.unique((before + 1) * (len(batch.words) + 1) + flat + 1, return_inverse=True)
    matrix = sparse.csr_matrix(
        (np.ones(len(flat)), columns, starts), shape=(len(chosen), int(columns.max(initial=0)) + 1)
    )
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix
