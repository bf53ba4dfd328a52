"""Texts that came as HTML: shown and counted as they read, never as they are coded."""

from __future__ import annotations

import html

import polars as pl
import pytest

from cxaudit.field.said import promised
from cxaudit.field.templates import mask
from cxaudit.field.terms import written
from cxaudit.field.words import content_words, spelled
from cxaudit.markup import readable
from cxaudit.quotes import quote, telling_quotes
from cxaudit.schema.verbatims import LABELS
from cxaudit.ui.reading import marked

FURIOUS = "<div>Toujours rien&nbsp;: c’est <b>inadmissible</b>.<br/>Je suis <i>furieuse</i>.</div>"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("<div>Je n'ai rien reçu.<br/>Remboursez-moi.</div>", "Je n'ai rien reçu.\nRemboursez-moi."),
        ("<p>Bonjour,</p><p>un <b>vase</b>.</p>", "Bonjour,\n\nun vase."),
        ("d&eacute;&#231;u&nbsp;: H&M", "déçu\u00a0: H&M"),
        ("<style>p {color: red}</style>Merci<!-- 1 -->", "Merci"),
        ("Merci<style>p {color: red", "Merci"),
        ("<td>2</td><td>vases</td>", "2 vases"),
        ("J'aime <3, et 2 < 3\n\n\n\net > 1", "J'aime <3, et 2 < 3\n\n\n\net > 1"),
        ("&lt;b&gt; &amp;nbsp;", "<b> &nbsp;"),
    ],
)
def test_a_text_reads_as_its_reader_saw_it(given: str, read: str) -> None:
    assert readable(given) == read


def row(text: str, month: int = 202605) -> dict[str, object]:
    told = {name: name == "anger" for name in LABELS}
    return {
        "text": text,
        "month": month,
        "source": "tickets",
        "customer": 1,
        "negative": True,
        "intensity": 2.0,
        **told,
    }


def test_a_quote_bears_no_markup_and_its_marks_sit_on_its_words() -> None:
    found = quote(row(FURIOUS))
    assert found.text == "Toujours rien\u00a0: c’est inadmissible.\nJe suis furieuse."
    shown = {found.text[start:end] for start, end in found.spans}
    assert {"inadmissible", "furieuse"} <= shown
    assert ">inadmissible</mark>.<br>" in marked(found.text, found.spans)


def test_markup_that_a_customer_typed_stays_text() -> None:
    found = quote(row("&lt;script&gt;alert(1)&lt;/script&gt; inadmissible, je suis furieuse"))
    assert found.text.startswith("<script>alert(1)</script>")
    drawn = marked(found.text, found.spans)
    assert "<script" not in drawn and html.escape("<script>") in drawn


def test_an_address_coded_as_entities_is_hidden() -> None:
    assert "exemple" not in quote(row("Furieuse, écrivez à marie&#64;exemple.fr tout de suite")).text


def test_the_length_of_a_quote_is_what_is_read() -> None:
    long = '<div style="' + "color:red;" * 80 + f'">{FURIOUS}</div>'
    short = "<p><b><i></i></b></p>" * 5 + "furieuse"
    found = telling_quotes(pl.DataFrame([row(long), row(short, 202606)]))
    assert [one.month.month for one in found if one.month] == [5]


def test_words_are_counted_as_they_read() -> None:
    text = "<p>Aucune nouvelle du transporteur.&nbsp;Vase d&eacute;c&oelig;ur&eacute; &amp; <b>cassé</b></p>"
    words = ["nouvelle", "transporteur", "vase", "decoeure", "casse"]
    assert content_words(text) == words
    told = written([text])
    assert [told.words[code] for code in told.word] == words
    assert spelled(["transporteur casse"], ["transporteur&nbsp;cass&eacute;"]) == {
        "transporteur": "transporteur",
        "casse": "cassé",
    }


@pytest.mark.parametrize(
    "number", ["FR10234", "FR-10234", "FR_10234", "FR\u201110234", "x2", "2x", "10234-FR", "CMD-24-AB"]
)
def test_letters_tied_to_digits_are_no_words(number: str) -> None:
    text = f"Vase {number} rendez-vous"
    assert content_words(text) == ["vase", "rendez"]
    told = written([text])
    assert [told.words[code] for code in told.word] == ["vase", "rendez"]


@pytest.mark.parametrize(
    "text",
    [
        "Vase FR 10234 toujours pas reçu",
        "FR 10234 vase, FR 10235 : toujours pas reçu",
        "vase (CMD\u00a0998877) toujours pas reçu",
        "vase cmd n° 998877-2 toujours pas reçu",
        "réf #0012345 du vase toujours pas reçu",
    ],
)
def test_the_letters_before_an_order_number_are_no_words(text: str) -> None:
    assert content_words(text) == ["vase", "recu"]
    told = written([text])
    assert [told.words[code] for code in told.word] == ["vase", "recu"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("vase PO 445566 never arrived", ["vase", "arrived"]),
        ("SO 0012345: broken vases", ["broken", "vases"]),
        ("sous 48 h, 2 pièces", ["sous", "pieces"]),
        ("taille 38, vase 12345", ["taille", "vase"]),
        ("cassé en box 2026", ["casse", "box"]),
        ("size 38 sav 12 box 2024", ["size", "sav", "box"]),
        ("colis 998877", ["colis"]),
    ],
)
def test_words_beside_other_numbers_stay(text: str, words: list[str]) -> None:
    assert content_words(text) == words
    told = written([text])
    assert [told.words[code] for code in told.word] == words


def test_replies_are_masked_and_their_promises_read_as_they_read() -> None:
    plain = mask(["Bonjour Marc,\nvotre colis arrive."])
    coded = mask(["<p>Bonjour Marc,</p><p>votre&nbsp;colis arrive.</p>"])
    assert coded.text(0) == plain.text(0) == ("bonjour", "0", "votre", "colis", "arrive")
    said = "Vous serez remboursée sous&nbsp;48&nbsp;h."
    assert promised(said, 0) == promised(said.replace("&nbsp;", " "), 0) is not None
