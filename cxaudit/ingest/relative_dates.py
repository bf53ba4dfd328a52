"""Dates told from a day that the export does not bear: « il y a 3 mois », "2 weeks ago", « hier »."""

from __future__ import annotations

import re

_COUNT = (
    r"(?:\d+|une?|an?|one|deux|two|trois|three|quelques|(?:a )?few|plusieurs|several|ein(?:em|er)?|un[ao]?|um[a]?|een)"
)
_LENGTH_FR = r"(?:secondes?|minutes?|heures?|jours?|semaines?|mois|ans?|ann[ée]es?)"
_FR = rf"il y a (?:environ |(?:plus|moins) d['e]\s?)?{_COUNT} {_LENGTH_FR}"
_EN = rf"(?:about |over |almost )?{_COUNT} (?:second|minute|min|hour|day|week|month|year)s? ago"
_OTHERS = (
    rf"vor (?:etwa )?{_COUNT} (?:sekunde|minute|stunde|tag|woche|monat|jahr)\w*",
    rf"(?:hace|h[aá]) {_COUNT} (?:minuto|hora|d[ií]a|semana|mes|m[êe]s|a[ñn]o)\w*",
    rf"{_COUNT} (?:minut|or|giorn|settiman|mes|ann)\w+ fa",
    rf"{_COUNT} (?:minut|uur|dag|we[e]?k|maand|jaar)\w* geleden",
)
_WORDS = (
    r"(?:avant[- ])?hier|aujourd'hui|ce jour|à l'instant|la semaine derni[èe]re|le mois dernier"
    r"|l'an(?:n[ée]e)? derni[èe]re?|today|yesterday|just now|last (?:week|month|year)|heute|(?:vor)?gestern|hoy|ayer"
    r"|oggi|ieri|vandaag|gisteren|hoje|ontem"
)
_BEFORE = r"(?:(?:modifi|publi|post|r[ée]dig|laiss)[ée]e?s?d? |edited |reviewed |updated )?"
_RELATIVE = re.compile(rf"{_BEFORE}(?:{'|'.join((_FR, _EN, *_OTHERS, _WORDS))})\W*", re.IGNORECASE)
_LONGEST = 60


def is_relative(text: str) -> bool:
    """Whether a cell tells its date from the day of reading alone."""
    cell = " ".join(text.replace("’", "'").split())
    return len(cell) <= _LONGEST and _RELATIVE.fullmatch(cell) is not None
