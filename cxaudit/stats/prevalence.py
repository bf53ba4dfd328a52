"""A share found by an imperfect reader, corrected by the reader's sensitivity and specificity."""

from __future__ import annotations

LEAST_INFORMATION = 1.3  # below this, Se + Sp says too little to correct by


def corrected_share(share: float, se: float | None, sp: float | None) -> float | None:
    """The Rogan-Gladen share (share + Sp − 1) / (Se + Sp − 1), clipped to 0-1; None unless Se + Sp > 1.3.

    Source: Rogan and Gladen (1978), Estimating prevalence from the results of a screening test.
    """
    if se is None or sp is None or se + sp <= LEAST_INFORMATION:
        return None
    return float(min(1.0, max(0.0, (share + sp - 1) / (se + sp - 1))))
