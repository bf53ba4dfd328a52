"""Tone, the labels of each text being given: shares, what is said per 100 orders, what follows, and their correction.

What the definitions leave open: a review's text is its title and its text; a ticket without a body speaks by its
subject; a survey's comment is said when it is answered. Texts in a language that is not read are verbatims (they count
per 100 orders) but no units of a share. Of several first messages at one moment any may be the negative one. Near two
surveys of which one was answered, a text is of somebody who answered; its own day is what lies in the period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from beside import newcombe
from middles import per_100
from oracle import Figure, Row, Unit, World, replied_to, sent_csat, trimmed, within
from standardised import again, first_episodes

LABELS = "anger annoyance disappointment irony worry confusion relief gratitude satisfaction neutral".split()
NEGATIVE = {"anger", "annoyance", "disappointment", "worry", "confusion"}
POSITIVE = {"relief", "gratitude", "satisfaction"}
FEWEST_LABELLED = 100

Heard = Mapping[str, tuple[str, frozenset[str]]]  # text -> its language and labels


def marks(labels: frozenset[str]) -> dict[str, bool]:
    """Whether each label, and each of the two sides, holds."""
    return {
        **{name: name in labels for name in LABELS},
        "negative": bool(labels & NEGATIVE),
        "positive": bool(labels & POSITIVE),
    }


def verbatims(w: World) -> list[Row]:
    """Everything that customers said, over all the history: text, moment, customer, source, rating, reason."""
    said = []
    for r in w["reviews"]:
        text = "\n".join(part for part in (r.get("title"), r.get("text")) if part is not None)
        said.append({**_of(r, text), "source": trimmed(r.get("source")) or "reviews", "rating": r.get("rating")})
    for r in w.tickets:
        said.append({**_of(r, r.get("body") or r.get("subject")), "source": "tickets", "reason": r["reason"]})
    for r in w["surveys"]:
        said.append({**_of(r, r.get("comment")), "source": "surveys", "at": r.get("answered_at") or r["at"]})
    return [v for v in said if v["text"] and v["at"] is not None]


def _of(r: Row, text: str | None) -> Row:
    return {"text": text if trimmed(text) else None, "at": r["at"], "who": r["who"], "row": id(r), "table": r}


def shares(w: World, heard: Heard) -> dict[str, Figure]:
    """Each label's share of the verbatims in a language that is read, by month, source, rating and reason."""
    said = [v for v in verbatims(w) if w.in_period(v["at"])]
    read = [v for v in said if heard[v["text"]][0] != "other"]
    made = {}
    for name in (*LABELS, "negative", "positive"):
        units = [
            Unit(
                v["who"] or v["row"],
                v["at"],
                marks(heard[v["text"]][1])[name],
                {"source": v["source"], "rating": _stars(v.get("rating")), "reason": v.get("reason")},
            )
            for v in read
        ]
        found = w.segmented(w.share(units, None), units, "source", "rating", "reason")
        found.excluded["other_language"] = len(said) - len(read)
        made[f"tone.{name}.share"] = found
    return made


def _stars(rating: float | None) -> str | None:
    return None if rating is None else f"{rating:g}"


def beside_orders(w: World, heard: Heard) -> dict[str, Figure]:
    """Verbatims of the period per 100 of its orders."""
    if "orders" not in w.given:
        return {}
    said = [v for v in verbatims(w) if w.in_period(v["at"])]
    orders = [o for o in w.orders if w.in_period(o["at"])]
    made = per_100([v["who"] or v["row"] for v in said], [o["who"] or ("order", id(o)) for o in orders])
    return {"tone.verbatims.per_100_orders": made}


def crossed(w: World, heard: Heard) -> dict[str, Figure]:
    """What follows a negative first message or verbatim, and what follows the others."""
    made = {}
    sides: dict[str, list[Unit]] = {"negative": [], "other": []}
    waiting = dict.fromkeys(sides, 0)
    mute = 0
    if w.has("tickets", "order_id"):
        for _, who, found in first_episodes(w):
            first = found[0]
            texts = [t for t in _first_texts(w, first) if heard[t][0] != "other"]
            if not texts:
                mute += 1
                continue
            side = "negative" if any(heard[t][1] & NEGATIVE for t in texts) else "other"
            if w.mature(first["at"], 30):
                sides[side].append(Unit(who, first["at"], again(found)))
            else:
                waiting[side] += 1
        made.update(_two("cross.tone.recontact", w, sides, waiting, no_text=mute))
    if "orders" in w.given:
        made.update(_two("cross.tone.repurchase", w, *_bought_after(w, heard)))
    return made


