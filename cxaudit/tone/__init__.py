"""The tone of what customers write: ten labels, a polarity, the words that earned them. Offline, deterministic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxaudit.tone.labels import LABELS, NEGATIVE, POSITIVE

__all__ = ["LABELS", "NEGATIVE", "POSITIVE", "as_json", "read", "read_batches"]

if TYPE_CHECKING:
    from cxaudit.tone.frames import as_json, read, read_batches


def __getattr__(name: str) -> Any:
    """What gives frames, loaded when first asked for: the command line does without Polars."""
    if name not in __all__:
        raise AttributeError(f"module 'cxaudit.tone' has no attribute {name!r}")
    from cxaudit.tone import frames

    return getattr(frames, name)
