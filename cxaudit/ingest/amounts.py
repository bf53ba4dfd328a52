"""What an order costs: its own total, or the sum of its lines; and the currency that an amount's name or sign says."""

from __future__ import annotations

import re

import polars as pl

from cxaudit.ingest.draft import Draft, bears, constant
from cxaudit.ingest.mapping import fields
from cxaudit.ingest.numbers import currencies_beside
from cxaudit.ingest.words import meaning, spelled
from cxaudit.schema.tables import PRICED

# The currency that the name of an amount says.
_CURRENCY = (
    ("EUR", r"€|\beur(os?)?\b"),
    ("USD", r"\$|\busd\b"),
    ("GBP", r"£|\bgbp\b"),
    *(
        (code, rf"\b{code.lower()}\b")
        for code in "CHF CAD AUD SEK NOK DKK PLN CZK HUF RON MAD DZD TND XOF XAF JPY CNY".split()
    ),
)


# An order's amount may vary within an order by a correction; lines vary in most orders of several lines.
_VARIES = 0.3


# A sign that fewer amounts bear is not the column's.
_BORNE = 0.8


# The lines of an order stand together: this many rows tell whether there are any.
_LOOKED_AT = 50_000


def amount_of_lines(draft: Draft) -> None:
    """An amount that varies from line to line of one order is the line's; the order's is their sum."""
    repeated = _repeats(draft)
    column = draft.mapping.get("amount")
    if column is not None and repeated and _varies(draft, column):
        whole = _whole_amount(draft, column)
        if whole is not None:
            draft.mapping["amount"] = whole
        elif bears(draft, column, "price") and not bears(draft, column, "total"):
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
    elif price is not None and not bears(draft, price, "unit"):
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
    prices = [c for c in draft.free() if bears(draft, c, "price") and draft.profiles[c].share("number") > 0.7]
    prices += [c for c in draft.free() if bears(draft, c, "unit") and draft.profiles[c].share("number") > 0.7]
    good = [c for c in prices if not _OTHER_MONEY & meaning(draft.labels[c]).concepts]
    return min(
        good or [c for c in prices if bears(draft, c, "excl")],
        default=None,
        key=lambda c: "compare" in spelled(draft.labels[c]),
    )


def _quantity(draft: Draft) -> int | None:
    return next(
        (
            c
            for c in draft.free()
            if (bears(draft, c, "quantity") or bears(draft, c, "count", "product"))
            and draft.profiles[c].share("number") > 0.7
        ),
        None,
    )


def currency_of(draft: Draft) -> None:
    """The currency of each amount where they bear several; else a constant one, from the amount's name or its sign."""
    priced = PRICED[draft.table]
    column = draft.mapping.get(priced)
    if column is None:
        sources = draft.derived.get(priced, {}).get("from", ())
        column = draft.names.index(sources[-1]) if sources else None
    if column is None:
        return
    written = draft.frame[draft.names[column]].head(_LOOKED_AT).drop_nulls()
    beside = currencies_beside(written).drop_nulls()
    seen = beside.unique().to_list()
    if len(seen) > 1:
        draft.derive("currency", "beside_amount", column)
        return
    name = draft.names[column].lower().replace("_", " ")
    said = next((code for code, pattern in _CURRENCY if re.search(pattern, name)), None)
    borne = seen[0] if seen and len(beside) >= _BORNE * len(written) else None
    constant(draft, "currency", said or borne)
