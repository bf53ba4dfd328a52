"""Agents without their names: a number each, in an order that says nothing about them."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def pseudonyms(agents: Iterable[str]) -> dict[str, str]:
    """`Agent 01`, `Agent 02` … by the digest of the name, so that neither the alphabet nor the volume shows."""
    names = sorted(set(agents), key=lambda name: sha256(name.strip().lower().encode()).digest())
    width = max(2, len(str(len(names))))
    return {name: f"Agent {place:0{width}d}" for place, name in enumerate(names, start=1)}
