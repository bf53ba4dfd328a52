"""The canonical tables: the data dictionary that every export is read into.

A column's `kind` says what its values are: `id` (text, leading zeros kept), `email`, `moment` (naive local time),
`number`, `amount`, `flag`, `category` (few values, the client's own words) or `text`. The names that clients give a
column stand in `names.toml`; its label and meaning for the reader in `cxaudit/texts/tables.toml` under
`tables.<table>.<column>`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

KINDS = ("id", "email", "moment", "number", "amount", "flag", "category", "text")


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a table: its name, the kind of its values, and how text becomes a number.

    `reads` is `score` (words such as Good or Satisfait too) or `duration` (minutes); empty elsewhere.
    """

    name: str
    kind: str
    required: bool = False
    reads: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table: what a row is (its key, where rows bear one), its columns, and what it cannot do without.

    `any_of`: groups of columns of which one must be present. `customer`: the columns that lead to a customer.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    any_of: tuple[tuple[str, ...], ...] = ()
    customer: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column:
        """The column called `name`.

        Raises:
            KeyError: the table has none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    def missing(self, present: Collection[str]) -> tuple[str, ...]:
        """Required columns that are not in `present`; a group of `any_of` is named by its first column."""
        alone = [name for name in self.required if name not in present]
        groups = [group[0] for group in self.any_of if not any(name in present for name in group)]
        return tuple(alone + groups)

    def client_names(self, column: str, lang: str) -> tuple[str, ...]:
        """The names that clients give `column` in `lang` (fr, en)."""
        lists = _names()
        return tuple(lists.get(self.name, {}).get(column, lists["shared"].get(column, {})).get(lang, ()))


@cache
def _names() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    return tomllib.loads(resources.files(__package__).joinpath("names.toml").read_text("utf-8"))


_EMAIL = Column("customer_email", "email")
_CUSTOMER = Column("customer_id", "id")
_ORDER = Column("order_id", "id")
_TICKET = Column("ticket_id", "id")
_AGENT = Column("agent", "category")
_REFUNDED_AMOUNT = Column("refunded_amount", "amount")
_REFUNDED_AT = Column("refunded_at", "moment")
PRICED = {"orders": "amount", "gestures": "cost"}  # what the `currency` of a table is that of
PRODUCTS_JOINED = " + "  # between the products of an order whose lines were folded

ORDERS = Table(
    "orders",
    (
        Column("order_id", "id", required=True),
        Column("ordered_at", "moment", required=True),
        _EMAIL,
        _CUSTOMER,
        Column("amount", "amount"),
        Column("currency", "category"),
        Column("status", "category"),
        Column("cancelled_at", "moment"),
        Column("is_test", "flag"),
        _REFUNDED_AMOUNT,
        _REFUNDED_AT,
        Column("product", "category"),
        Column("category", "category"),
        Column("country", "category"),
        Column("channel", "category"),
        Column("carrier", "category"),
        Column("promised_at", "moment"),
        Column("delivered_at", "moment"),
        Column("discount_code", "category"),
        Column("discount_amount", "amount"),
    ),
    key=("order_id",),
    customer=("customer_email", "customer_id"),
)

TICKETS = Table(
    "tickets",
    (
        Column("created_at", "moment", required=True),
        _TICKET,
        _ORDER,
        _EMAIL,
        _CUSTOMER,
        Column("first_reply_at", "moment"),
        Column("solved_at", "moment"),
        Column("reopens", "number"),
        Column("channel", "category"),
        Column("reason", "category"),
        Column("subject", "text"),
        Column("body", "text"),
        Column("reply", "text"),
        Column("status", "category"),
        _AGENT,
        Column("group", "category"),
        Column("transfers", "number"),
        Column("csat", "number", reads="score"),
        Column("handle_minutes", "number", reads="duration"),
        Column("is_complaint", "flag"),
        Column("is_outbound", "flag"),
        Column("is_spam", "flag"),
        Column("merged_into", "id"),
        Column("tags", "category"),
    ),
    key=("ticket_id",),
    customer=("customer_email", "customer_id", "order_id"),
)

REVIEWS = Table(
    "reviews",
    (
        Column("text", "text"),
        Column("review_id", "id"),
        Column("rating", "number", reads="score"),
        Column("created_at", "moment"),
        _ORDER,
        _EMAIL,
        _CUSTOMER,
        Column("title", "text"),
        Column("source", "category"),
    ),
    key=("review_id",),
    any_of=(("text", "rating"),),
    customer=("customer_email", "customer_id", "order_id"),
)

SURVEYS = Table(
    "surveys",
    (
        Column("kind", "category", required=True),
        Column("sent_at", "moment"),
        Column("answered_at", "moment"),
        Column("delivered", "flag"),
        Column("score", "number", reads="score"),
        Column("scale", "category"),
        _ORDER,
        _TICKET,
        _EMAIL,
        _CUSTOMER,
        Column("comment", "text"),
        Column("journey", "category"),
    ),
    any_of=(("sent_at", "answered_at"),),
    customer=("customer_email", "customer_id", "order_id", "ticket_id"),
)

GESTURES = Table(
    "gestures",
    (
        Column("granted_at", "moment", required=True),
        Column("gesture_id", "id"),
        _EMAIL,
        _CUSTOMER,
        _ORDER,
        _TICKET,
        Column("kind", "category"),
        Column("cost", "amount"),
        Column("currency", "category"),
        Column("code", "category"),
        Column("expires_at", "moment"),
        Column("redeemed_at", "moment"),
        Column("replied_at", "moment"),
    ),
    key=("gesture_id",),
    customer=("customer_email", "customer_id", "order_id", "ticket_id"),
)

EMAILS = Table(
    "emails",
    (
        Column("sent_at", "moment", required=True),
        Column("customer_email", "email", required=True),
        _CUSTOMER,
        Column("campaign", "category"),
        Column("journey", "category"),
        Column("delivered", "flag"),
        Column("opened_at", "moment"),
        Column("clicked_at", "moment"),
        Column("unsubscribed_at", "moment"),
    ),
    customer=("customer_email", "customer_id"),
)

RETURNS = Table(
    "returns",
    (
        Column("returned_at", "moment", required=True),
        Column("order_id", "id", required=True),
        _EMAIL,
        _CUSTOMER,
        Column("reason", "category"),
        _REFUNDED_AMOUNT,
        _REFUNDED_AT,
    ),
    customer=("customer_email", "customer_id", "order_id"),
)

CALLS = Table(
    "calls",
    (
        Column("called_at", "moment", required=True),
        Column("call_id", "id"),
        Column("answered_at", "moment"),
        Column("ended_at", "moment"),
        _AGENT,
        _EMAIL,
        _CUSTOMER,
        _TICKET,
        Column("queue", "category"),
        Column("is_outbound", "flag"),
    ),
    key=("call_id",),
    customer=("customer_email", "customer_id", "ticket_id"),
)

LISTENING = Table(
    "listening",
    (
        Column("checked_at", "moment", required=True),
        Column("criterion", "category", required=True),
        Column("score", "number", required=True, reads="score"),
        Column("max_score", "number"),
        Column("call_id", "id"),
        _TICKET,
        _AGENT,
        Column("comment", "text"),
    ),
)

AGENT_FEEDBACK = Table(
    "agent_feedback",
    (
        Column("noted_at", "moment", required=True),
        Column("text", "text", required=True),
        _AGENT,
        Column("topic", "category"),
        _ORDER,
        _TICKET,
    ),
)

EVENTS = Table(
    "events",
    (
        Column("name", "text", required=True),
        Column("kind", "category", required=True),
        Column("starts_on", "moment", required=True),
        Column("ends_on", "moment", required=True),
        Column("scope", "category"),
    ),
)

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        ORDERS,
        TICKETS,
        REVIEWS,
        SURVEYS,
        GESTURES,
        EMAILS,
        RETURNS,
        CALLS,
        LISTENING,
        AGENT_FEEDBACK,
        EVENTS,
    )
}
