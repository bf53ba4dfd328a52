"""Who is who: one customer key across all tables, made a keyed pseudonym, and one dress for order numbers.

A customer is the normalised e-mail where there is one, else the customer id. A table that holds both links the two, so
a ticket with only an id and an order with only an e-mail meet. An id seen with several e-mails stands for the one it
is seen with most (ties: the first in the alphabet). A row with neither is its order's customer, else anonymous.
Pseudonyms are the first eight bytes of HMAC-SHA256 under the audit's key. Orders, tickets and calls are numbered in the
order of their written numbers: whole numbers join fastest. Each distinct value is dressed once, not row by row.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl

from cxaudit.engine import at_once

TableFrames = Mapping[str, pl.DataFrame]
NUMBER = pl.Int32  # of a customer, an order, a ticket or a call: half the room of the largest whole numbers


def audit_key(digests: Iterable[str]) -> bytes:
    """The pseudonym key of an audit, from the digests of its exports.

    The same files bear the same pseudonyms, so a figure can be traced again; who does not hold them cannot make it.
    """
    return hashlib.sha256("\n".join(sorted(digests)).encode()).digest()


@dataclass(frozen=True)
class Keys:
    """The distinct dressed values of one column over all tables, sorted, and the place of each row's own (or null)."""

    names: pl.Series
    places: Mapping[str, pl.Series]

    def of(self, table: str, frame: pl.DataFrame) -> pl.Series:
        """The places of a table's rows; null throughout where it has no such column."""
        return self.places.get(table, _no_place(len(frame)))


def identify(tables: TableFrames, key: bytes) -> tuple[dict[str, pl.DataFrame], pl.Series]:
    """The tables with `customer` and `order` (numbers from 0, or null), raw customer keys dropped; all pseudonyms.

    A customer's number is the place of its pseudonym. Tables that bear ticket or call numbers also get `ticket` and
    `call`, numbered as orders are.
    """
    with ThreadPoolExecutor(at_once(sum(map(len, tables.values())))) as pool:  # most of it runs on one core
        people = pool.submit(_customers, tables, key)
        ids = pool.map(lambda name: _keys(tables, name, normal_id), ("order_id", "ticket_id", "call_id"))
        (customers, pseudonyms), (orders, tickets, calls) = people.result(), ids
    named = {
        name: frame.drop("customer_email", "customer_id", strict=False).with_columns(
            customers[name].alias("customer"),
            orders.of(name, frame).alias("order"),
            *(keys.places[name].alias(own) for own, keys in (("ticket", tickets), ("call", calls))
              if name in keys.places),
        )
        for name, frame in tables.items()
    }  # fmt: skip
    return _through_orders(_through_tickets(named, len(tickets.names)), len(orders.names)), pseudonyms


def normal_id(column: pl.Expr) -> pl.Expr:
    """An id without a leading #, spaces and case; null where nothing is left."""
    text = column.cast(pl.String).str.replace_all(r"[\s\u00a0\u202f]", "").str.strip_prefix("#").str.to_lowercase()
    return pl.when(text != "").then(text)


def normal_email(column: pl.Expr) -> pl.Expr:
    """An e-mail trimmed and in lower case; null where there is no @ inside."""
    text = column.cast(pl.String).str.strip_chars().str.to_lowercase().str.strip_prefix("mailto:")
    return pl.when(text.str.contains("@")).then(text)


def _keys(tables: TableFrames, column: str, dress: Callable[[pl.Expr], pl.Expr]) -> Keys:
    interned = pl.Categorical(pl.Categories.random())  # of its own: no value stays behind in the process
    raw = {
        name: frame[column].cast(pl.String).cast(interned) for name, frame in tables.items() if column in frame.columns
    }
    distinct = pl.concat([values.unique() for values in raw.values()]).unique().drop_nulls() if raw else pl.Series([])
    if not len(distinct):
        return Keys(pl.Series([], dtype=pl.String), {name: _no_place(len(values)) for name, values in raw.items()})
    dressed = distinct.to_frame("raw").select(pl.col("raw").to_physical(), name=dress(pl.col("raw").cast(pl.String)))
    placed = dressed.with_columns(place=pl.col("name").rank("dense").cast(NUMBER) - 1)
    place = np.full(int(placed["raw"].max()) + 1, -1, np.int32)  # type: ignore[arg-type]
    place[placed["raw"].to_numpy()] = placed["place"].fill_null(-1).to_numpy()
    lookup = pl.select(pl.when(pl.lit(pl.Series(place)) >= 0).then(pl.lit(pl.Series(place)))).to_series()
    names = placed.drop_nulls("place").unique("place").sort("place")["name"]
    return Keys(names, {name: lookup.gather(values.to_physical()) for name, values in raw.items()})


