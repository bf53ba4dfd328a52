"""Which currency a client's word names, and the sign that its amounts are shown with."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources

EURO = "EUR"  # where neither orders nor settings say another
_GIVEN = tomllib.loads(resources.files(__package__).joinpath("currencies.toml").read_text("utf-8"))
CODES: frozenset[str] = frozenset(_GIVEN["codes"].split())
SIGNS: Mapping[str, str] = _GIVEN["signs"]
_NAMED: Mapping[str, str] = {word: code for code, words in _GIVEN["words"].items() for word in words}
# Words that name no known currency are told as given where they look like codes; else they are of something else.
UNKNOWN, _LONGEST, _MOST = "?", 8, 5


def currency_of(word: str) -> str | None:
    """The ISO 4217 code of a currency as people write it (`chf`, « fr. », « € », « Euro (EUR) »), None where unknown.

    Of several words (« € TTC ») those that name one agree.
    """
    whole = _code(word)
    if whole is not None:
        return whole
    found = {_code(part) for part in re.split(r"[\s()\[\]/:;,|]+", word)} - {None}
    return found.pop() if len(found) == 1 else None


def _code(word: str) -> str | None:
    bare = " ".join(word.split())
    return bare.upper() if bare.upper() in CODES else _NAMED.get(bare.lower())


def currency_names(words: Sequence[str]) -> dict[str, str]:
    """What each of a column's words is told as: its currency's code, else itself, else `UNKNOWN`."""
    found = {word: currency_of(word) for word in words}
    unknown = [word for word, code in found.items() if code is None]
    codes = len(unknown) <= _MOST and all(len(word) <= _LONGEST for word in unknown)
    return {word: code or (word if codes else UNKNOWN) for word, code in found.items()}
