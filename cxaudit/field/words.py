"""Words of a text without case, accents and inflection: what topics are made of."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from importlib import resources

from cxaudit import markup

_WORD = re.compile(r"[a-z]{2,}")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_ADDRESS = re.compile(r"https?://\S+|(?<!\S)\S+@\S+", re.IGNORECASE)
MARKS = ("@", "://", *markup.MARKS)  # a text without any of them bears neither address nor markup
# Letters glued or hyphened to digits name an order or a size, and so do few letters before a long number (CMD 998877;
# years, postal codes of towns and sizes are told otherwise): no words. Read alike by Python and by Rust.
_TIED = r"(?:[^\W\d]|[-\u2010\u2011])*\d(?:\w|[-\u2010\u2011])*"
_PREFIXED = r"(?:^|\W)[^\W\d_]{1,3}[ \u00a0\u202f](?:[nN][°º][ \u00a0\u202f]?|#)?\d{5}(?:\w|[-\u2010\u2011])*"
NUMBERED = f"{_PREFIXED}|{_TIED}"
_NUMBERED = re.compile(rf"{_PREFIXED}|(?<![\w\u2010\u2011-]){_TIED}")  # from where letters begin: looked at once
_BEYOND_ASCII = re.compile(r"[\u00c0-\u017f]")
LONGEST_TEXT = 2000
SHORTEST_STEM = 4
KEPT = 1 << 17  # words remembered: a long-lived server must not keep every phrase it ever saw


@cache
def _folds() -> Mapping[str, str]:
    accented = [chr(code) for code in range(0xC0, 0x180)]
    bare = {c: "".join(x for x in unicodedata.normalize("NFKD", c) if not unicodedata.combining(x)) for c in accented}
    return {**bare, "œ": "oe", "Œ": "oe", "æ": "ae", "ß": "ss"}


@cache
def _bare_bytes() -> bytes:
    """The folds of one letter for one, as a table over the 256 characters of Latin-1."""
    bare = [_folds().get(chr(code), chr(code)).encode("latin-1") for code in range(256)]
    return bytes(new[0] if len(new) == 1 else code for code, new in enumerate(bare))


def folded(text: str) -> str:
    """`text` in lower case, without accents, its apostrophes straight."""
    if text.isascii():
        return text.lower()
    plain = text.replace("’", "'")
    # Most texts are Latin-1, where a table of bytes is ten times quicker than a table of characters.
    with suppress(UnicodeEncodeError):
        plain = plain.encode("latin-1").translate(_bare_bytes()).decode("latin-1")
    return plain.lower() if plain.isascii() else _BEYOND_ASCII.sub(_bare, plain).lower()


def _bare(found: re.Match[str]) -> str:
    return _folds()[found[0]]


def spelled(phrases: Iterable[str], texts: Iterable[str]) -> dict[str, str]:
    """How `texts` most often write the folded words of `phrases`: recu → reçu. Words they do not hold are left out."""
    wanted = {word for phrase in phrases for word in phrase.split()}
    heard = Counter(word for text in texts for word in _LETTERS.findall(without_markup(text[:LONGEST_TEXT]).lower()))
    seen: dict[str, dict[str, int]] = {}
    for word, times in heard.items():
        plain = folded(word)
        if plain in wanted:
            seen.setdefault(plain, {})[word] = times
    return {plain: min(forms, key=lambda form: (-forms[form], form)) for plain, forms in seen.items()}


def content_words(text: str) -> list[str]:
    """The words that carry a subject, folded, in order; markup, addresses, numbers and common words are left out."""
    common = stop_words()
    return [word for word in written_words(text) if word not in common]


def written_words(text: str) -> list[str]:
    """The words of two letters or more, folded, in order; markup, addresses and numbers are left out."""
    plain = text[:LONGEST_TEXT]
    if any(map(plain.__contains__, MARKS)):
        plain = without_markup(plain)
    return _WORD.findall(folded(_NUMBERED.sub(" ", plain)))


def without_markup(text: str) -> str:
    """A text as it reads, with blanks for its addresses."""
    return _ADDRESS.sub(" ", markup.readable(text))


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
