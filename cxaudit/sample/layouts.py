"""The chunk's records in the layouts of the platforms that would have exported them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from cxaudit.sample.calendar import DAY, NEVER, START
from cxaudit.sample.catalogue import BRAND, IRRITANT_PRODUCT, Customers, people, products
from cxaudit.sample.contacts import AUTO_REPLY, MERGED, NORMAL, OUTBOUND, SPAM, Tickets
from cxaudit.sample.draws import Rng, pick, pick_rows
from cxaudit.sample.orders import CODES, Orders
from cxaudit.sample.signs import CAMPAIGNS, CSAT, NPS, Calls, Mails, Reviews, Surveys
from cxaudit.sample.speech import TicketTexts
from cxaudit.sample.world import AGENTS, CARRIERS, CHANNELS, REASONS

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
STAMP = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Numbers:
    """First numbers of the chunk: what ids start from."""

    order: int
    customer: int
    ticket: int


def moments(seconds: np.ndarray) -> pl.Series:
    """Seconds of the sample as local datetimes, null where NEVER."""
    start = int((START - START.__class__(1970, 1, 1)).total_seconds())
    values = pl.Series(seconds.astype(np.int64), dtype=pl.Int64)
    return pl.select(
        pl.when(values != NEVER).then((values + start) * 1000).otherwise(None).cast(pl.Datetime("ms"))
    ).to_series()


def stamps(seconds: np.ndarray, form: str = STAMP, zone: str | None = None) -> pl.Series:
    """Times as text, null where NEVER; with `zone`, given an offset ("Europe/Paris") or converted ("UTC")."""
    local = moments(seconds)
    if zone:
        local = local.dt.replace_time_zone("Europe/Paris", ambiguous="earliest", non_existent="null")
        local = local.dt.convert_time_zone(zone)
    return local.dt.to_string(form)


def money(amount: np.ndarray) -> pl.Series:
    """Euros with two decimals and a dot."""
    return pl.Series(np.char.mod("%.2f", amount))


def text_frame(columns: Mapping[str, pl.Series | np.ndarray | list[str]]) -> pl.DataFrame:
    """Columns of text as a frame, blanks as nulls; the types hold where there are no rows at all."""
    series = [
        values.alias(name) if isinstance(values, pl.Series) else pl.Series(name, list(values), dtype=pl.String)
        for name, values in columns.items()
    ]
    return pl.DataFrame(series).with_columns(pl.col(pl.String).replace("", None))


def order_names(orders: Orders, first: int) -> np.ndarray:
    """Order names by time within the chunk: #MA10001, #MA10002 …"""
    rank = np.empty(len(orders), dtype=np.int64)
    rank[np.argsort(orders.at, kind="stable")] = np.arange(len(orders))
    return np.array([f"#MA{10_000 + first + r}" for r in rank], dtype=object)


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


ZENDESK_COLUMNS = (
    "Summation column", "Id", "Requester", "Requester id", "Requester external id", "Requester email",
    "Requester domain", "Submitter", "Assignee", "Group", "Subject", "Tags", "Status", "Priority", "Via", "Ticket type",
    "Created at", "Updated at", "Assigned at", "Organization", "Due date", "Initially assigned at", "Solved at",
    "Resolution time", "Satisfaction Score", "Group stations", "Assignee stations", "Reopens", "Replies",
    "First reply time in minutes", "First reply time in minutes within business hours",
    "First resolution time in minutes", "First resolution time in minutes within business hours",
    "Full resolution time in minutes", "Full resolution time in minutes within business hours",
    "Agent wait time in minutes", "Agent wait time in minutes within business hours",
    "Requester wait time in minutes", "Requester wait time in minutes within business hours",
    "On hold time in minutes", "On hold time in minutes within business hours",
)  # fmt: skip
ZENDESK_CUSTOM = (
    "Motif [list]", "N° de commande [txt]", "Produit [list]", "Réclamation [flg]", "Temps de traitement (min) [int]",
    "Transferts [int]",
    "Fusionné dans [int]", "Ticket sortant [flg]", "Message du client [txt]", "Réponse de l'agent [txt]",
)  # fmt: skip


def ticket_ids(tickets: Tickets, first: int) -> np.ndarray:
    """Ticket ids, in order of creation within the chunk."""
    return 20_000 + first + np.arange(len(tickets))


