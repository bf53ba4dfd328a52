"""Every figure, verdict, reservation and state has its words; every name that Excel sees is one that it takes."""

from __future__ import annotations

import re

import pytest

from cxaudit import crosses, field, signals, surface
from cxaudit.findings.mirages import QUESTIONS
from cxaudit.measure.anatomy import discover
from cxaudit.report.wording import clean, file_label, measure_name, shown, stripped
from cxaudit.report.workbook import SHEETS
from cxaudit.schema.results import DIFFERENCE_VERDICTS, SINGLE_VERDICTS, UNITS
from cxaudit.schema.settings import EXCLUSION_RULES
from cxaudit.schema.tables import TABLES
from cxaudit.texts import LANGUAGES, catalogue, known, say

KEYS = [key for package in (signals, crosses, surface, field) for one in discover(package) for key in one.measures]
PARTS = ("name", "question", "counted", "unit_of", "reading", "blind.1", "advice.1")


@pytest.mark.parametrize("part", PARTS)
def test_every_measure_has_its_words(part: str) -> None:
    assert len(KEYS) > 100
    assert not [key for key in KEYS if not known(f"measure.{key}.{part}")]


def test_shared_words_are_complete() -> None:
    expected = [
        *(
            f"{prefix}{verdict}"
            for verdict in SINGLE_VERDICTS + DIFFERENCE_VERDICTS
            for prefix in ("verdict.", "verdict.why.")
        ),
        *(f"{prefix}R{number}" for number in range(1, 10) for prefix in ("refusal.", "refusal.short.")),
        *(f"mirage.{question.key}.{part}" for question in QUESTIONS for part in ("name", "asks", "hides")),
        *(f"rule.{rule}" for rules in EXCLUSION_RULES.values() for rule in rules),
        *(f"word.table.{table}" for table in TABLES),
        *(f"word.unit.{unit}" for unit in UNITS if unit != "eur"),  # an amount bears its currency
    ]
    assert not [key for key in expected if not known(key)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sheet_names_are_such_as_excel_takes(lang: str) -> None:
    names = [say(f"report.sheet.{sheet.key}", lang) for sheet in SHEETS]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in names)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cell_names_are_such_as_excel_takes(lang: str) -> None:
    names = [text[lang] for key, text in catalogue().items() if key.startswith("report.cell.")]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z_]{3,}", name) for name in names)


def test_an_unknown_child_borrows_its_parents_name() -> None:
    assert measure_name("cross.tone.recontact.weariness", "en") == "Recontact by tone of the first message (weariness)"
    assert measure_name("nothing.known", "fr") == "nothing.known"


def test_client_text_is_cleaned() -> None:
    assert clean("a\x00b\ud800c\n") == "a b\ufffdc\n"
    assert len(clean("x" * 40_000)) == 32_001
    assert shown("a" * 200) == "a" * 59 + "…" and shown(" a \n b ") == "a b"


def test_contact_details_do_not_leave() -> None:
    given = "jean.dupont@mail.fr, 06 12 34 56 78, +33612345678, FR76 3000 6000 0112 3456 7890 189, 4970 1012 3456 7890"
    assert not re.search(r"\d{3}|dupont", stripped(given))
    assert stripped("Référence 3401234567890, le 12/03/2026") == "Référence 3401234567890, le 12/03/2026"


def test_folders_of_the_machine_do_not_leave() -> None:
    assert file_label("/home/jean/dossier/tickets.csv") == "tickets.csv"
    assert file_label("archive.zip/tickets.csv") == "archive.zip/tickets.csv"


@pytest.mark.parametrize(
    ("n", "fr", "en"),
    [(0, "0 autre", "0 more"), (1, "1 autre", "1 more"), (2, "2 autres", "2 more")],
)
def test_words_agree_with_their_number(n: int, fr: str, en: str) -> None:
    """French takes the plural at two, English for anything but one."""
    shown = [say("ui.overview.unlocks.others", lang, count=n) for lang in LANGUAGES]
    assert shown == [fr, en]
    assert say("report.deck.cases", "en", cases=1) == "1 case" and say("report.deck.cases", "en", cases=0) == "0 cases"
    assert say("headline.green", "en", count=1, n="one", verdict="v") == "one green KPI: v"


AGREEING = re.compile(r"\{(\w+):~([^{}]*)\}")


def test_every_agreement_has_its_two_forms_and_its_number() -> None:
    found = [
        (key, name, forms)
        for key, text in catalogue().items()
        for t in text.values()
        for name, forms in AGREEING.findall(t)
    ]
    assert len(found) > 40
    assert not [key for key, _, forms in found if forms.count("|") != 1 or not all(forms.split("|"))]


def test_no_amount_hints_at_a_cause() -> None:
    said = [
        text[lang].lower() for key, text in catalogue().items() if key.startswith("word.stake") for lang in LANGUAGES
    ]
    assert not [text for text in said if re.search(r"perdu|lost|à cause|because", text)]
