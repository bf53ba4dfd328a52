"""Context: what each figure would be in normal conditions, and what the calendar says of the days compared."""

from cxaudit.context.compare import compare
from cxaudit.context.comparison import blocks, default_comparison

__all__ = ["blocks", "compare", "default_comparison"]
