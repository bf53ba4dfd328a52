"""The ten labels and their two groups, as the schema names them, and those that the engine scores."""

from __future__ import annotations

from cxaudit.schema.verbatims import LABELS, NEGATIVE, POSITIVE

__all__ = ["LABELS", "NEGATIVE", "POSITIVE", "SCORED"]

SCORED = LABELS[:-1]  # neutral is what is left, never scored
