"""The audit's summary as slides: the same record and the same words as the workbook's, in native charts and tables."""

from cxaudit.report.deck.writing import write_deck

__all__ = ["write_deck"]