def zendesk(
    tickets: Tickets, texts: TicketTexts, orders: Orders, customers: Customers, names: np.ndarray,
    unlinked: np.ndarray, numbers: Numbers, rng: Rng,
) -> pl.DataFrame:  # fmt: skip
    """The account's ticket export, with the shop's custom fields after the standard ones."""
    size = len(tickets)
    ids = ticket_ids(tickets, numbers.ticket)
    who = tickets.customer
    normal = tickets.kind == NORMAL
    reply = np.array([bool(text) for text in texts.reply])
    solved = (tickets.solved_at < DAY * 730) & (tickets.kind != SPAM)
    minutes = (tickets.first_reply // 60).astype(str)
    resolution = ((tickets.solved_at - tickets.at) // 60).astype(str)
    # a second ticket may come without a mail: the requester id leads to the first one's
    earlier = np.ones(size, dtype=bool)
    earlier[np.unique(who, return_index=True)[1]] = False
    email = np.where(earlier & (rng.random(size) < 0.06), "", customers.email[who])
    mixed = rng.random(size) < 0.02
    email = np.where(mixed, np.array([e.title() for e in email], dtype=object), email)
    spam = tickets.kind == SPAM
    email = np.where(spam, np.array([f"sales{n % 97}@promo.example" for n in ids], dtype=object), email)
    linked = (tickets.order >= 0) & ~unlinked[tickets.order] & ~spam
    number = _number_as_typed(names, tickets, linked, rng)
    agent = np.array(AGENTS, dtype=object)[tickets.agent]
    group = np.array([r.group for r in REASONS], dtype=object)[tickets.reason]
    upset = np.select([tickets.episode > 1, tickets.complaint], [0.16, 0.09], 0.03)
    rating = pick_rows(np.column_stack([np.full(size, 0.72), 0.28 - upset, upset]), rng)
    satisfaction = np.where(solved & normal, np.array(("Offered", "Good", "Bad"))[rating], "Not Offered")
    product = np.array([p.name for p in products()], dtype=object)[orders.product[tickets.order]]
    tags = np.select(
        [spam, tickets.kind == MERGED, tickets.kind == AUTO_REPLY, tickets.kind == OUTBOUND],
        ["spam", "closed_by_merge", "auto_reply", "sortant"],
        "",
    ).astype(object)
    full = customers.first[who] + " " + customers.family[who]
    blank = np.full(size, "")
    handled = np.round(tickets.handle_minutes).clip(1).astype(int).astype(str)
    columns: dict[str, pl.Series | np.ndarray | list[str]] = dict.fromkeys((*ZENDESK_COLUMNS, *ZENDESK_CUSTOM), blank)
    columns |= {
        "Summation column": np.full(size, "1"),
        "Id": ids.astype(str),
        "Requester": np.where(spam, "Growth Team", full),
        "Requester id": (370_000_000_000 + numbers.customer + who).astype(str),
        "Requester external id": np.where(spam, "", (8_000_000_000 + numbers.customer + who).astype(str)),
        "Requester email": email,
        "Requester domain": np.array([e.partition("@")[2] for e in email], dtype=object),
        "Submitter": np.where(tickets.kind == OUTBOUND, agent, np.where(spam, "Growth Team", full)),
        "Assignee": np.where(spam, "", agent),
        "Group": np.where(spam, "Support", group),
        "Subject": texts.subject,
        "Tags": tags,
        "Status": np.where(spam, "Deleted", np.where(solved, "Closed", "Open")),
        "Priority": np.where(tickets.complaint, "High", "Normal"),
        "Via": np.array(CHANNELS, dtype=object)[tickets.channel],
        "Ticket type": np.where(tickets.complaint, "Problem", "Question"),
        "Created at": stamps(tickets.at),
        "Updated at": stamps(np.where(solved, tickets.solved_at, tickets.at)),
        "Assigned at": stamps(tickets.at + 60),
        "Initially assigned at": stamps(tickets.at + 60),
        "Solved at": stamps(np.where(solved, tickets.solved_at, NEVER)),
        "Resolution time": np.where(solved, np.char.mod("%.2f", (tickets.solved_at - tickets.at) / 3600), ""),
        "Satisfaction Score": satisfaction,
        "Group stations": (1 + (tickets.transfers > 0)).astype(str),
        "Assignee stations": (1 + tickets.transfers).astype(str),
        "Reopens": tickets.reopens.astype(str),
        "Replies": np.where(reply, "1", "0"),
        "First reply time in minutes": np.where(reply, minutes, ""),
        "First resolution time in minutes": np.where(solved, resolution, ""),
        "Full resolution time in minutes": np.where(solved, resolution, ""),
        "Requester wait time in minutes": np.where(reply, minutes, ""),
        "Motif [list]": np.where(normal, np.array([r.name for r in REASONS], dtype=object)[tickets.reason], ""),
        "N° de commande [txt]": number,
        "Produit [list]": np.where(linked, product, ""),
        "Réclamation [flg]": np.where(tickets.complaint & normal, "1", "0"),
        "Temps de traitement (min) [int]": np.where(normal, handled, ""),
        "Transferts [int]": np.where(normal, tickets.transfers.astype(str), ""),
        "Fusionné dans [int]": np.where(tickets.kind == MERGED, _merged_into(tickets, ids), ""),
        "Ticket sortant [flg]": np.where(tickets.kind == OUTBOUND, "1", "0"),
        "Message du client [txt]": texts.body,
        "Réponse de l'agent [txt]": texts.reply,
    }  # fmt: skip
    return text_frame(columns)


def _number_as_typed(names: np.ndarray, tickets: Tickets, linked: np.ndarray, rng: Rng) -> np.ndarray:
    name = names[tickets.order]
    way = rng.random(len(tickets))
    typed = [
        full if w < 0.55 else full[1:] if w < 0.8 else full.lower() if w < 0.9 else f"{full[:3]} {full[3:]}"
        for full, w in zip(name, way, strict=True)
    ]
    return np.where(linked, np.array(typed, dtype=object), "")


def _merged_into(tickets: Tickets, ids: np.ndarray) -> np.ndarray:
    """Id of the order's first real ticket, for merged ones."""
    target = np.full(int(tickets.order.max(initial=0)) + 2, -1)
    real = np.flatnonzero((tickets.kind == NORMAL) & (tickets.order >= 0))[::-1]
    target[tickets.order[real]] = ids[real]
    return target[tickets.order].astype(str)


def trustpilot(
    reviews: Reviews, titles: list[str], bodies: list[str], answers: list[str], names: np.ndarray, customers: Customers,
    numbers: Numbers, rng: Rng,
) -> pl.DataFrame:  # fmt: skip
    """The review site's business export (UTC dates; the order number where the review was invited)."""
    size = len(reviews)
    who = reviews.customer
    invited = reviews.invited
    # who writes unasked does it under another account, that leads to no mail
    consumer = np.array(
        [f"{n:024x}" for n in np.where(invited, numbers.customer + who, 2**60 + numbers.order + reviews.order)]
    )
    username = np.array([f"{a} {b[0]}." for a, b in zip(customers.first[who], customers.family[who], strict=True)])
    return text_frame(
        {
            "Domain Url": np.full(size, "maison-alba.example"),
            "Webshop Name": np.full(size, BRAND),
            "Business Unit Id": np.full(size, "5f1a0c7e9d2b4a0001c3a1ba"),
            "Review Id": np.array([f"{numbers.order + o:024x}" for o in reviews.order]),
            "Review Created (UTC)": stamps(reviews.at, STAMP, "UTC"),
            "Review Consumer User Id": consumer,
            "Review Username": username,
            "Review User Email": np.where(invited, customers.email[who], ""),
            "Review Title": titles,
            "Review Content": bodies,
            "Review Stars": reviews.stars.astype(str),
            "Source Of Review": np.where(invited, "Invitation", "Organic"),
            "Reference Id": np.where(invited, names[reviews.order], ""),
            "Company Response": answers,
            "Company Reply Date (UTC)": stamps(reviews.replied_at, STAMP, "UTC"),
            "Review Language": np.full(size, "fr"),
            "Location Name": np.full(size, ""),
            "Location Id": np.full(size, ""),
            "Tags": np.full(size, ""),
        }
    )


FRENCH_STAMP = "%d/%m/%Y %H:%M"
_JOURNEYS = ("Achat", "Support", "Retour")


def survey(
    surveys: Surveys, comments: list[str], names: np.ndarray, ticket_id: np.ndarray, customers: Customers
) -> pl.DataFrame:
    """The survey tool's export: one line a survey sent, blank where nobody answered."""
    kind = np.array(("CSAT", "NPS", "CES"), dtype=object)[surveys.kind]
    ids = np.append(ticket_id, -1)  # position -1, no ticket, must exist even where there are none
    answered = surveys.answered_at != NEVER
    score = np.where(surveys.kind == CSAT, np.char.mod("%.1f", surveys.score), surveys.score.astype(str)).astype(object)
    return text_frame(
        {
            "Enquête": kind,
            "Parcours": np.array(_JOURNEYS, dtype=object)[surveys.journey],
            "E-mail": customers.email[surveys.customer],
            "N° de commande": np.where(surveys.order >= 0, names[surveys.order], ""),
            "N° de ticket": np.where(surveys.ticket >= 0, ids[surveys.ticket].astype(str), ""),
            "Envoyée le": stamps(surveys.sent_at, FRENCH_STAMP),
            "Distribuée": np.where(surveys.delivered, "oui", "non"),
            "Répondue le": stamps(surveys.answered_at, FRENCH_STAMP),
            "Note": pl.Series(np.where(answered, score, "")).str.replace(".", ",", literal=True),
            "Échelle": np.select([surveys.kind == CSAT, surveys.kind == NPS], ["1-5", "0-10"], "1-7"),
            "Commentaire": comments,
        }
    )  # fmt: skip


def mails(rows: Mails, customers: Customers) -> pl.DataFrame:
    """The mailing tool's log: one line a mail and its reader."""
    campaign = np.array([name for name, _ in CAMPAIGNS], dtype=object)[rows.campaign]
    journey = np.array([name for _, name in CAMPAIGNS], dtype=object)[rows.campaign]
    return text_frame(
        {
            "E-mail": customers.email[rows.customer],
            "Campagne": campaign,
            "Parcours": journey,
            "Envoyé le": stamps(rows.at),
            "Délivré": np.where(rows.delivered, "1", "0"),
            "Ouvert le": stamps(rows.opened_at),
            "Cliqué le": stamps(rows.clicked_at),
            "Désinscrit le": stamps(rows.unsubscribed_at),
        }
    )


def returns(orders: Orders, customers: Customers, names: np.ndarray, numbers: Numbers, rng: Rng) -> pl.DataFrame:
    """The returns desk's list."""
    rows = np.flatnonzero(orders.returned_at != NEVER)
    rows = rows[np.argsort(orders.returned_at[rows], kind="stable")]
    reasons = np.array(
        ("Taille", "Ne convient pas", "Défaut", "Couleur différente", "Erreur d'envoi", "Arrivé trop tard"),
        dtype=object,
    )
    pipes = orders.product[rows] == [p.name for p in products()].index(IRRITANT_PRODUCT)
    reason = np.where(
        pipes & (rng.random(len(rows)) < 0.4), "Défaut", reasons[pick((4, 4, 2, 2, 1, 1), len(rows), rng)]
    )
    return text_frame(
        {
            "N° de retour": np.array([f"R{numbers.order + r:08d}" for r in rows]),
            "N° de commande": names[rows],
            "E-mail client": customers.email[orders.customer[rows]],
            "Retourné le": stamps(orders.returned_at[rows]),
            "Motif du retour": reason,
            "Montant remboursé": money(np.round(orders.amount * orders.refund_share, 2)[rows]),
            "Remboursé le": stamps(orders.refunded_at[rows]),
        }
    )  # fmt: skip


def calls(rows: Calls, customers: Customers, ticket_id: np.ndarray, first: int) -> pl.DataFrame:
    """The telephone system's log."""
    return text_frame(
        {
            "Id appel": np.array([f"A{first + n:08d}" for n in range(len(rows))]),
            "Appel reçu le": stamps(rows.at),
            "Décroché le": stamps(rows.answered_at),
            "Terminé le": stamps(rows.ended_at),
            "Conseiller": np.where(rows.answered_at != NEVER, np.array(AGENTS, dtype=object)[rows.agent], ""),
            "E-mail client": customers.email[rows.customer],
            "N° de ticket": np.where(rows.ticket >= 0, ticket_id[rows.ticket].astype(str), ""),
            "File": np.full(len(rows), "Service clients"),
        }
    )
