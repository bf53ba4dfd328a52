"""What leaves is stripped of personal data; what the sentence needs stays."""

from __future__ import annotations

import pytest

from cxaudit.redact import redacted


@pytest.mark.parametrize(
    "secret",
    [
        "ana.durand@example.org",
        "06 12 34 56 78",
        "+33 6 12 34 56 78",
        "0612345678",
        "FR76 3000 6000 0112 3456 7890 189",
        "4970 1012 3456 7890",
        "#1001",
        "AP-516073",
        "CMD2024118",
        "12 rue des Lilas",
        "https://example.org/suivi?id=99",
    ],
)
def test_shapes(secret: str) -> None:
    found = redacted(f"Bonjour, voici {secret}, merci de répondre.")
    assert secret not in found and "merci de répondre" in found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Toujours rien reçu.\nCordialement,\nAna Durand", "Durand"),
        ("Toujours rien reçu. Cordialement, Ana Durand", "Ana"),
        ("Thanks\nJohn Smith", "Smith"),
        ("Madame Lefèvre attend depuis trois semaines", "Lefèvre"),
        ("Bonjour Sophie, où en est mon colis ?", "Sophie"),
        ("je m’appelle Karim Benali et j’attends", "Benali"),
        ("Très déçue du service.\nMarie-Claude P.", "Claude"),
    ],
)
def test_names_where_people_sign_or_greet(text: str, name: str) -> None:
    assert name not in redacted(text)


@pytest.mark.parametrize(
    "text", ["Livré en 3 semaines au lieu de 48 h.", "J’ai payé 129,90 € le 12/05/2026.", "Note : 2/5."]
)
def test_plain_facts_stay(text: str) -> None:
    assert redacted(text) == text
