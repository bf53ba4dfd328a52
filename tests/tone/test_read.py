"""What `read` promises whatever the text, and what a reader would say of plain ones."""

from __future__ import annotations

import io
import json
import unicodedata

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxaudit.tone import LABELS, NEGATIVE, POSITIVE, as_json, read, read_batches
from cxaudit.tone.builder import compiled
from cxaudit.tone.engine import tones
from cxaudit.tone.frames import SCHEMA
from cxaudit.tone.jsonl import json_rows, write_tones
from cxaudit.tone.lexicon import lexicon
from cxaudit.tone.telling import CUE, NUMBER, marks


def labels_of(text: str, rating: float | None = None) -> set[str]:
    return set(as_json([0], read([text], [rating]))[0]["labels"])


def polarity_of(text: str) -> float:
    return read([text])["polarity"][0]


PLAIN = [
    ("Je suis très déçue, la couture a lâché au premier lavage.", {"disappointment"}),
    ("C'est une honte, bande d'escrocs, je porte plainte !", {"anger"}),
    ("Troisième relance et toujours aucune réponse, c'est agaçant.", {"annoyance"}),
    ("J'ai peur que mon colis soit perdu, je suis inquiète.", {"worry"}),
    ("Je ne comprends rien à la notice, je suis perdue.", {"confusion"}),
    ("Ouf, quel soulagement, le problème est enfin réglé.", {"relief"}),
    ("Un immense merci à toute l'équipe pour votre aide.", {"gratitude"}),
    ("Parfait, je recommande les yeux fermés.", {"satisfaction"}),
    ("Merci pour rien.", {"irony"}),
    ("Bonjour, pouvez-vous m'envoyer la facture ? Merci d'avance, cordialement", {"neutral"}),
    ("I am furious, this company is a scam", {"anger"}),
    ("So disappointed, not what I expected", {"disappointment"}),
    ("I'm really worried about my parcel", {"worry"}),
    ("Thank you so much for your help", {"gratitude"}),
    ("Excellent product, highly recommended", {"satisfaction"}),
    ("Hello, could you send me the invoice?", {"neutral"}),
]


@pytest.mark.parametrize(("text", "expected"), PLAIN)
def test_plain_texts_bear_their_label(text: str, expected: set[str]) -> None:
    assert expected <= labels_of(text)


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        ("Je suis satisfait du produit", "Je ne suis pas satisfait du produit"),
        ("La batterie fonctionne bien", "La batterie ne fonctionne pas bien"),
        ("Je recommande ce vendeur", "Je ne recommande vraiment pas ce vendeur"),
        ("Je recommande", "Je recommande pas"),
        ("The dress is comfortable", "The dress is not comfortable"),
    ],
)
def test_negation_turns_praise(said: str, denied: str) -> None:
    assert polarity_of(said) > 0 > polarity_of(denied)


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, je suis furieux",
        "Bonjour, c’est une honte",
        "Bonsoir, votre attitude est inadmissible",
        "Hello, this is outrageous",
    ],
)
def test_anger_told_outright_holds_beside_a_greeting(text: str) -> None:
    assert labels_of(text) == {"anger"}


def test_anger_denied_beside_a_greeting_is_none() -> None:
    assert "anger" not in labels_of("Bonjour, je ne suis pas furieux, je demande une facture")


def test_negation_turns_blame() -> None:
    assert polarity_of("Pas déçu du tout") > 0
    assert polarity_of("Aucun problème") > 0
    assert "disappointment" not in labels_of("Je ne suis pas déçue")


def test_contrast_weighs_what_follows() -> None:
    first = polarity_of("Livraison décevante mais produit parfait")
    assert first > polarity_of("Produit parfait mais livraison décevante")


def test_degree_strengthens() -> None:
    assert polarity_of("Il est vraiment confortable") > polarity_of("Il est confortable")


def test_bare_bien_in_a_complaint_is_no_satisfaction() -> None:
    assert "satisfaction" not in labels_of("J'ai bien reçu le colis mais il est cassé, je suis déçu.")


def test_polite_formulas_say_nothing() -> None:
    assert labels_of("Bonjour, merci de me répondre. Merci d'avance. Bonne journée. Cordialement, Paul") == {"neutral"}


def test_quoted_mails_and_signatures_are_left_out() -> None:
    reply = "Oui, c'est bien cette adresse.\n\nLe 12 mars 2025 à 10:12, Service client a écrit :\n> Arnaque, honteux !"
    assert not labels_of(reply) & set(NEGATIVE)
    assert not labels_of("Voici le document.\n--\nJean Parfait\nExcellence et Satisfaction SARL") & set(POSITIVE)


