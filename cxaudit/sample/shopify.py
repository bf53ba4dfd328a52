"""The orders export of the shop's platform."""

import numpy as np
import polars as pl

from cxaudit.sample.calendar import DAY, NEVER
from cxaudit.sample.catalogue import BRAND, Customers, people, products
from cxaudit.sample.columns import Numbers, money, stamps, text_frame
from cxaudit.sample.draws import Rng, pick
from cxaudit.sample.orders import CODES, Orders
from cxaudit.sample.world import CARRIERS

SHOPIFY_COLUMNS = (
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Accepts Marketing",
    "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Shipping Method",
    "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem compare at price", "Lineitem sku",
    "Lineitem requires shipping", "Lineitem taxable", "Lineitem fulfillment status", "Billing Name", "Billing Street",
    "Billing Address1", "Billing Address2", "Billing Company", "Billing City", "Billing Zip", "Billing Province",
    "Billing Country", "Billing Phone", "Shipping Name", "Shipping Street", "Shipping Address1", "Shipping Address2",
    "Shipping Company", "Shipping City", "Shipping Zip", "Shipping Province", "Shipping Country", "Shipping Phone",
    "Notes", "Note Attributes", "Cancelled at", "Payment Method", "Payment Reference", "Refunded Amount", "Vendor",
    "Outstanding Balance", "Employee", "Location", "Device ID", "Id", "Tags", "Risk Level", "Source",
    "Lineitem discount", "Tax 1 Name", "Tax 1 Value", "Tax 2 Name", "Tax 2 Value", "Tax 3 Name", "Tax 3 Value",
    "Tax 4 Name", "Tax 4 Value", "Tax 5 Name", "Tax 5 Value", "Phone", "Receipt Number", "Duties",
    "Billing Province Name", "Shipping Province Name", "Payment ID", "Payment Terms Name", "Next Payment Due At",
    "Payment References",
)  # fmt: skip

APPENDED_COLUMNS = ("Carrier", "Promised delivery date", "Delivered at", "Test order")  # as a shop's app appends them

STAFF_MAIL = "equipe@maison-alba.example"

SHOPIFY_STAMP = "%Y-%m-%d %H:%M:%S %z"


def _status(orders: Orders) -> np.ndarray:
    cancelled = orders.cancelled_at != NEVER
    return np.select(
        [cancelled & (orders.refund_share < 1), orders.refund_share >= 1, orders.refund_share > 0],
        ["voided", "refunded", "partially_refunded"],
        "paid",
    )


def _variant(product: np.ndarray, rng: Rng) -> np.ndarray:
    """Index of a variant of each product, stable within one run."""
    counts = np.array([len(p.sizes) * len(p.colours) for p in products()])
    return (rng.random(len(product)) * counts[product]).astype(np.int64)


def _lines() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Names and SKUs of every variant, and where each product's variants start."""
    names: list[str] = []
    skus: list[str] = []
    starts: list[int] = []
    for number, product in enumerate(products()):
        starts.append(len(names))
        for size in product.sizes:
            for colour in product.colours:
                variant = " / ".join(part for part in (size, colour) if part)
                names.append(f"{product.name} - {variant}")
                skus.append(f"MA-{number + 1:02d}-{len(names):03d}")
    return np.array(names, dtype=object), np.array(skus, dtype=object), np.array(starts)


def shopify(orders: Orders, customers: Customers, names: np.ndarray, numbers: Numbers, rng: Rng) -> pl.DataFrame:
    """The orders export: a line an item, the order's own fields on its first line only, newest order first."""
    order = np.argsort(orders.at, kind="stable")[::-1]
    items = orders.items[order]
    row = np.repeat(order, items)
    place = np.arange(len(row)) - np.repeat(np.cumsum(items) - items, items)
    product = np.choose(place, (orders.product[row], orders.second[row], orders.third[row]))
    line_names, skus, starts = _lines()
    line = starts[product] + _variant(product, rng)
    price = np.array([p.price for p in products()])[product]
    who = orders.customer[row]
    email = np.where(orders.test[row], STAFF_MAIL, customers.email[who])
    shouted = rng.random(len(orders))[row] < 0.01
    email = np.where(shouted, np.array([e.upper() for e in email], dtype=object), email)
    frame = text_frame(
        {
            "Name": names[row],
            "Email": email,
            "Created at": stamps(orders.at[row], SHOPIFY_STAMP, "Europe/Paris"),
            "Lineitem quantity": np.where(place == 0, orders.quantity[row], 1).astype(str),
            "Lineitem name": line_names[line],
            "Lineitem price": money(np.where(orders.zero[row], 0.0, price)),
            "Lineitem sku": skus[line],
            "Lineitem requires shipping": np.full(len(row), "true"),
            "Lineitem taxable": np.full(len(row), "true"),
            "Lineitem fulfillment status": np.where(orders.shipped_at[row] == NEVER, "pending", "fulfilled"),
            "Vendor": np.full(len(row), BRAND),
            "Lineitem discount": np.full(len(row), "0.00"),
        }
    )
    head = _order_fields(orders, customers, order, numbers, rng)
    first = np.flatnonzero(place == 0)
    frame = frame.with_row_index("line").join(
        head.with_columns(pl.Series("line", first, dtype=pl.UInt32)), on="line", how="left", maintain_order="left"
    )
    blank = [pl.lit(None, pl.String).alias(name) for name in SHOPIFY_COLUMNS if name not in frame.columns]
    return frame.with_columns(blank).select(*SHOPIFY_COLUMNS, *APPENDED_COLUMNS)


