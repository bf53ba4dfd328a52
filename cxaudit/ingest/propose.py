"""What a mapping lacks and other columns, names or the file's own name can give: derived fields, each with its rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from cxaudit.ingest.mapping import fields
from cxaudit.ingest.profile import Profile
from cxaudit.ingest.typing import unit_of
from cxaudit.ingest.words import meaning, spelled
from cxaudit.schema.values import OTHER, classify

# The moment from which a duration counts, or at which a yes-no column happened.
_BASE = {"tickets": "created_at", "calls": "called_at", "emails": "sent_at", "gestures": "granted_at"}
_LASTED = {"tickets": ("first_reply_at", "solved_at"), "calls": ("ended_at",)}
_YES_NO = {
    "emails": ("opened_at", "clicked_at", "unsubscribed_at"),
    "calls": ("answered_at",),
    "gestures": ("redeemed_at", "replied_at"),
}
_CURRENCY = (
    ("EUR", r"€|\beur(os?)?\b"),
    ("USD", r"\$|\busd\b"),
    ("GBP", r"£|\bgbp\b"),
    ("CHF", r"\bchf\b"),
    ("CAD", r"\bcad\b"),
)
_SOURCES = {
    "Trustpilot": r"trust ?pilot",
    "Google": r"google|\bgmb\b",
    "Avis Vérifiés": r"avis ?verifies|verified reviews|netreviews|skeepers",
    "Facebook": r"facebook",
    "Instagram": r"instagram",
    "TikTok": r"tik ?tok",
    "X": r"twitter|\btweets?\b",
    "Amazon": r"amazon",
    "Yotpo": r"yotpo",
    "Judge.me": r"judge ?me",
}
_SCALE = (
    ("0-10", r"\b0 ?(?:a|to|bis|-|–|et) ?10\b|nps|(?:/|sur|out of|su|von|de) ?10\b"),
    ("1-7", r"\b1 ?(?:a|to|bis|-|–) ?7\b|(?:/|sur|out of|su|von) ?7\b"),
    ("1-5", r"\b1 ?(?:a|to|bis|-|–) ?5\b|(?:/|sur|out of|su|von) ?5\b"),
    ("0-100", r"(?:/|sur|out of|su|von) ?100\b"),
)
# An order's amount may vary within an order by a correction; lines vary in most orders of several lines.
_VARIES = 0.3
# The lines of an order stand together: this many rows tell whether there are any.
_LOOKED_AT = 50_000


@dataclass
class Draft:
    """A mapping being made: columns by position, with what the sheet and its name say."""

    table: str
    names: Sequence[str]
    labels: Sequence[str]
    profiles: Sequence[Profile]
    frame: pl.DataFrame
    found: np.ndarray
    alike: np.ndarray
    title: str
    mapping: dict[str, int] = field(default_factory=dict)
    sure: dict[str, float] = field(default_factory=dict)
    derived: dict[str, dict[str, Any]] = field(default_factory=dict)
    known: frozenset[int] = frozenset()

    def lacks(self, name: str) -> bool:
        return name not in self.mapping and name not in self.derived

    def free(self) -> Iterator[int]:
        """Columns that serve nothing yet."""
        used = {*self.mapping.values()}
        sources = {name for rule in self.derived.values() for name in rule.get("from", ())}
        return (i for i, name in enumerate(self.names) if i not in used and name not in sources)

    def derive(self, name: str, rule: str, *columns: int) -> None:
        self.mapping.pop(name, None)
        self.derived[name] = {"from": [self.names[column] for column in columns], "rule": rule}


def propose(draft: Draft) -> None:
    """Add to `draft` every derived field that its columns and names allow."""
    if draft.table == "orders":
        _amount_of_lines(draft)
        if draft.lacks("order_id"):
            draft.derive("order_id", "row_number")
        if draft.lacks("currency"):
            _currency(draft)
    _dates_and_times(draft)
    _durations(draft)
    _yes_no(draft)
    if draft.table == "tickets" and draft.lacks("is_outbound"):
        _direction(draft)
    if draft.table in ("emails", "surveys") and draft.lacks("delivered"):
        _bounces(draft)
    if draft.table == "surveys":
        _survey_constants(draft)
    if draft.table == "reviews" and draft.lacks("source"):
        _constant(draft, "source", next((n for n, p in _SOURCES.items() if re.search(p, spelled(draft.title))), None))


def _constant(draft: Draft, name: str, value: str | None) -> None:
    if value is not None:
        draft.derived[name] = {"constant": value}


def _bears(draft: Draft, column: int, *concepts: str) -> bool:
    return set(concepts) <= meaning(draft.labels[column]).concepts


def _amount_of_lines(draft: Draft) -> None:
    """An amount that varies from line to line of one order is the line's; the order's is their sum."""
    repeated = _repeats(draft)
    column = draft.mapping.get("amount")
    if column is not None and repeated and _varies(draft, column):
        whole = _whole_amount(draft, column)
        if whole is not None:
            draft.mapping["amount"] = whole
        elif _bears(draft, column, "price") and not _bears(draft, column, "total"):
            draft.mapping.pop("amount")
        else:
            draft.derive("amount", "sum_lines", column)
    if not draft.lacks("amount"):
        return
    price, quantity, line = _price(draft), _quantity(draft), _line_amount(draft)
    if line is not None:
        draft.derive("amount", "sum_lines", line)
    elif price is not None and quantity is not None:
        draft.derive("amount", "sum_quantity_price", quantity, price)
    elif price is not None and repeated:
        draft.derive("amount", "sum_lines", price)
    elif price is not None and not _bears(draft, price, "unit"):
        draft.mapping["amount"] = price
        draft.sure["amount"] = 0.6


# Money that is not what the order costs.
_OTHER_MONEY = {"tax", "shippingfee", "discount", "cost", "delivery", "ship", "excl", "refund", "fee"}


def _line_amount(draft: Draft) -> int | None:
    """A column of line totals: « total ligne », « item total »."""
    for column in draft.free():
        said = meaning(draft.labels[column]).concepts
        money = said & {"total", "amount"} and draft.profiles[column].share("number") > 0.7
        if money and said & {"line", "product"} and not said & (_OTHER_MONEY | {"quantity", "count", "unit"}):
            return column
    return None


def _repeats(draft: Draft) -> bool:
    column = draft.mapping.get("order_id")
    if column is None:
        return False
    ids = draft.frame[draft.names[column]].head(_LOOKED_AT).drop_nulls()
    return len(ids) > 0 and ids.n_unique() < 0.97 * len(ids)


def _varies(draft: Draft, column: int) -> bool:
    """Whether the lines of one order hold different amounts, each line its own."""
    order, amount = draft.names[draft.mapping["order_id"]], draft.names[column]
    lines = draft.frame.head(_LOOKED_AT).select(order=pl.col(order), amount=pl.col(amount)).drop_nulls("order")
    orders = lines.group_by("order").agg(
        n=pl.len(), kinds=pl.col("amount").drop_nulls().n_unique(), empty=pl.col("amount").null_count()
    )
    several = orders.filter(pl.col("n") > 1)
    varied = several.filter((pl.col("kinds") > 1) & (pl.col("empty") == 0)).height
    return varied > _VARIES * several.height


def _whole_amount(draft: Draft, taken: int) -> int | None:
    """Another column named as an amount that does not vary within an order."""
    place = next(i for i, ref in enumerate(fields()) if ref.table == "orders" and ref.column.name == "amount")
    ranked = sorted(draft.free(), key=lambda column: -draft.found[column, place])
    return next((c for c in ranked if draft.found[c, place] > 0.6 and c != taken and not _varies(draft, c)), None)


def _price(draft: Draft) -> int | None:
    """A column of prices: of the line or of one unit; never a tax, a fee or a discount."""
    prices = [c for c in draft.free() if _bears(draft, c, "price") and draft.profiles[c].share("number") > 0.7]
    prices += [
        c for c in draft.free() if _bears(draft, c, "unit") and draft.profiles[c].share("number") > 0.7
    ]
    good = [c for c in prices if not _OTHER_MONEY & meaning(draft.labels[c]).concepts]
    return min(
        good or [c for c in prices if _bears(draft, c, "excl")],
        default=None,
        key=lambda c: "compare" in spelled(draft.labels[c]),
    )


def _quantity(draft: Draft) -> int | None:
    return next(
        (
            c
            for c in draft.free()
            if (_bears(draft, c, "quantity") or _bears(draft, c, "count", "product"))
            and draft.profiles[c].share("number") > 0.7
        ),
        None,
    )


def _currency(draft: Draft) -> None:
    """A constant currency from the amount's name, or from the sign that most of its values bear."""
    column = draft.mapping.get("amount")
    if column is None:
        sources = draft.derived.get("amount", {}).get("from", ())
        column = draft.names.index(sources[-1]) if sources else None
    if column is None:
        return
    name = draft.names[column].lower()
    values = " ".join(draft.frame[draft.names[column]].drop_nulls().head(50).to_list()).lower()
    said = next((code for code, pattern in _CURRENCY if re.search(pattern, name.replace("_", " "))), None)
    seen = next(
        (
            code
            for code, pattern in _CURRENCY
            if len(re.findall(pattern, values)) >= 0.8 * min(50, draft.profiles[column].seen) > 0
        ),
        None,
    )
    _constant(draft, "currency", said or seen)


