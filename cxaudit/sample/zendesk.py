"""The ticket export of the help desk."""

import numpy as np
import polars as pl

from cxaudit.sample.calendar import NEVER
from cxaudit.sample.catalogue import Customers, products
from cxaudit.sample.columns import Numbers, stamps, text_frame, ticket_ids
from cxaudit.sample.contacts import AUTO_REPLY, MERGED, NORMAL, OUTBOUND, SPAM, Tickets
from cxaudit.sample.draws import Rng, pick_rows
from cxaudit.sample.orders import Orders
from cxaudit.sample.speech import TicketTexts
from cxaudit.sample.world import AGENTS, CHANNELS, REASONS

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
    solved = tickets.solved
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
