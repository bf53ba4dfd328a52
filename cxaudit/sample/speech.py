"""What customers and agents write: voices drawn first (they are the record of the tone meant), then the words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import numpy as np

from cxaudit.sample.calendar import DAY, NEVER, START
from cxaudit.sample.catalogue import IRRITANT_PRODUCT, Customers, products
from cxaudit.sample.contacts import AUTO_REPLY, MERGED, OUTBOUND, SPAM, Tickets
from cxaudit.sample.draws import Rng, balanced, pick, pick_rows
from cxaudit.sample.orders import Orders
from cxaudit.sample.prose import grammar, roughen
from cxaudit.sample.world import AGENTS, CARRIERS, CHAT, DEFAUT, REASONS, World

LABELS = (
    "anger", "annoyance", "disappointment", "irony", "worry", "confusion", "relief", "gratitude", "satisfaction",
    "neutral",
)  # fmt: skip
ANGER, ANNOYANCE, DISAPPOINTMENT, IRONY, WORRY, CONFUSION, RELIEF, GRATITUDE, SATISFACTION, NEUTRAL = range(10)
NONE = -1

# first messages of a complaint, of a question; a complaint that comes back (irony is set apart, by its planted share)
_COMPLAINT = (14, 22, 18, 0, 14, 7, 0, 1, 0, 24)
_QUESTION = (1, 5, 2, 0, 9, 13, 1, 5, 9, 55)
_AGAIN = (32, 30, 14, 0, 8, 5, 1, 2, 0, 8)
_PARTNER = {ANGER: DISAPPOINTMENT, ANNOYANCE: CONFUSION, DISAPPOINTMENT: ANNOYANCE, IRONY: ANGER, WORRY: CONFUSION}
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


@dataclass(frozen=True)
class Voices:
    """The tone meant by each text: a label, and sometimes a second one (NONE)."""

    first: np.ndarray
    second: np.ndarray

    def holds(self, label: int) -> np.ndarray:
        """Which texts are meant to carry the label."""
        return (self.first == label) | (self.second == label)


def _with_partner(first: np.ndarray, share: float, rng: Rng) -> Voices:
    partner = np.array([_PARTNER.get(label, NONE) for label in range(len(LABELS))])
    return Voices(first, np.where(rng.random(len(first)) < share, partner[first], NONE))


def ticket_voices(tickets: Tickets, world: World, rng: Rng) -> Voices:
    """The tone of each ticket: complaints sharper than questions, returns of a complaint sharper still."""
    complaint = tickets.complaint
    weights = np.where(
        complaint[:, None],
        np.where((tickets.episode > 1)[:, None], np.array(_AGAIN, float), np.array(_COMPLAINT, float)),
        np.array(_QUESTION, float),
    )
    first = pick_rows(weights, rng)
    ironic = balanced(np.full(len(tickets), world.irony_complaints), complaint * 1, tickets.at, rng) & complaint
    return _with_partner(np.where(ironic, IRONY, first), 0.2, rng)


def french_date(day: int, style: float) -> str:
    """A day number the way people write it: `style` (0-1) picks the form."""
    when = START.date() + timedelta(days=int(day))
    if style < 0.35:
        return f"{when.day} {_MONTHS[when.month - 1]}"
    if style < 0.6:
        return f"{when:%d/%m}"
    if style < 0.8:
        return f"{when:%d/%m/%Y}"
    return f"{when.day}/{when.month}" if style < 0.9 else f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def euros(amount: float, style: float) -> str:
    """An amount the way people write it."""
    if style < 0.4:
        return f"{amount:.2f} €".replace(".", ",")
    if style < 0.7:
        return f"{amount:.2f}€".replace(".", ",")
    return f"{round(amount)} euros" if style < 0.9 else f"{round(amount)}€"


@dataclass(frozen=True)
class Scene:
    """The chunk that texts are about."""

    customers: Customers
    orders: Orders
    names: np.ndarray  # order names, object array of str

    def facts(self, order: int, customer: int, at: int, random: Random) -> dict[str, str]:
        """What a text may mention: the order (a plausible one where there is none), the person, dates, amounts."""
        orders, people = self.orders, self.customers
        linked = order if order >= 0 else int(random.random() * len(orders))
        product = products()[orders.product[linked]]
        promised = int(orders.promised_day[linked])
        amount = float(orders.subtotal[linked])
        today = at // DAY
        style = random.random()
        forms = product.forms()
        return forms | {
            "commande": str(self.names[linked]),
            "taille": product.sizes[int(random.random() * len(product.sizes))],
            "couleur": product.colours[int(random.random() * len(product.colours))] or "naturel",
            "prenom": str(people.first[customer]),
            "nom": str(people.family[customer]),
            "fe": "e" if people.woman[customer] else "",
            "transporteur": CARRIERS[orders.carrier[linked]],
            "date": french_date(int(orders.at[linked]) // DAY, style),
            "promis": french_date(promised, style),
            "jours": str(max(2, min(60, int(today - orders.at[linked] // DAY)))),
            "retard": str(max(2, min(40, int(today - promised)))),
            "bientot": french_date(int(today) + 2 + int(random.random() * 5), style),
            "montant": euros(amount, random.random()),
        }


@dataclass(frozen=True)
class TicketTexts:
    """Subject, first message and the agent's reply of each ticket ("" where there is none)."""

    subject: list[str]
    body: list[str]
    reply: list[str]


