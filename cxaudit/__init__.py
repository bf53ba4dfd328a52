"""Audit a brand's customer experience from its own exports.

    import cxaudit
    audit = cxaudit.run_audit({"orders": orders, "tickets": tickets})
    audit.measures["recontact.orders.30d"].value

Tables are Polars, pandas or Arrow frames with the canonical columns of `cxaudit.schema.tables.TABLES`; exports in any
layout are read by `cxaudit.ingest.ingest_paths`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

# Polars has its allocator keep freed pages for half a second and more, in four heaps a core: a laptop's are better
# given back sooner. Read once, when Polars is first loaded; whoever has set it knows better.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:100,muzzy_decay_ms:0,narenas:2")
# Matrices here are small: threads of BLAS keep cores busy waiting, beside figures that already run side by side;
# and with one thread sums are added up in one order, however many cores there are. Read when SciPy is first loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
__all__ = ["Audit", "Event", "Settings", "__version__", "ingest_paths", "run_audit"]

if TYPE_CHECKING:
    from cxaudit.audit import run_audit
    from cxaudit.ingest import ingest_paths
    from cxaudit.schema.results import Audit, Event
    from cxaudit.schema.settings import Settings

_HOMES = {
    "run_audit": "cxaudit.audit",
    "ingest_paths": "cxaudit.ingest",
    "Audit": "cxaudit.schema.results",
    "Event": "cxaudit.schema.results",
    "Settings": "cxaudit.schema.settings",
}


def __getattr__(name: str) -> Any:
    """The public names, loaded when first asked for: `import cxaudit` alone is instant."""
    if name not in _HOMES:
        raise AttributeError(f"module 'cxaudit' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
