"""The tone engine on its own labelled texts: fit the layer, score it with intervals, time it, and set it beside others.

python bench/tone.py --fit                 refit cxaudit/tone/coefficients.json on the development texts
python bench/tone.py --score               precision, recall and F1 a label with bootstrap intervals, as Markdown
python bench/tone.py --unseen              the same for each hand with nothing fitted on that hand
python bench/tone.py --speed               texts a second on one process, as a ratio to others where they are installed
python bench/tone.py --others PYTHON       with --score or --speed: textblob-fr and vaderSentiment-fr of that Python
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cxaudit.tone import LABELS, as_json, read
from cxaudit.tone.engine import decide, measure
from cxaudit.tone.features import FEATURES
from cxaudit.tone.labels import SCORED
from cxaudit.tone.lexicon import CHANNELS, load, plain_each
from cxaudit.tone.logistic import fit
from cxaudit.tone.scope import PRAISE
from cxaudit.tone.spans import evidence
from cxaudit.tone.telling import LANGUAGES, TARGETS, UNIT, marks
from cxaudit.tone.trim import trimmed

ROOT = Path(__file__).resolve().parents[1]
TEXTS = ROOT / "tests" / "tone"
PACKAGE = ROOT / "cxaudit" / "tone"
# Writers: what one calls praise, the next never thought of. Only the first and the sixth knew the lexicons.
HANDS = ("texts", "second", "third", "fourth", "fifth", "sixth")
RIDGE = 2.0
WORD_SCALE = 0.3  # telling words are many: each stays small beside the features
FAINTEST = 15  # thousandths: marks that never weigh as much are left out of the file
LEAST_TEXTS = 3  # a mark seen in fewer texts is left out
FOLDS = 3  # hands are left out in turn: who writes matters more than what is said
DRAWS = 1000
GRID = np.arange(0.15, 0.56, 0.025)
FIXED = {"irony": 0.65, "neutral": 0.6}  # irony is held to precision; neutral only ever takes labels away
BLAME = ("anger", "annoyance", "disappointment", "worry", "confusion", "minus")
# Style that meant nothing on real texts must not become a cue: how long a text is, how it is punctuated.
STYLE = ("length", "english")
NOT_POLAR = (
    *("exclamations", "questions", "greeting", "ask", "time", "mock", "denied", "asked", "durations"),
    *("mock_opens", "mock_explained", "mock_bad", "mock_long", "mock_opens_bad"),
)
OTHERS = """
import json, sys, time
texts = json.load(sys.stdin)
def run(name, score):
    start = time.perf_counter()
    return {"name": name, "polarity": [score(t) for t in texts], "seconds": time.perf_counter() - start}