def test_low_stars_reveal_mock_praise_and_leave_polarity_alone() -> None:
    text = "Bravo, magnifique !"
    assert "irony" in labels_of(text, 1.0)
    assert "irony" not in labels_of(text, 5.0)
    assert read([text], [1.0])["polarity"][0] == read([text], [5.0])["polarity"][0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "!!!",
        "1234",
        "\ud800",
        "\u202e\u202d",
        "مرحبا أين طلبي",
        "注文はどこですか",
        "El pedido no ha llegado todavía, estoy muy triste",
    ],
)
def test_texts_that_are_not_scored(text: str) -> None:
    row = as_json([0], read([text]))[0]
    assert (row["language"], row["labels"], row["polarity"], row["spans"]) == ("other", [], 0.0, [])


def test_null_is_a_row() -> None:
    frame = read(pl.Series([None, "parfait", None], dtype=pl.String))
    assert frame["language"].to_list() == ["other", "fr", "other"]


def test_one_emoji() -> None:
    assert labels_of("😡") == {"anger"}
    assert labels_of("😍") == {"satisfaction"}


def test_a_megabyte_and_markup() -> None:
    frame = read(["déçu " * 200_000, "<p>Produit <b>d&eacute;cevant</b></p>" * 3, "<" * 5000, "&" * 5000])
    assert frame.height == 4
    assert frame["disappointment"].to_list() == [True, True, False, False]


def test_empty_input_has_the_schema() -> None:
    assert dict(read([]).schema) == SCHEMA
    assert dict(read(["parfait", "", None]).schema) == SCHEMA


def test_wrong_ratings_are_told() -> None:
    with pytest.raises(ValueError, match="2 texts but 1 ratings"):
        read(["a", "b"], [1.0])


def test_batches_give_what_one_read_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for text, _ in PLAIN] * 3
    whole = read(texts)
    monkeypatch.setattr("cxaudit.tone.engine.BATCH_TEXTS", 7)
    parts = list(read_batches((text, None) for text in texts))
    assert len(parts) == 7
    assert pl.concat(parts).equals(whole)


def test_without_spans_only_the_spans_differ() -> None:
    texts = [text for text, _ in PLAIN]
    lean = read(texts, spans=False)
    assert lean.drop("spans").equals(read(texts).drop("spans"))
    assert lean["spans"].list.len().sum() == 0


def _checked(text: str) -> None:
    frame = read([text, "parfait"])
    assert frame.height == 2
    row = as_json([0, 1], frame)[0]
    assert -1 <= row["polarity"] <= 1
    assert 0 <= frame["intensity"][0] <= 1
    assert (row["labels"] == []) == (row["language"] == "other")
    assert "neutral" not in row["labels"] or row["labels"] == ["neutral"]
    assert {span["label"] for span in row["spans"]} == set(row["labels"]) - {"neutral"}
    for span in row["spans"]:
        assert 0 <= span["start"] < span["end"] <= len(text)
        assert text[span["start"] : span["end"]].strip()
        assert span["cue"]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_text_is_one_sound_row(text: str) -> None:
    _checked(text)


PIECES = [
    "déçu",
    "TRÈS",
    "arnaque",
    "merci",
    "œuvre",
    "pas",
    "parfait",
    "mais",
    "nuuuul",
    "😡",
    "&eacute;",
    "<b>",
    "\n>",
    "\u200f",
    "e\u0301te\u0301",
    "!!",
    "?",
    "\x00",
    "\ud83d",
    "3 semaines",
    "the",
    "not",
    "love",
]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from([" ", "", "\n"]))
def test_any_mix_of_pieces_is_one_sound_row(pieces: list[str], between: str) -> None:
    _checked(between.join(pieces))


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("Hélas, je suis DÉÇUE !", "DÉÇUE"),
        ("c'est nuuuuul", "nuuuuul"),
        ("👍🏽 quelle arnaque…", "arnaque"),
        ("<i>bof</i> d&eacute;cevant.", "d&eacute;cevant"),
        (unicodedata.normalize("NFD", "vraiment déçu, hélas"), unicodedata.normalize("NFD", "déçu")),
        ("un cœur brisé, quelle déception", "quelle déception"),
    ],
)
def test_spans_point_into_the_text_as_given(text: str, cue: str) -> None:
    spans = as_json([0], read([text]))[0]["spans"]
    assert cue in {text[span["start"] : span["end"]] for span in spans}


