"""Worlds in which people write: the tables of `generate`, with texts laid over them, and what each text says.

The labels of a text are data here: they are asked of the tone engine once, and the second reading takes them as given.
Texts are chosen so that the stars beside them change nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from generate import tables

from cxaudit import tone

TEXTS = (
    "C'est une honte, je vais porter plainte, bande d'escrocs.",
    "Troisième relance et toujours aucune réponse, je perds patience.",
    "Je suis très déçu, je m'attendais à mieux.",
    "J'ai peur que mon colis soit perdu.",
    "Je ne comprends rien à la notice.",
    "Ouf, c'est enfin réglé, quel soulagement.",
    "Merci beaucoup pour votre aide et votre gentillesse.",
    "Je suis ravie de mon achat, je recommande.",
    "Pouvez-vous m'envoyer la facture de ma commande ?",
    "Bonjour, je voudrais changer mon adresse de livraison.",
    "Merci beaucoup, mais je reste très déçue par la qualité.",
    "I am very disappointed, this is not what I expected.",
    "Thank you so much for your help.",
    "Could you please send me the invoice for my order?",
    "Ich warte seit drei Wochen auf mein Paket und niemand antwortet mir auf meine Nachrichten.",
    "Estoy esperando mi pedido desde hace tres semanas y nadie me contesta cuando escribo.",
    "   ",
    None,
    None,
)
TITLES = ("Ma commande", None)
SUBJECTS = ("Ma commande n'est pas arrivée, je suis déçu.", "Question sur ma commande", None)


Heard = dict[str, tuple[str, frozenset[str]]]


def heard(frames: Mapping[str, pl.DataFrame]) -> Heard:
    """Language and labels of every text of a world."""
    texts = sorted({text for text in _texts(frames) if text is not None})
    made: Heard = {}
    for stars in (None, 1.0, 5.0):
        told = tone.read(texts, [stars] * len(texts))
        for text, row in zip(texts, told.iter_rows(named=True), strict=True):
            labels = frozenset(name for name in tone.LABELS if row[name])
            assert made.setdefault(text, (row["language"], labels)) == (row["language"], labels), text
    return made


def _texts(frames: Mapping[str, pl.DataFrame]) -> Iterator[str | None]:
    for table, column in (("tickets", "body"), ("tickets", "subject"), ("surveys", "comment")):
        yield from frames[table][column]
    for title, text in frames["reviews"].select("title", "text").iter_rows():
        yield "\n".join(part for part in (title, text) if part is not None)


def world(seed: int, customers: int) -> dict[str, pl.DataFrame]:
    """`generate.tables` with bodies, comments, reviews' titles, texts and sources."""
    draw = random.Random(seed)
    made = tables(seed, customers)

    def column(name: str, table: str, values: tuple[Any, ...]) -> pl.Series:
        return pl.Series(name, [draw.choice(values) for _ in range(len(made[table]))], pl.String)

    made["tickets"] = made["tickets"].with_columns(
        column("body", "tickets", TEXTS),
        pl.when(pl.col("subject") == "Bonjour").then(column("subject", "tickets", SUBJECTS)).otherwise("subject"),
    )
    said = column("comment", "surveys", TEXTS)
    made["surveys"] = pl.DataFrame([_odd(draw, row) for row in made["surveys"].to_dicts()], made["surveys"].schema)
    made["listening"] = made["listening"].with_columns(
        (pl.col("score") + pl.Series([draw.choice((0.0,) * 9 + (4.0,)) for _ in range(len(made["listening"]))])).alias(
            "score"
        )
    )
    made["surveys"] = made["surveys"].with_columns(
        pl.when(pl.col("answered_at").is_not_null()).then(said).alias("comment")
    )
    made["reviews"] = made["reviews"].with_columns(
        column("title", "reviews", TITLES),
        column("text", "reviews", TEXTS),
        column("source", "reviews", ("boutique", " boutique ", "Instagram", None)),
    )
    return made


def _odd(draw: random.Random, row: dict[str, Any]) -> dict[str, Any]:
    """Now and then an answer without a score, without a journey, or on another scale than most."""
    which = draw.random()
    if which < 0.05:
        return {**row, "score": None}
    if which < 0.1:
        return {**row, "journey": None}
    if which < 0.2 and row["kind"] != "csat" and row["score"] is not None:
        return {**row, "score": min(row["score"], 5.0) or 1.0, "scale": "1-5"}
    return row


def numbered(seed: int, customers: int) -> dict[str, pl.DataFrame]:
    """The same, each ticket's body and each comment bearing a number of its own."""
    made = world(seed, customers)
    for table, column in (("tickets", "body"), ("surveys", "comment")):
        told = pl.concat_str(column, pl.lit(" "), pl.int_range(pl.len()).cast(pl.String))
        made[table] = made[table].with_columns(told.alias(column))
    return made


def person(seed: int, told: Heard, right: float) -> dict[str, frozenset[str]]:
    """A person's labels of every text in French or English: what was heard, or (the rest of the times) another one."""
    draw = random.Random(seed)
    others = [frozenset({name}) for name in ("annoyance", "neutral", "satisfaction")]
    return {
        text: labels if draw.random() < right else draw.choice(others)
        for text, (language, labels) in sorted(told.items())
        if language != "other"
    }
