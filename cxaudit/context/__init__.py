"""Context: what each figure would be in normal conditions, and what the calendar says of the days compared."""

from cxaudit.context.calendars import named
from cxaudit.context.compare import compare
from cxaudit.context.comparison import blocks, default_comparison
from cxaudit.context.events import answered, check_events, needs_rows, scope_words, scopes_of
from cxaudit.context.suggest import suggest

__all__ = [
    "answered",
    "blocks",
    "check_events",
    "compare",
    "default_comparison",
    "named",
    "needs_rows",
    "scope_words",
    "scopes_of",
    "suggest",
]
