"""In which currency the audit's amounts are, and which orders' and gestures' amounts are in it.

Nothing is converted: offline there is no exchange rate. An amount in another currency, or in none that is known, is an
unknown amount, and its order counts as an order, its gesture as a gesture (`docs/decisions/014-currency.md`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from cxaudit.schema.currencies import CODES, EURO, currency_names, currency_of
from cxaudit.schema.results import Phrase
from cxaudit.schema.settings import Settings
from cxaudit.schema.tables import PRICED

Frames = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Money:
    """What the amounts are in.

    Attributes:
        currency: of every amount that counts.
        held: eligible orders with an amount by the currency they say ("" where they say none), the most frequent first.
        silent: the currency of the orders that say none; "" where it cannot be told.
        gestures: gestures whose cost is left out, for what they say themselves or for their order.
        assumed: whether neither orders, gestures nor settings say a currency.
    """

    currency: str = EURO
    held: Mapping[str, int] = field(default_factory=dict)
    silent: str = EURO
    gestures: int = 0
    assumed: bool = False

    @property
    def others(self) -> dict[str, int]:
        """The orders whose amounts are left out, by the currency they say."""
        return {name: rows for name, rows in self.held.items() if (name or self.silent) != self.currency}

    def warnings(self) -> Iterator[Phrase]:
        """That the currency is assumed, or how many amounts are left out and in which currencies."""
        if self.assumed:
            yield Phrase.of("warning.currency.assumed")
        said = [name for name in self.others if name]
        if said:
            rows = sum(self.others[name] for name in said)
            yield Phrase.of("warning.currency.others", currency=self.currency, rows=rows, names=tuple(said))
        if "" in self.others:
            yield Phrase.of("warning.currency.unsaid", currency=self.currency, rows=self.others[""])
        if self.gestures:
            yield Phrase.of("warning.currency.gestures", currency=self.currency, rows=self.gestures)


def priced(frames: Mapping[str, pl.DataFrame], settings: Settings) -> tuple[Frames, Money]:
    """The tables with the amounts of orders and the costs of gestures that are in the audit's currency, others null.

    Needs `eligible`. What was given stands in `own_amount` and `own_cost`, for what is compared within one order;
    `currency` of both is what they say, by its code, and what its order says of a gesture that says none: "" where the
    order says none either, null without an order.
    """
    told, chosen = dict(frames), currency_of(settings.currency) or settings.currency
    if any(f"own_{amount}" not in told[name].columns for name, amount in PRICED.items() if name in told):
        told |= _as_given(told)
    money = _money(told, chosen)
    elsewhere = {name: _elsewhere(told[name], money) for name in PRICED if name in told}
    for name, others in elsewhere.items():
        counted = pl.col(f"own_{PRICED[name]}")
        kept = pl.when(~others).then(counted) if others.any() else counted
        told[name] = told[name].with_columns(kept.alias(PRICED[name]))
    if "gestures" not in told:
        return told, money
    left_out = elsewhere["gestures"] & told["gestures"]["own_cost"].is_not_null()
    return told, replace(money, gestures=int(left_out.sum()))


def _as_given(frames: Frames) -> Frames:
    """Orders and gestures with their amounts as they were given, and in which currency those are."""
    given = {
        name: frames[name].with_columns(_by_code(frames[name]["currency"]), pl.col(amount).alias(f"own_{amount}"))
        for name, amount in PRICED.items()
        if name in frames
    }
    if "gestures" in given:
        own = pl.when(pl.col("currency") != "").then("currency")
        given["gestures"] = given["gestures"].with_columns(own)
    if len(given) == len(PRICED):
        said = pl.coalesce("currency", _of_orders(given["gestures"], given["orders"]).alias("of_order"))
        given["gestures"] = given["gestures"].with_columns(said)
    return given


def _by_code(said: pl.Series) -> pl.Series:
    names = currency_names(said.drop_nulls().unique().cast(pl.String).to_list())
    codes = said.cast(pl.String).replace_strict(list(names), list(names.values()), default="", return_dtype=pl.String)
    return codes.cast(said.dtype)


def _of_orders(gestures: pl.DataFrame, orders: pl.DataFrame) -> pl.Series:
    """What a gesture's order says of its currency: its own order, else its customer's last one before it; else null.

    A gesture that meets no order is taken to be in the audit's currency, as orders are that say none.
    """
    rows = gestures.select("order", "customer", "t").with_row_index("row")
    named = orders.select("order", "currency").join(rows.select("order"), on="order", how="semi")
    own = named.unique("order", keep="first", maintain_order=True)
    bought = orders.select("customer", "t", last="currency").drop_nulls(["customer", "t"]).sort("t")
    known = rows.drop_nulls(["customer", "t"]).sort("t")
    last = known.join_asof(bought, on="t", by="customer", check_sortedness=False).select("row", "last")
    met = rows.join(own, on="order", how="left").join(last, on="row", how="left").sort("row")
    return met.select(pl.coalesce("currency", "last").alias("currency")).to_series()


def _elsewhere(frame: pl.DataFrame, money: Money) -> pl.Series:
    """Whether an amount is in another currency than the audit's."""
    said = frame["currency"].cast(pl.String)
    others = [name for name in said.unique().drop_nulls() if (name or money.silent) != money.currency]
    return said.is_in(others).fill_null(False)


def _money(frames: Frames, chosen: str) -> Money:
    """The one currency of the audit, by what orders say, else gestures, and what the settings choose."""
    held: dict[str, int] = {}
    gestures = _counted(frames["gestures"], pl.col("own_cost").is_not_null()) if "gestures" in frames else {}
    said = gestures
    if "orders" in frames:
        held = _counted(frames["orders"], pl.col("eligible") & pl.col("own_amount").is_not_null())
        said = held or _counted(frames["orders"], pl.lit(True))
    names = [name for name in said if name]
    told = _of_all(gestures)
    silent = chosen or (_of_all(said) if names else told if told in CODES else EURO)
    votes: Counter[str] = Counter()
    for name, rows in said.items():
        votes[name or silent] += rows
    known = [name for name in votes if name and (name in CODES or name == chosen)]
    most = min(known, key=lambda name: (-votes[name], name), default=chosen or EURO)
    assumed = bool(held) and not names and not chosen and told not in CODES
    return Money(chosen if chosen in names else most, held, silent, assumed=assumed)


def _of_all(said: Mapping[str, int]) -> str:
    """The currency that all say who say one, where these are the most; "" where it cannot be told."""
    names = [name for name in said if name]
    return names[0] if len(names) == 1 and said[names[0]] >= said.get("", 0) else ""


def _counted(frame: pl.DataFrame, which: pl.Expr) -> dict[str, int]:
    """How many rows say each currency, "" for those that say none, the most frequent first."""
    said = frame.filter(which).select(pl.col("currency").cast(pl.String).fill_null(""))
    rows = said.group_by("currency").len()
    return dict(rows.sort(-pl.col("len").cast(pl.Int64), "currency").iter_rows())
