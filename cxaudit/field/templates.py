"""Near-identical texts: the same but for names, numbers and dates.

Names, numbers, dates, codes and addresses are masked; what is left is cut into pairs of words; texts that share at
least 60 % of their pairs are near-identical (`cxaudit.field.likeness`). All texts are masked in one go, on arrays of
word codes.

Source: Broder (1997) for shingles.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cxaudit import markup
from cxaudit.field.likeness import joined
from cxaudit.field.words import folded
from cxaudit.tokens import Grammar, Texts, tokens

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
_NOTHING = (np.zeros(0, np.int32), np.zeros(0, np.int64))


def near_identical(texts: Texts, others: int = OTHERS) -> Flags:
    """Whether each text is near-identical to at least `others` others; null and blank texts never are."""
    return cluster_sizes(texts) > others


def cluster_sizes(texts: Texts) -> Whole:
    """How many texts are near-identical to each, itself included; 0 where there is none to read."""
    place, cluster = clusters(texts)
    known = place >= 0
    sizes = np.bincount(cluster[place[known]], minlength=int(cluster.max(initial=-1)) + 1)
    found = np.zeros(len(texts), np.int64)
    found[known] = sizes[cluster[place[known]]]
    return found


def clusters(texts: Texts) -> tuple[Whole, Whole]:
    """The place of each text among the distinct masked texts (−1: blank), and the cluster of each of those."""
    batch = mask(texts)
    spoken = np.flatnonzero(np.diff(batch.starts) > 0)
    _, first, inverse = np.unique(_digests(batch)[spoken], return_index=True, return_inverse=True)
    place = np.full(len(texts), -1, np.int64)
    place[spoken] = inverse
    return place, joined(_pairs_of_words(batch, spoken[first]))


# ---- masking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Batch:
    """Masked texts as one row of word codes: text i is codes[starts[i]:starts[i + 1]]; `words` names each code."""

    codes: Told
    starts: Whole
    words: tuple[str, ...]

    def text(self, place: int) -> tuple[str, ...]:
        """The masked words of one text."""
        return tuple(self.words[code] for code in self.part(slice(place, place + 1))[0])

    def part(self, some: slice) -> tuple[Told, Whole]:
        """The codes of some texts in a row, and where each of these begins and ends."""
        starts = self.starts[some.start : some.stop + 1]
        return self.codes[starts[0] : starts[-1]], starts - starts[0]


@dataclass(frozen=True)
class _Kinds:
    """What each of some tokens is."""

    stop: Flags
    end: Flags
    line: Flags
    capital: Flags
    number: Flags
    greeting: Flags
    closing: Flags
    title: Flags
    at: Flags

    def packed(self) -> NDArray[np.uint16]:
        """All of it in a number a token."""
        told = (getattr(self, item.name).astype(np.uint16) << bit for bit, item in enumerate(fields(self)))
        return np.bitwise_or.reduce(list(told))

    @classmethod
    def unpacked(cls, told: NDArray[np.uint16]) -> _Kinds:
        return cls(*(told & np.uint16(1 << bit) > 0 for bit in range(len(fields(cls)))))


def mask(texts: Texts) -> Batch:
    """The words of `texts`, names, numbers and dates each as a single 0; quoted messages below are left out."""
    cut = tokens(texts, Grammar(_TOKEN, LONGEST, _MARKS, _unquoted))
    names = [folded(name) for name in cut.names]
    told = _kinds(cut.names, names).packed()
    plain = {word: place for place, word in enumerate(dict.fromkeys((MASK, *names)))}
    bare = np.array([plain[name] for name in names], np.int32)
    # Some texts at a time: what is told of each word takes ten times its code.
    places = _starts(cut.lengths)
    masked = [
        _masked(bare[codes], cut.lengths[some], _Kinds.unpacked(told[codes]))
        for some in _some(len(cut.lengths))
        for codes in (cut.codes[places[some.start] : places[some.stop]],)
    ]
    codes, lengths = (np.concatenate(parts) for parts in zip(_NOTHING, *masked, strict=True))
    return Batch(codes, _starts(lengths), tuple(plain))


def _some(size: int) -> Iterator[slice]:
    """The places of `size` texts, some at a time."""
    return (slice(begin, min(begin + AT_ONCE, size)) for begin in range(0, size, AT_ONCE))


def _masked(bare: Told, lengths: Whole, told: _Kinds) -> tuple[Told, Whole]:
    """The codes of the masked words without their stops, a run of masks as one, and how many each text has."""
    text = np.repeat(np.arange(len(lengths)), lengths)
    spoken = ~(told.stop | told.at)
    text, kept = text[spoken], np.where(_hidden(_starts(lengths), text, told), np.int32(0), bare)[spoken]
    again = np.zeros(len(kept), bool)
    again[1:] = (kept[1:] == 0) & (kept[:-1] == 0) & (text[1:] == text[:-1])
    return kept[~again], np.bincount(text[~again], minlength=len(lengths))


def _starts(lengths: Whole) -> Whole:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _unquoted(text: str) -> str:
    """A text as it reads, without the messages quoted below."""
    text = markup.readable(text)
    return _QUOTED.split(text, maxsplit=1)[0] if "\n" in text else text


def _kinds(names: Sequence[str], plain: Sequence[str]) -> _Kinds:
    """What each token is, by its name as written and folded."""
    known = _known_words()

    def told(rule: Callable[[str], bool], by: Sequence[str] = names) -> Flags:
        return np.array([*map(rule, by)], np.bool_)

    return _Kinds(
        told(_STOPS.__contains__),
        told(_ENDS.__contains__),
        told("\n".__eq__),
        told(lambda name: name[0].isupper()),
        told(lambda name: any(map(str.isdigit, name))) | told(known["dates"].__contains__, plain),
        told(known["greetings"].__contains__, plain),
        told(known["closings"].__contains__, plain),
        told(known["titles"].__contains__, plain),
        told("@".__eq__),
    )


@cache
def _known_words() -> dict[str, frozenset[str]]:
    text = resources.files(__package__).joinpath("letters.toml").read_text("utf-8")
    return {name: frozenset(folded(words).split()) for name, words in tomllib.loads(text).items()}


def _hidden(starts: Whole, text: Whole, told: _Kinds) -> Flags:
    """Which tokens are names, numbers or dates, or stand in a greeting or a signature."""
    opens, closes = np.zeros(len(text), bool), np.zeros(len(text), bool)
    full = np.flatnonzero(np.diff(starts) > 0)
    opens[starts[full]] = closes[starts[full + 1] - 1] = True
    second = _next(opens) & ~opens
    abbreviated = _next(_next(told.title)) & ~opens & ~second
    named = told.capital & (~(opens | _next(told.end)) | abbreviated)
    address = told.at | (_next(told.at) & ~opens) | (_last(told.at) & ~closes)
    called = opens & told.capital & _last(told.stop) & ~closes & ~told.greeting
    signed = _signed(starts, text, told)
    return told.number | named | address | called | _greeted(starts, text, told) | signed


def _next(flags: Flags) -> Flags:
    """Which tokens stand right behind a flagged one."""
    return np.concatenate([[False], flags])[:-1]


def _last(flags: Flags) -> Flags:
    """Which tokens stand right before a flagged one."""
    return np.concatenate([flags, [False]])[1:]


def _greeted(starts: Whole, text: Whole, told: _Kinds) -> Flags:
    """What stands between a greeting that opens the text and the first stop, if that is near."""
    at = np.arange(len(text))
    first_stop = np.full(len(starts) - 1, np.iinfo(np.int64).max)
    stops = np.flatnonzero(told.stop)[::-1]
    first_stop[text[stops]] = stops
    full = np.flatnonzero(np.diff(starts) > 0)
    greets = np.zeros(len(starts) - 1, bool)
    greets[full] = told.greeting[starts[full]]
    near = first_stop - starts[:-1] <= GREETING_WORDS
    return (greets & near)[text] & (at > starts[text]) & (at < first_stop[text])


def _signed(starts: Whole, text: Whole, told: _Kinds) -> Flags:
    """What follows the last closing word, and a short last line or a last word that opens with a capital."""
    at = np.arange(len(text))
    closing = np.full(len(starts) - 1, -1)
    closed = np.flatnonzero(told.closing)
    closing[text[closed]] = closed
    after = (closing[text] >= 0) & (at > closing[text]) & (starts[1:][text] - at <= 3 * SIGNATURE_WORDS)
    line = _tail(starts, text, told.capital, told.line, SIGNATURE_WORDS)
    return after | line | _tail(starts, text, told.capital, told.end, 1)


def _tail(starts: Whole, text: Whole, capital: Flags, breaks: Flags, words: int) -> Flags:
    """What follows the last of `breaks` in a text, where it opens with a capital and holds at most `words` tokens."""
    last = np.full(len(starts) - 1, -1)
    broken = np.flatnonzero(breaks)
    broken = broken[broken < starts[1:][text[broken]] - 1]
    last[text[broken]] = broken
    opened = np.zeros(len(starts) - 1, bool)
    opened[last >= 0] = capital[last[last >= 0] + 1]
    short = starts[1:] - last <= words + 1
    return ((last >= 0) & opened & short)[text] & (np.arange(len(text)) > last[text])


def _digests(batch: Batch) -> Whole:
    """One number a text; equal texts have equal numbers, different ones practically never."""
    draws = np.random.default_rng(0)
    by_word = draws.integers(1, 1 << 62, max(1, len(batch.words)))
    by_place = draws.integers(1, 1 << 62, LONGEST) | 1
    found = [np.zeros(0, np.int64)]
    for some in _some(len(batch.starts) - 1):
        codes, starts = batch.part(some)
        within = np.arange(len(codes)) - np.repeat(starts[:-1], np.diff(starts))
        sums = _starts(by_word[codes] * by_place[within])
        found.append(np.diff(sums[starts]))
    return np.concatenate(found)


# ---- pairs of words --------------------------------------------------------------------------------------------------


def _pairs_of_words(batch: Batch, chosen: Whole) -> sparse.csr_matrix:
    """Rows: texts; columns: pairs of words in a row, the ends of the text included (code −1)."""
    cut = [_keys(batch, chosen[some]) for some in _some(len(chosen))]
    names = np.unique(np.concatenate([np.zeros(0, np.int64), *(own for own, _ in cut)]))
    nothing = np.zeros(0, np.int32)
    columns = np.concatenate([nothing, *(np.searchsorted(names, own).astype(np.int32)[place] for own, place in cut)])
    starts = _starts(np.diff(batch.starts)[chosen] + 1)
    shape = (len(chosen), max(1, len(names)))
    matrix = sparse.csr_matrix((np.ones(len(columns), np.int8), columns, starts), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _keys(batch: Batch, chosen: Whole) -> tuple[Whole, Told]:
    """The different pairs of words of some texts, each as a number, and which of them stand where."""
    lengths = np.diff(batch.starts)[chosen]
    starts = _starts(lengths + 1)
    flat = np.full(int(starts[-1]), -1, np.int64)
    inside = np.ones(len(flat), bool)
    inside[starts[1:] - 1] = False
    source = np.repeat(batch.starts[:-1][chosen] - _starts(lengths)[:-1], lengths)
    flat[inside] = batch.codes[source + np.arange(len(source))]
    before = np.concatenate([[-1], flat[:-1]])
    found, place = np.unique((before + 1) * (len(batch.words) + 1) + flat + 1, return_inverse=True)
    return found, place.astype(np.int32)