from textblob import Blobber
from textblob_fr import PatternTagger, PatternAnalyzer
blob = Blobber(pos_tagger=PatternTagger(), analyzer=PatternAnalyzer())
from vaderSentiment_fr.vaderSentiment import SentimentIntensityAnalyzer
vader = SentimentIntensityAnalyzer()
out = [
    run("textblob-fr", lambda t: blob(t).sentiment[0]),
    run("vaderSentiment-fr", lambda t: vader.polarity_scores(t)["compound"]),
]
json.dump(out, sys.stdout)
"""


@dataclass(frozen=True)
class Labelled:
    """One labelled text; `sign` is 1 for good, −1 for bad, 0 for neither or both."""

    part: str
    kind: str
    labels: frozenset[str]
    sign: int
    text: str
    hand: str


def labelled(lang: str, part: str, hand: str) -> list[Labelled]:
    """The labelled texts of a language, a part (dev or locked) and a hand (of HANDS)."""
    path = TEXTS / f"{hand}_{lang}.tsv"
    lines = path.read_text("utf-8").splitlines()[1:] if path.exists() else []
    rows = (line.split("\t")[:5] for line in lines)
    return [
        Labelled(name, kind, frozenset(labels.split()), int(sign), text.replace("\\n", "\n"), hand)
        for name, kind, labels, sign, text in rows
        if name == part
    ]


def signs(target: str) -> NDArray[np.int8]:
    """Which way each feature may speak for a target (see cxaudit.tone.logistic.fit)."""
    held = dict.fromkeys(STYLE, 2)
    if target == "polarity":
        good, bad = _both(PRAISE), _both(BLAME)
        held |= dict.fromkeys((*good, "good", "last_good"), 1) | dict.fromkeys((*bad, "bad", "last_bad"), -1)
        held |= dict.fromkeys(NOT_POLAR, 2)
    elif target == "irony":
        held |= dict.fromkeys(("exclamations", "questions", "negations", "greeting"), 2)
        held |= dict.fromkeys(
            ("sum.irony", "top.irony", "mock_bad", "mock_long", "mock_opens_bad", "mock_explained"), 1
        )
        held |= {"contrast": -1}
    elif target == "neutral":
        held |= dict.fromkeys((*_both(CHANNELS), "good", "bad"), -1)
    else:
        held |= dict.fromkeys(_both((target,)), 1)
        if target in PRAISE:
            held |= dict.fromkeys(("bad", "sum.minus", "last_bad"), -1)
    return np.array([held.get(name, 0) for name in FEATURES], np.int8)


def _both(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{part}.{name}" for part in ("sum", "top") for name in names)


@dataclass(frozen=True)
class Design:
    """Texts as what fitting sees of them: features and marks side by side, and which labels they have words for."""

    rows: list[Labelled]
    cells: sparse.csr_matrix
    marks: list[tuple[str, str]]
    shown: NDArray[np.bool_]
    named: NDArray[np.bool_]

    @classmethod
    def of(cls, rows: list[Labelled]) -> Design:
        reading, weighed, seen = measure([row.text for row in rows])
        names, words = _marked(reading.language, [row.text for row in rows])
        found = evidence(weighed, load())
        cells = sparse.hstack([sparse.csr_matrix(seen), words * WORD_SCALE]).tocsr()
        return cls(rows, cells, names, found.any(len(rows)), found.named(len(rows)))


def refit() -> None:
    """Fit every target on the development texts and write the package's coefficients and telling words."""
    design = Design.of([row for lang in LANGUAGES for hand in HANDS for row in labelled(lang, "dev", hand)])
    everyone = np.ones(len(design.rows), bool)
    fitted = [(*_fit_one(target, design, everyone), _threshold(target, design)) for target in TARGETS]
    terms = np.array([terms for terms, _, _ in fitted]).T
    stored = {"features": FEATURES, "targets": TARGETS, "weights": terms[: len(FEATURES)].round(4).tolist()}
    stored |= {"bias": [round(one[1], 4) for one in fitted], "thresholds": [round(one[2], 3) for one in fitted]}
    (PACKAGE / "coefficients.json").write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    told = np.rint(terms[len(FEATURES) :] * WORD_SCALE * UNIT).astype(int)
    lines = ["// language ⇥ mark ⇥ thousandths: " + " ".join(TARGETS)]
    for name, row in zip(design.marks, told, strict=True):
        if abs(row).max() >= FAINTEST:
            lines.append("\t".join([*name, " ".join(map(str, row))]))
    (PACKAGE / "telling.tsv").write_text("\n".join(lines) + "\n", "utf-8")


def _marked(languages: NDArray[np.int8], texts: list[str]) -> tuple[list[tuple[str, str]], sparse.csr_matrix]:
    """The marks of words seen often enough, by language, and how many distinct words of each text bear them."""
    bags: list[Counter[tuple[str, str]]] = []
    for language, words in zip(languages, plain_each([trimmed(text) for text in texts]), strict=True):
        spoken = LANGUAGES[1] if language == 1 else LANGUAGES[0]
        bags.append(Counter((spoken, mark) for word in set(words) for mark in marks(word)))
    seen = Counter(name for bag in bags for name in bag)
    names = sorted(name for name, count in seen.items() if count >= LEAST_TEXTS)
    place = {name: at for at, name in enumerate(names)}
    cells = [(row, place[name], count) for row, bag in enumerate(bags) for name, count in bag.items() if name in place]
    row, column, count = (np.array(part) for part in zip(*cells, strict=True))
    return names, sparse.csr_matrix((count.astype(float), (row, column)), (len(texts), len(names)))