def _dates_and_times(draft: Draft) -> None:
    """A day beside a clock: « Date » and « Heure » are one moment."""
    for name, column in list(draft.mapping.items()):
        profile = draft.profiles[column]
        if profile.share("moment") < 0.8 or profile.share("timed") > 0.1:
            continue
        said = meaning(draft.labels[column]).concepts
        for other in (column + 1, column - 1):
            if not 0 <= other < len(draft.names) or other in draft.mapping.values():
                continue
            if draft.profiles[other].share("clock") < 0.8 or draft.profiles[other].filled < 0.8 * profile.filled:
                continue
            clock = meaning(draft.labels[other]).concepts
            if "when" in clock and "duration" not in clock and (clock <= said | {"when"} or len(clock) == 1):
                draft.derive(name, "date_and_time", column, other)
                break


def _durations(draft: Draft) -> None:
    """« First reply time (min) » added to the moment that it counts from."""
    base = draft.mapping.get(_BASE.get(draft.table, ""))
    if base is None:
        return
    for name in _LASTED.get(draft.table, ()):
        if not draft.lacks(name):
            continue
        column = _lasting(draft, name)
        if column is not None:
            unit = unit_of(draft.labels[column]) or "minutes"
            draft.derive(name, f"plus_{unit}", base, column)


