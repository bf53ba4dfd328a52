"""The layouts of `home_made.txt` and `found.txt` as sheets, their values drawn by kind."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
from made_exports import _PLAIN, TEXTS, WORDS

from cxaudit.ingest.read_layout import LINE
from cxaudit.ingest.sources import Sheet

ROWS = 50
_WORDY = ("ticket_status", "reason", "gesture", "criterion", "event", "channel")


@dataclass(frozen=True)
class Layout:
    """One layout: its sheet, the table that it is, and field → column."""

    sheet: Sheet
    table: str
    truth: dict[str, str]


def _value(kind: str, draw: random.Random, row: int) -> str:
    moment = datetime(2024, 1, 1, 8) + timedelta(minutes=draw.randint(0, 700_000))
    made = {
        "day": moment.strftime("%d/%m/%Y"),
        "moment": moment.strftime("%d/%m/%Y %H:%M"),
        "order": f"CMD-{10_000 + row * 3}",
        "customer": f"C{draw.randint(100, 999)}",
        "quantity": draw.randint(1, 3),
        "count": draw.randint(0, 40),
        "amount": f"{draw.uniform(5, 250):.2f}".replace(".", ","),
        "currency": "EUR",
        "text": f"{draw.choice(TEXTS['fr'])} ({draw.randint(1, 99)})",
        "short": " ".join(draw.choice(TEXTS["fr"]).split()[:4]),
        "five": draw.randint(1, 5),
        "ten": draw.randint(0, 10),
        "seven": draw.randint(1, 7),
        "minutes": draw.randint(5, 900),
        "flag": draw.choice(["oui", "non"]),
        "family": draw.choice(["Linge", "Déco", "Bain"]),
        "company": draw.choice(["Atelier Nord", "Lin SARL"]),
        "tracking": f"6A{draw.randint(10**8, 10**9)}",
        "address": f"{draw.randint(1, 99)} rue des Lilas",
        "store": draw.choice(["Nantes", "Lille"]),
        "network": draw.choice(["Instagram", "Facebook", "X"]),
        "url": f"https://example.org/{row}",
        "percent": f"{draw.uniform(1, 99):.1f} %",
        "points": draw.randint(0, 5),
        "hours": f"{draw.uniform(0.1, 90):.1f}",
        "direction": draw.choice(["inbound", "outbound"]),
        "epoch": int(moment.timestamp()),
        "clock": f"{draw.randint(8, 19):02d}:{draw.randint(0, 59):02d}:{draw.randint(0, 59):02d}",
        "survey": "NPS",
        "order_status": draw.choice(WORDS["status"]["fr"]),
        **{word: draw.choice(WORDS[word]["fr"]) for word in _WORDY},
    }
    return str(made[kind] if kind in made else _PLAIN[kind](draw, row, "fr"))


def _layout(head: str, lines: list[str]) -> Layout:
    file, table = head.removeprefix("== ").split(" > ")
    columns = [[part.strip() for part in line.split("|")] for line in lines]
    draw = random.Random(file)
    frame = pl.DataFrame(
        {
            name: pl.Series([_value(kind, draw, row) for row in range(ROWS)], dtype=pl.String)
            for name, kind, _ in columns
        }
    ).with_columns(pl.int_range(2, ROWS + 2, dtype=pl.Int64, eager=True).alias(LINE))
    names = tuple(name for name, _, _ in columns)
    sheet = Sheet(file, None, "utf-8", ";", 1, 1, names, ("",) * len(names), frame, ROWS, frozenset(), (), file)
    return Layout(sheet, table, {field.lstrip("~"): name for name, _, field in columns if field != "-"})


def listed_layouts(file: str) -> list[Layout]:
    """Every layout of a list beside this module."""
    text = Path(__file__).with_name(file).read_text("utf-8")
    lines = [line for line in text.splitlines() if line and (not line.startswith("#") or line.startswith("# |"))]
    heads = [index for index, line in enumerate(lines) if line.startswith("== ")] + [len(lines)]
    return [_layout(lines[a], lines[a + 1 : b]) for a, b in pairwise(heads)]