def told_by(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on this mark alone tells, of gratitude."""
    names = np.array([*LABELS, "polarity"])
    weight = (20000 * (names == "gratitude") - 20000 * (names == "neutral"))[None, :]
    stored = {**compiled(), "telling": np.frombuffer(f"fr\t{mark}".encode(), np.uint8), "telling_weight": weight}
    fresh = lexicon(stored)
    monkeypatch.setattr("cxaudit.tone.engine.load", lambda: fresh)


@pytest.mark.parametrize(
    ("mark", "start", "end"), [("^zigomar$", 13, 20), ("gomar", 13, 20), ("le zigo", 10, 20), ("zigo de", 13, 23)]
)
def test_a_telling_word_or_pair_stands_for_a_label_that_no_entry_earned(
    mark: str, start: int, end: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_by(mark, monkeypatch)
    row = as_json([0], read(["Vous êtes le zigomar de la semaine."]))[0]
    spans = [(span["start"], span["end"], span["cue"]) for span in row["spans"] if span["label"] == "gratitude"]
    assert spans == [(start, end, CUE)]


def test_a_pair_does_not_reach_over_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    told_by("zigo de", monkeypatch)
    assert "gratitude" not in labels_of("Vous êtes le zigomar. De la semaine.")


def test_text_rows_are_the_rows_as_json() -> None:
    texts = [text for text, _ in PLAIN] + ["", "👍🏽 « bof »", "注文"]
    ids = [*range(len(PLAIN)), None, 'a"b', "é"]
    [batch] = tones((text, None) for text in texts)
    assert [json.loads(row) for row in json_rows(ids, batch)] == as_json(ids, read(texts))


LINES = [
    '{"id": 1, "text": "Merci beaucoup"}',
    '{"id": "é\\ud83d", "text": "bof \\ud83d", "rating": 1e400}',
    '{"id": [1], "text": 12, "rating": true}',
    '{"text": "a"} {"text": "b"}',
    "[" * 100_000,
    '"merci"',
    "{",
    "\x00",
    "\ufeff{}",
    "",
    " \x0b",
]


def test_a_line_in_is_a_row_out() -> None:
    out = io.StringIO()
    write_tones((line + "\n" for line in LINES), out)
    rows = json.loads(out.getvalue().encode("utf-8"))["texts"]
    assert [row["id"] for row in rows] == [1, "é\ud83d", [1], *[None] * 6]
    assert rows[0]["labels"] == ["gratitude"]


def test_words_that_were_forgotten_are_learnt_again(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for text, _ in PLAIN] * 2
    whole = read(texts)
    monkeypatch.setattr("cxaudit.tone.engine.BATCH_TEXTS", 3)
    monkeypatch.setattr("cxaudit.tone.vocabulary.Senses.MOST", 10)
    assert read(texts).equals(whole)


def test_a_word_is_looked_up_by_itself_and_its_pieces() -> None:
    assert marks("fuite") == ("^fuite$", "^fui", "^fuit", "fuit", "fuite", "ite$", "uite", "uite$")
    assert marks("ok") == ("^ok$",)
    assert marks("37") == (NUMBER,)


def test_order_of_texts_does_not_matter() -> None:
    texts = [text for text, _ in PLAIN]
    assert read(texts[::-1]).reverse().equals(read(texts))


def test_groups_hold_labels_and_leave_irony_out() -> None:
    assert set(NEGATIVE) | set(POSITIVE) | {"irony", "neutral"} == set(LABELS)
    assert not set(NEGATIVE) & set(POSITIVE)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        *(
            (text, -1)
            for text in ("Ne fonctionne pas bien", "Ne marche pas très bien", "Does not work well", "Terrible")
        ),
        *((text, -1) for text in ("Pas du tout conforme", "No reply", "Not good", "Pas facile à utiliser")),
        *(
            (text, 1)
            for text in ("Bravo, magnifique !", "J'adore", "Well made", "No complaints", "Rien à redire, parfait")
        ),
        *((text, 1) for text in ("Pas déçue, bien au contraire", "Aucun problème, très bien")),
    ],
)
def test_short_verdicts_have_their_sign(text: str, sign: int) -> None:
    frame = read([text])
    glad = frame.select(pl.any_horizontal("satisfaction", "gratitude", "relief")).item()
    assert frame["polarity"][0] * sign > 0
    assert glad == (sign > 0)


@pytest.mark.parametrize("text", ["Pouvez-vous m'envoyer la facture ?", "Merci d'avance pour votre réponse"])
def test_a_calm_request_has_hardly_a_sign(text: str) -> None:
    frame = read([text])
    assert frame["neutral"].all()
    assert abs(frame["polarity"][0]) <= 0.25


def test_what_one_language_writes_so_is_no_slip_of_the_other() -> None:
    """A lone English word one letter off a French one is English, and the other way round."""
    assert read(["Brilliant", "Superb", "Décevant", "Excellente"])["language"].to_list() == ["en", "en", "fr", "fr"]