def _order_fields(orders: Orders, customers: Customers, order: np.ndarray, numbers: Numbers, rng: Rng) -> pl.DataFrame:
    size = len(order)
    who = orders.customer[order]
    place = people()
    city = customers.city[who]
    full = customers.first[who] + " " + customers.family[who]
    street = customers.number[who].astype(str).astype(object) + " " + customers.street[who]
    extra = np.array((*[""] * 12, *place.extras), dtype=object)[rng.integers(12 + len(place.extras), size=size)]
    zips = np.array([f"'{z}" for z in place.zips], dtype=object)[city]
    shipped = orders.shipped_at[order]
    amount, zero = orders.amount[order], orders.zero[order]
    subtotal = np.where(zero, 0.0, np.round(orders.subtotal - orders.discount, 2)[order])
    taxes = np.round(amount / 6, 2)
    gift = rng.random(size) < 0.06
    test = orders.test[order]
    code = np.array([name for name, _ in CODES], dtype=object)[orders.code[order]]
    tags = np.select([test, zero], ["test", "remplacement"], "").astype(object)
    method = np.where(
        test, "bogus", np.array(("Carte bancaire", "PayPal", "Alma"), dtype=object)[pick((7, 2, 1), size, rng)]
    )
    promised = np.where(orders.zero | orders.test, NEVER, orders.promised_day * DAY)
    reference = np.array([f"c{numbers.order + n:09d}.1" for n in order], dtype=object)
    attributes = np.where(gift, "emballage_cadeau: oui\nmessage: Joyeux anniversaire, à très vite\norigine: panier", "")
    address = {
        "Name": full, "Street": street + np.where(extra == "", "", ", ") + extra, "Address1": street, "Address2": extra,
        "City": np.array(place.cities, dtype=object)[city], "Zip": zips,
        "Province": np.array(place.regions, dtype=object)[city], "Country": np.full(size, "FR"),
        "Phone": np.where(rng.random(size) < 0.8, customers.phone[who], ""),
    }  # fmt: skip
    columns: dict[str, pl.Series | np.ndarray | list[str]] = {
        "Financial Status": _status(orders)[order],
        "Paid at": stamps(orders.at[order] + 20, SHOPIFY_STAMP, "Europe/Paris"),
        "Fulfillment Status": np.where(shipped == NEVER, "unfulfilled", "fulfilled"),
        "Fulfilled at": stamps(shipped, SHOPIFY_STAMP, "Europe/Paris"),
        "Accepts Marketing": np.where(customers.opted_in[who], "yes", "no"),
        "Currency": np.full(size, "EUR"),
        "Subtotal": money(subtotal),
        "Shipping": money(np.where(zero, 0.0, orders.shipping[order])),
        "Taxes": money(taxes),
        "Total": money(amount),
        "Discount Code": code,
        "Discount Amount": money(np.where(zero, 0.0, orders.discount[order])),
        "Shipping Method": np.array([f"{name} domicile" for name in CARRIERS], dtype=object)[orders.carrier[order]],
        "Notes": np.where(rng.random(size) < 0.02, "Laisser chez le gardien, merci", ""),
        "Note Attributes": attributes,
        "Cancelled at": stamps(orders.cancelled_at[order], SHOPIFY_STAMP, "Europe/Paris"),
        "Payment Method": method,
        "Payment Reference": reference,
        "Refunded Amount": money(np.round(amount * orders.refund_share[order], 2)),
        "Outstanding Balance": np.full(size, "0.00"),
        "Id": (6_100_000_000_000 + numbers.order + order).astype(str),
        "Tags": tags,
        "Risk Level": np.full(size, "Low"),
        "Source": np.where(rng.random(size) < 0.04, "shopify_draft_order", "web"),
        "Tax 1 Name": np.full(size, "FR TVA 20%"),
        "Tax 1 Value": money(taxes),
        "Payment References": reference,
        "Carrier": np.array(CARRIERS, dtype=object)[orders.carrier[order]],
        "Promised delivery date": stamps(promised[order], "%Y-%m-%d"),
        "Delivered at": stamps(orders.delivered_at[order]),
        "Test order": np.where(test, "true", "false"),
    }  # fmt: skip
    for side in ("Billing", "Shipping"):
        columns |= {f"{side} {name}": values for name, values in address.items()}
    return text_frame(columns)
