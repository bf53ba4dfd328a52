"""Logs of calls whose durations say no unit and whose direction says who called: counts that a reader can check."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from cxaudit.ingest import Ingested, ingest, inspect_sheets, mapping_json
from cxaudit.ingest.sources import read_bytes

ROWS = 60


def log(header: str, *cells: str, name: str = "appels.csv") -> tuple[str, bytes]:
    """Sixty calls, one a day; `{seconds}` runs from 40 to 925, `{wait}` from 2 to 61."""
    lines = [
        ";".join(cells).format(
            day=f"{1 + n % 28:02}/{1 + n // 28:02}/2026", n=n, seconds=40 + 15 * n, wait=2 + n, odd=n % 2
        )
        for n in range(ROWS)
    ]
    return name, "\n".join([header, *lines]).encode()


def one_of(n: int, *values: str) -> str:
    return values[n % len(values)]


def read(file: tuple[str, bytes], mapping: list[dict[str, Any]] | None = None) -> Ingested:
    return ingest(read_bytes(*file), mapping=mapping)


def minutes(found: Ingested) -> pl.Series:
    calls = found.tables["calls"]
    return (calls["ended_at"] - calls["answered_at"]).dt.total_seconds() / 60


def proposed(file: tuple[str, bytes]) -> list[dict[str, Any]]:
    return mapping_json(inspect_sheets(read_bytes(*file)))["files"]


SECONDS = log(
    "Date;Heure;Numéro;Décroché;Durée;Agent", "{day}", "10:{n:02}", "06 12 34 56 {n:02}", "Oui", "{seconds}", "Léa"
)


def test_seconds_are_read_as_seconds_and_the_rule_says_so():
    found = read(SECONDS)
    (export,) = found.exports
    assert export.derived["ended_at"]["rule"] == "plus_seconds" and not found.questions
    assert minutes(found).to_list() == [pytest.approx((40 + 15 * n) / 60) for n in range(ROWS)]


def test_a_unit_in_the_name_goes_before_all_that_values_say():
    found = read(
        log("Date;Numéro;Décroché;Durée (min);Agent", "{day} 10:00", "06 12 34 56 {n:02}", "Oui", "{seconds}", "Léa")
    )
    assert found.exports[0].derived["ended_at"]["rule"] == "plus_minutes" and not found.questions


DOUBTFUL = log("Date;Numéro;Décroché;Durée;Agent", "{day} 10:00", "06 12 34 56 {n:02}", "Oui", "{wait}", "Léa")


def test_what_stays_open_is_asked_until_it_is_answered():
    (asked,) = read(DOUBTFUL).questions
    assert (asked.kind, asked.column, asked.field, asked.choices[0]) == ("duration", "Durée", "ended_at", "seconds")
    files = proposed(DOUBTFUL)
    assert files[0]["questions"][0]["kind"] == "duration"
    assert read(DOUBTFUL, files).questions[0].answer is None
    files[0]["questions"][0]["answer"] = "minutes"
    told = read(DOUBTFUL, files)
    assert told.questions[0].answer == "minutes" and not told.warnings
    assert told.exports[0].derived["ended_at"]["rule"] == "plus_minutes"
    assert minutes(told).to_list() == [pytest.approx(2 + n) for n in range(ROWS)]


def test_first_replies_are_asked_for_their_unit():
    file = log(
        "Ticket;Créé le;Mail;Motif;Délai de première réponse",
        "T{n}",
        "{day} 10:00",
        "c{n}@x.fr",
        "Retard",
        "{seconds}",
        name="t.csv",
    )
    (asked,) = read(file).questions
    assert (asked.kind, asked.column, asked.choices[0]) == ("duration", "Délai de première réponse", "minutes")


@pytest.mark.parametrize(
    ("header", "inbound", "outbound"),
    [
        ("direction", "inbound", "outbound"),
        ("Sens", "Entrant", "Sortant"),
        ("Type d'appel", "Appel reçu", "Appel émis"),
        ("Call direction", "INCOMING", "OUTGOING"),
        ("Sens de l'appel", "E", "S"),
        ("Sortant", "Non", "Oui"),
        ("type", "in", "out"),
    ],
)
def test_the_direction_says_who_called(header: str, inbound: str, outbound: str):
    name, data = log(
        f"ID appel;Date;{header};Décroché le;Fin", "{n:05}", "{day} 10:00", "{odd}", "{day} 10:01", "{day} 10:06"
    )
    text = data.decode().replace("10:00;0;", f"10:00;{inbound};").replace("10:00;1;", f"10:00;{outbound};")
    calls = read((name, text.encode())).tables["calls"]
    assert calls["is_outbound"].sum() == ROWS // 2 and calls["is_outbound"].null_count() == 0
    assert not calls.filter(line=2)["is_outbound"].item()  # the first call is a customer's


def test_words_that_are_no_direction_make_none():
    file = log(
        "ID appel;Date;Direction;Décroché le;Fin",
        "{n:05}",
        "{day} 10:00",
        "Direction commerciale",
        "{day} 10:01",
        "{day} 10:06",
    )
    assert "is_outbound" not in read(file).tables["calls"].columns


def test_a_day_and_a_clock_in_utc_are_moved_to_the_time_of_the_audit():
    header = "ID appel;date (UTC);time (UTC);Décroché le;Fin"
    file = log(header, "{n:05}", "{day}", "23:30:00", "{day} 10:01", "{day} 10:06")
    first = read(file).tables["calls"].filter(line=2)["called_at"].item()
    assert (first.day, first.hour, first.minute) == (2, 0, 30)  # 1 January, 23:30 UTC, in Paris


def test_an_answered_call_of_seconds_is_not_shorter_than_it_is():
    calls = read(SECONDS).tables["calls"]
    assert (calls["answered_at"] - calls["called_at"]).unique().to_list() == [timedelta()]
