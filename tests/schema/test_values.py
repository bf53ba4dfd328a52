"""What clients' words mean, and scales by their values."""

from __future__ import annotations

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from cxaudit.schema.values import CLASSES, RULES, classify, dissatisfied, infer_scale, satisfied

CASES = {
    ("orders", "status"): {
        "paid": ["Payée", "Livré", "Expédiée", "Awaiting Fulfillment", "Préparation en cours", "completed", "bezahlt"],
        "cancelled": ["Annulée", "voided", "Canceled", "Storniert", "Erreur de paiement", "Annulé par le client"],
        "refunded": ["Remboursée", "refunded", "Erstattet"],
        "partially_refunded": ["partially_refunded", "Remboursement partiel", "Partiellement remboursée"],
        "pending": ["En attente de paiement", "pending", "authorized", "Non payée"],
        "test": ["Test"],
        "draft": ["Brouillon", "draft"],
        "other": ["Zorglub"],
    },
    ("tickets", "status"): {
        "solved": ["Résolu", "Closed", "solved", "Clôturé", "Geschlossen"],
        "open": ["Ouvert", "Pending", "Non résolu", "En attente", "new", "reopened"],
        "spam": ["spam", "Indésirable"],
        "merged": ["Fusionné"],
    },
    ("tickets", "reason"): {
        "complaint": ["Retard de livraison", "Colis non reçu", "Produit cassé", "Remboursement", "Erreur de commande"],
        "question": [
            "Question produit",
            "Suivi de commande",
            "Facture",
            "Demande d'information",
            "Où est ma commande ?",
        ],
        "other": ["Autre", "Divers"],
    },
    ("surveys", "kind"): {
        "nps": ["NPS", "Net Promoter Score", "Recommandation"],
        "csat": ["CSAT", "Satisfaction client"],
        "ces": ["CES", "Effort client"],
    },
    ("surveys", "journey"): {
        "purchase": ["Après achat", "purchase", "Livraison"],
        "support": ["Service client", "SAV", "support"],
        "return": ["Retour produit", "returns"],
    },
    ("emails", "journey"): {
        "order": ["Confirmation de commande", "order"],
        "dispute": ["Litige", "Réponse réclamation"],
        "marketing": ["Newsletter", "Relance panier", "Soldes"],
    },
    ("tickets", "channel"): {
        "email": ["E-mail", "mail", "Courriel"],
        "phone": ["Téléphone", "Appel", "voice"],
        "chat": ["Chat", "WhatsApp", "Live chat"],
        "social": ["Instagram", "Réseaux sociaux", "facebook"],
        "form": ["Formulaire web", "web"],
    },
    ("gestures", "kind"): {
        "voucher": ["Bon d'achat", "Code promo", "Avoir", "voucher"],
        "refund": ["Remboursement partiel", "refund"],
        "gift": ["Cadeau", "Échantillon"],
        "free_shipping": ["Livraison offerte", "Frais de port offerts", "free shipping"],
    },
    ("events", "kind"): {
        "incident": ["Grève transporteur", "Panne du site"],
        "peak": ["Black Friday", "Pic d'activité"],
        "launch": ["Lancement collection"],
        "promotion": ["Soldes d'hiver", "Vente privée"],
        "tool_change": ["Changement d'outil"],
    },
}


@pytest.mark.parametrize("place", CASES, ids=".".join)
def test_words_fall_into_their_class(place: tuple[str, str]):
    expected = {word: name for name, words in CASES[place].items() for word in words}
    assert classify(*place, expected) == expected


@pytest.mark.parametrize("place", RULES, ids=".".join)
def test_a_class_is_its_own_class(place: tuple[str, str]):
    assert classify(*place, CLASSES[place]) == {name: name for name in CLASSES[place]}


def test_a_field_without_classes_has_none():
    assert classify("orders", "country", ["FR"]) == {}


@pytest.mark.parametrize(
    ("kind", "scores", "scale"),
    [
        ("csat", [1, 4, 5], "1-5"),
        ("csat", [0, 1, 1], "good-bad"),
        ("csat", [0, 7, 10], "0-10"),
        ("csat", [1, 7, 10], "1-10"),
        ("csat", [20, 80, 100], "0-100"),
        ("nps", [3, 4, 5], "0-10"),
        ("ces", [1, 5, 7], "1-7"),
        ("ces", [2, 5], "1-7"),
        ("ces", [1, 2, 3, 4, 5] * 8, "1-5"),
        ("csat", [-1, 3], None),
        ("csat", [0, 3, 5], None),
        ("csat", [], None),
    ],
)
def test_the_scale_follows_from_the_values(kind: str, scores: list[float], scale: str | None):
    assert infer_scale(kind, scores) == scale


@pytest.mark.parametrize(
    ("scale", "scores", "happy", "unhappy"),
    [
        ("1-5", range(1, 6), [4, 5], [1, 2]),
        ("0-10", range(11), [8, 9, 10], [0, 1, 2, 3, 4]),
        ("1-10", range(1, 11), [8, 9, 10], [1, 2, 3, 4]),
        ("1-7", range(1, 8), [6, 7], [1, 2, 3]),
        ("good-bad", range(2), [1], [0]),
    ],
)
def test_satisfied_and_dissatisfied_by_scale(scale: str, scores: range, happy: list[int], unhappy: list[int]):
    frame = pl.DataFrame({"score": [float(s) for s in scores], "scale": scale})
    assert frame.filter(satisfied(pl.col("score"), scale))["score"].to_list() == happy
    assert frame.filter(dissatisfied(pl.col("score"), pl.col("scale")))["score"].to_list() == unhappy
    portable = nw.from_native(frame).filter(satisfied(nw.col("score"), nw.col("scale")))
    assert portable["score"].to_list() == happy
