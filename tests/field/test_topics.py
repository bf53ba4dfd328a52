"""Topics: planted subjects in several wordings and two languages come back, whatever their order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from scipy.special import comb

from cxaudit.field.terms import representative
from cxaudit.field.topics import LEARNT, topics
from cxaudit.field.words import concept, content_words, stem

SUBJECTS = {
    "delay": (
        "mon colis n'est toujours pas arrivé alors que la livraison était prévue {d}",
        "la livraison a du retard, le transporteur ne donne aucune date",
        "j'attends mon paquet depuis deux semaines, quand sera-t-il livré",
        "retard de livraison, le livreur n'est jamais passé",
        "my parcel is late, the carrier gives no delivery date",
        "still waiting for my delivery, the package should have come {d}",
        "colis bloqué chez le transporteur, livraison repoussée encore une fois",
    ),
    "zip": (
        "la fermeture éclair du sac a lâché après trois utilisations",
        "le zip est cassé, impossible de fermer la veste",
        "fermeture défectueuse, le curseur se bloque",
        "the zip broke after a week",
        "la tirette de la fermeture m'est restée dans la main",
        "zip bloqué dès le premier jour, la glissière ne coulisse plus",
        "the zipper on my jacket is stuck and will not close",
    ),
    "refund": (
        "je n'ai pas reçu mon remboursement alors que le retour est validé",
        "quand serai-je remboursé, rien sur mon compte bancaire",
        "remboursement toujours en attente depuis {d}",
        "where is my refund, nothing on my bank account",
        "vous deviez me rembourser {d}, je n'ai rien vu venir",
        "I returned everything and have not been refunded",
        "le virement du remboursement n'est jamais arrivé sur mon compte",
    ),
    "size": (
        "la taille est trop petite, je voudrais la taille au-dessus",
        "quelle taille prendre, votre guide des tailles n'est pas clair",
        "taille trop grande, le pull flotte",
        "the size is too small, which size should I take",
        "je fais du 38, est-ce que cette taille me conviendra",
        "the fit is too tight, the size guide is wrong",
        "entre deux tailles, laquelle choisir pour ce pull",
    ),
    "invoice": (
        "je voudrais la facture de ma commande pour ma comptabilité",
        "impossible de télécharger ma facture dans mon espace",
        "il me faut une facture avec la TVA au nom de ma société",
        "please send me the invoice for my accounting",
        "facture manquante dans le colis, pouvez-vous l'envoyer",
        "I need an invoice with VAT",
        "merci de corriger le nom sur la facture",
    ),
    "promo": (
        "le code promo ne fonctionne pas dans le panier",
        "ma réduction n'a pas été appliquée malgré le code",
        "code de remise refusé au moment de payer",
        "my discount code does not work",
        "l'offre annoncée par mail ne s'applique pas, le code est refusé",
        "the promo code was rejected at checkout",
        "le coupon de bienvenue n'est pas accepté",
    ),
}
OTHERS = {
    "damaged": (
        "le vase est arrivé en mille morceaux",
        "carton écrasé et assiettes ébréchées",
        "the plate arrived broken",
        "produit abîmé pendant le transport, verre fêlé",
        "lampe cassée à l'ouverture du carton",
        "my lamp was smashed when I opened the box",
    ),
    "wrong": (
        "vous m'avez envoyé le mauvais coloris",
        "j'ai reçu un article que je n'ai pas commandé",
        "I received the wrong item",
        "ce n'est pas la bonne référence, erreur de préparation",
        "on m'a livré une nappe au lieu d'un plaid",
        "wrong colour received, please advise",
    ),
    "missing": (
        "il manque une taie dans le colis",
        "colis incomplet, deux serviettes absentes",
        "one item is missing from my parcel",
        "article manquant à la réception",
        "the box was half empty, a pillowcase is missing",
        "il manquait la moitié de ma commande",
    ),
    "return": (
        "comment renvoyer l'article, je n'ai pas d'étiquette",
        "où déposer mon retour",
        "how do I return this",
        "je souhaite me rétracter et retourner le plaid",
        "étiquette de retour introuvable dans mon compte",
        "please send me a return label",
    ),
    "login": (
        "impossible de me connecter à mon espace",
        "mot de passe oublié et le lien de réinitialisation n'arrive pas",
        "I cannot log in to my account",
        "mon compte est bloqué",
        "password reset mail never arrives",
        "identifiants refusés sur le site",
    ),
    "cancel": (
        "je souhaite annuler ma commande passée ce matin",
        "annulation demandée, merci de confirmer",
        "please cancel my order",
        "je me suis trompée, peut-on annuler avant expédition",
        "I want to cancel before it ships",
        "commande en double, annulez la seconde",
    ),
    "stock": (
        "quand ce modèle sera-t-il de nouveau disponible",
        "le coloris bleu est en rupture",
        "when will it be back in stock",
        "réassort prévu pour la housse ?",
        "is this item available in blue",
        "article épuisé, date de retour en stock",
    ),
    "nobody": (
        "personne ne répond à mes mails",
        "votre standard raccroche au bout de dix minutes",
        "no one answers my messages",
        "j'ai appelé quatre fois sans réponse",
        "service client injoignable par téléphone",
        "I have been calling for days without an answer",
    ),
}
OPENINGS = (
    "Bonjour, ",
    "",
    "Bonsoir, je suis cliente depuis longtemps. ",
    "Hello, ",
    "bonjour\n",
    "Madame, Monsieur, ",
)
CLOSINGS = ("", " Merci d'avance.", " Cordialement, {n}", " Thanks, {n}", " merci", " Pouvez-vous m'aider ?")
NAMES = ("Julie", "Marc Petit", "sofia", "Ahmed", "Claire D.")


def written(seed: int, each: int = 40, subjects: Mapping[str, Sequence[str]] = SUBJECTS) -> tuple[list[str], list[int]]:
    rnd = random.Random(seed)
    rows = [(text, place) for place, texts in enumerate(subjects.values()) for text in rnd.choices(texts, k=each)]
    rnd.shuffle(rows)
    facts = [{"d": rnd.choice(("lundi", "le 12 mars", "hier")), "n": rnd.choice(NAMES)} for _ in rows]
    texts = [
        (rnd.choice(OPENINGS) + text + "." + rnd.choice(CLOSINGS)).format_map(held)
        for (text, _), held in zip(rows, facts, strict=True)
    ]
    return texts, [place for _, place in rows]


def adjusted_rand(one: list[int], other: list[int]) -> float:
    """Hubert and Arabie (1985)."""
    table = Counter(zip(one, other, strict=True))
    pairs = sum(comb(n, 2) for n in table.values())
    a, b = (sum(comb(n, 2) for n in Counter(side).values()) for side in (one, other))
    expected = a * b / comb(len(one), 2)
    return float((pairs - expected) / ((a + b) / 2 - expected))


def labels(texts: list[str]) -> list[int]:
    found = [-1] * len(texts)
    for number, topic in enumerate(topics(texts)):
        for place in topic.members:
            found[place] = number
    return found


def test_the_yardstick() -> None:
    assert adjusted_rand([0, 0, 1, 1], [5, 5, 3, 3]) == 1.0
    assert abs(adjusted_rand([0, 0, 1, 1], [0, 1, 0, 1])) < 0.6


@pytest.mark.parametrize("subjects", [SUBJECTS, OTHERS], ids=["six", "eight"])
@pytest.mark.parametrize("seed", [1, 2])
def test_planted_subjects_come_back(seed: int, subjects: Mapping[str, Sequence[str]]) -> None:
    texts, truth = written(seed, subjects=subjects)
    assert adjusted_rand(truth, labels(texts)) >= 0.6


def test_few_texts_are_enough() -> None:
    found = [adjusted_rand(truth, labels(texts)) for texts, truth in (written(seed, each=8) for seed in range(1, 6))]
    assert np.mean(found) >= 0.6


def test_terms_are_the_subject_s_own_words() -> None:
    texts, truth = written(4)
    invoices = [topic for topic in topics(texts) if np.mean([truth[at] == 4 for at in topic.members]) > 0.8]
    assert invoices and any("facture" in term for topic in invoices for term in topic.terms)
    assert not {"julie", "marc", "sofia", "bonjour", "merci"} & {
        w for t in topics(texts) for x in t.terms for w in x.split()
    }


def test_order_of_texts_changes_little_and_nothing_is_random() -> None:
    texts, _ = written(5)
    first, again = labels(texts), labels(texts)
    assert first == again


def test_texts_that_say_nothing_have_no_topic() -> None:
    assert topics(["", "...", "12 34", "ok"] * 10) == []
    assert topics([]) == []
    assert topics(["Bonjour merci"] * 50) == []


def test_texts_that_are_all_alike_are_one_topic() -> None:
    (found,) = topics(["la fermeture du sac est cassée"] * 40)
    assert len(found.members) == 40


def test_many_texts_are_learnt_on_some_and_placed_all_the_same() -> None:
    texts, truth = written(6, each=LEARNT // 4)
    assert len(texts) > LEARNT
    found = labels(texts)
    assert adjusted_rand(truth, found) >= 0.6
    assert sum(place >= 0 for place in found) >= 0.9 * len(texts)


def test_what_is_learnt_from_does_not_depend_on_the_rows() -> None:
    texts = [f"texte {n % 700}" for n in range(2000)]
    shuffled = random.Random(3).sample(texts, len(texts))
    one, other = ([rows[at] for at in representative(rows, np.arange(2000), 500)] for rows in (texts, shuffled))
    assert len(one) == 500 and sorted(one) == sorted(other)


def test_a_text_that_most_wrote_is_learnt_in_its_proportion() -> None:
    texts = ["où est mon colis"] * 8000 + [f"question {n}" for n in range(2000)]
    chosen = representative(texts, np.arange(len(texts)), 1000)
    assert 700 <= sum(texts[at] == texts[0] for at in chosen) <= 900


def test_words_without_any_pattern_pass() -> None:
    words = ("lampe", "rideau", "table", "assiette", "coussin", "miroir", "chaise", "panier", "bougie", "carafe")
    for seed in range(25):
        rnd = random.Random(seed)
        texts = [" ".join(rnd.choices(words, k=rnd.randrange(1, 4))) for _ in range(rnd.randrange(12, 40))]
        found = topics(texts)
        assert sum(len(topic.members) for topic in found) <= len(texts)


def test_stems_and_concepts() -> None:
    assert stem("remboursements") == stem("rembourser") == "rembours"
    assert concept("colis") == "delivery" == concept("parcel")
    assert concept("factures") == "invoice" and concept("maison") is None
    assert content_words("Bonjour, <b>mes</b> COLIS cassés, voir https://x.fr") == ["colis", "casses"]


def test_how_many_texts_are_placed_at_a_time_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, _ = written(7)
    texts += ["", "12 34", "🙂", texts[0]]
    found = topics(texts)
    monkeypatch.setattr("cxaudit.field.terms.AT_ONCE", 13)
    monkeypatch.setattr("cxaudit.field.topics.AT_ONCE", 13)
    again = topics(texts)
    assert len(found) > 2
    assert [(t.label, t.terms, list(t.members)) for t in again] == [(t.label, t.terms, list(t.members)) for t in found]
