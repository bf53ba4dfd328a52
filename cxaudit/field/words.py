"""Words of a text without case, accents and inflection: what topics are made of."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

_WORD = re.compile(r"[a-z]{2,}")
_MARKUP = re.compile(r"<[^>]{1,200}>|https?://\S+|\S+@\S+")
_BEYOND_ASCII = re.compile(r"[\u00c0-\u017f]")
LONGEST_TEXT = 2000
SHORTEST_STEM = 4
KEPT = 1 << 17  # words remembered: a long-lived server must not keep every phrase it ever saw


@cache
def _folds() -> Mapping[str, str]:
    accented = [chr(code) for code in range(0xC0, 0x180)]
    bare = {c: "".join(x for x in unicodedata.normalize("NFKD", c) if not unicodedata.combining(x)) for c in accented}
    return {**bare, "œ": "oe", "Œ": "oe", "æ": "ae", "ß": "ss"}


def folded(text: str) -> str:
    """`text` in lower case, without accents."""
    if text.isascii():
        return text.lower()
    folds = _folds()
    # Few characters of a text bear an accent: looking those up is five times quicker than str.translate.
    return _BEYOND_ASCII.sub(lambda found: folds[found[0]], text).lower()


def content_words(text: str) -> list[str]:
    """The words that carry a subject, folded, in order; markup, addresses, numbers and common words are left out."""
    common = stop_words()
    return [word for word in written_words(text) if word not in common]


def written_words(text: str) -> list[str]:
    """The words of two letters or more, folded, in order; markup, addresses and numbers are left out."""
    plain = folded(text[:LONGEST_TEXT])
    marked = "@" in plain or "<" in plain or "://" in plain
    return _WORD.findall(_MARKUP.sub(" ", plain) if marked else plain)


@cache
def stop_words() -> frozenset[str]:
    """Words too common to tell one subject from another, French and English."""
    return frozenset(folded(_data()["words"]).split())


@cache
def _data() -> Mapping[str, str]:
    return tomllib.loads(resources.files(__package__).joinpath("stop_words.toml").read_text("utf-8"))


@cache
def _endings() -> tuple[str, ...]:
    """Endings of words, longest first."""
    return tuple(sorted(_data()["endings"].split(), key=lambda ending: (-len(ending), ending)))


@lru_cache(KEPT)
def stem(word: str) -> str:
    """`word` without its ending, where at least four letters are left."""
    for ending in _endings():
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


@cache
def _beginnings() -> re.Pattern[str]:
    groups = [
        f"(?P<{name}>{'|'.join(re.escape(start) for start in sorted(starts, key=len, reverse=True))})"
        for name, starts in concepts().items()
    ]
    return re.compile("|".join(groups))


@cache
def concepts() -> Mapping[str, tuple[str, ...]]:
    """The beginnings of words and short phrases of each concept."""
    text = resources.files(__package__).joinpath("concepts.toml").read_text("utf-8")
    return {name: tuple(starts) for name, starts in tomllib.loads(text)["concept"].items()}


@lru_cache(KEPT)
def concept(term: str) -> str | None:
    """The concept of a word or of two words in a row; None where it has none.

    A short beginning (three letters or fewer) must be the whole word.
    """
    found = _beginnings().match(term)
    if found is None:
        return None
    whole = found.end() == len(term)
    return found.lastgroup if whole or (found.end() > 3 and (" " in found[0]) == (" " in term)) else None
