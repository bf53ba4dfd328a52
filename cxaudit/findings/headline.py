"""The audit in one line: how many KPIs are green, how many of those are contradicted or in doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cxaudit import texts
from cxaudit.schema.results import Mirage

LOUD = ("confirmed", "suspected")
IN_WORDS = 9


def headline(mirages: Sequence[Mirage], lang: str) -> str:
    """The finding as a title, small numbers in words."""
    states = Counter(mirage.state for mirage in mirages)
    green = sum(1 for mirage in mirages if mirage.green)
    if not green:
        return texts.say("headline.no_green", lang)
    loud = [_counted(f"headline.{state}", states[state], lang) for state in LOUD if states[state]]
    verdict = ", ".join(loud) if loud else texts.say("headline.none", lang)
    said = _counted("headline.green", green, lang, verdict=verdict)
    return said[0].upper() + said[1:]


def _counted(key: str, count: int, lang: str, **facts: str) -> str:
    shown = texts.say(f"headline.number.{count}", lang) if count <= IN_WORDS else texts.count(count, lang)
    return texts.say(key, lang, count=count, n=shown, **facts)