def _fit_one(target: str, design: Design, used: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    rows, polar = design.rows, target == "polarity"
    used = used & np.array([not polar or row.sign != 0 for row in rows])
    holds = np.array([row.sign > 0 if polar else target in row.labels for row in rows], float)
    counts = np.array([1.0 if not polar or row.kind == "review" else 0.6 for row in rows])
    if polar:  # no text is good or bad beforehand: both sides count the same
        counts[holds > 0] *= counts[used & (holds == 0)].sum() / counts[used & (holds > 0)].sum()
    held = np.append(signs(target), np.zeros(design.cells.shape[1] - len(FEATURES), np.int8))
    return fit(design.cells[used], holds[used], RIDGE, held, counts[used], not polar)


def _chance(design: Design, at: NDArray[np.bool_], terms: NDArray[np.float64], bias: float) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(design.cells[at] @ terms + bias, -30, 30)))


def _threshold(target: str, design: Design) -> float:
    """The threshold that serves hands which took no part in the fit."""
    if target == "polarity" or target in FIXED:
        return FIXED.get(target, 0.5)
    fold = np.array([HANDS.index(row.hand) % FOLDS for row in design.rows])
    chance = np.zeros(len(fold))
    for part in range(FOLDS):
        chance[fold == part] = _chance(design, fold == part, *_fit_one(target, design, fold != part))
    holds = np.array([target in row.labels for row in design.rows])
    found = np.array([_f1(holds, chance >= cut) for cut in GRID])
    smooth = np.convolve(np.pad(found, 1, "edge"), np.ones(3) / 3, "valid")
    print(f"{target:15s} F1 {smooth.max():.3f} on hands left out, from {GRID[smooth.argmax()]:.3f} on")
    return float(GRID[smooth.argmax()])


def unseen() -> None:
    """Print how texts of each hand are read when nothing was fitted on that hand: the best guess at new texts."""
    wanted = [(lang, hand, part) for lang in LANGUAGES for hand in HANDS for part in ("dev", "locked")]
    places = [(lang, row) for lang, hand, part in wanted for row in labelled(lang, part, hand)]
    design = Design.of([row for _, row in places])
    fitting = np.array([row.part == "dev" for row in design.rows])
    by = np.array([row.hand for row in design.rows])
    for hand in HANDS[1:-1]:
        scores = np.stack(
            [_chance(design, by == hand, *_fit_one(target, design, fitting & (by != hand))) for target in TARGETS],
            axis=1,
        )
        labels = decide(scores, design.shown[by == hand], design.named[by == hand])
        for lang in LANGUAGES:
            here = np.array([place[0] == lang for place in places])[by == hand]
            if here.any():
                rows = [row for (_, row), own in zip(places, by == hand, strict=True) if own]
                mine = [row for row, there in zip(rows, here, strict=True) if there]
                said = dict(zip(SCORED, labels[here].T, strict=True)) | {"neutral": ~labels[here].any(axis=1)}
                _tables(f"{lang}, {hand}, nothing fitted on it", mine, said, {"cxaudit": 2 * scores[here, -1] - 1})


def _f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    return float(2 * (truth & said).sum() / max(truth.sum() + said.sum(), 1))


def score(others: str | None) -> None:
    """Print the tables of docs/tone.md."""
    for lang, hand, part in product(LANGUAGES, HANDS, ("dev", "locked")):
        rows = labelled(lang, part, hand)
        if rows:
            frame = read([row.text for row in rows])
            said = {label: frame[label].to_numpy() for label in LABELS}
            polarities = {"cxaudit": frame["polarity"].to_numpy()} | _other_polarity(lang, rows, others)
            _tables(f"{lang}, {hand}, {part}", rows, said, polarities)


