"""Who is who: one customer key across all tables, made a keyed pseudonym, and one dress for order numbers.

A customer is the normalised e-mail where there is one, else the customer id. A table that holds both links the two, so
a ticket with only an id and an order with only an e-mail meet. An id seen with several e-mails stands for the one it
is seen with most (ties: the first in the alphabet). A row with neither is its order's customer, else anonymous.
Pseudonyms are the first eight bytes of HMAC-SHA256 under the audit's key: whole numbers join fastest.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping

import polars as pl

TableFrames = Mapping[str, pl.DataFrame]


def audit_key(digests: Iterable[str]) -> bytes:
    """The pseudonym key of an audit, from the digests of its exports.

    The same files bear the same pseudonyms, so a figure can be traced again; who does not hold them cannot make it.
    """
    return hashlib.sha256("\n".join(sorted(digests)).encode()).digest()


def identify(tables: TableFrames, key: bytes) -> dict[str, pl.DataFrame]:
    """The tables with `customer` (Int64 pseudonym or null) and `order` (normalised key or null), raw keys dropped.

    Tables that bear ticket or call numbers also get `ticket` and `call`, normalised likewise.
    """
    keyed = {
        name: frame.with_columns(_order_key(frame), *_link_keys(frame), *_own_keys(frame))
        for name, frame in tables.items()
    }
    emails = _email_of_id(keyed)
    named = {name: _named(frame, emails) for name, frame in keyed.items()}
    pseudonyms = _pseudonyms(named, key)
    hidden = {name: _hidden(frame, pseudonyms) for name, frame in named.items()}
    return _through_orders(_through_tickets(hidden))


def normal_id(column: pl.Expr) -> pl.Expr:
    """An id without a leading #, spaces and case; null where nothing is left."""
    text = column.cast(pl.String).str.replace_all(r"[\s\u00a0\u202f]", "").str.strip_prefix("#").str.to_lowercase()
    return pl.when(text != "").then(text)


def normal_email(column: pl.Expr) -> pl.Expr:
    """An e-mail trimmed and in lower case; null where there is no @ inside."""
    text = column.cast(pl.String).str.strip_chars().str.to_lowercase().str.strip_prefix("mailto:")
    return pl.when(text.str.contains("@")).then(text)


def _order_key(frame: pl.DataFrame) -> pl.Expr:
    present = "order_id" in frame.columns
    return (normal_id(pl.col("order_id")) if present else pl.lit(None, pl.String)).alias("order")


def _link_keys(frame: pl.DataFrame) -> list[pl.Expr]:
    return [normal_id(pl.col(f"{name}_id")).alias(name) for name in ("ticket", "call") if f"{name}_id" in frame.columns]


def _own_keys(frame: pl.DataFrame) -> list[pl.Expr]:
    dress = {"customer_email": normal_email, "customer_id": normal_id}
    return [
        (make(pl.col(name)) if name in frame.columns else pl.lit(None, pl.String)).alias(name)
        for name, make in dress.items()
    ]


def _email_of_id(tables: TableFrames) -> pl.DataFrame:
    pairs = [frame.select("customer_id", "customer_email").drop_nulls() for frame in tables.values()]
    seen = pl.concat(pairs) if pairs else pl.DataFrame(schema={"customer_id": pl.String, "customer_email": pl.String})
    counted = seen.group_by("customer_id", "customer_email").len()
    best = counted.sort("customer_id", "len", "customer_email", descending=[False, True, False])
    return best.unique("customer_id", keep="first").select("customer_id", linked="customer_email")


def _named(frame: pl.DataFrame, emails: pl.DataFrame) -> pl.DataFrame:
    joined = frame.join(emails, on="customer_id", how="left", maintain_order="left")
    email = pl.coalesce("customer_email", "linked")
    name = pl.coalesce(pl.format("e:{}", email), pl.format("i:{}", pl.col("customer_id")))
    return joined.with_columns(name.alias("customer")).drop("linked", "customer_email", "customer_id")


def _pseudonyms(tables: TableFrames, key: bytes) -> pl.DataFrame:
    everyone = [frame.select("customer").drop_nulls() for frame in tables.values()]
    names = pl.concat(everyone).unique()["customer"] if everyone else pl.Series("customer", [], pl.String)
    codes = [int.from_bytes(hmac.digest(key, name.encode(), "sha256")[:8], "big", signed=True) for name in names]
    return pl.DataFrame({"customer": names, "pseudonym": pl.Series(codes, dtype=pl.Int64)})


def _hidden(frame: pl.DataFrame, pseudonyms: pl.DataFrame) -> pl.DataFrame:
    joined = frame.join(pseudonyms, on="customer", how="left", maintain_order="left")
    return joined.with_columns(pl.col("pseudonym").alias("customer")).drop("pseudonym")


def _through_tickets(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """A call, survey, gesture or remark that names a ticket has that ticket's order and customer where it has none."""
    if "tickets" not in tables or "ticket" not in tables["tickets"].columns:
        return tables
    named = tables["tickets"].filter(pl.col("ticket").is_not_null()).unique("ticket", keep="first", maintain_order=True)
    known = named.select("ticket", of_order="order", of_customer="customer")
    return {
        name: _of_ticket(frame, known) if name != "tickets" and "ticket" in frame.columns else frame
        for name, frame in tables.items()
    }


def _of_ticket(frame: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    joined = frame.join(known, on="ticket", how="left", maintain_order="left")
    return joined.with_columns(
        pl.coalesce("order", "of_order").alias("order"), pl.coalesce("customer", "of_customer").alias("customer")
    ).drop("of_order", "of_customer")


def _through_orders(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    if "orders" not in tables:
        return tables
    owners = tables["orders"].select("order", owner="customer").drop_nulls().unique("order", keep="first")
    return {name: frame if name == "orders" else _owned(frame, owners) for name, frame in tables.items()}


def _owned(frame: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    joined = frame.join(owners, on="order", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("customer", "owner").alias("customer")).drop("owner")
