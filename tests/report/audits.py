"""Audits built by hand: a full one, and the strange ones that a workbook must survive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from made import AS_OF, MONTHS, STRIKE, A, B

from cxaudit.schema.results import (
    Adjusted,
    Audit,
    Context,
    Counter,
    Criterion,
    Event,
    Export,
    Field,
    Finding,
    Irritant,
    Join,
    Measure,
    Mirage,
    NotComputable,
    Phrase,
    Point,
    Remark,
    Segment,
    SetAside,
    Span,
    Stake,
    Suggestion,
)
from cxaudit.schema.settings import Settings
from cxaudit.schema.workshop import Action, Note, Quote
from cxaudit.stats.intervals import wilson

REASONS = ("Retard de livraison", "Remboursement", "Article abîmé", "Échange de taille", "Question produit")


def _parts(y: float, n: float, deff: float) -> tuple[float | None, float | None, float | None, float]:
    if not n:
        return None, None, None, 0.0
    low, high = wilson(y / n, n / deff)
    return y / n, low, high, n / deff


def point(month: date, y: float, n: float, deff: float = 1.2) -> Point:
    value, low, high, n_eff = _parts(y, n, deff)
    return Point(month, y, n, value, low, high, n_eff)


def segment(name: str, y: float, n: float, deff: float = 1.1) -> Segment:
    value, low, high, n_eff = _parts(y, n, deff)
    return Segment(name, y, n, value, low, high, n_eff, "established" if n_eff >= 100 else "indicative")


def share(key: str, y: float, n: float, deff: float = 1.3, months: Sequence[date] = (), **more: object) -> Measure:
    """A share with Wilson limits; its months split it evenly but for a wave."""
    value, low, high, n_eff = _parts(y, n, deff)
    verdict = "insufficient" if n_eff < 30 else "indicative"
    if low is not None and high is not None and n_eff >= 100 and (high - low) / 2 <= 0.10:
        verdict = "established"
    series = tuple(
        point(
            month,
            min(round(n / len(months)), round(y / len(months) * (0.8 + 0.4 * (i % 5) / 4))),
            round(n / len(months)),
        )
        for i, month in enumerate(months)
    )
    facts = {"verdict": verdict, "series": series, **more}
    return Measure(key, "share", y, n, value, low, high, n_eff, deff, **facts)  # type: ignore[arg-type]


def gap(key: str, value: float, half: float, verdict: str, refusals: tuple[str, ...] = ()) -> Measure:
    return Measure(
        key, "share", None, 800, value, value - half, value + half, 640.0, 1.2, verdict, refusals, kind="difference"
    )


def mean(key: str, unit: str, total: float, n: float, half: float) -> Measure:
    value = total / n
    return Measure(key, unit, total, n, value, value - half, value + half, n / 1.2, 1.2, "established")


def nps(key: str, promoters: int, detractors: int, n: int) -> Measure:
    value = 100 * (promoters - detractors) / n
    series = tuple(Point(m, promoters - detractors, n, value, value - 6, value + 6, n / 1.1) for m in MONTHS[:6])
    return Measure(
        key,
        "points",
        promoters - detractors,
        n,
        value,
        value - 6,
        value + 6,
        n / 1.1,
        1.1,
        "established",
        series=series,
    )


def measures() -> dict[str, Measure]:
    reasons = tuple(segment(name, 40 - 6 * i, 150 - 20 * i) for i, name in enumerate(REASONS))
    channels = (segment("e-mail", 60, 300), segment("téléphone", 30, 150), segment("chat", 2, 4))
    agents = (segment("Camille Durand", 30, 90), segment("marie.petit@client.fr", 22, 80), segment("a3f29c1d", 12, 70))
    found = [
        share("recontact.orders.7d", 610, 4300, months=MONTHS),
        share("recontact.orders.14d", 780, 4200, months=MONTHS),
        share(
            "recontact.orders.30d",
            922,
            4118,
            months=MONTHS,
            segments={"reason": reasons, "channel": channels, "agent": agents},
            excluded={"immature": 182, "no_order": 1206, "spam": 14},
        ),
        share("recontact.orders.any", 1205, 4300),
        share("recontact.customers.30d", 800, 3700),
        share("recontact.topic.30d", 640, 4900),
        share("tone.negative.share", 1240, 4000, months=MONTHS, refusals=("R6",), segments={"source": reasons[:3]}),
        share("tone.positive.share", 1900, 4000),
        *(
            share(f"tone.{t}.share", 900 - 80 * i, 4000)
            for i, t in enumerate(
                (
                    "satisfaction",
                    "gratitude",
                    "annoyance",
                    "disappointment",
                    "anger",
                    "worry",
                    "confusion",
                    "relief",
                    "irony",
                    "neutral",
                )
            )
        ),
        share("repurchase.complainers.30d", 90, 840),
        share("repurchase.complainers.90d", 184, 800, months=MONTHS[:18], segments={"reason": reasons}),
        Measure("repurchase.complainers.90d.km", "share", 190, 860, 0.2314, 0.205, 0.261, 700.0, 1.2, "established"),
        Measure("repurchase.controls.90d", "share", 1400, 5000, 0.30, 0.28, 0.32, 4000.0, 1.2, "established"),
        gap("repurchase.gap.90d", -0.07, 0.04, "demonstrated"),
        share("silence.engaged.90d", 3000, 9000),
        share(
            "gesture.no_effect.90d",
            190,
            500,
            months=MONTHS[:18],
            segments={"kind": (segment("voucher", 120, 300), segment("refund", 70, 200))},
        ),
        share("gesture.reply.14d", 110, 500),
        Measure("gesture.cost.no_effect", "eur", None, 190, 2850.5, None, None, None, None, "indicative"),
        Measure("gesture.cost.total", "eur", None, 500, 7420.0, None, None, None, None, "indicative"),
        *(share(f"cross.reply_speed.{k}", y, 1000) for k, y in (("fast", 240), ("medium", 210), ("slow", 230))),
        *(share(f"cross.refund.repurchase.{k}.90d", y, 300) for k, y in (("full", 96), ("partial", 70), ("none", 45))),
        nps("cross.nps.purchase", 500, 100, 900),
        nps("cross.nps.support", 120, 150, 400),
        nps("cross.nps.return", 60, 90, 200),
        mean("effort.mean", "score", 2200, 400, 0.2),
        share("unsubscribe.30d", 190, 7000, months=MONTHS[:12]),
        share("surface.csat", 1042, 1100, months=MONTHS[:12]),
        share("surface.csat.response", 1100, 10000),
        Measure("surface.csat.reweighted", "share", None, 10000, 0.868, 0.8423, 0.8937, 1100.0, 1.0, "established"),
        Measure("surface.csat.bound_low", "share", None, 10000, 0.1012),
        Measure("surface.csat.bound_high", "share", None, 10000, 0.9912),
        share("surface.resolution", 9000, 9500),
        share("surface.recontact_after_close.7d", 1340, 9000),
        share("surface.reopened.share", 300, 9000),
        share("surface.pickup", 930, 1000),
        Measure("surface.first_reply_hours", "hours", None, 9000, 3.17, 3.0, 3.4, 7000.0, 1.2, "established"),
        mean("surface.handle_minutes", "minutes", 61000, 9000, 0.3),
        nps("surface.nps", 680, 340, 1500),
        Measure("surface.tickets", "count", 9614, 9614, 9614.0),
        Measure("surface.tickets_per_100_orders", "per_100", 2520, 41280, 100 * 2520 / 41280),
        share("field.canned.share", 1760, 8000),
        share("field.canned.recontact", 400, 1500),
        share("field.tailored.recontact", 700, 3300),
        gap("field.canned.gap", 0.031, 0.05, "not demonstrated"),
        share("field.late.share", 1200, 20000),
        share("field.late.contact", 500, 1200),
        share("field.on_time.contact", 1500, 18800),
        mean("field.hops.mean", "count", 3000, 9600, 0.05),
        share("field.listening.mean", 3900, 5000),
    ]
    return {item.key: item for item in found}


def mirages() -> tuple[Mirage, ...]:
    return (
        Mirage(
            "csat",
            "surface.csat",
            1042 / 1100,
            0.90,
            True,
            "confirmed",
            (
                Counter("surface.csat.reweighted", 0.868, "established", True),
                Counter("surface.csat.response", 0.11, "established", True),
            ),
        ),
        Mirage(
            "resolution",
            "surface.resolution",
            9000 / 9500,
            0.90,
            True,
            "confirmed",
            (
                Counter("surface.recontact_after_close.7d", 1340 / 9000, "established", True),
                Counter("surface.reopened.share", 300 / 9000, "established", False),
            ),
        ),
        Mirage(
            "first_reply",
            "surface.first_reply_hours",
            3.17,
            24.0,
            True,
            "suspected",
            (Counter("field.canned.gap", 0.031, "not demonstrated", True),),
        ),
        Mirage(
            "pickup",
            "surface.pickup",
            0.93,
            0.85,
            True,
            "cleared",
            (Counter("surface.reopened.share", 300 / 9000, "established", False),),
        ),
        Mirage(
            "nps",
            "surface.nps",
            100 * 340 / 1500,
            30.0,
            False,
            "not green",
            (Counter("cross.nps.support", -7.5, "established", None),),
        ),
        Mirage(
            "few_tickets",
            "surface.tickets_per_100_orders",
            100 * 2520 / 41280,
            15.0,
            True,
            "not computable",
            (Counter("silence.customers.90d", None, "insufficient", None),),
        ),
        Mirage(
            "tickets_handled",
            "surface.tickets",
            9614.0,
            None,
            None,
            "no target",
            (Counter("recontact.orders.30d", 922 / 4118, "established", None),),
        ),
    )


def context() -> Context:
    lines = {"peak": 0.0, "launch": 0.0, "incident": 0.020, "promotion": 0.003, "weekday": -0.003}
    return Context(
        A,
        B,
        "F1",
        {
            "recontact.orders.30d": Adjusted(
                "recontact.orders.30d",
                0.18,
                0.224,
                0.044,
                0.18,
                0.204,
                lines,
                0.044 - 0.020,
                0.009,
                0.039,
                "demonstrated",
            ),
            "tone.negative.share": Adjusted(
                "tone.negative.share",
                0.30,
                0.31,
                0.01,
                0.29,
                0.29,
                {"incident": 0.02, "weekday": -0.005},
                -0.005,
                -0.03,
                0.02,
                "withheld",
                ("R6",),
            ),
        },
        (
            Event("Grève des transporteurs", "incident", *STRIKE),
            Event("Soldes d’été", "promotion", date(2026, 6, 24), date(2026, 7, 21)),
        ),
        (Suggestion("Pic du 11 au 21 avril", "peak", date(2026, 4, 11), date(2026, 4, 21), "orders", 1.55),),
    )


def full() -> Audit:
    """What six real exports give: two mirages confirmed, one suspected, one cleared, silence not computable."""
    not_computable = {
        key: NotComputable(key, ("emails.clicked_at",), Phrase.of("refusal.R9"))
        for key in ("silence.customers.90d", "cross.clicks.gap", "field.promises.kept")
    }
    exports = (
        Export(
            "orders_export.csv",
            "orders",
            "shopify",
            {"order_id": "Name", "ordered_at": "Created at"},
            52010,
            41280,
            10700,
            (SetAside("no_date", 20), SetAside("test", 10)),
            {"amount": 2841234.5},
            digest="a" * 64,
            first_day=date(2025, 1, 1),
            last_day=AS_OF,
        ),
        Export(
            "/home/jean/dossier/tickets.csv",
            "tickets",
            "zendesk",
            {"ticket_id": "ID", "customer_email": "Requester e-mail"},
            9700,
            9614,
            0,
            (SetAside("spam", 86),),
            derived={"first_reply_at": {"from": ["created_at"], "rule": "minutes"}},
            first_day=date(2025, 1, 2),
            last_day=AS_OF,
        ),
    )
    return Audit(
        "0.1.0",
        "1",
        AS_OF,
        Span(date(2026, 1, 1), AS_OF),
        exports,
        (Join("tickets", "orders", "order_id", 7900, 9614), Join("tickets", "orders", "customer", 9000, 9614)),
        measures(),
        not_computable,
        context(),
        mirages(),
        Field(
            (
                Irritant("Retard de livraison", ("colis", "toujours rien", "point relais"), 1540, 0.31, 0.06, 0.312),
                Irritant("Remboursement", ("remboursement", "virement"), 702, 0.14, -0.01, 0.275),
                Irritant("Rare", ("unique",), 3, 0.001, None, None),
            ),
            (
                Remark("Étiquette retour illisible", date(2026, 3, 4), 14, 60),
                Remark("Cas isolé", date(2026, 3, 9), 1, 2),
            ),
            (Criterion("Accueil", 400, 0.92, 0.90, 0.94), Criterion("Solution", 400, 0.61, 0.57, 0.65)),
        ),
        (
            Finding(
                "csat", "high", ("surface.csat",), "demonstrated", Phrase.of("mirage.csat.hides"), ("surface.csat",)
            ),
            Finding(
                "recontact",
                "medium",
                ("recontact.orders.30d",),
                "suspected",
                Phrase.of("mirage.resolution.hides"),
                ("recontact.orders.30d",),
            ),
            Finding(
                "mirage.csat",
                "high",
                ("surface.csat", "surface.csat.reweighted"),
                "demonstrated",
                Phrase.of("finding.mirage.csat.demonstrated", value=1042 / 1100, target=0.90),
                ("ask_silent",),
            ),
            Finding(
                "reopened",
                "none",
                ("surface.reopened.share",),
                "good",
                Phrase.of("finding.reopened.good", value=300 / 9000, low=0.029, high=0.038, target=0.05),
                ("keep_it",),
            ),
        ),
        {
            "stake.lost_repurchase": Stake("stake.lost_repurchase", 47900.0, 24600.0, 71200.0, True),
            "stake.gestures_without_effect": Stake("stake.gestures_without_effect", 2850.5, -10.0, 5000.0, False),
        },
        (Phrase.of("refusal.R9"),),
        {"orders": 41280, "tickets": 9614},
        {"cancelled": 1204, "spam": 86},
        Settings(),
    )


def empty() -> Audit:
    """Nothing given, nothing computable."""
    keys = ("recontact.orders.30d", "repurchase.complainers.90d")
    absent = {key: NotComputable(key, ("tickets.created_at",), Phrase.of("refusal.R9")) for key in keys}
    return Audit("0.1.0", "1", None, None, not_computable=absent)


def one_month() -> Audit:
    """Three orders in one month."""
    only = replace(share("recontact.orders.30d", 3, 10), series=(point(MONTHS[0], 3, 10),))
    return Audit("0.1.0", "1", date(2026, 1, 31), Span(date(2026, 1, 1), date(2026, 1, 31)), measures={only.key: only})


HOSTILE = (
    '=HYPERLINK("http://x.y";"z")',
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "\t=1+1",
    "😀 emballage 🎁",
    "a" * 200,
    "x\x00\x0by",
    "{=1}",
    "http://example.org/a",
    "\ud800",
)


def strange() -> Audit:
    """300 reasons, names of 200 characters, emoji, formulas in every client field."""
    names = [f"{HOSTILE[n % len(HOSTILE)]} {n}" if n >= len(HOSTILE) else HOSTILE[n] for n in range(300)]
    reasons = tuple(segment(name, 1 + n % 7, 2 + n) for n, name in enumerate(names))
    base = full()
    measure = replace(base.measures["recontact.orders.30d"], segments={"reason": reasons})
    exports = tuple(
        replace(item, file=HOSTILE[0] + ".csv", platform=HOSTILE[1], mapping={"order_id": name}, sheet=HOSTILE[3])
        for item, name in zip(base.exports, HOSTILE, strict=False)
    )
    work = Field(
        tuple(Irritant(name, (name,), 50, 0.1, None, None) for name in HOSTILE),
        tuple(Remark(name, date(2026, 1, 1), 9, 9) for name in HOSTILE),
        tuple(Criterion(name, 90, 0.5, 0.4, 0.6) for name in HOSTILE),
    )
    events = tuple(Event(name, "incident", date(2026, 1, 1), date(2026, 1, 2), name) for name in HOSTILE)
    return replace(
        base,
        measures={**base.measures, measure.key: measure},
        exports=exports,
        field_work=work,
        context=replace(base.context, events=events),
    )


NOTES = (
    Note(
        "signals",
        "La grève a commencé le 14 juillet, pas le 20. À vérifier : les avis de passage.",
        datetime(2026, 10, 5, 14, 30),
    ),
    Note("overview", "=1+1", date(2026, 10, 5)),
)
PLAN = (
    Action(
        "Dire la date de livraison dans la première réponse",
        "Service client",
        date(2026, 11, 30),
        "low",
        "Recontact sous 20 %",
        "doing",
        "recontact",
        "stake.lost_repurchase",
    ),
    Action('=cmd|" /C calc"!A0', "@owner", None, "high", "", "todo"),
)
QUOTES = (
    Quote(
        "Toujours rien depuis trois semaines, c’est honteux. Écrivez-moi à ana@mail.fr",
        ((0, 14), (41, 50)),
        "anger",
        MONTHS[3],
        "avis",
    ),
    Quote("Encore bravo pour le colis vide, du grand art.", ((0, 12), (33, 45)), "irony", MONTHS[5], "ticket"),
    Quote("=SUM(1;2)", (), "neutral", None, "enquête"),
)
