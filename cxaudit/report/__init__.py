"""The audit as a workbook that recomputes itself: drawn from the `Audit` record alone, in French or in English."""

from cxaudit.report.workbook import SHEET_KEYS, file_name, write_workbook

__all__ = ["SHEET_KEYS", "file_name", "write_workbook"]
