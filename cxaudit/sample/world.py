"""What is planted: the structural parameters of the sample's world, each with what it means."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """Why customers write. `complaint` marks a dispute; `handle_minutes` is the median time it takes an agent.

    `recontact` is the reason's odds of a second contact relative to the others (rescaled so that the planted rate of
    the day holds); `hours` the median first reply by mail.
    """

    name: str
    key: str
    complaint: bool
    handle_minutes: float
    recontact: float
    hours: float
    group: str


REASONS = (
    Reason("Retard de livraison", "retard", True, 9.0, 1.15, 7.0, "Livraison"),
    Reason("Colis abîmé", "abime", True, 11.0, 0.9, 6.0, "Livraison"),
    Reason("Produit défectueux", "defaut", True, 14.0, 1.1, 9.0, "Qualité"),
    Reason("Erreur de préparation", "erreur", True, 12.0, 0.95, 8.0, "Qualité"),
    Reason("Remboursement", "remboursement", True, 16.0, 1.7, 14.0, "Facturation"),
    Reason("Échange de taille", "echange", False, 8.0, 0.9, 6.0, "Retours"),
    Reason("Retour", "retour", False, 6.0, 0.8, 5.0, "Retours"),
    Reason("Question produit", "question", False, 5.0, 0.6, 4.0, "Conseil"),
    Reason("Facture", "facture", False, 4.0, 0.55, 4.0, "Facturation"),
    Reason("Code promo", "promo", False, 4.0, 0.7, 3.0, "Conseil"),
    Reason("Modification de commande", "modification", False, 5.0, 0.75, 2.5, "Livraison"),
    Reason("Suivi de colis", "suivi", False, 4.0, 0.8, 4.0, "Livraison"),
)
RETARD, ABIME, DEFAUT, ERREUR, REMBOURSEMENT, ECHANGE, RETOUR, QUESTION, FACTURE, PROMO, MODIFICATION, SUIVI = range(12)

CARRIERS = ("Colivert", "Relais Plume", "Express Lavande")
CHANNELS = ("Mail", "Chat", "Phone", "Web form")
MAIL, CHAT, PHONE, WEB = range(4)

AGENTS = (
    "Inès Bréal",
    "Thomas Vernet",
    "Awa Sorel",
    "Léo Castaing",
    "Nora Delmas",
    "Hugo Pradel",
    "Salomé Arvieu",
    "Malik Tessan",
    "Jeanne Oriol",
)
AGENT_PACE = (1.0, 0.7, 1.1, 0.65, 1.15, 0.9, 1.25, 0.8, 1.0)  # handle time relative to the team's


@dataclass(frozen=True)
class World:
    """The structural parameters (shares are 0-1; days are calendar days)."""

    # orders: a gamma mixture of Poisson buyers (shape, orders expected over the two years)
    loyalty_shape: float = 0.8
    orders_mean: float = 1.42
    cancelled: float = 0.022
    test: float = 0.003
    zero_amount: float = 0.006
    returned: float = 0.06
    refunded_fully: float = 0.6

    # deliveries
    late: float = 0.10
    late_contact: float = 0.34  # a late parcel brings a ticket about it
    on_time_worry: float = 0.012

    # the irritant: a zip that gives way, on one product, more every month (share of its orders, first and last day)
    irritant_first: float = 0.04
    irritant_last: float = 0.20

    # complaints lower the repurchase within 90 days by this many points (0-1)
    complaint_effect: float = -0.07

    # recontacts: relative odds, rescaled to the planted rate of the day and carrier (calendar.recontact_target)
    canned: float = 0.34
    canned_recontact: float = 1.5
    quick_recontact: float = 1.6
    hop_recontact: float = 1.3
    slow_recontact: float = 1.25
    left_open: float = 0.06  # tickets that nobody ever closes
    late_recontact_share: float = 0.05  # a second contact after day 31
    contradiction: float = 0.16  # of orders answered by two agents
    agreement: float = 0.25  # of the same orders: both name the same date, sum or decision

    # the CSAT survey: by what happened (nothing, one contact, several or a refund), share satisfied and answering
    csat_asked: float = 0.92
    csat_satisfied: tuple[float, float, float] = (0.87, 0.66, 0.38)
    csat_answers_if_satisfied: tuple[float, float, float] = (0.135, 0.092, 0.052)
    csat_answers_if_not: tuple[float, float, float] = (0.043, 0.043, 0.043)

    # gestures: share of complaints that get one; share without any effect within 90 days
    gesture_on_complaint: float = 0.42
    gesture_no_effect: float = 0.40

    # tone: irony among complaints' first messages, and among reviews of one or two stars
    irony_complaints: float = 0.09
    irony_low_reviews: float = 0.20
    irony_low_comments: float = 0.08

    comments: float = 0.45  # survey answers that come with words

    # other sources
    reviews: float = 0.055
    calls: float = 0.10
    campaign_mails: float = 11.0  # mails of the newsletter per order, sampled
    click: float = 0.0095
    click_after_dispute: float = 0.5  # relative
