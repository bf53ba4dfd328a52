"""An audit written by hand, with figures that a reader checks in the head; the pages draw it like a real one."""

from __future__ import annotations

from datetime import date

from made import AS_OF, MONTHS, STRIKE, A, B

from cxaudit.schema import results as r
from cxaudit.schema.settings import Settings

EPOCH = date(1970, 1, 1)
FIRST = date(2025, 1, 1)
RATES = [
    0.179, 0.182, 0.176, 0.183, 0.180, 0.184, 0.178, 0.186, 0.191, 0.180, 0.182,
    0.185, 0.181, 0.188, 0.190, 0.187, 0.194, 0.198, 0.214, 0.251, 0.213,
]  # fmt: skip


def months(scale: float = 1.0, n: int = 640) -> tuple[r.Point, ...]:
    return tuple(
        r.Point(month, round(rate * scale * n), n, rate * scale, rate * scale - 0.019, rate * scale + 0.019, n)
        for month, rate in zip(MONTHS, RATES, strict=True)
    )


def days(units: float = 80, rate: float = 0.18) -> r.Daily:
    numbers = range((FIRST - EPOCH).days, (AS_OF - EPOCH).days + 1)
    peak = {(date(2025, 11, 24) - EPOCH).days + step for step in range(14)}
    counts = tuple(units * (2.0 if day in peak else 1.0) for day in numbers)
    return r.Daily(tuple(numbers), counts, tuple(rate * count for count in counts))


def share(key: str, numerator: float, denominator: float, half: float, **more: object) -> r.Measure:
    value = numerator / denominator
    rest = {"verdict": "established", "series": months(value / 0.21), "daily": days(rate=value), **more}
    return r.Measure(key, "share", numerator, denominator, value, value - half, value + half, denominator, 1.0, **rest)


def segments() -> dict[str, tuple[r.Segment, ...]]:
    rows = [
        ("Retard de livraison", 480, 1540),
        ("Remboursement", 193, 702),
        ("Article abîmé", 85, 388),
        ("Échange de taille", 56, 341),
        ("Question produit", 68, 690),
    ]
    return {
        "reason": tuple(r.Segment(name, y, n, y / n, y / n - 0.04, y / n + 0.04, n) for name, y, n in rows),
        "channel": (
            r.Segment("email", 700, 3000, 0.2333, 0.21, 0.25, 3000),
            r.Segment("chat", 3, 4, 0.75, 0.2, 0.95, 4),
        ),
    }


