"""Near-identical replies: planted templates are found, tailored texts are not, masks hide what varies."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components

from cxaudit.field import likeness, templates
from cxaudit.field.templates import cluster_sizes, mask, near_identical

NAMES = ("Camille", "Julien", "sofia", "Mehdi", "ANAÏS", "Louis", "Emma Petit", "Paul")
TEMPLATES = (
    "Bonjour {n},\n\nVotre remboursement de {a} € partira le {d}. Il sera visible sous {k} jours ouvrés.\n"
    "Bien à vous,\n{m}",
    "Bonjour {n}, le colis {o} est retardé chez le transporteur, qui annonce une livraison d'ici le {d}. "
    "{m}, service clients",
    "Hello {n}, we have opened a claim with the carrier for order {o} and will come back to you within {k} days. "
    "Regards, {m}",
    "Merci {n} pour ces photos. Je transmets le dossier {o} à notre atelier, qui vous répondra avant le {d}.\n{m}",
)
OPENERS = ("Je viens de", "Nous avons pu", "Après vérification j'ai pu", "Ma collègue a su", "J'ai tenté de")
VERBS = ("joindre", "retrouver", "corriger", "préparer", "annuler", "remplacer", "vérifier", "expédier", "modifier")
THINGS = ("la housse", "votre facture", "le relais", "l'étiquette", "la lampe", "le plaid", "votre adresse", "le bon")
PLACES = ("à l'entrepôt", "en boutique", "avec la banque", "chez le tisseur", "au point relais", "dans votre compte")
ENDS = ("tout est réglé", "rien ne bloque plus", "il manque une pièce", "je vous écris bientôt", "c'est enfin parti")


def template(rnd: random.Random) -> str:
    facts = {
        "n": rnd.choice(NAMES),
        "m": rnd.choice(NAMES),
        "a": f"{rnd.uniform(3, 900):.2f}".replace(".", ","),
        "d": rnd.choice([f"{rnd.randrange(1, 28)} mars", f"{rnd.randrange(1, 28):02d}/04/2026", "vendredi"]),
        "k": str(rnd.randrange(2, 9)),
        "o": f"#MA{rnd.randrange(10**5)}",
    }
    return rnd.choice(TEMPLATES).format_map(facts)


def tailored(rnd: random.Random) -> str:
    parts = [
        f"{rnd.choice(OPENERS)} {rnd.choice(VERBS)} {rnd.choice(THINGS)} {rnd.choice(PLACES)}, {rnd.choice(ENDS)}."
        for _ in range(rnd.randrange(2, 4))
    ]
    return f"Bonjour {rnd.choice(NAMES)}, " + " ".join(parts)


def test_planted_templates() -> None:
    rnd = random.Random(5)
    truth = [rnd.random() < 0.4 for _ in range(1500)]
    texts = [template(rnd) if canned else tailored(rnd) for canned in truth]
    found = near_identical(texts)
    hits = int((found & np.array(truth)).sum())
    assert hits / max(1, int(found.sum())) >= 0.9
    assert hits / sum(truth) >= 0.9


@pytest.mark.parametrize(
    "other",
    [
        "Bonjour Marc, votre remboursement de 7 € partira le 12/04/25. Merci.\nJulie",
        "bonjour marc durand, votre remboursement de 1 250,00 € partira le 3 mai 2026. Merci.\nPaul Petit",
        "Bonjour Madame Duval, votre remboursement de 30 euros partira le 3 mai. Merci.\nPaul",
    ],
)
def test_names_numbers_and_dates_do_not_matter(other: str) -> None:
    base = "Bonjour Anne, votre remboursement de 12,50 € partira le 3 mars 2025. Merci.\nLéa"
    assert list(cluster_sizes([base, other])) == [2, 2]


def test_another_sentence_does_matter() -> None:
    base = "Bonjour Anne, votre remboursement de 12,50 € partira le 3 mars 2025."
    assert list(cluster_sizes([base, "Bonjour Anne, le tissu de ce plaid vient du Portugal et se lave à froid."])) == [
        1,
        1,
    ]


def test_four_others_make_a_template() -> None:
    texts = [f"Votre colis {n} est en route vers vous." for n in range(5)]
    assert near_identical(texts).all()
    assert not near_identical(texts[:4]).any()


def test_a_quoted_message_below_is_no_part_of_the_reply() -> None:
    quoted = "Votre colis est en route.\n> Bonjour, où en est ma commande de la semaine passée ?"
    assert mask([quoted]).text(0) == mask(["Votre colis est en route."]).text(0)


def test_blank_and_missing_texts_belong_nowhere() -> None:
    assert list(cluster_sizes([None, "", "   ", "Merci", None])) == [0, 0, 0, 1, 0]
    assert list(near_identical([])) == []


def test_order_does_not_matter() -> None:
    rnd = random.Random(9)
    texts = [template(rnd) for _ in range(60)] + [tailored(rnd) for _ in range(60)]
    shuffled = list(range(120))
    rnd.shuffle(shuffled)
    found = near_identical(texts)
    again = near_identical([texts[place] for place in shuffled])
    assert [bool(found[place]) for place in shuffled] == [bool(item) for item in again]


def test_strange_texts_pass() -> None:
    strange = ["\x00", "🙂", "a" * 100_000, "\u202egauche", "12 34 56", "@@@", "…", "\n\n\n", "#1"]
    assert len(near_identical(strange)) == len(strange)


def composed(rnd: random.Random) -> str:
    """A letter of some ready-made sentences, as agents put them together: many pairs stand near the threshold."""
    sentences = [f"{a} {b} {c}, {d}." for a, b, c, d in zip(OPENERS, VERBS, THINGS, ENDS, strict=False)]
    return " ".join(
        [rnd.choice(TEMPLATES[:2]).split("{n}")[0], *rnd.sample(sentences, rnd.randint(1, 4)), tailored(rnd)]
    )


@pytest.mark.parametrize("seed", range(3))
def test_clusters_are_those_of_comparing_every_two_texts(seed: int) -> None:
    rnd = random.Random(seed)
    texts = [composed(rnd) for _ in range(400)]
    words = [("", *mask([text]).text(0), "") for text in texts]
    pairs = [{*pairwise(row)} for row in words]
    alike = np.array([[len(one & other) >= 0.6 * len(one | other) for other in pairs] for one in pairs])
    _, cluster = connected_components(alike, directed=False)
    sizes = np.bincount(cluster)[cluster]
    assert {*sizes} > {1, 2}
    assert list(cluster_sizes(texts)) == sizes.tolist()


def test_of_very_many_texts_few_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    rnd = random.Random(5)
    texts = [composed(rnd) for _ in range(2000)]
    exact = cluster_sizes(texts)
    monkeypatch.setattr(likeness, "MOST_COMPARED", 0)
    hashed = cluster_sizes(texts)
    assert (exact > 4).sum() > 400
    assert ((exact > 4) != (hashed > 4)).mean() < 0.01


@pytest.mark.parametrize("compared", [0, likeness.MOST_COMPARED])
def test_how_many_are_read_at_a_time_does_not_matter(monkeypatch: pytest.MonkeyPatch, compared: float) -> None:
    rnd = random.Random(11)
    texts = [composed(rnd) if rnd.random() < 0.8 else rnd.choice([None, "", "🙂", "Merci"]) for _ in range(500)]
    monkeypatch.setattr(likeness, "MOST_COMPARED", compared)
    found = cluster_sizes(texts)
    monkeypatch.setattr(templates, "AT_ONCE", 7)
    monkeypatch.setattr(likeness, "ROWS_AT_ONCE", 11)
    monkeypatch.setattr(likeness, "AT_ONCE", 200)
    assert found.max() > 4
    assert list(cluster_sizes(texts)) == list(found)


@pytest.mark.parametrize("after", ["\nBonjour", "@lea", ". Merci", ""])
def test_a_text_is_masked_whatever_comes_after_it(after: str) -> None:
    for text in ("Julie", "Merci", "Votre colis part ce soir"):
        assert mask([text, after]).text(0) == mask([text]).text(0)


def test_long_texts_are_compared_to_their_end() -> None:
    """Of 399 pairs of words two texts share 300, out of 498 that either holds: 60.2 %; with one fewer, 59.9 %."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [f"m{a}{b}" for a in letters for b in letters]
    base, alike, apart = words[:398], words[:300] + words[400:498], words[:299] + words[400:499]
    assert list(cluster_sizes([" ".join(base), " ".join(alike)])) == [2, 2]
    assert list(cluster_sizes([" ".join(base), " ".join(apart)])) == [1, 1]
