"""The tone of what customers write: ten labels, a polarity, the words that earned them. Offline, deterministic."""

from __future__ import annotations

from cxaudit.tone.engine import as_json, json_rows, read, read_batches
from cxaudit.tone.labels import LABELS, NEGATIVE, POSITIVE

__all__ = ["LABELS", "NEGATIVE", "POSITIVE", "as_json", "json_rows", "read", "read_batches"]
