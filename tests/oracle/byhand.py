"""Exports as a tester writes them, canonical names as headers, each with the figures counted by hand.

Day n is 2026-01-01 and n days. A figure is (numerator, denominator, value); None where it was not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Told = tuple[float | None, float | None, float | None]
Table = tuple[str, Iterable[Sequence[Any]]]


@dataclass(frozen=True, eq=False)
class Case:
    """One folder of exports, its last day, and what must be counted of it."""

    name: str
    as_of: int
    tables: dict[str, Table]
    told: dict[str, Told]

    def files(self) -> dict[str, str]:
        return {
            f"{name}.csv": "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"
            for name, (header, rows) in self.tables.items()
        }


def day(number: int, clock: str = "10:00:00") -> str:
    moment = (date(2026, 1, 1) + timedelta(number)).isoformat()
    return f"{moment} {clock}" if clock else moment


def bare(number: int) -> str:
    return day(number, "")


# A1: tickets per order 1,1,1,2,1,3,1,1,2,1, e-mails in two letter cases, order numbers with and without a hash.
_A1 = [1, 1, 1, 2, 1, 3, 1, 1, 2, 1]
RECONTACT = Case(
    "recontact",
    180,
    {
        "orders": (
            "order_id,ordered_at,customer_email,amount",
            [(f"O{n}", day(n % 5), f"c{n}@x.fr", 20 + n) for n in range(10)],
        ),
        "tickets": (
            "ticket_id,created_at,order_id,customer_email,reason",
            [
                (f"T{n}-{again}", day(9 + 5 * again), f"#o{n}", f" C{n}@X.fr ", "Retard de livraison")
                for n, times in enumerate(_A1)
                for again in range(times)
            ],
        ),
    },
    {
        "recontact.orders.30d": (3, 10, 0.3),
        "recontact.orders.7d": (3, 10, 0.3),
        "recontact.orders.any": (3, 10, 0.3),
        "recontact.customers.30d": (3, 10, 0.3),
        "recontact.topic.30d": (3, 10, 0.3),
        "surface.tickets": (14, 14, 14),
        "surface.tickets_per_100_orders": (14, 10, 140),
    },
)

# Chains: A over midnight, 30 minutes, then 30 minutes and a second; B, what is spam does not chain; C, merged,
# automatic and spam tickets are none; D, the last day of the window; E, the day after; F, two bare days are one moment.
EPISODES = Case(
    "episodes",
    180,
    {
        "tickets": (
            "ticket_id,created_at,order_id,customer_email,reason,channel,merged_into,is_spam,subject",
            [
                (1, day(9, "23:50:00"), "A", "a@x.fr", "Retard", "email", "", "", ""),
                (2, day(10, "00:20:00"), "A", "a@x.fr", "Autre", "chat", "", "", ""),
                (3, day(10, "00:50:01"), "A", "a@x.fr", "Autre", "chat", "", "", ""),
                (4, day(9), "B", "b@x.fr", "Retard", "email", "", "", ""),
                (5, day(9, "10:20:00"), "B", "b@x.fr", "Retard", "email", "", "true", ""),
                (6, day(9, "10:45:00"), "B", "b@x.fr", "Retard", "email", "", "", ""),
                (7, day(9), "C", "c@x.fr", "Retard", "email", "", "", ""),
                (8, day(11), "C", "c@x.fr", "Retard", "email", 7, "", ""),
                (17, day(12), "C", "c@x.fr", "Retard", "email", "", "", "Réponse automatique : absente"),
                (18, day(13), "C", "c@x.fr", "Spam", "email", "", "", "Gagnez un lot"),
                (9, day(9), "D", "d@x.fr", "Retard", "email", "", "", ""),
                (10, day(39, "23:59:00"), "D", "d@x.fr", "Retard", "email", "", "", ""),
                (11, day(9), "E", "e@x.fr", "Retard", "email", "", "", ""),
                (12, day(40, "00:00:00"), "E", "e@x.fr", "Retard", "email", "", "", ""),
                (13, bare(9), "F", "f@x.fr", "Retard", "email", "", "", ""),
                (14, bare(9), "F", "f@x.fr", "Retard", "email", "", "", ""),
                (15, bare(14), "", "f@x.fr", "Retard", "email", "", "", ""),
                (16, bare(14), "", "f@x.fr", "Retard", "email", "", "", ""),
            ],
        )
    },
    {
        "recontact.orders.7d": (2, 6, 2 / 6),
        "recontact.orders.30d": (3, 6, 3 / 6),
        "recontact.orders.any": (4, 6, 4 / 6),
        "recontact.topic.30d": (4, 7, 4 / 7),
        "surface.tickets": (14, 14, 14),
    },
)

# Ann by e-mail in two cases, by id in three spellings; Bob complains of an order he cancelled; one order is nobody's.
CUSTOMERS = Case(
    "customers",
    180,
    {
        "orders": (
            "order_id,ordered_at,customer_email,customer_id,amount,status,cancelled_at,is_test,refunded_amount",
            [
                ("#2001", day(1), "Ann@Shop.fr", "", 50, "paid", "", "", ""),
                (" 2002 ", day(19), " ann@shop.FR ", "#K1", 50, "paid", "", "", ""),
                ("2003", day(2), "", "k1", 50, "paid", "", "", ""),
                ("2004", day(2), "", "", 50, "paid", "", "", ""),
                ("2005", day(2), "bob@x.fr", "K2", 50, "cancelled", bare(3), "", ""),
                ("2006", day(24), "bob@x.fr", "K2", 50, "paid", "", "", 50),
                ("2007", day(1), "bob@x.fr", "K2", 50, "paid", "", "", ""),
                ("2008", day(27), "bob@x.fr", "K2", 0, "paid", "", "", ""),
                ("2009", day(27), "bob@x.fr", "K2", 30, "draft", "", "", ""),
                ("2010", day(27), "bob@x.fr", "K2", 30, "paid", "", "true", ""),
            ],
        ),
        "tickets": (
            "ticket_id,created_at,order_id,customer_email,customer_id,reason",
            [
                (1, day(9), "", "", "K 1", "Produit cassé"),
                (2, day(11), "2005", "", "", "Produit cassé"),
                (3, day(13), "#2005", "BOB@x.fr", "", "Produit cassé"),
                (4, day(13), "2004", "", "", "Question"),
                (5, day(13), "", "", "", "Question"),
            ],
        ),
    },
    {
        "repurchase.complainers.30d": (1, 2, 0.5),
        "repurchase.after_contact.30d": (1, 2, 0.5),
        "recontact.orders.30d": (1, 2, 0.5),
        "recontact.customers.30d": (1, 1, 1.0),
        "surface.tickets_per_100_orders": (5, 6, 500 / 6),
    },
)

# A3, complaints three days after their order; nobody else bought, so that nothing can stand beside them.
_A3 = [(0, 12), (5, None), (10, 45), (20, 80), (40, None), (60, 25), (95, 10), (110, None)]
REPURCHASE = Case(
    "repurchase",
    123,
    {
        "orders": (
            "order_id,ordered_at,customer_email,amount",
            [(f"{100 + n}", day(t), f"c{n}@x.fr", 70) for n, (t, _) in enumerate(_A3)]
            + [(f"{200 + n}", day(t + 3 + gap), f"c{n}@x.fr", 70) for n, (t, gap) in enumerate(_A3) if gap],
        ),
        "tickets": (
            "ticket_id,created_at,order_id,is_complaint",
            [(f"T{n}", day(t + 3), f"{100 + n}", "TRUE") for n, (t, _) in enumerate(_A3)],
        ),
    },
    {
        "repurchase.complainers.30d": (2, 6, 1 / 3),
        "repurchase.complainers.90d": (3, 4, 0.75),
        "repurchase.complainers.30d.km": (3, 8, 5 / 12),
        "repurchase.complainers.90d.km": (5, 8, 17 / 24),
        "repurchase.gap.30d": (None, 6, None),
    },
)

# A4: one order a customer, all of 70 €, complaints exactly two days after their order; the month tells the cells apart.
_A4 = [("2026-01-10", 60, 9, 400, 80), ("2026-02-10", 30, 9, 300, 120), ("2026-03-10", 10, 5, 300, 180)]


def _a4() -> tuple[list[Sequence[Any]], list[Sequence[Any]]]:
    orders: list[Sequence[Any]] = []
    tickets: list[Sequence[Any]] = []
    for month, cases, bought, controls, bought_again in _A4:
        for n in range(cases + controls):
            who, complains = f"{month}-{n}@x.fr", n < cases
            orders.append((f"{month}-{n}", f"{month} 10:00:00", who, 70))
            if complains:
                tickets.append((len(tickets), f"{month[:-2]}12 10:00:00", f"{month}-{n}", "Produit cassé"))
            if n < bought or cases <= n < cases + bought_again:
                orders.append((f"{month}-{n}b", f"{month[:-2]}25 10:00:00", who, 70))
    return orders, tickets


_A4_ORDERS, _A4_TICKETS = _a4()
_A4_ORDERS.append(("last", day(118), "last@x.fr", 70))  # so that no source stops early
_A4_TICKETS.append(("last", day(118), "last", "Question"))
GAP = Case(
    "gap",
    120,
    {
        "orders": ("order_id,ordered_at,customer_email,amount", _A4_ORDERS),
        "tickets": ("ticket_id,created_at,order_id,reason", _A4_TICKETS),
    },
    {"repurchase.complainers.30d": (23, 100, 0.23)},
)

# A5 and A6.
_A5 = [10, 20, 30, 40, 60, 90, 150, 100]
SILENCE = Case(
    "silence",
    200,
    {
        "orders": (
            "order_id,ordered_at,customer_email,amount",
            [(500 + n, day(t), f"s{n}@x.fr", 30) for n, t in enumerate(_A5)] + [(600, day(140), "s3@x.fr", 30)],
        ),
        "emails": (
            "sent_at,customer_email,campaign,delivered,opened_at,clicked_at",
            [
                (day(49), "s0@x.fr", "news", "true", day(49, "11:00:00"), day(50)),
                (day(101), "s7@x.fr", "news", "true", day(101, "12:00:00"), ""),
            ],
        ),
        "returns": ("returned_at,order_id", [(day(45), 502)]),
        "surveys": (
            "kind,sent_at,answered_at,score,customer_email",
            [("csat", day(60, "12:00:00"), day(61), 5, "s4@x.fr")],
        ),
    },
    {
        "silence.customers.90d": (4, 7, 4 / 7),
        "silence.engaged.90d": (2, 7, 2 / 7),
        "silence.survey_response.14d": (1, 1, 1.0),
    },
)
_A6 = [(10, 10), (15, 20), (20, 30), (5, 40), (30, 180)]
GESTURES = Case(
    "gestures",
    200,
    {
        "orders": (
            "order_id,ordered_at,customer_id,amount",
            [(700 + n, day(t - 5), who, 40) for who, n, (_, t) in zip("abcde", range(5), _A6, strict=True)]
            + [(799, day(70), "c", 55)],
        ),
        "gestures": (
            "granted_at,customer_id,cost,kind",
            [(day(t), who, cost, "voucher") for who, (cost, t) in zip("abcde", _A6, strict=True)],
        ),
        "tickets": ("ticket_id,created_at,customer_id", [("t", day(15), "a")]),
    },
    {
        "gesture.reply.14d": (1, 5, 0.2),
        "gesture.repurchase.90d": (1, 4, 0.25),
        "gesture.no_effect.90d": (2, 4, 0.5),
        "gesture.cost.no_effect": (None, 2, 20),
        "gesture.cost.total": (None, 4, 50),
    },
)
# One customer, two gestures, one of them answered badly first and well later; a ticket on the first day of neither.
TWO_GESTURES = Case(
    "two gestures",
    200,
    {
        "orders": ("order_id,ordered_at,customer_id,amount", [("x", day(1), "a", 40), ("y", day(2), "b", 40)]),
        "gestures": (
            "granted_at,customer_id,cost,redeemed_at",
            [(day(10), "a", 5, ""), (day(60), "a", 7, day(150)), (day(20), "b", 9, "")],
        ),
        "surveys": (
            "kind,sent_at,answered_at,score,scale,customer_id",
            [
                ("csat", day(10), day(11), 2, "1-5", "a"),
                ("nps", day(12), day(13), 9, "0-10", "a"),
                ("ces", day(20), day(21), 5, "1-7", "b"),
            ],
        ),
        "tickets": ("ticket_id,created_at,customer_id", [("t", day(10), "a"), ("u", day(111), "b")]),
    },
    {
        "gesture.reply.14d": (0, 3, 0.0),
        "gesture.satisfied": (0, 2, 0.0),
        "gesture.repurchase.90d": (0, 3, 0.0),
        "gesture.no_effect.90d": (1, 3, 1 / 3),
        "gesture.cost.no_effect": (None, 1, 9),
    },
)

# Scales, an unanswered, a bounced and a young survey.
SURVEYS = Case(
    "surveys",
    100,
    {
        "surveys": (
            "kind,sent_at,answered_at,score,customer_email,journey,delivered",
            [
                ("nps", day(1), day(2), 10, "a@x.fr", "purchase", "true"),
                ("nps", day(1), day(2), 9, "b@x.fr", "purchase", "true"),
                ("nps", day(1), day(2), 8, "c@x.fr", "purchase", "true"),
                ("nps", day(1), day(2), 6, "d@x.fr", "support", "true"),
                ("nps", day(1), "", "", "e@x.fr", "support", "true"),
                ("nps", day(1), "", "", "f@x.fr", "support", "false"),
                ("ces", day(1), day(3), 5, "a@x.fr", "support", "true"),
                ("ces", day(1), day(3), 4, "b@x.fr", "support", "true"),
                ("ces", day(1), day(20), 7, "c@x.fr", "support", "true"),
                ("csat", day(1), day(3), 5, "a@x.fr", "purchase", "true"),
                ("csat", day(1), day(3), 3, "b@x.fr", "purchase", "true"),
                ("csat", day(1), "", "", "g@x.fr", "purchase", "true"),
                ("csat", day(95), day(96), 4, "h@x.fr", "purchase", "true"),
            ],
        )
    },
    {
        "surface.nps": (1, 4, 25.0),
        "cross.nps.purchase": (2, 3, 200 / 3),
        "cross.nps.support": (-1, 1, -100.0),
        "effort.mean": (16, 3, 16 / 3),
        "effort.easy.share": (2, 3, 2 / 3),
        "surface.ces": (16, 3, 16 / 3),
        "surface.csat": (2, 3, 2 / 3),
        "surface.csat.response": (2, 3, 2 / 3),
        "surface.csat.bound_low": (1, 3, 1 / 3),
        "surface.csat.bound_high": (2, 3, 2 / 3),
        "silence.survey_response.14d": (8, 11, 8 / 11),
    },
)
RATED_TICKETS = Case(
    "rated tickets",
    10,
    {
        "tickets": (
            "ticket_id,created_at,customer_email,csat",
            [(n, day(1), f"c{n}@x.fr", score) for n, score in enumerate(["Good", "Bad", "Good", ""])],
        )
    },
    {"surface.csat": (2, 3, 2 / 3)},
)

# Mails 90 and 91 days before, 30 and 31 after; unsubscriptions 30 and 31 days after, before, at the very moment.
UNSUBSCRIBED = Case(
    "unsubscribed",
    240,
    {
        "orders": (
            "order_id,ordered_at,customer_email,amount",
            [(900 + n, day(100), f"u{n}@x.fr", 10) for n in range(8)] + [(950, day(120), "u0@x.fr", 10)],
        ),
        "emails": (
            "sent_at,customer_email,unsubscribed_at,clicked_at,delivered,campaign",
            [
                (day(90), "U0@x.fr", day(105), "", "true", "A"),
                (day(9), "u1@x.fr", day(101), "", "true", "A"),
                (day(10), "u2@x.fr", day(130), day(11), "true", "A"),
                (day(131), "u3@x.fr", "", "", "true", "A"),
                (day(130), "u4@x.fr", day(131), "", "true", "A"),
                (day(50), "u5@x.fr", day(60), "", "true", "A"),
                (day(100, "09:00:00"), "u6@x.fr", day(100), "", "false", "A"),
            ],
        ),
    },
    {
        "unsubscribe.30d": (2, 5, 0.4),
        "unsubscribe.mean_days": (35, 2, 17.5),
        "silence.customers.90d": (7, 8, 7 / 8),  # an unsubscription is no sign of life, a second order is
    },
)

# Refunds in full, in part, none, by status; the same where only the returns tell, one of them in two parcels.
_REFUNDED = [("A", 50, 46), ("B", 20, 164), ("C", "", 20), ("D", 0, 9), ("E", "", None)]
_SOLVED: Table = (
    "ticket_id,created_at,order_id,reason,solved_at",
    [(f"R{n}", day(7), name, "Remboursement", day(8)) for n, (name, _, _) in enumerate(_REFUNDED)],
)
_AGAIN = [(f"{name}2", day(t), name.lower(), 50) for name, _, t in _REFUNDED if t]
REFUNDS = Case(
    "refunds",
    240,
    {
        "orders": (
            "order_id,ordered_at,customer_id,amount,refunded_amount,status",
            [
                (name, day(1), name.lower(), 50, back, "refunded" if name == "E" else "paid")
                for name, back, _ in _REFUNDED
            ]
            + [(*row, "", "paid") for row in _AGAIN],
        ),
        "tickets": _SOLVED,
    },
    {
        "cross.refund.repurchase.full.90d": (1, 2, 0.5),
        "cross.refund.repurchase.partial.90d": (0, 1, 0.0),
        "cross.refund.repurchase.none.90d": (2, 2, 1.0),
        "surface.resolution": (5, 5, 1.0),
    },
)
RETURNS = Case(
    "returns",
    240,
    {
        "orders": (
            "order_id,ordered_at,customer_id,amount",
            [(name, day(1), name.lower(), 50) for name, _, _ in _REFUNDED] + _AGAIN,
        ),
        "tickets": _SOLVED,
        "returns": (
            "returned_at,order_id,refunded_amount,refunded_at",
            [(day(8), "A", 50, day(9)), (day(8), "B", 10, day(9)), (day(11), "B", 10, day(12))],
        ),
    },
    {
        "cross.refund.repurchase.full.90d": (1, 1, 1.0),
        "cross.refund.repurchase.partial.90d": (0, 1, 0.0),
        "cross.refund.repurchase.none.90d": (2, 3, 2 / 3),
    },
)

# A13 with a tenth of the mails, a bounced one and one too late; thin campaigns keep their own rate.
_A13 = [("one", "dispute", 10, 2), ("one", "smooth", 20, 6), ("two", "dispute", 20, 1), ("two", "smooth", 4, 1)]
_MAILED = [
    (f"{campaign}-{kind}-{n}", campaign, kind, n < clicked)
    for campaign, kind, sent, clicked in _A13
    for n in range(sent)
]
CLICKS = Case(
    "clicks",
    200,
    {
        "orders": (
            "order_id,ordered_at,customer_email,amount",
            [(who, day(1), f"{who}@x.fr", 20) for who, *_ in _MAILED] + [("late", day(1), "late@x.fr", 20)],
        ),
        "tickets": (
            "ticket_id,created_at,order_id,reason",
            [(n, day(5), who, "Produit cassé") for n, (who, _, kind, _) in enumerate(_MAILED) if kind == "dispute"]
            + [("x", day(5), "late", "Produit cassé")],
        ),
        "emails": (
            "sent_at,customer_email,campaign,delivered,clicked_at",
            [
                (day(10), f"{who}@x.fr", campaign, "true", day(11) if clicked else "")
                for who, campaign, _, clicked in _MAILED
            ]
            + [(day(10), "late@x.fr", "one", "false", day(11)), (day(96), "late@x.fr", "one", "true", day(97))],
        ),
    },
    {
        "cross.clicks.dispute": (3, 30, 0.1),
        "cross.clicks.smooth": (None, 24, 1 / 3 * 0.3 + 2 / 3 * 0.25),
        "cross.clicks.gap": (None, 30, 0.1 - (1 / 3 * 0.3 + 2 / 3 * 0.25)),
    },
)

# A14 in small: 15 replies of each third; fewer than five of one reason in each.
_A14 = [("Retard", 5, 12, 3), ("Casse", 5, 3, 1), ("Retard", 60, 12, 0), ("Casse", 60, 3, 0), ("Retard", 300, 12, 6),
        ("Casse", 300, 3, 2)]  # fmt: skip
_REPLIED = [
    (f"{reason}-{minutes}-{n}", reason, minutes, n < back) for reason, minutes, sent, back in _A14 for n in range(sent)
]
REPLY_SPEED = Case(
    "reply speed",
    200,
    {
        "tickets": (
            "ticket_id,created_at,order_id,reason,first_reply_at",
            [(f"A{n}", day(1), who, reason, day(1, f"{10 + minutes // 60}:{minutes % 60:02d}:00"))
             for n, (who, reason, minutes, _) in enumerate(_REPLIED)]
            + [(f"B{n}", day(8), who, reason, "") for n, (who, reason, _, back) in enumerate(_REPLIED) if back],
        ),
    },
    {
        "cross.reply_speed.fast": (None, 15, 0.8 * 3 / 12 + 0.2 * 1 / 3),
        "cross.reply_speed.slow": (None, 15, 0.8 * 6 / 12 + 0.2 * 2 / 3),
        "surface.first_reply_hours": (None, 45, 1.0),
        "surface.first_reply_hours.mean": (91.25, 45, 91.25 / 45),
    },
)  # fmt: skip

CLOSING = Case(
    "closing",
    26,
    {
        "tickets": (
            "ticket_id,created_at,order_id,customer_email,reason,status,solved_at,reopens,handle_minutes,transfers",
            [
                (1, day(1), 7001, "a@x.fr", "Retard", "closed", day(1, "10:30:00"), 0, 4, 0),
                (2, day(4), 7001, "a@x.fr", "Retard", "closed", day(5), 1, 8, 1),
                (3, day(1), 7002, "b@x.fr", "Casse", "open", "", 0, "", 0),
                (4, day(1), 7003, "c@x.fr", "Casse", "solved", "", 0, 10, 2),
                (5, day(19), 7004, "d@x.fr", "Casse", "open", "", 0, 10, 0),
                (6, day(24), 7005, "e@x.fr", "Casse", "open", "", 0, "", 0),
            ],
        )
    },
    {
        "surface.resolution": (3, 5, 0.6),
        "surface.recontact_after_close.7d": (1, 2, 0.5),
        "surface.recontact_after_close.30d": (0, 0, None),
        "surface.reopened.share": (1, 3, 1 / 3),
        "surface.handle_minutes": (32, 4, 8.0),
        "field.hops.mean": (3, 6, 0.5),
        "field.quick_close.recontact": (1, 1, 1.0),
        "field.slow_close.recontact": (0, 1, 0.0),
    },
)
REOPENED = Case(
    "reopened",
    30,
    {"tickets": ("ticket_id,created_at,reopens", [(n, day(n), int(n == 2)) for n in range(4)])},
    {"surface.reopened.share": (1, 4, 0.25)},
)
CALLS = Case(
    "calls",
    30,
    {
        "calls": (
            "call_id,called_at,answered_at,ended_at,customer_id",
            [
                (1, day(1), day(1, "10:01:00"), day(1, "10:05:00"), "a"),
                (2, day(1), "", "", "b"),
                (3, day(2), day(2, "10:02:00"), day(2, "10:12:00"), "a"),
            ],
        )
    },
    {"surface.pickup": (2, 3, 2 / 3), "surface.handle_minutes": (14, 2, 7.0)},
)
LATE = Case(
    "late",
    150,
    {
        "orders": (
            "order_id,ordered_at,customer_email,promised_at,delivered_at,amount",
            [
                (8001, bare(1), "a@x.fr", bare(7), day(8), 10),
                (8002, bare(1), "b@x.fr", bare(7), day(7, "23:00:00"), 10),
                (8003, bare(1), "c@x.fr", bare(7), "", 10),
                (8004, bare(1), "d@x.fr", "", day(7), 10),
            ],
        ),
        "tickets": (
            "ticket_id,created_at,order_id",
            [(1, day(7), 8001), (2, day(22), 8002), (3, day(53), 8003)],
        ),
    },
    {"field.late.share": (1, 2, 0.5), "field.late.contact": (1, 1, 1.0), "field.on_time.contact": (0, 1, 0.0)},
)

# Moments of universal time around the change of the clocks in Paris: 23:30 is half past midnight of the next day, and
# in autumn 50 minutes past midnight comes after a quarter past one.
CLOCKS = Case(
    "clocks",
    360,
    {
        "tickets": (
            "ticket_id,created_at,order_id,customer_email",
            [
                (1, "2026-03-28T23:30:00Z", 1, "a@x.fr"),
                (2, "2026-04-05T21:59:00Z", 1, "a@x.fr"),
                (3, "2026-03-28T23:30:00Z", 2, "b@x.fr"),
                (4, "2026-04-05T22:00:00Z", 2, "b@x.fr"),
            ],
        )
    },
    {"recontact.orders.7d": (1, 2, 0.5), "recontact.orders.any": (2, 2, 1.0)},
)

# Every order cancelled: no order at all, but a customer who wrote twice about two of them did write again.
CANCELLED = Case(
    "all cancelled",
    330,
    {
        "orders": (
            "order_id,ordered_at,customer_email,amount,cancelled_at",
            [(n, day(n), "a@x.fr", 10, day(n + 1)) for n in range(1, 6)],
        ),
        "tickets": (
            "ticket_id,created_at,order_id,customer_email,reason",
            [(n, day(n + 3), n, "a@x.fr", "Retard") for n in range(1, 6)] + [(6, day(20), 1, "a@x.fr", "Autre")],
        ),
        "emails": ("sent_at,customer_email,clicked_at,delivered", [(day(2), "a@x.fr", day(3), "true")]),
    },
    {
        "recontact.orders.30d": (1, 5, 0.2),
        "recontact.customers.30d": (1, 1, 1.0),
        "recontact.topic.30d": (1, 2, 0.5),
        "repurchase.complainers.90d": (0, 0, None),
        "silence.customers.90d": (0, 0, None),
        "surface.tickets_per_100_orders": (6, 0, None),
    },
)

# What frames write where there is nothing, and numbers that became fractions on the way.
FRAMES = Case(
    "frames",
    330,
    {
        "orders": ("order_id,ordered_at,customer_id,amount,is_test", [(1001, day(1), 7, 5.5, False)]),
        "tickets": (
            "ticket_id,created_at,order_id,customer_id,reason,solved_at,merged_into,is_spam,transfers",
            [
                (1, "2026-01-05T10:00:00.123456", "1001.0", "7.0", "Retard", "NaT", "nan", False, "1.0"),
                (2, "2026-01-15T10:00:00.123456", "1001.0", "7.0", "Retard", "NaT", "nan", False, "nan"),
                (3, "2026-01-15T10:00:00.123456", "nan", "8.0", "None", "2026-01-16 10:00:00", "nan", False, "0.0"),
                (4, "2026-01-15T10:00:00.123456", "nan", "8.0", "Retard", "NaT", "1.0", False, "0.0"),
            ],
        ),
    },
    {
        "recontact.orders.30d": (1, 1, 1.0),
        "recontact.customers.30d": (1, 1, 1.0),
        "surface.resolution": (1, 3, 1 / 3),
        "surface.tickets": (3, 3, 3),
        "field.hops.mean": (1, 2, 0.5),
        "repurchase.after_contact.30d": (0, 1, 0.0),
    },
)

# A moment, an order and nobody, under a name that tells nothing: the names of the columns are a ticket's.
BARE = Case(
    "bare",
    330,
    {"x": ("created_at,order_id,reason", [(day(1), "A", "r"), (day(5), "A", "r"), (day(1), "B", "s")])},
    {"recontact.orders.30d": (1, 2, 0.5), "recontact.orders.any": (1, 2, 0.5), "surface.tickets": (3, 3, 3)},
)

CASES = (
    RECONTACT, EPISODES, CUSTOMERS, REPURCHASE, GAP, SILENCE, GESTURES, TWO_GESTURES, SURVEYS, RATED_TICKETS,
    UNSUBSCRIBED, REFUNDS, RETURNS, CLICKS, REPLY_SPEED, CLOSING, REOPENED, CALLS, LATE, CLOCKS, CANCELLED,
    FRAMES, BARE,
)  # fmt: skip
