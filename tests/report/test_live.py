"""Formulas are written only where they give our figure."""

from __future__ import annotations

from math import inf, nan

import pytest

from cxaudit.report.live import Live, Names, finite, limits, ratio, text
from cxaudit.report.measuring import lines_of, text_width
from cxaudit.report.style import number_format
from cxaudit.stats.intervals import wilson

NAMES = Names("z_", "few_", "enough_", "widest_")
CELLS = ("C5", "D5")


def test_a_share_is_the_quotient_of_its_cells() -> None:
    assert ratio(3, 10, 0.3, "share", CELLS) == Live("=C5/D5", 0.3)


def test_an_nps_is_a_hundred_times_the_quotient() -> None:
    assert ratio(30, 100, 30.0, "points", CELLS) == Live("=100*C5/D5", 30.0)


@pytest.mark.parametrize(("numerator", "denominator", "value"), [(3, 10, 0.31), (None, 10, 0.3), (3, 0, 0.3)])
def test_what_is_no_quotient_is_a_plain_value(numerator: float | None, denominator: float, value: float) -> None:
    assert ratio(numerator, denominator, value, "share", CELLS) == value


@pytest.mark.parametrize("missing", [None, nan, inf])
def test_what_is_missing_stays_missing(missing: float | None) -> None:
    assert finite(missing) is None and ratio(3, 10, missing, "share", CELLS) is None


def test_wilson_limits_of_a_worked_example() -> None:
    """3 of 10: 10.78 % to 60.32 %."""
    expected = wilson(0.3, 10.0)
    assert expected == pytest.approx((0.1078, 0.6032), abs=1e-4)
    low, high = limits(0.3, 10.0, *expected, ("E5", "H5"), NAMES)
    assert isinstance(low, Live) and isinstance(high, Live)
    assert low.formula.startswith("=MAX(0,") and "z_^2/(4*H5^2)" in low.formula and high.formula.startswith("=MIN(1,")


def test_other_limits_are_plain_values() -> None:
    assert limits(0.3, 10.0, 0.1, 0.6, ("E5", "H5"), NAMES) == (0.1, 0.6)
    assert limits(0.3, None, 0.1, 0.6, ("E5", "H5"), NAMES) == (0.1, 0.6)
    assert limits(-0.07, 640.0, -0.11, -0.03, ("E5", "H5"), NAMES) == (-0.11, -0.03)


def test_quotes_in_text_are_doubled() -> None:
    assert text('a"b') == '"a""b"'


def test_number_formats_name_their_language_and_never_depend_on_the_desktop() -> None:
    assert number_format("share", "fr") == '[$-40C]0.0"\u202f"%;[$-40C]"\u2212"0.0"\u202f"%'
    assert number_format("gap.share", "en") == '[$-409]+0.0%;[$-409]"\u2212"0.0%;[$-409]0.0%'
    assert number_format("EUR", "en") == '[$-409]"€"#,##0;[$-409]"\u2212€"#,##0'
    assert number_format("CHF", "fr") == '[$-40C]#,##0"\u00a0CHF";[$-40C]"\u2212"#,##0"\u00a0CHF"'
    assert number_format("gap.CHF", "en") == (
        '[$-409]+"CHF\u00a0"#,##0;[$-409]"\u2212CHF\u00a0"#,##0;[$-409]"CHF\u00a0"#,##0'
    )


def test_longer_text_takes_more_lines() -> None:
    assert lines_of("court", 20, 10) == 1
    assert lines_of("un texte bien plus long que la colonne", 20, 10) == 2
    assert lines_of("a\nb\nc", 20, 10) == 3
    assert text_width("ii", 10) < text_width("mm", 10) < text_width("mm", 10, bold=True)