def write_tickets(scene: Scene, tickets: Tickets, voices: Voices, seed: int) -> TicketTexts:
    """The words of every ticket."""
    random = Random(seed)
    texts = TicketTexts([], [], [])
    for row in range(len(tickets)):
        order, customer, at = int(tickets.order[row]), int(tickets.customer[row]), int(tickets.at[row])
        facts = scene.facts(order, customer, at, random)
        facts["agent"] = AGENTS[tickets.agent[row]]
        subject, body = _message(tickets, voices, row, facts, scene, random)
        texts.subject.append(subject)
        texts.body.append(body)
        texts.reply.append(_reply(tickets, row, facts, random))
    return texts


def _message(
    tickets: Tickets, voices: Voices, row: int, facts: Mapping[str, str], scene: Scene, random: Random
) -> tuple[str, str]:
    words = grammar("customer")
    kind = tickets.kind[row]
    for special, key in ((SPAM, "spam"), (AUTO_REPLY, "auto"), (OUTBOUND, "outbound")):
        if kind == special:
            return words.compose([f"subject.{key}"], facts, random), words.compose([key], facts, random)
    reason = REASONS[tickets.reason[row]]
    subject = words.compose([f"subject.{reason.key}"], facts, random)
    fact = f"fact.{reason.key}"
    if tickets.reason[row] == DEFAUT and facts["produit_complet"] == IRRITANT_PRODUCT:
        fact = "fact.irritant"
    register = "chat" if tickets.channel[row] == CHAT else ("formal" if random.random() < 0.15 else "plain")
    feelings = [
        f"feeling.{LABELS[label]}" for label in (voices.first[row], voices.second[row]) if label not in (NONE, NEUTRAL)
    ]
    again = ["follow"] if tickets.episode[row] > 1 else []
    demand = "demand.complaint" if reason.complaint else "demand.question"
    recipe = [f"greeting.{register}", *again, fact, *feelings, f"{demand}?", f"closing.{register}"]
    body = words.compose(recipe, facts, random, joint=" " if register == "chat" else "\n")
    if random.random() < 0.22:
        body = roughen(body, random)
    return subject, body


def _reply(tickets: Tickets, row: int, facts: Mapping[str, str], random: Random) -> str:
    if tickets.kind[row] in (SPAM, AUTO_REPLY, MERGED, OUTBOUND) or tickets.same_episode[row]:
        return ""
    words = grammar("agent")
    reason = REASONS[tickets.reason[row]]
    key = f"canned.{reason.key}"
    if key not in words.fragments:
        key = "canned.other"
    return words.compose(["open", key if tickets.canned[row] else "tailored", "sign"], facts, random, joint="\n")


def opinion_voices(level: np.ndarray, irony: float, at: np.ndarray, rng: Rng) -> Voices:
    """The tone of opinions by level: 0 bad, 1 mixed, 2 good; irony takes its share of the bad ones."""
    weights = np.array(((25, 18, 38, 0, 4, 5, 0, 0, 0, 10), (0, 18, 30, 0, 2, 5, 3, 0, 20, 22),
                        (0, 0, 0, 0, 0, 0, 5, 18, 65, 12)), dtype=float)[level]  # fmt: skip
    first = pick_rows(weights, rng)
    bad = level == 0
    ironic = balanced(np.full(len(level), irony), bad * 1, at, rng) & bad
    return _with_partner(np.where(ironic, IRONY, first), 0.12, rng)


def write_opinion(scene: Scene, kind: str, order: int, customer: int, at: int, level: int, label: int, second: int, random: Random) -> str:  # fmt: skip
    """A review ("review"), its title ("title") or a survey comment ("comment")."""
    words = grammar("opinions")
    level_name = ("bad", "mixed", "good")[level]
    key = f"{kind}.irony" if label == IRONY and kind != "title" else f"{kind}.{level_name}"
    text = words.compose([key], scene.facts(order, customer, at, random) | {"beau": "beau"}, random)
    return roughen(text, random) if random.random() < 0.15 else text


def contents(size: int, share: float, rng: Rng) -> np.ndarray:
    """Which of `size` answers come with words."""
    return pick((1 - share, share), size, rng) == 1


def never(at: np.ndarray) -> np.ndarray:
    """True where a time is none."""
    return at == NEVER