def _no_place(rows: int) -> pl.Series:
    return pl.repeat(None, rows, dtype=NUMBER, eager=True)


def _customers(tables: TableFrames, key: bytes) -> tuple[dict[str, pl.Series], pl.Series]:
    """The number of each row's customer, null where neither e-mail nor id is known; the pseudonyms by number."""
    emails, ids = _keys(tables, "customer_email", normal_email), _keys(tables, "customer_id", normal_id)
    of_email = _pseudonyms(emails.names, "e", key)
    linked = of_email.gather(_email_of_id(tables, emails, ids))
    of_id = linked.fill_null(_pseudonyms(ids.names, "i", key)) if len(ids.names) else linked
    everyone = pl.concat([of_email, of_id]).unique().sort()
    by_email, by_id = (everyone.search_sorted(told).cast(NUMBER) for told in (of_email, of_id))
    numbers = {
        name: pl.select(
            pl.coalesce(by_email.gather(emails.of(name, frame)), by_id.gather(ids.of(name, frame)))
        ).to_series()
        for name, frame in tables.items()
    }
    return numbers, everyone


def _email_of_id(tables: TableFrames, emails: Keys, ids: Keys) -> pl.Series:
    """The e-mail that each id is seen with most, by place; null where it is seen with none."""
    both = [name for name in tables if name in emails.places and name in ids.places]
    pairs = [pl.DataFrame({"id": ids.places[name], "email": emails.places[name]}).drop_nulls() for name in both]
    seen = pl.concat([pl.DataFrame(schema={"id": NUMBER, "email": NUMBER}), *pairs])
    counted = seen.group_by("id", "email").len().sort("id", "len", "email", descending=[False, True, False])
    best = counted.unique("id", keep="first", maintain_order=True)
    everyone = pl.DataFrame({"id": pl.arange(len(ids.names), dtype=NUMBER, eager=True)})
    return everyone.join(best, on="id", how="left", maintain_order="left")["email"]


def _pseudonyms(names: pl.Series, kind: str, key: bytes) -> pl.Series:
    messages = pl.select(pl.format(f"{kind}:{{}}", pl.lit(names)).cast(pl.Binary)).to_series()
    digests = b"".join(hmac.digest(key, message, "sha256")[:8] for message in messages)
    return pl.Series(np.frombuffer(digests, ">i8").astype(np.int64), dtype=pl.Int64)


def _through_tickets(tables: dict[str, pl.DataFrame], tickets: int) -> dict[str, pl.DataFrame]:
    """A call, survey, gesture or remark that names a ticket has that ticket's order and customer where it has none."""
    if "tickets" not in tables or "ticket" not in tables["tickets"].columns:
        return tables
    known = tables["tickets"]
    row = _first_rows(known["ticket"], tickets)
    return {
        name: frame if name == "tickets" or "ticket" not in frame.columns else frame.with_columns(
            pl.coalesce(own, known[own].gather(row.gather(frame["ticket"]))).alias(own) for own in ("order", "customer")
        )
        for name, frame in tables.items()
    }  # fmt: skip


def _through_orders(tables: dict[str, pl.DataFrame], orders: int) -> dict[str, pl.DataFrame]:
    if "orders" not in tables:
        return tables
    known = tables["orders"].select("order", "customer").drop_nulls()
    owner = known["customer"].gather(_first_rows(known["order"], orders))
    return {
        name: frame if name == "orders" else frame.with_columns(pl.coalesce("customer", owner.gather(frame["order"])))
        for name, frame in tables.items()
    }


def _first_rows(places: pl.Series, size: int) -> pl.Series:
    """For each place the first row that stands there, null for none."""
    rows = pl.DataFrame({"place": places}).with_row_index("row").drop_nulls()
    first = rows.unique("place", keep="first", maintain_order=True)
    everywhere = pl.DataFrame({"place": pl.arange(size, dtype=NUMBER, eager=True)})
    return everywhere.join(first, on="place", how="left", maintain_order="left")["row"]
