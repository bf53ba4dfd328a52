"""What the client's own words mean: statuses, reasons, kinds, journeys and channels by class; scores by scale.

Everything is a default that a person may correct: the classes are shown with their counts, never applied unseen.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

OTHER = "other"
LONGEST = 500  # what names a class stands at the beginning: a text among statuses is not searched to its end

# The classes of a field in order, each with its pattern: `classes.toml`.
Rules = tuple[tuple[str, str], ...]


def _rules() -> dict[tuple[str, str], Rules]:
    given = tomllib.loads(resources.files(__package__).joinpath("classes.toml").read_text("utf-8"))
    return {
        (table, name): tuple((rule["class"], "|".join(rule["words"])) for rule in rules)
        for table, fields in given.items()
        for name, rules in fields.items()
    }


RULES: Mapping[tuple[str, str], Rules] = _rules()

# A class word itself is always its own class, in every table: the templates are filled in with these.
CLASSES: Mapping[tuple[str, str], tuple[str, ...]] = {
    place: tuple(dict.fromkeys([name for name, _ in rules] + [OTHER])) for place, rules in RULES.items()
}

SCALES = ("1-5", "0-10", "1-10", "1-7", "good-bad", "0-100")
# SIGNALS §2: 4–5 of 5, 8–10 of 10, 6–7 of 7, Good; the lowest: 1–2, 0–4, 1–3, Bad. 0–100 follows 0–10, tenfold.
_SATISFIED = {"1-5": 4.0, "0-10": 8.0, "1-10": 8.0, "1-7": 6.0, "good-bad": 1.0, "0-100": 80.0}
_DISSATISFIED = {"1-5": 2.0, "0-10": 4.0, "1-10": 4.0, "1-7": 3.0, "good-bad": 0.0, "0-100": 40.0}


def plain(text: str) -> str:
    """`text` without case, accents and punctuation, its words one space apart."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^0-9a-z]+", " ", bare).strip()


def classify(table: str, field: str, values: Iterable[str]) -> dict[str, str]:
    """The class of each of the client's values of `table.field`; `other` where no rule speaks.

    Empty where the field has no classes.
    """
    rules = RULES.get((table, field))
    if rules is None:
        return {}
    return {value: _class_of(plain(value[:LONGEST]), rules) for value in values if value is not None}


def _class_of(text: str, rules: Rules) -> str:
    for name, _ in rules:
        if text == plain(name):
            return name
    for name, pattern in rules:
        if re.search(pattern, text):
            return name
    return OTHER


def infer_scale(kind: str | None, scores: Iterable[float | None]) -> str | None:
    """The scale that the scores of one survey are on, or None where the values do not settle it.

    NPS is 0-10 by definition; an effort score of up to 5 seen on fewer than 30 answers may still be out of 7.
    """
    seen = [float(score) for score in scores if score is not None]
    if not seen:
        return None
    low, high, distinct = min(seen), max(seen), set(seen)
    if low < 0 or high > 100:
        return None
    if kind == "nps":
        return "0-10" if high <= 10 else None
    if distinct <= {0.0, 1.0} and len(distinct) == 2:
        return "good-bad"
    if high <= 5:
        if low < 1:
            return None
        return "1-5" if kind != "ces" or len(seen) >= 30 else "1-7"
    if high <= 7 and low >= 1 and (kind == "ces" or len(seen) >= 30):
        return "1-7"
    if high <= 10:
        return "0-10" if low < 1 else "1-10"
    return "0-100"


def satisfied(score: Any, scale: Any) -> Any:
    """Whether `score` is in the satisfied class of `scale`: an expression or series in, a Boolean one out.

    `scale` is one of SCALES, or an expression whose values are; other scales give False.
    """
    if isinstance(scale, str):
        return score >= _SATISFIED[scale]
    return _any([(scale == name) & (score >= bound) for name, bound in _SATISFIED.items()])


def dissatisfied(score: Any, scale: Any) -> Any:
    """Whether `score` is in the dissatisfied class of `scale`; as `satisfied`."""
    if isinstance(scale, str):
        return score <= _DISSATISFIED[scale]
    return _any([(scale == name) & (score <= bound) for name, bound in _DISSATISFIED.items()])


def _any(conditions: list[Any]) -> Any:
    found = conditions[0]
    for condition in conditions[1:]:
        found = found | condition
    return found
