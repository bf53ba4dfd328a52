"""E-mails, the client's words and texts: what must change is changed, the rest stands as it was given."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest

from cxaudit.ingest import field_values
from cxaudit.ingest.field_values import Reading, cast_field
from cxaudit.schema.tables import TABLES

READING = Reading("Europe/Paris", {})
LONG = "Bon de réduction de fin de saison"


def values(name: str, cells: Sequence[str | None]) -> list[str | None]:
    return cast_field(TABLES["tickets"].column(name), pl.Series(name, cells, dtype=pl.String), READING).values.to_list()


def test_addresses_are_small_letters_without_what_stands_around_them() -> None:
    given = ["a@b.fr", None, "A@B.Fr", " c@d.fr ", "Élodie <E@F.fr>", "nobody", "é@f.fr", "x@y.fr; z@y.fr"]
    told = ["a@b.fr", None, "a@b.fr", "c@d.fr", "e@f.fr", None, "é@f.fr", "x@y.fr"]
    assert values("customer_email", given) == told
    plain = [f"c{number}@exemple.fr" for number in range(50)]
    assert values("customer_email", plain) == plain


@pytest.mark.parametrize("few", [10_000, 3, 0], ids=["few words", "as many words", "many words"])
def test_words_are_told_alike_however_many_there_are(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(field_values, "_FEW", few)
    given = ["Retour", None, " Retour ", "n/a", LONG, "-", "Retour"]
    assert values("reason", given) == ["Retour", None, "Retour", None, LONG, None, "Retour"]
    assert values("reason", ["Retour", None, "Colis"]) == ["Retour", None, "Colis"]
    assert values("reason", [None, None]) == [None, None]


def test_blank_texts_are_empty_and_others_stand_as_given() -> None:
    given = [" \u00a0\n", None, " Bonjour ", "", "Où est ma commande ?"]
    assert values("body", given) == [None, None, " Bonjour ", None, "Où est ma commande ?"]
