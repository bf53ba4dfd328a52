"""Canned-reply detection on 100 thousand replies: seconds, and precision and recall on planted templates.

python bench/canned.py [replies]
"""

from __future__ import annotations

import random
import sys
import time

from cxaudit.field.templates import near_identical

NAMES = (
    "Camille",
    "Julien",
    "Sofia",
    "Mehdi",
    "Anaïs",
    "Louis",
    "Emma",
    "Paul",
    "Inès",
    "Hugo",
    "Léa",
    "Nadia",
    "Omar",
)
THINGS = ("la lampe Iris", "le sac Alba", "le plaid en laine", "la veste Nord", "les baskets Onde", "le vase Lune")
TEMPLATES = (
    "Bonjour {n},\n\nNous avons bien reçu votre demande du {d}. Votre remboursement de {a} € sera visible sous {k} "
    "jours ouvrés sur votre compte.\n\nBien à vous,\n{m}",
    "Bonjour {n}, nous sommes navrés du retard de votre commande {o}. Notre transporteur nous confirme une livraison "
    "d'ici le {d}. Merci de votre patience. {m}, service clients",
    "Hello {n}, thank you for reaching out about {t}. We have opened a claim ({o}) with the carrier and will be back "
    "to you within {k} days. Kind regards, {m}",
    "Bonjour {n}, pour traiter votre signalement concernant {t}, pourriez-vous nous envoyer trois photos de l'article "
    "et de son emballage ? Dès réception nous revenons vers vous. {m}",
)
_SUBJECTS = (
    "je viens de voir avec entrepôt colis parti hier matin adresse erreur transporteur rappeler demain client photo "
    "couture fermeture échange bon avoir facture reçu délai stock couleur modèle lavage notice pièce carton relais "
    "code paiement carte banque vérifié corrigé préparé envoyé gratuit proposer autre solution semaine magasin équipe "
    "qualité"
)
WORDS = tuple(_SUBJECTS.split())


def planted(replies: int, seed: int = 7) -> tuple[list[str], list[bool]]:
    """Replies and whether each is from a template; half are, with names, numbers and dates varied."""
    rnd = random.Random(seed)
    texts, truth = [], []
    for _ in range(replies):
        canned = rnd.random() < 0.5
        texts.append(_template(rnd) if canned else _tailored(rnd))
        truth.append(canned)
    return texts, truth


def _template(rnd: random.Random) -> str:
    day = f"{rnd.randrange(1, 29)} {rnd.choice(['mars', 'avril', 'mai'])}"
    facts = {
        "n": rnd.choice(NAMES),
        "m": rnd.choice(NAMES),
        "d": day,
        "a": f"{rnd.uniform(5, 300):.2f}".replace(".", ","),
    }
    facts |= {"k": str(rnd.randrange(2, 9)), "o": f"MA-{rnd.randrange(10**6)}", "t": rnd.choice(THINGS)}
    return rnd.choice(TEMPLATES).format_map(facts)


def _tailored(rnd: random.Random) -> str:
    body = " ".join(rnd.choice(WORDS) for _ in range(rnd.randrange(12, 45)))
    return f"Bonjour {rnd.choice(NAMES)}, {body}. {rnd.choice(NAMES)}"


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    texts, truth = planted(size)
    start, worked = time.perf_counter(), time.process_time()
    found = near_identical(texts)
    seconds, cpu = time.perf_counter() - start, time.process_time() - worked
    hits = sum(1 for seen, real in zip(found, truth, strict=True) if seen and real)
    precision, recall = hits / max(1, found.sum()), hits / sum(truth)
    print(
        f"{size} replies · {seconds:.1f} s ({cpu:.1f} s of processor) · precision {precision:.3f} · recall {recall:.3f}"
    )


if __name__ == "__main__":
    main()
