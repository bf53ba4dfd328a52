"""The audit as a workbook that recomputes itself, and its summary as slides; both drawn from the `Audit` alone."""

from cxaudit.report.workbook import SHEET_GROUPS, SHEET_KEYS, file_name, write_workbook

__all__ = ["SHEET_GROUPS", "SHEET_KEYS", "file_name", "write_workbook"]