def _lasting(draft: Draft, name: str) -> int | None:
    """The column of durations whose name comes nearest to the moment `name`."""
    wanted = {"first_reply_at": {"reply"}, "solved_at": {"solve"}, "ended_at": {"duration"}}[name]
    other = {"business", "handle", "update", "agent", "average", "rate"} | (
        {"solve"} if name == "first_reply_at" else set()
    )
    closes = {"close"} if name == "solved_at" else set()
    for column in draft.free():
        said, profile = meaning(draft.labels[column]).concepts, draft.profiles[column]
        lasting = profile.share("clock") > 0.6 or profile.share("span") > 0.6 or profile.share("number") > 0.8
        timed = {"duration", "when"} & said or profile.share("clock") > 0.6 or profile.share("span") > 0.6
        if name == "ended_at" and not said <= {"duration", "call", "when", "total", "handle"}:
            continue
        if lasting and timed and (wanted <= said or closes & said) and not other & said:
            return column
    return None


def _yes_no(draft: Draft) -> None:
    """« Cliqué : oui » beside the moment of sending."""
    base = draft.mapping.get(_BASE.get(draft.table, ""))
    if base is None:
        return
    for name in _YES_NO.get(draft.table, ()):
        if not draft.lacks(name):
            continue
        place = next(i for i, ref in enumerate(fields()) if ref.table == draft.table and ref.column.name == name)
        flags = [c for c in draft.free() if draft.alike[c, place] > 0.55 and _is_yes_no(draft.profiles[c])]
        if flags:
            draft.derive(name, "where_yes", base, max(flags, key=lambda c: draft.alike[c, place]))


def _is_yes_no(profile: Profile) -> bool:
    return (
        profile.seen > 0
        and profile.spread <= 3
        and (profile.share("flag") > 0.9 or profile.share("number") < 0.1)
        and profile.length < 14
    )


def _direction(draft: Draft) -> None:
    for column in draft.free():
        few = draft.profiles[column].few
        if _bears(draft, column, "outbound") and any("out" in v or "sort" in v for v in few) and len(few) <= 4:
            draft.derive("is_outbound", "is_outbound", column)
            return


def _bounces(draft: Draft) -> None:
    for column in draft.free():
        said, profile = meaning(draft.labels[column]).concepts, draft.profiles[column]
        if "bounce" in said and _is_yes_no(profile):
            draft.derive("delivered", "not", column)
        elif "bounce" in said and profile.share("moment") > 0.8:
            draft.derive("delivered", "is_absent", column)
        elif said & {"delivery"} and profile.share("moment") > 0.8 and "promised" not in said:
            draft.derive("delivered", "is_present", column)
        elif "status" in said and any(
            re.search(r"bounce|delivered|delivre|npai|remis", value) for value in profile.few
        ):
            draft.derive("delivered", "from_status", column)
        else:
            continue
        return


def _survey_constants(draft: Draft) -> None:
    score = draft.mapping.get("score")
    asked = draft.labels[score] if score is not None else ""
    if draft.lacks("kind"):
        kinds = [classify("surveys", "kind", [text])[text] for text in (asked, draft.title)]
        _constant(draft, "kind", next((kind for kind in kinds if kind != OTHER), None))
    if draft.lacks("scale") and score is not None:
        kind = draft.derived.get("kind", {}).get("constant", "")
        said = f"{asked.lower()} {kind}"
        fits = next((scale for scale, pattern in _SCALE if re.search(pattern, said)), None)
        top = float(fits.split("-")[1]) if fits else 0.0
        if fits and (draft.profiles[score].high or 0) <= top:
            _constant(draft, "scale", fits)
    if draft.lacks("journey"):
        journey = _journey(f"{draft.title}")
        _constant(draft, "journey", journey)


def _journey(title: str) -> str | None:
    """The journey that a file's name says: nps_apres_achat, enquete-retour."""
    text = spelled(title)
    if re.search(r"retours?\b|returns?\b", text) and not re.search(r"retours? (clients?|d)", text):
        return "return"
    if re.search(r"achat|purchase|livraison|delivery|commande", text):
        return "purchase"
    return "support" if re.search(r"\bsav\b|support|ticket|service client|zendesk|contact", text) else None
