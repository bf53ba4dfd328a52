"""Which refusals a record must bear, and which verdict its own numbers allow: §0 read as tables and two small rules.

What the definitions leave open: of the sources of a silence only those that never rest (orders, mails, tickets,
surveys) are judged by their last row, since a week without a return or a review is no export that stopped; a difference
is judged on its smaller side, and is demonstrated only where a single figure would be established
(docs/decisions/004).
"""

from __future__ import annotations

from collections.abc import Iterator

from cxaudit.schema.results import Measure

TEXTS = ("reviews", "surveys", "tickets")

# The tables that a figure's units and events are read from; the longest beginning counts.
READ_FROM: dict[str, tuple[str, ...]] = {
    "recontact.": ("tickets",),
    "repurchase.": ("orders", "tickets"),
    "silence.": ("orders", "emails", "tickets", "surveys"),
    "silence.survey_response": ("surveys",),
    "silence.contacts": ("orders", "tickets"),
    "gesture.reply": ("gestures", "tickets"),
    "gesture.satisfied": ("gestures", "surveys"),
    "gesture.redeemed": ("gestures",),
    "gesture.repurchase": ("gestures", "orders"),
    "gesture.no_effect": ("gestures", "orders", "tickets", "surveys"),
    "gesture.cost.no_effect": ("gestures", "orders", "tickets", "surveys"),
    "gesture.cost.total": ("gestures",),
    "gesture.gap": ("gestures", "orders", "tickets"),
    "unsubscribe.": ("orders", "emails"),
    "effort.": ("surveys",),
    "tone.": TEXTS,
    "tone.verbatims": ("orders", *TEXTS),
    "cross.nps": ("surveys",),
    "cross.refund": ("orders", "tickets"),
    "cross.clicks": ("emails", "orders", "tickets"),
    "cross.reply_speed": ("tickets",),
    "cross.tone.recontact": ("tickets",),
    "cross.tone.repurchase": ("orders", *TEXTS),
    "surface.": ("tickets",),
    "surface.tickets_per_100": ("orders", "tickets"),
    "surface.csat": ("surveys",),
    "surface.csat.reweighted": ("surveys", "tickets"),
    "surface.csat.break_even": ("surveys", "tickets"),
    "surface.csat.recontact": ("surveys", "tickets"),
    "surface.csat.repurchase": ("surveys", "orders"),
    "surface.csat.tone": TEXTS,
    "surface.nps": ("surveys",),
    "surface.ces": ("surveys",),
    "surface.pickup": ("calls",),
    "surface.recontact_after_call": ("calls", "tickets"),
    "surface.gestures": ("gestures",),
    "field.": ("tickets",),
    "field.late": ("orders",),
    "field.on_time": ("orders",),
    "field.late.contact": ("orders", "tickets"),
    "field.late.gap": ("orders", "tickets"),
    "field.on_time.contact": ("orders", "tickets"),
    "field.listening": ("listening",),
    "field.listening.predicts": ("listening", "tickets"),
    "field.listening.fast_gap": ("listening", "tickets"),
}
OF_TONE = ("tone.", "cross.tone.", "surface.csat.tone.")
COUNTED = ("tone.verbatims.per_100_orders",)  # says nothing of any tone
OF_THE_CHART = "silence.contacts.weekly"  # judged by its own z, never by how many tickets a week has
CORRELATION = "field.listening.predicts"  # from −1 to 1: a tenth of the range, as ten points are of a share's
WIDEST = {"share": 0.10, "points": 10.0}


def read_from(key: str) -> tuple[str, ...]:
    """The tables of a figure."""
    return READ_FROM[max((start for start in READ_FROM if key.startswith(start)), key=len)]


def of_tone(key: str) -> bool:
    """Whether R6 stands until 100 texts of the client are labelled."""
    return key.startswith(OF_TONE) and key not in COUNTED


def wrong(measure: Measure, materiality: float) -> Iterator[str]:
    """Where a record says more, or less, than its own numbers."""
    if measure.key == OF_THE_CHART:
        return
    few = not (measure.n_eff or 0.0) >= 30
    others = set(measure.refusals) - {"R1"}
    if measure.kind == "single":
        if few is not ("R1" in measure.refusals):
            yield f"n_eff {measure.n_eff}, {measure.refusals}"
        if measure.verdict != _single(measure, few, bool(others)):
            yield f"{measure.verdict}, not {_single(measure, few, bool(others))}"
        immature = measure.excluded.get("immature", 0)
        young = immature > 0 and measure.denominator < 0.5 * (measure.denominator + immature)
        if young and "R2" not in measure.refusals and measure.unit == "share" and measure.numerator is not None:
            yield f"no R2: {measure.denominator} mature, {immature} not"
        return
    if measure.verdict == "insufficient":
        if "R1" not in measure.refusals:
            yield "insufficient without R1"
    elif measure.verdict == "withheld":
        if not measure.refusals:
            yield "withheld without a refusal"
    elif measure.refusals:
        yield f"{measure.verdict} beside {measure.refusals}"
    elif measure.verdict != _difference(measure, materiality):
        yield f"{measure.verdict}, not {_difference(measure, materiality)}"
    if measure.verdict == "not demonstrated" and measure.detectable is None:
        yield "nothing says how small a gap could have been seen"


def _single(measure: Measure, few: bool, refused: bool) -> str:
    if few:
        return "insufficient"
    if measure.low is None or measure.high is None:
        sharp = measure.unit in ("count", "eur")  # nothing is sampled
    else:
        widest = WIDEST.get(measure.unit, abs(measure.value or 0.0) / 10)
        if measure.key.startswith(CORRELATION):
            widest = 0.20
        sharp = (measure.high - measure.low) / 2 <= widest
    return "established" if sharp and not refused and (measure.n_eff or 0.0) >= 100 else "indicative"


def _difference(measure: Measure, materiality: float) -> str:
    if measure.value is None or measure.low is None or measure.high is None:
        return "insufficient"
    apart = measure.low > 0 or measure.high < 0
    return "demonstrated" if apart and abs(measure.value) >= materiality else "not demonstrated"
