"""One typeface, few colours, and the number formats of each language.

Arial stands on every desktop and has metric twins on Linux. Red, amber and green mean a state, never a category. A
format carries its language as a Windows code, which decides the names of months; Excel's separators follow the desktop.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cxaudit.texts import around

FONT = "Arial"
INK, MUTED, PAPER, SURFACE, BORDER = "#17212B", "#54606C", "#FFFFFF", "#F3F5F7", "#CBD3DB"
SIGNAL, SIGNAL_TEXT, SIGNAL_PALE = "#1B6BB5", "#1B4F8F", "#E7F0FA"
EVENT = "#7A56B3"
STATES: Mapping[str, tuple[str, str]] = {
    "●": ("#9B1B30", "#FCEBED"),
    "▲": ("#8F5E00", "#FFF3DC"),
    "■": ("#006B4F", "#E4F4EE"),
    "◇": ("#54606C", "#EEF1F4"),
    "○": ("#54606C", "#EEF1F4"),
    "–": ("#54606C", "#EEF1F4"),
}
LOCALES = {"fr": "[$-40C]", "en": "[$-409]"}
READABLE = 4.5  # WCAG AA
NARROW, HARD, MINUS = "\u202f", "\u00a0", '"\u2212"'  # the minus as a quoted literal of a cell format
_PLAIN: Mapping[str, str] = {"day": "d mmmm yyyy", "month": "mmm yyyy", "text": "@"}

_BASE: Mapping[str, Any] = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
_WRAP: Mapping[str, Any] = {"text_wrap": True, "valign": "top"}
_ROW: Mapping[str, Any] = {"bottom": 1, "bottom_color": BORDER}
ROLES: Mapping[str, Mapping[str, Any]] = {
    "plain": {},
    "plain_when": {"align": "left"},
    "plain_aside": {"indent": 1},
    "title": {"font_size": 20, "bold": True},
    "client": {"font_size": 14, "font_color": MUTED},
    "lead": {"font_size": 12, "font_color": INK, **_WRAP},
    "contents_link": {"font_size": 11, "font_color": SIGNAL_TEXT, "underline": 1, **_ROW},
    "heading": {"font_size": 13, "bold": True, "font_color": SIGNAL_TEXT},
    "body": _WRAP,
    "note": {"font_size": 9, "font_color": MUTED, **_WRAP},
    "link": {"font_color": SIGNAL_TEXT, "underline": 1},
    "header": {"bold": True, "font_size": 9, "font_color": MUTED, "bg_color": SURFACE, "text_wrap": True, **_ROW},
    "header_right": {
        "bold": True,
        "font_size": 9,
        "font_color": MUTED,
        "bg_color": SURFACE,
        "text_wrap": True,
        "align": "right",
        **_ROW,
    },
    "header_in": {
        "bold": True,
        "font_size": 9,
        "font_color": MUTED,
        "bg_color": SURFACE,
        "text_wrap": True,
        "indent": 1,
        **_ROW,
    },
    "cell": {"text_wrap": True, **_ROW},
    "aside": {"text_wrap": True, "indent": 1, **_ROW},
    "when": {"align": "left", **_ROW},
    "figure": {"align": "right", **_ROW},
    "middle": {"align": "center", **_ROW},
    "muted": {"font_color": MUTED, "text_wrap": True, **_ROW},
    "muted_figure": {"font_color": MUTED, "align": "right", **_ROW},
    "strong": {"bold": True, "text_wrap": True, **_ROW},
    "strong_figure": {"bold": True, "align": "right", **_ROW},
    "headline": {"bold": True, "font_size": 12, "text_wrap": True, "bg_color": SIGNAL_PALE, **_ROW},
    "headline_figure": {"font_size": 12, "align": "right", "bg_color": SIGNAL_PALE, **_ROW},
    "headline_value": {
        "bold": True,
        "font_size": 18,
        "align": "right",
        "font_color": SIGNAL_TEXT,
        "bg_color": SIGNAL_PALE,
        **_ROW,
    },
    "state": {"bold": True, "text_wrap": True, "indent": 1, **_ROW},
    "headline_aside": {"bold": True, "font_size": 12, "text_wrap": True, "indent": 1, "bg_color": SIGNAL_PALE, **_ROW},
    "telling": {"bold": True, "font_color": SIGNAL_TEXT},
    "input": {"align": "right", "bg_color": "#FFF9E8", "border": 1, "border_color": BORDER, "font_color": SIGNAL_TEXT},
    "small": {"font_size": 8, "font_color": MUTED, "align": "right", "text_wrap": True, **_ROW},
    "tally": {"font_size": 14, "bold": True},
    "big": {"font_size": 28, "bold": True, "font_color": SIGNAL_TEXT, "align": "left"},
}


def role(name: str, accent: str = SIGNAL_TEXT) -> dict[str, Any]:
    """The properties of a role's cell format, in the consultant's accent colour where that can be read."""
    found = {**_BASE, **ROLES[name]}
    ink = legible(accent)
    return {key: ink if value == SIGNAL_TEXT else value for key, value in found.items()}


def legible(accent: str) -> str:
    """The accent as a colour of text on white; ink where its contrast is below 4.5."""
    return accent if contrast(accent, PAPER) >= READABLE else INK


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG counts it, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour.removeprefix("#")[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def number_format(unit: str, lang: str) -> str:
    """The cell format of a unit or currency (`CHF`), with a true minus; `gap.` before it signs it (`gap.share`)."""
    if unit in _PLAIN:
        return LOCALES[lang] + _PLAIN[unit]
    if unit == "short_day":
        return LOCALES[lang] + ("dd/mm/yyyy" if lang == "fr" else "d mmm yyyy")
    body = _positive(unit.removeprefix("gap."), lang)
    signs = ("+", MINUS, "") if unit.startswith("gap.") else ("", MINUS)
    # Two literals side by side become one: "−""€" would read as a doubled quote.
    return ";".join(LOCALES[lang] + f"{sign}{body}".replace('""', "") for sign in signs)


def _positive(unit: str, lang: str) -> str:
    space = NARROW if lang == "fr" else ""
    percent = f'0.0"{space}"%' if lang == "fr" else "0.0%"
    if unit.isupper():
        before, after = (f'"{part}"' if part else "" for part in around(unit, lang))
        return f"{before}#,##0{after}"
    formats = {
        "share": percent,
        "whole_share": percent.replace("0.0", "0"),
        "count": "#,##0",
        "n_eff": "#,##0",
        "hours": f'#,##0.0"{HARD}h"',
        "minutes": f'#,##0.0"{HARD}min"',
        "days": f'#,##0.0"{HARD}{"j" if lang == "fr" else "d"}"',
        "exact": "0.######",
        "score": "0.00",
        "point": f'0.0"{HARD}pt"',
        "whole_point": f'0"{HARD}pt"',
    }
    return formats.get(unit, "#,##0.0")
