"""Value at stake, in the audit's currency, with its interval.

Never summed, since the same customer may stand in two amounts. Only an amount that a gap makes can be demonstrated; the
sum of what was seen compares nothing, and bears its figure's verdict in `facts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import sqrt

from cxaudit.measure.tables import Tables
from cxaudit.schema.currencies import EURO
from cxaudit.schema.results import Measure, Stake
from cxaudit.schema.settings import Settings
from cxaudit.stats.intervals import Z95

WEAKER = ("established", "indicative", "insufficient")
LOST, GESTURES, RECONTACTS = "stake.lost_repurchase", "stake.gestures_without_effect", "stake.recontacts"


def stakes(
    tables: Tables, measures: Mapping[str, Measure], settings: Settings, currency: str = EURO
) -> dict[str, Stake]:
    """The amounts that the measures allow; an amount that cannot be computed is absent."""
    found = (_lost_repurchase(measures, settings), _gestures(measures), _recontacts(measures, settings))
    return {stake.key: replace(stake, currency=currency) for stake in found if stake is not None}


def _lost_repurchase(measures: Mapping[str, Measure], settings: Settings) -> Stake | None:
    """−gap × mature complainers × mean first reorder basket, the errors of gap and basket carried through.

    Of the complainers, those whose order is not in another currency than the basket's.
    """
    gap = measures.get("repurchase.gap.90d")
    if gap is None or gap.value is None or gap.low is None or gap.high is None:
        return None
    mature, basket = gap.facts.get("priced", gap.facts.get("mature")), gap.facts.get("basket")
    if not mature or basket is None:
        return None
    margin = settings.margin_rate if settings.margin_rate is not None else 1.0
    gap_se = (gap.high - gap.low) / (2 * Z95)
    basket_se = gap.facts.get("basket_se") or 0.0
    value = -gap.value * mature * basket * margin
    half = Z95 * mature * margin * sqrt((gap_se * basket) ** 2 + (gap.value * basket_se) ** 2)
    facts = {"gap": gap.value, "complainers": mature, "basket": basket, "margin_rate": settings.margin_rate}
    demonstrated = gap.verdict == "demonstrated" and value - half > 0
    return Stake(LOST, value, value - half, value + half, demonstrated, facts)


def _gestures(measures: Mapping[str, Measure]) -> Stake | None:
    """The cost of mature gestures without effect; its interval is the share's, at that cost (gestures whose cost is not
    known count for nothing in any of the three)."""
    cost, share = measures.get("gesture.cost.no_effect"), measures.get("gesture.no_effect.90d")
    if cost is None or cost.value is None or share is None or not share.value:
        return None
    low, high = (
        (edge if edge is not None else share.value) / share.value * cost.value for edge in (share.low, share.high)
    )
    facts = {"gestures": share.numerator, "of": share.denominator, "share": share.value, "verdict": share.verdict}
    return Stake(GESTURES, cost.value, low, high, False, facts)


def _recontacts(measures: Mapping[str, Measure], settings: Settings) -> Stake | None:
    """Orders contacted again × mean handle minutes × the cost of a minute; only where that cost is set."""
    share, minutes = measures.get("recontact.orders.30d"), measures.get("surface.handle_minutes")
    known = [item for item in (share, minutes) if item is not None and None not in (item.value, item.low, item.high)]
    if settings.minute_cost is None or len(known) < 2:
        return None
    again, each = known
    worth = again.denominator * settings.minute_cost
    value = worth * again.value * each.value  # type: ignore[operator]
    errors = [(item.high - item.low) / (2 * Z95) for item in known]  # type: ignore[operator]
    half = Z95 * worth * sqrt((errors[0] * each.value) ** 2 + (errors[1] * again.value) ** 2)  # type: ignore[operator]
    verdict = max(again.verdict, each.verdict, key=WEAKER.index)
    facts = {"orders": again.numerator, "minutes": each.value, "minute_cost": settings.minute_cost, "verdict": verdict}
    return Stake(RECONTACTS, value, max(0.0, value - half), value + half, False, facts)
