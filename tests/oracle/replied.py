"""Brands whose agents answer from templates or in their own words, agree or contradict each other; and what follows.

The world tells of each reply which template it is of (none: words of its own) and what it states, so that the reading
never has to tell texts apart.

What the definitions leave open: an episode's reply is its first ticket's; templates are counted over all the replies
that count, whatever the period; an order has the channels of its eligible tickets.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

import polars as pl
from oracle import Figure, Row, Unit, World, norm
from standardised import again, first_episodes, gap_figure, standardised

START = datetime(2025, 3, 3, 9)
FEWEST_OTHERS = 4
NAMES = ("Marie", "Paul", "Inès", "Louis", "Chloé")
WORDS = (
    "canapé lampe rideau verre assiette tapis coussin miroir étagère bougie cadre vase panier nappe plaid tiroir "
    "bureau chaise table banc tabouret armoire commode matelas oreiller drap couette serviette rideau store voilage "
    "poignée charnière vernis teinte bordure couture doublure fermeture semelle talon lacet boucle sangle bretelle "
    "capuche poche bouton ourlet revers manche encolure motif rayure carreau pois velours lin coton laine soie jute"
).split()
TEMPLATES = {
    "thanks": "Bonjour {name}, merci de votre patience, nous transmettons votre dossier {number} au service concerné.",
    "parcel": "Chère cliente, le transporteur nous confirme une anomalie sur le trajet {number} et mène une enquête.",
    "rare": "Cher {name}, le fabricant examine la référence {number} dans son atelier et rendra son avis par écrit.",
}
STATED = {
    "day": "Bonjour {name}, votre colis sera livré le {day} à votre domicile par notre transporteur.",
    "amount": "Bonjour {name}, nous vous remboursons {amount} € sur la carte utilisée pour votre achat en ligne.",
    "yes": "Bonjour {name}, nous acceptons votre demande de remboursement après étude de votre dossier.",
    "no": "Après examen des photographies reçues hier, votre remboursement est refusé : le délai légal est dépassé.",
}
GRANTED = ("yes", "amount")  # an amount that is paid back was granted


@dataclass(frozen=True)
class Told:
    """What a reply is: the template it is of, and a statement (its kind, its value)."""

    template: str | None
    stated: tuple[str, str] | None = None


Tellings = dict[str, Told]


def brand(seed: int, customers: int) -> tuple[dict[str, pl.DataFrame], Tellings]:
    draw = random.Random(seed)
    tickets: list[Row] = []
    told: Tellings = {}
    rare = 0
    for number in range(customers):
        at = START + timedelta(days=draw.randrange(120), minutes=15 * draw.randrange(40))
        for _ in range(draw.choice((1, 1, 2, 3))):
            name = f"T{len(tickets)}"
            reply: str | None
            reply, what = _reply(draw, at)
            if what.template == "rare":
                rare += 1
            if rare > FEWEST_OTHERS and what.template == "rare":
                reply, what = _own_words(draw), Told(None)
            if draw.random() < 0.1:
                reply = None
            else:
                told[norm(name) or ""] = what
            tickets.append(
                {
                    "ticket_id": name,
                    "created_at": at,
                    "order_id": f"A{number // 2}" if draw.random() < 0.95 else None,
                    "customer_email": f"c{number // 2}@shop.example",
                    "first_reply_at": at + timedelta(hours=2) if reply else None,
                    "reply": reply,
                    "agent": draw.choice(("Ann", "Bob", "Cid")),
                    "reason": draw.choice(("Retard de livraison", "Suivi", "Produit cassé", None)),
                    "channel": draw.choice(("email", "chat", None)),
                    "is_spam": draw.random() < 0.05,
                }
            )
            at += timedelta(days=draw.choice((0, 1, 5, 20, 30, 31, 50)), minutes=draw.choice((0, 20, 45)))
    tickets.append({"ticket_id": "last", "created_at": START + timedelta(days=190)})
    draw.shuffle(tickets)
    return {"tickets": pl.DataFrame(tickets, infer_schema_length=None)}, told


def _reply(draw: random.Random, at: datetime) -> tuple[str, Told]:
    which = draw.random()
    blanks = {"name": draw.choice(NAMES), "number": str(draw.randrange(10_000, 99_999))}
    if which < 0.35:
        template = draw.choice(tuple(TEMPLATES))
        return TEMPLATES[template].format(**blanks), Told(template)
    if which < 0.65:
        kind = draw.choice(tuple(STATED))
        named = at + timedelta(days=draw.choice((3, 8, 25)))
        blanks |= {"day": named.strftime("%d/%m/%Y"), "amount": str(draw.choice((20, 35)))}
        return STATED[kind].format(**blanks), Told(kind, (kind, blanks.get(kind, "")))
    return _own_words(draw), Told(None)


def _own_words(draw: random.Random) -> str:
    return " ".join(draw.sample(WORDS, 22)).capitalize() + "."


# ---- the reading ----------------------------------------------------------------------------------------------------


def canned(w: World, told: Tellings) -> Callable[[Row], bool | None]:
    """Whether a ticket's reply is of a template that at least four other replies are of; None without a reply."""
    uses = Counter(_told(r, told).template for r in w.tickets if r["reply"] is not None)

    def kind(r: Row) -> bool | None:
        if r["reply"] is None:
            return None
        template = _told(r, told).template
        return template is not None and uses[template] > FEWEST_OTHERS

    return kind


