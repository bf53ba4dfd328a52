"""Texts made to be slow: ten times as long takes about ten times the work, and what they hold is read as before."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from time import process_time

import polars as pl
import pytest

from cxaudit.field.said import promised
from cxaudit.field.templates import mask
from cxaudit.field.words import written_words
from cxaudit.ingest.profile import profile_column
from cxaudit.ingest.read_layout import Row, read_layout, unique_names
from cxaudit.ingest.seen import _CHOICES, _TYPED
from cxaudit.ingest.sources import read_bytes
from cxaudit.ingest.words import meaning
from cxaudit.markup import MARKUP, readable
from cxaudit.redact import redacted
from cxaudit.report.wording import PSEUDONYM
from cxaudit.schema.impersonal import impersonal
from cxaudit.schema.values import classify
from cxaudit.tone.trim import trimmed

SHORT, LONG = 4_000, 40_000
# Quadratic work grows a hundredfold; what takes no time at all is not measured.
MOST_GROWTH, NO_TIME = 40, 0.05

TEXTS = (
    *("<style ", "<script>", "<!--", "<", "<a", "</", "<br", "&", "&#", "\n", " \n", "\t", " ", "@", "a", "a.", ".a@"),
    *("Aa ", "A-", "1", "1 ", "1.", "#", "+", "merci A-", "merci  ", "Cordialement,\n", "\nA", "> ", "-- \n", "le a\n"),
    *("www.", "https://", "versand", "port ", "FR76 ", "_", "é", "\u00a0", "\u202f", "'", "(", "[", "=-", "-\n", "€"),
    *("1/1/2024 ", "<a@"),
)


def growth(work: Callable[[int], object]) -> float:
    """How many times longer the work on the long text takes; 0 where that takes no time."""

    def took(length: int) -> float:
        start = process_time()
        work(length)
        return process_time() - start

    took(100)
    if took(LONG) <= NO_TIME:
        return 0.0
    return min(took(LONG) for _ in range(3)) / max(1e-6, min(took(SHORT) for _ in range(3)))


def filled(unit: str, length: int) -> str:
    return unit * (length // len(unit))


READERS: dict[str, Callable[[str], object]] = {
    "readable": readable,
    "trimmed": trimmed,
    "redacted": redacted,
    "written words": written_words,
    "a pseudonym": PSEUDONYM.fullmatch,
    "a value that leaves": impersonal,
    "a reason": lambda text: classify("gestures", "kind", [text]),
    "a promise": lambda text: promised(text, 0),
    "a reply": lambda text: mask([text]),
    "a header": meaning.__wrapped__,
    "the ends of a header": lambda text: _CHOICES.sub("", _TYPED.sub("", text)),
    "a cell": lambda text: profile_column(pl.Series([text])),
    "a title": lambda text: read_layout([Row(1, ("a", "b")), Row(2, (text, text)), Row(3, ("1", "2"))]),
}


@pytest.mark.parametrize("reader", READERS)
def test_no_text_is_much_slower_than_it_is_long(reader: str) -> None:
    read = READERS[reader]
    grown = {
        (head, unit): growth(partial(_read_filled, read, head, unit))
        for unit in TEXTS
        for head in ("", "1/1/2024 1", "(", "merci A")
    }
    assert not {made: times for made, times in grown.items() if times > MOST_GROWTH}


def _read_filled(read: Callable[[str], object], head: str, unit: str, length: int) -> object:
    return read(f"{head}{filled(unit, length)}\nx!")


@pytest.mark.parametrize(
    ("name", "head", "unit"),
    [
        ("a.sql", "insert into t values ('", "\\'"),
        ("a.sql", "create table t (a int);\n", "insert into t (\n"),
        ("a.sql", "create table t (", "\n"),
        ("a.xls", "<table>", "<!--"),
        ("a.xls", "<table>", "<td"),
        ("a.csv", "", "02/01/2024 12:00 "),
        ("a.csv", "", "@"),
        ("a.csv", 'a;b\n"', "a"),
    ],
)
def test_no_file_is_much_slower_than_it_is_long(name: str, head: str, unit: str) -> None:
    assert growth(lambda n: list(read_bytes(name, (head + filled(unit, n)).encode()))) <= MOST_GROWTH


def test_each_opening_of_markup_finds_its_end_where_none_is_written() -> None:
    """What would be looked for in vain would be looked for again at each opening."""
    for opening in ("<style>", "<script src=x>", "<!--"):
        found = MARKUP.match(opening * 1000)
        assert found is not None and found.end() == len(opening) * 1000
    assert not re.search(r"\{0,\d{5,}\}", MARKUP.pattern)


def test_a_long_style_is_no_text() -> None:
    assert readable(f"<style>{'p {color: red} ' * 3000}</style>Merci") == "Merci"


def test_names_are_numbered_as_before_however_many_are_alike() -> None:
    assert unique_names(["a", "a", "a (2)", "a", None]) == ("a", "a (2)", "a (2) (2)", "a (3)", "column 5")


@pytest.mark.parametrize("header", ["id" * 3000, "date" * 3000, "[" * 9000])
def test_a_run_of_letters_without_end_is_no_name(header: str) -> None:
    assert not meaning(header).concepts


def test_a_number_beyond_measure_is_no_number() -> None:
    found = profile_column(pl.Series(["1" * 400] * 3))
    assert found.high is None and found.share("number") == 0


@pytest.mark.parametrize("mark", ["@", "|", "^"])
def test_a_file_of_nothing_but_marks_says_that_it_holds_no_rows(mark: str) -> None:
    assert all(hasattr(one, "why") for one in read_bytes("a.csv", (mark * 500).encode()))


def test_a_page_that_breaks_off_keeps_its_rows() -> None:
    page = (
        "<!-- <table> --><table><tr><td>nom</td><td>n</td></tr><tr><td>Léa</td><td>1</td></tr><tr><td>Zoé<td>2<td cla"
    )
    (sheet,) = read_bytes("a.xls", page.encode())
    assert sheet.frame["n"].to_list() == ["1", "2"]  # type: ignore[union-attr]


def test_an_insert_that_breaks_off_keeps_the_rows_before() -> None:
    dump = "create table t (\n  a int,\n  b text\n);\ninsert into t values (1, 'it''s'), (2, 'l\\'été'), (3, 'trop lon"
    (sheet,) = read_bytes("a.sql", dump.encode())
    assert sheet.frame["b"].to_list() == ["it's", "l'été"]  # type: ignore[union-attr]
