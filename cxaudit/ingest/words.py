"""What a header means: a name cut into words, each word into a concept, whatever its language, case or spelling."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

# A run-together name is cut into known words of at least this length: shorter ones are found in anything.
SHORTEST_PART = 3
SHORTEST_ABBREVIATION = 4
LONGEST_WORD = 80  # more letters in a row are no name, and cutting them into words would not end
# Names of databases begin with what a column is: DTCLO, IDAGT, NBART, NOCDE.
PREFIXES = ("dt", "id", "nb", "cd", "mt", "no")
_JOINTS = ("s", "n", "en", "er", "es")
# What stands in brackets explains a name (Total (DA)) and is no part of it where it is not known.
_ASIDE = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class Lexicon:
    """The words of `words.toml`: phrases, word → concept, what concepts weigh and cost, telling values by kind."""

    phrases: tuple[tuple[str, str], ...]
    concept: Mapping[str, str]
    drop: frozenset[str]
    last: frozenset[str]
    by: frozenset[str]
    weights: Mapping[str, float]
    costs: Mapping[str, float]
    values: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A name's concepts, and its words that no list knows."""

    concepts: frozenset[str]
    unknown: tuple[str, ...] = ()


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with the package."""
    given = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))
    concept = {word: name for name, words in given["concepts"].items() for word in words.split()}
    phrases = sorted(given["phrases"].items(), key=lambda pair: -len(pair[0]))
    return Lexicon(
        tuple(phrases),
        concept,
        frozenset(given["drop"]["words"].split()),
        frozenset(given["last"]["words"].split()),
        frozenset(given["by"]["words"].split()),
        given["weights"],
        given["costs"],
        {kind: frozenset(words.split()) for kind, words in given["values"].items()},
    )


@lru_cache(maxsize=20_000)
def spelled(name: str) -> str:
    """A name in plain words: no accents, case, punctuation or camel humps; `n°` and `#` become `no`, `%` `rate`."""
    text = re.sub(r"[nN][°º]|№|#", " no ", name)
    text = text.replace("%", " rate ").replace("€", " eur ")
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = _CAMEL.sub(" ", text.replace("ß", "ss"))
    return re.sub(r"[^0-9a-z]+", " ", text.casefold()).strip()


def normal(name: str) -> str:
    """A name without spaces, for comparing layouts: `Created At`, `created_at` and `createdAt` are one."""
    return spelled(name).replace(" ", "")


@lru_cache(maxsize=20_000)
def meaning(name: str) -> Meaning:
    """The concepts of a header and its unknown words."""
    words = lexicon()
    text = f" {spelled(name)} "
    for phrase, word in words.phrases:
        text = text.replace(f" {phrase} ", f" {word} ")
    tokens = text.split()
    closed = name[: 1 + max(map(name.rfind, ")]}"))]  # beyond, each open bracket would be followed to the end
    aside = set(spelled(" ".join(_ASIDE.findall(closed))).split())
    concepts: set[str] = set()
    unknown: list[str] = []
    for position, token in enumerate(tokens):
        if position and position == len(tokens) - 1 and token in words.last | words.by and token not in aside:
            doer = "evaluator" if concepts & {"check", "rating"} else "agent"
            concepts.add("when" if token in words.last else doer)
            continue
        found = _concepts(token)
        if found is None and token not in aside:
            unknown.append(token)
        concepts.update(found or ())
    if "email" in concepts:
        concepts.discard("address")
    if "agent" in concepts:
        concepts -= {"fullname", "firstname", "lastname"}
    return Meaning(frozenset(concepts), tuple(unknown))


@cache
def _abbreviations() -> Mapping[str, str]:
    """Beginnings of words that can only mean one concept: « recep » is of no word but réception."""
    meant: dict[str, set[str]] = {}
    for word, concept in lexicon().concept.items():
        for length in range(SHORTEST_ABBREVIATION, len(word) - 1):
            meant.setdefault(word[:length], set()).add(concept)
    return {begun: concepts.pop() for begun, concepts in meant.items() if len(concepts) == 1}


@lru_cache(maxsize=50_000)
def _concepts(token: str) -> tuple[str, ...] | None:
    """The concepts of one word: none for a word that says nothing, None for one that is not known."""
    words = lexicon()
    if token in words.concept:
        return (words.concept[token],)
    if token in words.drop | words.last | words.by or token.isdigit():
        return ()
    if len(token) > LONGEST_WORD:
        return None
    for ending in ("s", "es", "x", "e", "n", "en", "er", "nes"):
        stem = token.removesuffix(ending)
        if stem != token and len(stem) > 2 and stem in words.concept:
            return (words.concept[stem],)
    if token[:2] in PREFIXES and len(token) > 4:
        rest = _concepts(token[2:])
        if rest:
            return (words.concept[token[:2]], *rest)
    abbreviated = _abbreviations().get(token)
    if abbreviated is not None:
        return (abbreviated,)
    if re.fullmatch(r"[a-z]+\d+", token):
        return _concepts(token.rstrip("0123456789"))
    return _parts(token)


def _parts(token: str) -> tuple[str, ...] | None:
    """The concepts of a run-together word (bestelldatum, orderid), longest parts first."""
    if len(token) < SHORTEST_PART + 2:
        return None
    known = lexicon().concept
    for cut in range(len(token) - 2, SHORTEST_PART - 1, -1):
        head, tail = token[:cut], token[cut:]
        heads = [head, *(head.removesuffix(joint) for joint in _JOINTS if head.endswith(joint))]
        first = next((part for part in heads if len(part) >= SHORTEST_PART and part in known), None)
        if first is None:
            continue
        if tail in lexicon().drop and len(tail) >= SHORTEST_PART:
            return (known[first],)
        if tail in known and (len(tail) >= SHORTEST_PART or tail in ("id", "no", "nr", "at")):
            return (known[first], known[tail])
        rest = _parts(tail)
        if rest is not None:
            return (known[first], *rest)
    return None
