"""A change of settings while people look on, beside the whole audit made anew: `python -m bench.live [FOLDER…]`.

For each kind of change, in one process: the audit as it was once made for it (prepared again where rows, rules or the
period changed, every figure computed), the audit as it follows, and the way back. Printed as Markdown.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cxaudit.audit import Brief, audit_prepared, events_of, prepare_audit
from cxaudit.follow.live import Live
from cxaudit.ingest import ingest_paths
from cxaudit.prepare import read_under
from cxaudit.schema.results import Audit, Event, Span
from cxaudit.schema.settings import Exclude, OpeningHours, Settings, Targets, Windows

SAMPLE = Path(__file__).parent.parent / "sample_data"


def changes(audit: Audit) -> Mapping[str, Callable[[Brief], Brief]]:
    """One change of each kind."""
    assert audit.as_of is not None
    last, day = audit.as_of, timedelta(days=1)
    half, former = Span(last - 182 * day, last), Span(last - 365 * day, last - 183 * day)
    strike = Event("Grève", "incident", last - 40 * day, last - 30 * day)

    def under(**other: Any) -> Callable[[Brief], Brief]:
        return lambda brief: replace(brief, settings=replace(brief.settings, **other))

    return {
        "target": under(targets=Targets(csat=0.95)),
        "margin": under(margin_rate=0.4),
        "cost of a minute": under(minute_cost=0.8),
        "window of silence": under(windows=Windows(silence_days=60)),
        "window of answers": under(windows=Windows(survey_response_days=21)),
        "window of gestures": under(windows=Windows(gesture_effect_days=60)),
        "window of resolution": under(windows=Windows(resolution_days=5)),
        "minutes of an episode": under(windows=Windows(episode_minutes=90)),
        "opening hours": under(opening_hours=OpeningHours(first_reply=True)),
        "complaint families": under(complaint_reasons=("Retard de livraison", "Retard")),
        "refunded orders count": under(exclude=Exclude(refunded=False)),
        "cancelled orders count": under(exclude=Exclude(cancelled=False)),
        "spam counts": under(exclude=Exclude(spam=False)),
        "period": under(period=half),
        "comparison": under(compare=former),
        "an event": lambda brief: replace(brief, events=(*brief.events, strike)),
    }


def timed(act: Callable[[], Audit]) -> tuple[float, Audit]:
    start = time.perf_counter()
    made = act()
    return time.perf_counter() - start, made


def rows(folder: Path) -> None:
    """One line a change."""
    found = ingest_paths([folder], settings=Settings())
    tables = {name: frame for name, frame in found.tables.items() if name != "events"}
    brief = Brief(events=events_of(found.tables.get("events")), values=found.values)
    prepared = prepare_audit(tables, brief)
    live = Live(prepared)
    audit = live.audit(brief)
    for name, change in changes(audit).items():
        other = change(brief)

        def anew(other: Brief = other) -> Audit:
            kept = read_under(other.settings) == read_under(brief.settings) and other.events == brief.events
            return audit_prepared(prepared if kept else prepare_audit(tables, other), other)

        now, followed = timed(lambda other=other: live.audit(other))  # type: ignore[misc]
        back, _ = timed(lambda: live.audit(brief))
        whole, made = timed(anew)
        same = "yes" if made == followed else "NO"
        orders = prepared.tables.rows.get("orders", 0)
        print(
            f"| {orders:,} | {name} | {whole:.2f} | {now:.2f} | {now / whole:.2f} | {back:.2f} | {same} |", flush=True
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.live")
    parser.add_argument("folders", nargs="*", type=Path, default=[SAMPLE])
    print("| orders | change | whole audit, s | followed, s | × | back, s | equal |")
    print("|---|---|---|---|---|---|---|")
    for folder in parser.parse_args().folders:
        rows(folder)


if __name__ == "__main__":
    main()