def _first_texts(w: World, first: Row) -> list[str]:
    """What was written about the order at the moment of its first ticket."""
    same = [t for t in w.tickets if t["order"] == first["order"] and t["at"] == first["at"]]
    return [text for t in same if (text := t.get("body") or t.get("subject")) is not None and trimmed(text)]


def _bought_after(w: World, heard: Heard) -> tuple[dict[str, list[Unit]], dict[str, int]]:
    """Customers with an earlier order, from their first verbatim of the period."""
    sides: dict[str, list[Unit]] = {"negative": [], "other": []}
    waiting = dict.fromkeys(sides, 0)
    first: dict[str, Row] = {}
    for v in sorted(verbatims(w), key=lambda v: v["at"]):
        if v["who"] and w.in_period(v["at"]) and heard[v["text"]][0] != "other":
            first.setdefault(v["who"], v)
    for who, v in first.items():
        own = [o for o in w.orders if o["who"] == who]
        if not any(o["at"] < v["at"] for o in own):
            continue
        side = "negative" if heard[v["text"]][1] & NEGATIVE else "other"
        if not w.mature(v["at"], 90):
            waiting[side] += 1
            continue
        bought = any(o["repurchase"] and within(o["at"], v["at"], 90) for o in own)
        sides[side].append(Unit(who, v["at"], bought))
    return sides, waiting


def _two(key: str, w: World, sides: dict[str, list[Unit]], waiting: dict[str, int], **more: int) -> dict[str, Figure]:
    made = {f"{key}.{name}": w.share(units, waiting[name], **more) for name, units in sides.items()}
    made[f"{key}.gap"] = newcombe(made[f"{key}.negative"], made[f"{key}.other"])
    return made


def surveyed(w: World, heard: Heard) -> dict[str, Figure]:
    """The tickets and reviews that those asked for a CSAT left within 90 days of it, by whether they answered."""
    said: defaultdict[str, list[Row]] = defaultdict(list)
    for v in verbatims(w):
        if v["who"] and v["source"] != "surveys" and heard[v["text"]][0] != "other":
            said[v["who"]].append(v)
    asked: defaultdict[str, list[Row]] = defaultdict(list)
    for r in sent_csat(w):
        asked[r["who"]].append(r)
    sides: dict[str, list[Unit]] = {"answered": [], "silent": []}
    for who, texts in said.items():
        for v in texts:
            near = [r for r in asked[who] if abs((v["at"].date() - r["sent_at"].date()).days) <= 90]
            if near and w.in_period(v["at"]):
                side = "answered" if any(replied_to(r) for r in near) else "silent"
                sides[side].append(Unit(who, v["at"], bool(heard[v["text"]][1] & NEGATIVE)))
    made = {f"surface.csat.tone.{name}": w.share(units, None) for name, units in sides.items()}
    made["surface.csat.tone.gap"] = newcombe(made["surface.csat.tone.silent"], made["surface.csat.tone.answered"])
    return made


def corrected(w: World, heard: Heard, told: Mapping[str, frozenset[str]]) -> dict[str, float | None]:
    """Rogan and Gladen's share of each label, from the texts of this client that a person labelled (at least 100)."""
    known = {v["text"] for v in verbatims(w)} & set(told)
    if len(known) < FEWEST_LABELLED:
        return {name.split(".")[1]: None for name in shares(w, heard)}
    made = {}
    for key, figure in shares(w, heard).items():
        name = key.split(".")[1]
        pairs = [(marks(told[text])[name], marks(heard[text][1])[name]) for text in known]
        made[name] = _rogan_gladen(figure.value, pairs)
    return made


def _rogan_gladen(share: float | None, pairs: list[tuple[bool, bool]]) -> float | None:
    there = [said for true, said in pairs if true]
    absent = [said for true, said in pairs if not true]
    if share is None or not there or not absent:
        return None
    se, sp = sum(there) / len(there), 1 - sum(absent) / len(absent)
    if se + sp <= 1.3:
        return None
    return min(1.0, max(0.0, (share + sp - 1) / (se + sp - 1)))


PARTS: tuple[Callable[[World, Any], dict[str, Figure]], ...] = (shares, beside_orders, crossed, surveyed)
