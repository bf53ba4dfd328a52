"""What customers and agents write: voices drawn first (they are the record of the tone meant), then the words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import numpy as np

from cxaudit.sample.answers import NO_PROMISE, NO_STANCE, PROMISE_FORMS, PROMISES, STANCES, Answers
from cxaudit.sample.calendar import DAY, START
from cxaudit.sample.catalogue import IRRITANT_PRODUCT, Customers, product_forms, products
from cxaudit.sample.catalogue import people as place_names
from cxaudit.sample.contacts import AUTO_REPLY, OUTBOUND, SPAM, Tickets
from cxaudit.sample.draws import Rng, balanced, pick_rows
from cxaudit.sample.orders import Orders
from cxaudit.sample.prose import Grammar, grammar, roughen
from cxaudit.sample.world import ABIME, AGENTS, CARRIERS, CHAT, DEFAUT, QUESTION, REASONS, Reason, World

LABELS = (
    "anger", "annoyance", "disappointment", "irony", "worry", "confusion", "relief", "gratitude", "satisfaction",
    "neutral",
)  # fmt: skip
ANGER, ANNOYANCE, DISAPPOINTMENT, IRONY, WORRY, CONFUSION, RELIEF, GRATITUDE, SATISFACTION, NEUTRAL = range(10)
NONE = -1

# first messages of a complaint, of a question; a complaint that comes back (irony is set apart, by its planted share)
_COMPLAINT = (14, 22, 18, 0, 14, 7, 0, 1, 0, 24)
_QUESTION = (1, 5, 2, 0, 9, 13, 0, 4, 9, 57)
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


EXACT_STYLES = 0.7  # below it, `euros` keeps the cents


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

    def product_of(self, order: int) -> int:
        """Catalogue position of the order's first product."""
        return int(self.orders.product[order])

    def facts(self, order: int, customer: int, at: int, random: Random) -> dict[str, str]:
        """What a text may mention: the order (a plausible one where there is none), the person, dates, amounts."""
        orders, people = self.orders, self.customers
        linked = order if order >= 0 else int(random.random() * len(orders))
        product = products()[orders.product[linked]]
        promised, today, style = int(orders.promised_day[linked]), at // DAY, random.random()
        name = str(self.names[linked])
        woman = bool(people.woman[customer])
        return product_forms()[orders.product[linked]] | {
            "commande": name if random.random() < 0.6 else name[1:],
            "taille": product.sizes[int(random.random() * len(product.sizes))],
            "couleur": product.colours[int(random.random() * len(product.colours))].lower() or "naturel",
            "prenom": str(people.first[customer]),
            "nom": str(people.family[customer]),
            "ville": place_names().cities[people.city[customer]],
            "fe": "e" if woman else "",
            "civilite": "Mme" if woman else "M.",
            "furieux": "furieuse" if woman else "furieux",
            "fou": "folle" if woman else "fou",
            "inquiet": "inquiète" if woman else "inquiet",
            "transporteur": CARRIERS[orders.carrier[linked]],
            "date": french_date(int(orders.at[linked]) // DAY, style),
            "promis": french_date(promised, style),
            "promis_en": f"{START + timedelta(days=promised):%d/%m/%Y}",
            "jours": str(max(2, min(60, int(today - orders.at[linked] // DAY)))),
            "retard": str(max(2, min(40, int(today - promised)))),
            "bientot": french_date(int(today) + 2 + int(random.random() * 5), style),
            "montant": euros(float(orders.subtotal[linked]), random.random()),
            "dossier": f"D{int(random.random() * 900_000) + 100_000}",
        }


@dataclass(frozen=True)
class TicketTexts:
    """Subject, first message and the agent's reply of each ticket ("" where there is none)."""

    subject: list[str]
    body: list[str]
    reply: list[str]


def write_tickets(scene: Scene, tickets: Tickets, voices: Voices, answers: Answers, seed: int) -> TicketTexts:
    """The words of every ticket."""
    random = Random(seed)
    texts = TicketTexts([], [], [])
    for row in range(len(tickets)):
        order, customer, at = int(tickets.order[row]), int(tickets.customer[row]), int(tickets.at[row])
        facts = scene.facts(order, customer, at, random)
        feelings = [int(label) for label in (voices.first[row], voices.second[row]) if label not in (NONE, NEUTRAL)]
        subject, body = _message(tickets, row, feelings, facts, scene, random)
        texts.subject.append(subject)
        texts.body.append(body)
        texts.reply.append(_reply(tickets, answers, row, facts, scene, random) if answers.replied[row] else "")
    return texts


# What a message is made of, by register; "?" marks what is kept half of the time, weights come first.
_RECIPES = {
    "plain": (
        (5, ("greeting", "fact", "detail?", "feelings", "demand?", "closing", "signature")),
        (3, ("greeting", "fact", "feelings", "demand", "closing", "signature")),
        (3, ("greeting", "feelings", "fact", "detail?", "demand?", "closing", "signature")),
        (3, ("greeting", "context", "fact", "feelings", "demand", "closing", "signature")),
        (2, ("fact", "feelings", "demand?", "signature")),
        (2, ("feelings", "fact", "detail?", "demand?")),
        (2, ("greeting", "demand", "fact", "detail?", "feelings", "signature")),
        (2, ("greeting", "fact", "attempts?", "detail?", "feelings", "closing", "signature")),
        (2, ("greeting", "context?", "fact", "attempts", "detail", "feelings", "demand", "closing", "signature")),
        (2, ("greeting", "short", "feelings", "closing")),
        (1, ("short", "feelings", "signature")),
    ),
    "formal": (
        (3, ("greeting", "context?", "fact", "detail", "feelings", "demand", "closing", "signature")),
        (2, ("greeting", "fact", "attempts", "feelings", "demand", "closing", "signature")),
        (1, ("greeting", "feelings", "context", "fact", "demand", "closing", "signature")),
    ),
    "chat": (
        (4, ("greeting", "short", "feelings", "closing")),
        (3, ("short", "feelings")),
        (2, ("greeting", "fact", "feelings")),
        (1, ("greeting", "short", "detail?", "feelings", "demand?")),
    ),
    "english": (
        (3, ("greeting", "fact", "feelings", "demand?", "closing", "signature")),
        (1, ("greeting", "feelings", "fact", "demand", "signature")),
    ),
}  # fmt: skip
_HISTORY = ("attempts", "context")  # a question seldom has one: these pieces come with a dispute
_PARCEL = ("retard", "suivi")


def _recipe(register: str, random: Random) -> tuple[str, ...]:
    recipes = _RECIPES[register]
    draw = random.random() * sum(weight for weight, _ in recipes)
    for weight, recipe in recipes:
        draw -= weight
        if draw < 0:
            return recipe
    return recipes[0][1]


def _message(
    tickets: Tickets, row: int, feelings: list[int], facts: Mapping[str, str], scene: Scene, random: Random
) -> tuple[str, str]:
    words = grammar("customer")
    kind = int(tickets.kind[row])
    if kind in _NOISE:
        key = _NOISE[kind]
        return words.compose([f"subject.{key}"], facts, random), words.compose([f"noise.{key}"], facts, random)
    if tickets.same_episode[row]:
        subject = words.compose([f"subject.{REASONS[tickets.reason[row]].key}"], facts, random)
        return tidied(subject), words.compose(["noise.echo"], facts, random)
    register = _register(tickets, row, scene, random)
    if register == "english":
        return _english(tickets, row, feelings, facts, random)
    reason = REASONS[tickets.reason[row]]
    topic = _topic(int(tickets.reason[row]), scene.product_of(int(tickets.order[row])), tickets.order[row] >= 0)
    pieces = _pieces(_recipe(register, random), register, reason, topic, feelings, words, random)
    if tickets.episode[row] > 1:
        pieces.insert(1 if pieces[0].startswith("greeting") else 0, "follow.any")
    said = [words.compose([piece], facts, random) for piece in pieces if not piece.startswith(_TAIL)]
    tail = [words.compose([piece], facts, random) for piece in pieces if piece.startswith(_TAIL)]
    subject = words.compose([f"subject.{reason.key}"], facts, random)
    return tidied(subject), _finish(said, tail, register, random)


_NOISE = {SPAM: "spam", AUTO_REPLY: "auto", OUTBOUND: "outbound"}


def _register(tickets: Tickets, row: int, scene: Scene, random: Random) -> str:
    if scene.customers.english[tickets.customer[row]]:
        return "english"
    if tickets.channel[row] == CHAT:
        return "chat"
    return "formal" if random.random() < 0.13 else "plain"


def _topic(reason: int, product: int, linked: bool) -> str:
    key = REASONS[reason].key
    if reason == DEFAUT and linked and products()[product].name == IRRITANT_PRODUCT:
        return "irritant"
    return f"{key}_{products()[product].matter}" if reason in (ABIME, DEFAUT, QUESTION) else key


def _pieces(
    recipe: tuple[str, ...], register: str, reason: Reason, topic: str, feelings: list[int], words: Grammar,
    random: Random,
) -> list[str]:  # fmt: skip
    """The recipe's pieces as keys of the grammar, the optional ones kept or left."""
    short = topic if topic == "irritant" else reason.key
    keys = {
        "greeting": f"greeting.{register}",
        "closing": f"closing.{register}",
        "signature": "signature.formal" if register == "formal" else "signature.plain",
        "context": "context.any",
        "attempts": "attempts.parcel" if reason.key in _PARCEL and random.random() < 0.6 else "attempts.any",
        "fact": f"fact.{topic}",
        "short": f"short.{short}",
        "detail": f"detail.{reason.key}",
        "demand": f"demand.{reason.key}" if reason.complaint else "demand.question",
    }
    pieces = []
    for slot in recipe:
        if slot.endswith("?") and random.random() < 0.5:
            continue
        slot = slot.removesuffix("?")
        if slot == "feelings":
            pieces += [_feeling(label, reason, words, random) for label in feelings]
        elif slot not in _HISTORY or reason.complaint or random.random() < 0.3:
            pieces.append(keys[slot])
    return pieces


def _feeling(label: int, reason: Reason, words: Grammar, random: Random) -> str:
    if label != IRONY:
        mild = f"mild.{LABELS[label]}"
        return mild if not reason.complaint and mild in words.fragments else f"feeling.{LABELS[label]}"
    about = f"irony.{reason.key}"
    return about if about in words.fragments and random.random() < 0.6 else "irony.any"


def _english(
    tickets: Tickets, row: int, feelings: list[int], facts: Mapping[str, str], random: Random
) -> tuple[str, str]:
    words = grammar("english")
    reason = REASONS[tickets.reason[row]]
    side = "complaint" if reason.complaint else "question"
    keys = {
        "greeting": "greeting.any",
        "closing": "closing.any",
        "fact": f"fact.{reason.key}",
        "demand": f"demand.{side}",
        "signature": "signature.any",
    }
    facts = dict(facts) | {"promis": facts["promis_en"]}
    said: list[str] = []
    tail: list[str] = []
    for slot in _recipe("english", random):
        if slot == "feelings":
            said += [words.compose([f"feeling.{LABELS[label]}"], facts, random) for label in feelings]
        elif slot in ("closing", "signature"):
            tail.append(words.compose([keys[slot]], facts, random))
        elif not slot.endswith("?") or random.random() < 0.5:
            said.append(words.compose([keys[slot.removesuffix("?")]], facts, random))
    if tickets.episode[row] > 1:
        said.insert(1, words.compose(["follow.any"], facts, random))
    return words.compose([f"subject.{side}"], facts, random), _finish(said, tail, "plain", random)


_TAIL = ("closing", "signature")
_CHAT_JOINTS = (" ", ", ", ". ", "... ", "\n", "\n", " ")


def _finish(said: list[str], tail: list[str], register: str, random: Random) -> str:
    """Set the pieces on lines as the register does, capitals and apostrophes as the keyboard has them."""
    said, tail = [piece for piece in said if piece.strip()], [piece for piece in tail if piece.strip()]
    if register == "chat":
        joint = _CHAT_JOINTS[int(random.random() * len(_CHAT_JOINTS))]
        text = "".join(_chatted(piece, joint) for piece in said + tail).rstrip(" ,")
        text = _STRAY_SPACE.sub("", text) if random.random() < 0.6 else tidied(text)
    elif register == "note":
        text = tidied(" ".join(said))
    else:
        text = tidied(_letter(said, tail, random))
    if random.random() < 0.35:
        text = text.replace("'", "’")
    return (roughen(text, random) if random.random() < 0.27 else text).strip()


def _chatted(piece: str, joint: str) -> str:
    piece = piece.rstrip(" .") if joint != "\n" else piece
    return piece + (" " if piece[-1:] in "?!" and joint != "\n" else joint)


def _letter(said: list[str], tail: list[str], random: Random) -> str:
    style = random.random()
    joint = " " if style < 0.68 else "\n" if style < 0.88 else "\n\n"
    ended = [piece if piece[-1] in ".!?,\n…»" else f"{piece}." for piece in said]
    head, body = ended[:1], ended[1:]
    greets = len(said[0]) < 45 and said[0].rstrip().endswith(",")
    opening = head[0] + ("\n" if greets and joint == " " else joint) if head else ""
    close = "\n" if random.random() < 0.75 else joint
    return opening + joint.join(body) + "".join(close + piece for piece in tail)


_SENTENCE_START = re.compile(r"(?:^|[.!?…]\s+|\n)([a-zàâéèêëîïôûç])")


_STRAY_SPACE = re.compile(r" +(?=[.,]|$)|(?<= ) +")


def tidied(text: str) -> str:
    text = _STRAY_SPACE.sub("", text)
    return _SENTENCE_START.sub(lambda match: match.group(0)[:-1] + match.group(1).upper(), text)


def _reply(tickets: Tickets, answers: Answers, row: int, facts: dict[str, str], scene: Scene, random: Random) -> str:
    words = grammar("agent")
    reason = REASONS[tickets.reason[row]]
    order = int(tickets.order[row])
    price = float(scene.orders.subtotal[order])
    value = float(answers.stance_value[row])
    facts = facts | {
        "agent": AGENTS[tickets.agent[row]],
        "delai": PROMISE_FORMS[answers.promise_form[row]],
        "montant": euros(price, random.random() * EXACT_STYLES),
        "somme_dite": euros(round(price * value, 2), random.random() * EXACT_STYLES),
        "jour_dit": french_date(int(value), 0.0),
    }
    stance = [f"stance.{STANCES[answers.stance[row]]}"] if answers.stance[row] != NO_STANCE else []
    if tickets.canned[row]:
        return tidied(
            words.compose(["open.canned", f"canned.{reason.key}", *stance, "sign.canned"], facts, random, "\n")
        )
    promise = [f"promise.{PROMISES[answers.promise[row]]}"] if answers.promise[row] != NO_PROMISE else []
    act = f"act.{reason.key}" if f"act.{reason.key}" in words.fragments else "act.other"
    sorry = "sorry.complaint" if reason.complaint else "sorry.question"
    middle = [sorry, f"look.{reason.key}", act]
    if random.random() < 0.3:
        middle = middle[1:]
    if act != "act.other" and random.random() < 0.25:
        middle.append("act.other")
    recipe = ["open.tailored", *middle, *stance, *promise, "sign.tailored"]
    return tidied(words.compose(recipe, facts, random, " " if random.random() < 0.6 else "\n")).strip()


def opinion_voices(level: np.ndarray, irony: float, at: np.ndarray, rng: Rng) -> Voices:
    """The tone of opinions by level: 0 bad, 1 mixed, 2 good; irony takes its share of the bad ones."""
    weights = np.array(((25, 18, 38, 0, 4, 5, 0, 0, 0, 10), (0, 18, 30, 0, 2, 5, 3, 0, 20, 22),
                        (0, 0, 0, 0, 0, 0, 5, 18, 65, 12)), dtype=float)[level]  # fmt: skip
    first = pick_rows(weights, rng)
    bad = level == 0
    ironic = balanced(np.full(len(level), irony), bad * 1, at, rng) & bad
    return _with_partner(np.where(ironic, IRONY, first), 0.12, rng)


@dataclass(frozen=True)
class Opinion:
    """One opinion to write: whose, about which order, when, how good (0 bad, 1 mixed, 2 good), in which tone."""

    order: int
    customer: int
    at: int
    level: int
    label: int
    second: int

    @property
    def feelings(self) -> list[int]:
        """The labels to be put in words."""
        return [label for label in (self.label, self.second) if label not in (NONE, NEUTRAL)]


LEVELS = ("bad", "mixed", "good")


def write_review(scene: Scene, opinion: Opinion, random: Random) -> tuple[str, str]:
    """Title and text of a public review."""
    words = grammar("opinions")
    facts = scene.facts(opinion.order, opinion.customer, opinion.at, random)
    level = LEVELS[opinion.level]
    statements = 1 + (random.random() < 0.6) + (random.random() < 0.25)
    pieces = _distinct(f"review.{level}", statements, facts, words, random)
    for label in opinion.feelings:
        said = words.compose(["review.irony" if label == IRONY else f"feeling.{LABELS[label]}"], facts, random)
        pieces.insert(0 if random.random() < 0.4 else len(pieces), said)
    title = tidied(words.compose([f"title.{level}"], facts, random))
    return title, _finish(pieces, [], "plain", random)


def write_comment(scene: Scene, opinion: Opinion, random: Random) -> str:
    """A survey comment: a few words, a feeling where one is meant."""
    words = grammar("opinions")
    facts = scene.facts(opinion.order, opinion.customer, opinion.at, random)
    pieces = _distinct(f"comment.{LEVELS[opinion.level]}", 1 + (random.random() < 0.25), facts, words, random)
    for label in opinion.feelings:
        said = words.compose(["comment.irony" if label == IRONY else f"feeling.{LABELS[label]}"], facts, random)
        pieces.insert(0 if random.random() < 0.4 else len(pieces), said.rstrip("."))
    return _finish([(", " if random.random() < 0.3 else ". ").join(pieces)], [], "note", random)


def _distinct(key: str, count: int, facts: Mapping[str, str], words: Grammar, random: Random) -> list[str]:
    """`count` different fragments of one key, none said twice in other words."""
    chosen = random.sample(range(len(words.fragments[key])), count)
    return [words.fragment(key, place, random).format_map(facts) for place in chosen]
