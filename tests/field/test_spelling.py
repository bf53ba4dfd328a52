"""Words as they are written."""

from __future__ import annotations

from cxaudit.field.words import spelled


def test_topics_bear_the_words_as_they_are_written() -> None:
    found = spelled(["recu deux", "colis"], ["Colis reçu", "jamais reçu", "recu"])
    assert found == {"recu": "reçu", "colis": "colis"}
