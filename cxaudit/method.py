"""`docs/method.md`, written from the docstrings of the signals: `python -m cxaudit.method > docs/method.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

from cxaudit import crosses, field, signals, surface
from cxaudit.measure.anatomy import discover

PARTS: tuple[tuple[str, ModuleType], ...] = (
    ("The signals", signals),
    ("Crosses", crosses),
    ("Surface KPIs", surface),
    ("The field", field),
)
OPENING = """# Method: what every figure means

Written from the docstrings of `cxaudit/signals`, `crosses`, `surface` and `field`; a test holds this page against them.

**Rules that all share.** Moments are local to the audit's time zone. "Within N days" means strictly after the index and
on one of the N days that follow its day. A unit enters a rate only when its window has ended by the last day (mature);
the others are counted as immature. Shares carry a Wilson interval on the effective sample (design effect of the
clusters by customer); differences Newcombe's, or a normal one where they are standardised. Under 30 effective units a
figure is insufficient, from 100 with a half-width of 10 points it is established, in between indicative. A difference
is demonstrated only if its interval excludes 0 and it reaches its materiality.

**Refusals** (the value is shown, the verdict withheld): R1 too few units; R2 under half of the period's units mature;
R3 an event covers over 70 % of a period or leaves under 14 normal days; R4 the season cannot be separated; R5 over 20 %
of cases compared on coarser cells, or under two controls a case; R6 tone not checked on 100 verbatims of the client;
R7 under 80 % of tickets linked to an order or a customer, or of promised delays to what followed; R8 a tool or
definition changed in the comparison; R9 a source is missing, stops over 14 days early, or begins over 14 days after its
units and later than chance has it.
"""


def method() -> str:
    """The whole page as Markdown."""
    return "\n".join([OPENING, *(_part(title, package) for title, package in PARTS)])


def _part(title: str, package: ModuleType) -> str:
    return "\n".join([f"## {title}\n", *_entries(package)])


def _entries(package: ModuleType) -> Iterator[str]:
    for signal in discover(package):
        doc = sys.modules[signal.measure.__module__].__doc__ or ""
        headline, _, body = doc.strip().partition("\n\n")
        yield f"### {headline.rstrip('.')}\n"
        for line in _paragraphs(body):
            label, _, said = line.partition(": ")
            yield f"- **{label}.** {said}"
        yield ""


def _paragraphs(body: str) -> Iterator[str]:
    """The docstring's labelled parts, each on one line."""
    part = ""
    for line in body.splitlines():
        opens = line.partition(":")[0] in LABELS
        if opens and part:
            yield part
        part = line if opens else f"{part} {line}"
    yield part.strip()


LABELS = ("Measures", "Unit", "Needs", "Excludes", "Controls", "Null", "Blind to", "Source")

if __name__ == "__main__":
    sys.stdout.write(method())
