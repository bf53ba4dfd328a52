"""What was planted, and what came out of it: counted from the generator's own records, written as TOML."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cxaudit.sample.world import World

if TYPE_CHECKING:
    from cxaudit.sample.write import Chunk


@dataclass
class Counts:
    """Running counts over the chunks."""

    tickets: int = 0

    def add(self, chunk: "Chunk") -> None:
        """Count one chunk."""
        self.tickets += len(chunk.tickets)


def truth_toml(world: World, counts: Counts, rows: dict[str, int], orders: int, seed: int) -> str:
    """The text of truth.toml."""
    lines = [f"orders = {orders}", f"seed = {seed}", "", "[rows]"]
    lines += [f'"{name}" = {count}' for name, count in rows.items()]
    return "\n".join(lines) + "\n"
