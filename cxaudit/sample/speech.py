"""What customers and agents write in tickets."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from cxaudit.sample.answers import NO_PROMISE, NO_STANCE, PROMISE_FORMS, PROMISES, STANCES, Answers
from cxaudit.sample.catalogue import IRRITANT_PRODUCT, products
from cxaudit.sample.contacts import AUTO_REPLY, OUTBOUND, SPAM, Tickets
from cxaudit.sample.letters import finished, tidied
from cxaudit.sample.prose import Grammar, grammar
from cxaudit.sample.scene import EXACT_STYLES, Scene, euros, french_date
from cxaudit.sample.voices import IRONY, LABELS, NEUTRAL, NONE, Voices
from cxaudit.sample.world import ABIME, AGENTS, CHAT, DEFAUT, QUESTION, REASONS, Reason


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
    return tidied(subject), finished(said, tail, register, random)


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
    return words.compose([f"subject.{side}"], facts, random), finished(said, tail, "plain", random)


_TAIL = ("closing", "signature")


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
