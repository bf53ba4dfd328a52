"""The other exports: reviews, surveys, mails, returns, calls."""

import numpy as np
import polars as pl

from cxaudit.sample.calendar import NEVER
from cxaudit.sample.catalogue import BRAND, IRRITANT_PRODUCT, Customers, products
from cxaudit.sample.columns import STAMP, Numbers, money, stamps, text_frame
from cxaudit.sample.draws import Rng, pick
from cxaudit.sample.mails import CAMPAIGNS, Mails
from cxaudit.sample.orders import Orders
from cxaudit.sample.reviews import Reviews
from cxaudit.sample.surveys import CSAT, NPS, Surveys
from cxaudit.sample.team import Calls
from cxaudit.sample.world import AGENTS


def trustpilot(
    reviews: Reviews, titles: list[str], bodies: list[str], answers: list[str], names: np.ndarray, customers: Customers,
    numbers: Numbers, rng: Rng,
) -> pl.DataFrame:  # fmt: skip
    """The review site's business export (UTC dates; the order number where the review was invited)."""
    size = len(reviews)
    who = reviews.customer
    invited = reviews.invited
    # who writes unasked does it under another account, that leads to no mail
    consumer = np.array(
        [f"{n:024x}" for n in np.where(invited, numbers.customer + who, 2**60 + numbers.order + reviews.order)]
    )
    username = np.array([f"{a} {b[0]}." for a, b in zip(customers.first[who], customers.family[who], strict=True)])
    return text_frame(
        {
            "Domain Url": np.full(size, "maison-alba.example"),
            "Webshop Name": np.full(size, BRAND),
            "Business Unit Id": np.full(size, "5f1a0c7e9d2b4a0001c3a1ba"),
            "Review Id": np.array([f"{numbers.order + o:024x}" for o in reviews.order]),
            "Review Created (UTC)": stamps(reviews.at, STAMP, "UTC"),
            "Review Consumer User Id": consumer,
            "Review Username": username,
            "Review User Email": np.where(invited, customers.email[who], ""),
            "Review Title": titles,
            "Review Content": bodies,
            "Review Stars": reviews.stars.astype(str),
            "Source Of Review": np.where(invited, "Invitation", "Organic"),
            "Reference Id": np.where(invited, names[reviews.order], ""),
            "Company Response": answers,
            "Company Reply Date (UTC)": stamps(reviews.replied_at, STAMP, "UTC"),
            "Review Language": np.full(size, "fr"),
            "Location Name": np.full(size, ""),
            "Location Id": np.full(size, ""),
            "Tags": np.full(size, ""),
        }
    )


FRENCH_STAMP = "%d/%m/%Y %H:%M"

_JOURNEYS = ("Achat", "Support", "Retour")


def survey(
    surveys: Surveys, comments: list[str], names: np.ndarray, ticket_id: np.ndarray, customers: Customers
) -> pl.DataFrame:
    """The survey tool's export: one line a survey sent, blank where nobody answered."""
    kind = np.array(("CSAT", "NPS", "CES"), dtype=object)[surveys.kind]
    ids = np.append(ticket_id, -1)  # position -1, no ticket, must exist even where there are none
    answered = surveys.answered_at != NEVER
    score = np.where(surveys.kind == CSAT, np.char.mod("%.1f", surveys.score), surveys.score.astype(str)).astype(object)
    return text_frame(
        {
            "Enquête": kind,
            "Parcours": np.array(_JOURNEYS, dtype=object)[surveys.journey],
            "E-mail": customers.email[surveys.customer],
            "N° de commande": np.where(surveys.order >= 0, names[surveys.order], ""),
            "N° de ticket": np.where(surveys.ticket >= 0, ids[surveys.ticket].astype(str), ""),
            "Envoyée le": stamps(surveys.sent_at, FRENCH_STAMP),
            "Distribuée": np.where(surveys.delivered, "oui", "non"),
            "Répondue le": stamps(surveys.answered_at, FRENCH_STAMP),
            "Note": pl.Series(np.where(answered, score, "")).str.replace(".", ",", literal=True),
            "Échelle": np.select([surveys.kind == CSAT, surveys.kind == NPS], ["1-5", "0-10"], "1-7"),
            "Commentaire": comments,
        }
    )  # fmt: skip


def mails(rows: Mails, customers: Customers) -> pl.DataFrame:
    """The mailing tool's log: one line a mail and its reader."""
    campaign = np.array([name for name, _ in CAMPAIGNS], dtype=object)[rows.campaign]
    journey = np.array([name for _, name in CAMPAIGNS], dtype=object)[rows.campaign]
    return text_frame(
        {
            "E-mail": customers.email[rows.customer],
            "Campagne": campaign,
            "Parcours": journey,
            "Envoyé le": stamps(rows.at),
            "Délivré": np.where(rows.delivered, "1", "0"),
            "Ouvert le": stamps(rows.opened_at),
            "Cliqué le": stamps(rows.clicked_at),
            "Désinscrit le": stamps(rows.unsubscribed_at),
        }
    )


def returns(orders: Orders, customers: Customers, names: np.ndarray, numbers: Numbers, rng: Rng) -> pl.DataFrame:
    """The returns desk's list."""
    rows = np.flatnonzero(orders.returned_at != NEVER)
    rows = rows[np.argsort(orders.returned_at[rows], kind="stable")]
    reasons = np.array(
        ("Taille", "Ne convient pas", "Défaut", "Couleur différente", "Erreur d'envoi", "Arrivé trop tard"),
        dtype=object,
    )
    pipes = orders.product[rows] == [p.name for p in products()].index(IRRITANT_PRODUCT)
    reason = np.where(
        pipes & (rng.random(len(rows)) < 0.4), "Défaut", reasons[pick((4, 4, 2, 2, 1, 1), len(rows), rng)]
    )
    return text_frame(
        {
            "N° de retour": np.array([f"R{numbers.order + r:08d}" for r in rows]),
            "N° de commande": names[rows],
            "E-mail client": customers.email[orders.customer[rows]],
            "Retourné le": stamps(orders.returned_at[rows]),
            "Motif du retour": reason,
            "Montant remboursé": money(np.round(orders.amount * orders.refund_share, 2)[rows]),
            "Remboursé le": stamps(orders.refunded_at[rows]),
        }
    )  # fmt: skip


def calls(rows: Calls, customers: Customers, ticket_id: np.ndarray, first: int) -> pl.DataFrame:
    """The telephone system's log."""
    return text_frame(
        {
            "Id appel": np.array([f"A{first + n:08d}" for n in range(len(rows))]),
            "Appel reçu le": stamps(rows.at),
            "Décroché le": stamps(rows.answered_at),
            "Terminé le": stamps(rows.ended_at),
            "Conseiller": np.where(rows.answered_at != NEVER, np.array(AGENTS, dtype=object)[rows.agent], ""),
            "E-mail client": customers.email[rows.customer],
            "N° de ticket": np.where(rows.ticket >= 0, ticket_id[rows.ticket].astype(str), ""),
            "File": np.full(len(rows), "Service clients"),
        }
    )