def _tables(
    title: str, rows: list[Labelled], said: dict[str, NDArray[np.bool_]], polarities: dict[str, NDArray[np.float64]]
) -> None:
    print(f"\n### {title} ({len(rows)} texts)\n\n| label | n | precision | recall | F1 | F1 95 % |")
    print("|---|---|---|---|---|---|")
    truth = {label: np.array([label in row.labels for row in rows]) for label in LABELS}
    for table in (said, truth):
        table["anger or annoyance"] = table["anger"] | table["annoyance"]
    for label in truth:
        print(_line(label, truth[label], said[label]))
    neutral = truth["neutral"]
    print(f"\nNeutral texts called emotional: {1 - said['neutral'][neutral].mean():.3f}")
    _polarity(rows, polarities)


def _line(label: str, truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> str:
    hit = (truth & said).sum()
    draw = np.random.default_rng(7).integers(0, len(truth), (DRAWS, len(truth)))
    low, high = np.percentile([_f1(truth[row], said[row]) for row in draw], (2.5, 97.5))
    precision, recall = hit / max(said.sum(), 1), hit / max(truth.sum(), 1)
    return (
        f"| {label} | {truth.sum()} | {precision:.2f} | {recall:.2f} | {_f1(truth, said):.2f} | {low:.2f}–{high:.2f} |"
    )


def _polarity(rows: list[Labelled], polarities: dict[str, NDArray[np.float64]]) -> None:
    sign = np.array([row.sign for row in rows])
    print("\n| polarity | n | area under the curve | accuracy |\n|---|---|---|---|")
    for name, polarity in polarities.items():
        good, bad = polarity[sign > 0], polarity[sign < 0]
        area = (good[:, None] > bad).mean() + (good[:, None] == bad).mean() / 2
        right = ((polarity > 0) == (sign > 0))[sign != 0].mean()
        print(f"| {name} | {(sign != 0).sum()} | {area:.3f} | {right:.3f} |")


def _other_polarity(lang: str, rows: list[Labelled], others: str | None) -> dict[str, NDArray[np.float64]]:
    if others is None or lang != "fr":
        return {}
    return {run["name"]: np.array(run["polarity"]) for run in _run_others(others, [row.text for row in rows])}


def _run_others(interpreter: str, texts: list[str]) -> list[dict]:
    done = subprocess.run(
        [interpreter, "-c", OTHERS], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def speed(others: str | None, size: int = 20_000) -> None:
    """Print texts a second of about 220 characters, spans included; processor seconds beside the clock's."""
    draw = random.Random(1)
    pool = [row.text for row in labelled("fr", "dev", "texts")]
    texts: list[str] = []
    while len(texts) < size:
        text = draw.choice(pool)
        while len(text) < 200:
            text += " " + draw.choice(pool)
        texts.append(text[:240])
    read(texts[:200])
    clock, used = time.perf_counter(), time.process_time()
    frame = read(texts)
    clock, used = time.perf_counter() - clock, time.process_time() - used
    print(f"cxaudit: {size / clock:,.0f} texts/s by the clock, {size / used:,.0f} a processor second, spans included")
    start = time.perf_counter()
    as_json(range(size), frame)
    print(f"JSON rows: {size / (time.perf_counter() - start):,.0f} texts/s on top")
    for run in _run_others(others, texts[:500]) if others else []:
        rate = 500 / run["seconds"]
        print(f"{run['name']}: {rate:,.0f} texts/s; cxaudit is {size / clock / rate:,.0f} × as fast")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for flag in ("fit", "score", "unseen", "speed"):
        parser.add_argument(f"--{flag}", action="store_true")
    parser.add_argument("--others", metavar="PYTHON")
    wanted = parser.parse_args()
    if wanted.fit:
        refit()
    if wanted.score:
        score(wanted.others)
    if wanted.unseen:
        unseen()
    if wanted.speed:
        speed(wanted.others)


if __name__ == "__main__":
    main()
