"""What replies promise and state, read from the day they were written (Wednesday 12 March 2025, 10:00)."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime, timedelta
from importlib import resources

import pytest

from cxaudit.field.said import contradict, promised, promises, stated, statements
from cxaudit.measure.tables import DAY_US

EPOCH = datetime(1970, 1, 1)
WRITTEN = int((datetime(2025, 3, 12, 10) - EPOCH).total_seconds()) * 1_000_000


def due(text: str) -> tuple[str, str] | None:
    found = promised(text, WRITTEN)
    return found and (found.what, (EPOCH + timedelta(microseconds=found.deadline)).strftime("%d/%m %H:%M"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vous recevrez votre remboursement sous 48 h.", ("refund", "14/03 10:00")),
        ("Vous recevrez votre remboursement sous 48\u202fh.", ("refund", "14/03 10:00")),
        ("Votre remboursement de 20 € sera effectué sous 5 jours ouvrés.", ("refund", "19/03 23:59")),
        ("Votre remboursement arrivera sous 6 jours ouvrables.", ("refund", "19/03 23:59")),
        ("Nous revenons vers vous d'ici vendredi.", ("reply", "14/03 23:59")),
        ("Je reviens vers vous d’ici demain soir.", ("reply", "13/03 23:59")),
        ("Vous recevrez une réponse dans les 24 heures.", ("reply", "13/03 10:00")),
        ("Votre colis sera livré avant le 18 mars.", ("delivery", "18/03 23:59")),
        ("Livraison d'ici le 03/04/2025.", ("delivery", "03/04 23:59")),
        ("Le colis arrivera sous deux semaines.", ("delivery", "26/03 23:59")),
        ("Le remboursement arrivera d'ici la fin de la semaine.", ("refund", "16/03 23:59")),
        ("We will get back to you within 2 days.", ("reply", "14/03 23:59")),
        ("Your refund will be issued within 3 to 5 business days.", ("refund", "19/03 23:59")),
        ("We will refund you by Friday.", ("refund", "14/03 23:59")),
        ("Your parcel will be delivered by March 20.", ("delivery", "20/03 23:59")),
        ("Bonjour,\nMerci de votre message.\nVotre colis sera livré sous 72h.", ("delivery", "15/03 10:00")),
    ],
)
def test_delays_promised(text: str, expected: tuple[str, str]) -> None:
    assert due(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Merci de nous renvoyer l'article sous 14 jours.",
        "Vous disposez de 30 jours pour nous retourner votre article.",
        "Votre code est valable 8 jours.",
        "You have 14 days to return the item.",
        "Please reply within 2 days.",
        "Je m'en occupe et reviens vers vous.",
        "Votre colis a été livré.",
        "La garantie est de 2 ans.",
        "",
    ],
)
def test_no_promise_of_ours(text: str) -> None:
    assert promised(text, WRITTEN) is None


def conflict(one: str, other: str) -> str | None:
    return contradict(stated(one, WRITTEN), stated(other, WRITTEN))


@pytest.mark.parametrize(
    ("days", "named", "expected"),
    [
        (0, "Votre colis sera livré le 17 mars.", "date"),
        (2, "Votre colis sera livré le 17 mars.", "date"),
        (2, "Votre colis sera livré demain.", None),
        (3, "Votre colis sera livré le 17 mars.", None),
        (4, "Votre colis sera livré demain.", None),
    ],
)
def test_a_new_date_given_once_the_first_has_come_is_no_contradiction(
    days: int, named: str, expected: str | None
) -> None:
    """The first reply names 15 March: on the 14th another day contradicts it, on the 15th the delivery is put off."""
    first, later = stated("Votre colis sera livré le 15 mars.", WRITTEN), stated(named, WRITTEN + days * DAY_US)
    assert contradict(first, later) == expected
    assert contradict(later, first) == expected


def test_a_span_of_days_is_ahead_until_its_last() -> None:
    first = stated("Votre colis arrivera entre le 13 mars et le 15 mars.", WRITTEN)
    later = [stated("Livraison le 18 mars.", WRITTEN + days * DAY_US) for days in (2, 3)]
    assert [contradict(first, other) for other in later] == ["date", None]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Votre colis sera livré le 15 mars.", "La livraison est prévue lundi 17 mars.", "date"),
        ("Votre colis sera livré le 15 mars.", "Livraison prévue samedi.", None),
        ("Nous vous remboursons 45,90 €.", "Le remboursement sera de 30 euros.", "amount"),
        ("Nous vous remboursons 45,90 €.", "Le montant remboursé est de 45,90€.", None),
        ("Nous vous remboursons CHF 45.90.", "Le remboursement sera de 30 francs.", "amount"),
        ("Nous vous remboursons 45,90 CHF.", "Le montant remboursé est de CHF 45.90.", None),
        ("Vous demandiez 80 € de remboursement. Nous vous remboursons 56 €.", "Nous vous remboursons 80 €.", "amount"),
        ("Votre demande de remboursement est acceptée.", "Nous ne pouvons pas accepter ce retour.", "decision"),
        ("Nous acceptons votre retour.", "Après étude, nous refusons la prise en charge.", "decision"),
        ("Votre remboursement est refusé.", "Nous acceptons l'échange.", None),
        ("We will refund you.", "We cannot refund this item.", "decision"),
        ("Your parcel will be delivered on March 14.", "It will be shipped to arrive on 20 March.", "date"),
        ("Bonjour, merci de votre message.", "Votre colis sera livré le 15 mars.", None),
        ("Merci pour vos photos du 3 mars.", "Votre facture du 5 mars est jointe.", None),
    ],
)
def test_contradictions(one: str, other: str, expected: str | None) -> None:
    assert conflict(one, other) == expected
    assert conflict(other, one) == expected


def test_a_day_that_does_not_exist_is_no_day() -> None:
    assert stated("Votre colis sera livré le 31 février.", WRITTEN).days == frozenset()


def test_a_date_without_a_year_is_the_next_one() -> None:
    december = int((datetime(2025, 12, 29) - EPOCH).total_seconds()) * 1_000_000
    (day,) = stated("Votre colis sera livré le 4 janvier.", december).days
    assert (EPOCH + timedelta(days=day)).year == 2026


def test_long_and_strange_texts_pass() -> None:
    for text in ("sous " * 20_000, "\x00\u202e🙂", "48 h " * 5_000, "€" * 1000):
        promised(text, WRITTEN)
        stated(text, WRITTEN)


def test_replies_read_together_say_what_each_says_alone() -> None:
    texts = [
        "Bonjour,\nVotre colis sera livré sous 72h; nous vous remboursons 12 €.",
        "Bonjour, votre colis sera livré sous 48h. Nous vous remboursons 30 €.",
        "Votre retour est refusé le 12. Vous recevrez une réponse d'ici demain",
        "",
        "Votre colis sera livré sous 72h. Votre colis sera livré sous 24h.",
    ] * 2
    written = [WRITTEN + n * DAY_US for n in range(len(texts))]
    pairs = [*zip(texts, written, strict=True)]
    assert promises(texts, written) == [promised(*one) for one in pairs]
    assert statements(texts, written) == [stated(*one) for one in pairs]


def test_what_a_sentence_says_depends_on_no_figure_of_its_own() -> None:
    """Sentences are read with a 0 for each figure: a pattern may ask for any figure, never for a certain one."""
    told = resources.files("cxaudit.field").joinpath("said.toml").read_text("utf-8")
    for section in tomllib.loads(told).values():
        for pattern in (option for options in section.values() for option in options):
            assert not re.search(r"\d", re.sub(r"\{[\d,]+\}", "", pattern)), pattern
