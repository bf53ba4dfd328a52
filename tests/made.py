"""What audits made by hand have in common: their months, the two periods that they compare, an incident between."""

from __future__ import annotations

from datetime import date

from cxaudit.schema.results import Span

MONTHS = tuple(date(2025 + index // 12, index % 12 + 1, 1) for index in range(21))
AS_OF = date(2026, 9, 30)
A = Span(date(2025, 7, 1), date(2025, 9, 30))
B = Span(date(2026, 7, 1), AS_OF)
STRIKE = (date(2026, 7, 14), date(2026, 8, 20))
