"""The ten labels, in the order of every table, and the two groups that make the headline shares."""

from __future__ import annotations

LABELS = (
    "anger",
    "annoyance",
    "disappointment",
    "irony",
    "worry",
    "confusion",
    "relief",
    "gratitude",
    "satisfaction",
    "neutral",
)
# Irony stands in neither group: an ironic text counts as negative only by another label that it earns.
NEGATIVE = ("anger", "annoyance", "disappointment", "worry", "confusion")
POSITIVE = ("relief", "gratitude", "satisfaction")

SCORED = LABELS[:-1]  # neutral is what is left, never scored