def _told(r: Row, told: Tellings) -> Told:
    return told.get(norm(r["ticket_id"]) or "", Told(None))


def templates(w: World, told: Tellings) -> dict[str, Figure]:
    """How many replies are canned, and what follows them beside the tailored ones."""
    kind = canned(w, told)
    tickets = [r for r in w.tickets if w.in_period(r["at"])]
    replied = [r for r in tickets if kind(r) is not None]
    units = [
        Unit(r["who"] or id(r), r["at"], bool(kind(r)), {"reason": r["reason"], "channel": r["channel"]})
        for r in replied
    ]
    share = w.segmented(w.share(units, None), units, "reason", "channel")
    share.excluded["no_reply"] = len(tickets) - len(replied)
    made = {"field.canned.share": share}
    sides: dict[bool, list[Unit]] = {True: [], False: []}
    cells: dict[bool, list] = {True: [], False: []}
    waiting = {True: 0, False: 0}
    for _, who, found in first_episodes(w):
        first = found[0]
        side = kind(first)
        if side is None:
            continue
        if not w.mature(first["at"], 30):
            waiting[side] += 1
            continue
        sides[side].append(Unit(who, first["at"], again(found), {"reason": first["reason"]}))
        cells[side].append(((first["reason"],), who, again(found)))
    for side, name in ((True, "canned"), (False, "tailored")):
        made[f"field.{name}.recontact"] = w.segmented(w.share(sides[side], waiting[side]), sides[side], "reason")
    if all(cells.values()):
        made["field.canned.gap"] = gap_figure(standardised(cells[True], cells[False]))
    return made


def coherence(w: World, told: Tellings) -> dict[str, Figure]:
    """Of the orders that several agents answered, those on which two of them contradict each other."""
    replies: defaultdict[str, list[tuple[str, Told, datetime]]] = defaultdict(list)
    for r in w.tickets:
        if r["order"] and r["agent"] is not None and r["reply"] is not None:
            replies[r["order"]].append((r["agent"], _told(r, told), r["first_reply_at"]))
    units = []
    for order, who, found in first_episodes(w):
        if len({agent for agent, _, _ in replies[order]}) >= 2:
            pairs = combinations(sorted(replies[order], key=lambda reply: reply[2]), 2)
            parted = any(a != b and contrary(x.stated, y.stated, t.date()) for (a, x, _), (b, y, t) in pairs)
            units.append(Unit(who, found[0]["at"], parted, {"reason": found[0]["reason"]}))
    return {"field.incoherent.share": w.segmented(w.share(units, None), units, "reason")}


def contrary(one: tuple[str, str] | None, two: tuple[str, str] | None, on: date) -> bool:
    """Different days for one delivery, different amounts for one refund, accepted and refused; `two` was said `on`.

    A delivery that has not come on its day is put off: another day said then, or later, contradicts nothing.
    """
    if one is None or two is None:
        return False
    if one[0] == two[0] == "day" and datetime.strptime(one[1], "%d/%m/%Y").date() <= on:
        return False
    if one[0] == two[0]:
        return one[1] != two[1]
    return "no" in (one[0], two[0]) and (one[0] in GRANTED or two[0] in GRANTED)


def channels(w: World, told: Tellings) -> dict[str, Figure]:
    """Orders written about on several channels, of those with a known one."""
    used: defaultdict[str, set[Any]] = defaultdict(set)
    for r in w.tickets:
        if r["order"] and r["channel"]:
            used[r["order"]].add(r["channel"])
    units = [Unit(who, f[0]["at"], len(used[order]) >= 2) for order, who, f in first_episodes(w) if used[order]]
    return {"field.multi_channel.share": w.share(units, None)}


PARTS: tuple[Callable[[World, Tellings], dict[str, Figure]], ...] = (templates, coherence, channels)
