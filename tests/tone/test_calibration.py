"""Sensitivity, specificity, the corrected share of the worked example, the stars' correction and a person's."""

from __future__ import annotations

import pytest

from cxaudit.stats.prevalence import corrected_share
from cxaudit.tone import as_json, read
from cxaudit.tone.calibration import se_sp
from cxaudit.tone.corrections import corrected
from cxaudit.tone.stars import fit_stars


def test_worked_example_a2() -> None:
    assert corrected_share(33 / 60, 0.80, 0.90) == pytest.approx(0.6429, abs=1e-4)


def test_corrected_share_is_clipped_and_needs_information() -> None:
    assert corrected_share(0.05, 0.80, 0.90) == 0.0
    assert corrected_share(0.95, 0.80, 0.90) == 1.0
    assert corrected_share(0.5, 0.65, 0.65) is None
    assert corrected_share(0.5, None, 0.9) is None


def test_se_sp_by_hand() -> None:
    found = se_sp([True, True, True, False, False, None], [True, True, False, False, True, True])
    assert (found.se, found.sp, found.positives, found.negatives) == (pytest.approx(2 / 3), 0.5, 3, 2)
    assert se_sp([False], [False]).se is None
    with pytest.raises(ValueError, match="1 labelled but 2"):
        se_sp([True], [True, False])


def test_corrections_win_and_take_their_spans_along() -> None:
    frame = corrected(
        read(["Arnaque, je suis déçu", "ok merci", "parfait"]), {0: ["disappointment"], 1: [], 2: ["irony"]}
    )
    rows = as_json("abc", frame)
    assert [row["labels"] for row in rows] == [["disappointment"], ["neutral"], ["irony"]]
    assert [{span["label"] for span in row["spans"]} for row in rows] == [{"disappointment"}, set(), set()]
    with pytest.raises(ValueError, match="neutral stands alone"):
        corrected(frame, {0: ["neutral", "anger"]})


def test_stars_are_off_below_300_and_learn_the_client_s_words_above() -> None:
    good, bad = "La trottinette fuit la banalité", "Correct"
    texts, stars = [good, bad, "moyen"] * 150, [5.0, 1.0, 3.0] * 150
    assert fit_stars(texts[:299], stars[:299]) is None
    model = fit_stars(texts, stars)
    assert model is not None
    assert model.reviews == 300
    polarity = model.polarity([good, bad, ""])
    assert polarity[0] > 0 > polarity[1]
    assert polarity[2] == 0
