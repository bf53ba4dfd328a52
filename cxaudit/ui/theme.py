"""Roles of colour and the dress of states: colour, shape and word always come together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# The order of `chartCategoricalColors` in .streamlit/config.toml: a chart names a role, the theme gives it a colour.
ROLES = (
    "signal",
    "bad",
    "doubt",
    "holds",
    "grey",
    "event",
    "ink",
    "muted",
    "band",
    "incident_band",
    "event_label",
    "signal_label",
)


@dataclass(frozen=True, slots=True)
class Dress:
    """How a state looks: a shape that survives without colour, and a colour name of Streamlit's Markdown."""

    shape: str
    colour: str


QUIET = Dress("–", "gray")
_STATES: Mapping[str, Dress] = {
    "confirmed": Dress("●", "red"),
    "demonstrated": Dress("●", "red"),
    "suspected": Dress("▲", "orange"),
    "to_answer": Dress("▲", "orange"),
    "cleared": Dress("■", "green"),
    "green": Dress("■", "green"),
    "ready": Dress("■", "green"),
    "good": Dress("■", "green"),
    "open": Dress("◇", "gray"),
    "not computable": Dress("○", "gray"),
    "unusable": Dress("○", "gray"),
}


def dress(state: str) -> Dress:
    """The dress of a state; an unknown or unjudged one is quiet, never green."""
    return _STATES.get(state, QUIET)