def made() -> r.Audit:
    """Five green KPIs: two contradicted, one in doubt, one that holds, one not computable."""
    measures = [
        share("surface.csat", 1012, 1100, 0.016),
        share("surface.csat.response", 1100, 10000, 0.006),
        share("surface.csat.reweighted", 868, 1000, 0.026),
        share("surface.resolution", 9037, 9614, 0.005),
        share("surface.recontact_after_close.7d", 1338, 9037, 0.0125),
        r.Measure("surface.first_reply_hours", "hours", 30000, 9614, 3.1667, 3.0, 3.4, 9614, 1.0, "established"),
        share("field.canned.share", 1760, 8000, 0.04),
        share("surface.pickup", 930, 1000, 0.016),
        r.Measure("surface.tickets_per_100_orders", "per_100", 2518, 41280, 6.1, 5.9, 6.3, 41280, 1.0, "established",
                daily=days(60, 0.061)),
        share("recontact.orders.30d", 922, 4118, 0.013, segments=segments(),
              excluded={"immature": 310, "no_order": 1206}),
        share("tone.negative.share", 310, 1000, 0.03, verdict="indicative", refusals=("R6",)),
        share("repurchase.complainers.90d", 230, 1000, 0.024),
        r.Measure("repurchase.gap.90d", "share", None, 1000, -0.07, -0.11, -0.03, 900, 1.0, "demonstrated",
                kind="difference"),
        share("gesture.no_effect.90d", 380, 1000, 0.03),
        r.Measure("surface.nps", "points", 30, 100, 30.0, 14.7, 45.3, 100, 1.0, "established"),
        share("cross.refund.repurchase.full.90d", 120, 400, 0.045),
        share("cross.refund.repurchase.none.90d", 90, 450, 0.037),
        r.Measure("cross.refund.gap.90d", "share", None, 850, 0.02, -0.03, 0.07, 800, 1.0, "not demonstrated",
                kind="difference", detectable=0.031),
        share("field.late.share", 900, 10000, 0.006),
    ]  # fmt: skip
    mirages = (
        r.Mirage("csat", "surface.csat", 0.92, 0.90, True, "confirmed",
               (r.Counter("surface.csat.reweighted", 0.868, "established", True),)),
        r.Mirage("resolution", "surface.resolution", 0.94, 0.90, True, "confirmed",
               (r.Counter("surface.recontact_after_close.7d", 0.148, "established", True),)),
        r.Mirage("first_reply", "surface.first_reply_hours", 3.1667, 4.0, True, "suspected",
               (r.Counter("field.canned.share", 0.22, "established", True),)),
        r.Mirage("pickup", "surface.pickup", 0.93, 0.85, True, "cleared",
               (r.Counter("field.canned.share", 0.02, "established", False),)),
        r.Mirage("few_tickets", "surface.tickets_per_100_orders", 6.1, 15.0, True, "not computable", ()),
        r.Mirage("nps", "surface.nps", 30.0, None, None, "no target", ()),
    )  # fmt: skip
    return r.Audit(
        cxaudit="0.1.0",
        definitions="1",
        as_of=AS_OF,
        period=B,
        exports=(
            r.Export("commandes.csv", "orders", "shopify", {"order_id": "Name", "ordered_at": "Created at"}, 42494,
                   41280, 1118, (r.SetAside("set_aside.no_date", 96),), {"amount": 2890000.0}, first_day=FIRST,
                   last_day=AS_OF),
            r.Export("tickets.csv", "tickets", "zendesk", {"created_at": "Created at"}, 26351, 26140, 0,
                   (r.SetAside("set_aside.spam", 211),), first_day=FIRST, last_day=AS_OF),
        ),
        joins=(r.Join("tickets", "orders", "order_id", 24934, 26140),),
        measures={measure.key: measure for measure in measures},
        not_computable={
            "silence.customers.90d": r.NotComputable(
                "silence.customers.90d", ("emails.clicked_at",), r.Phrase.of("ui.empty")),
        },
        context=r.Context(
            A, B, "F1",
            {"recontact.orders.30d": r.Adjusted(
                "recontact.orders.30d", 0.180, 0.224, 0.044, 0.180, 0.204,
                {"incident": 0.020, "promotion": 0.003, "weekday": -0.003}, 0.024, 0.009, 0.039, "demonstrated",
                (), "F1", (date(2026, 3, 14),))},
            (r.Event("soldes d’été", "promotion", date(2025, 6, 25), date(2025, 7, 22)),
             r.Event("Black Friday", "peak", date(2025, 11, 24), date(2025, 12, 1)),
             r.Event("soldes d’hiver", "promotion", date(2026, 1, 7), date(2026, 2, 3)),
             r.Event("soldes d’été", "promotion", date(2026, 6, 24), date(2026, 7, 21)),
             r.Event("grève des transporteurs", "incident", *STRIKE)),
            (r.Suggestion("pic", "peak", date(2026, 4, 11), date(2026, 4, 21), "orders", 1.55),)),
        mirages=mirages,
        field_work=r.Field(
            (r.Irritant("Retard de livraison", ("colis", "toujours pas reçu"), 1540, 0.37, 0.04, 0.312),
             r.Irritant("Remboursement", ("remboursement", "délai"), 702, 0.17, -0.01, 0.275)),
            (r.Remark("Étiquettes retour illisibles", date(2026, 2, 3), 14, 120),),
            (r.Criterion("Écoute", 210, 0.81, 0.78, 0.84), r.Criterion("Clarté", 210, 0.62, 0.58, 0.66)),
        ),
        findings=(
            r.Finding("mirage.csat", "high", ("surface.csat", "surface.csat.reweighted"), "demonstrated",
                    r.Phrase.of("ui.empty"), ("advice.csat",)),
        ),
        stakes={
            "stake.lost_repurchase": r.Stake("stake.lost_repurchase", 47900.0, 24600.0, 71200.0, True),
            "stake.gestures_without_effect": r.Stake("stake.gestures_without_effect", 5200.0, None, None, True),
        },
        rows={"orders": 41280, "tickets": 9614},
        rules={"cancelled": 812, "test": 14, "spam": 211},
        settings=Settings(),
        first=FIRST,
    )  # fmt: skip
