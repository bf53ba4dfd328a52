"""Context: what each figure would be in normal conditions, and what the calendar says of the days compared."""

from cxaudit.context.compare import compare
from cxaudit.context.comparison import blocks, default_comparison
from cxaudit.context.events import check_events
from cxaudit.context.sentences import questions, sentences
from cxaudit.context.suggest import suggest

__all__ = ["blocks", "check_events", "compare", "default_comparison", "questions", "sentences", "suggest"]
