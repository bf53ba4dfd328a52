"""The anatomy that signals, crosses, surface KPIs and field findings share, and how they are found.

A module of one of those packages holds a docstring (Measures · Unit · Needs · Excludes · Null · Blind to · Source), a
function `measure(tables, settings)` and one frozen `SIGNAL`. Adding one means adding its file, its words, its test.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType

from cxaudit.measure.tables import Tables, not_computable
from cxaudit.schema.results import Result
from cxaudit.schema.settings import Settings

Compute = Callable[[Tables, Settings], Iterable[Result]]


@dataclass(frozen=True, slots=True)
class Signal:
    """A question of the audit: the keys it answers with, the columns it cannot do without, and how it computes."""

    key: str
    measures: tuple[str, ...]
    needs: tuple[str, ...]
    measure: Compute

    def __call__(self, tables: Tables, settings: Settings) -> list[Result]:
        """All measures of the signal; not computable where a needed column was not given or no unit is left."""
        missing = tables.missing(*self.needs)
        if missing:
            return list(not_computable(self.measures, missing))
        return list(self.measure(tables, settings))


def discover(package: ModuleType) -> tuple[Signal, ...]:
    """The signals of all modules of `package`, by module name."""
    names = sorted(item.name for item in pkgutil.iter_modules(package.__path__))
    modules = (importlib.import_module(f"{package.__name__}.{name}") for name in names)
    return tuple(module.SIGNAL for module in modules if hasattr(module, "SIGNAL"))
