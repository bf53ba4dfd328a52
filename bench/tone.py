"""The tone engine on its own labelled texts: fit the layer, score it with intervals, time it, and set it beside others.

python bench/tone.py --compile             lexicons and telling words into cxaudit/tone/compiled.npz
python bench/tone.py --fit                 the same, with coefficients, thresholds and telling words fitted anew
python bench/tone.py --unseen              each hand with nothing fitted on it, as Markdown
python bench/tone.py --score               the locked parts, F1 with bootstrap intervals, as Markdown
python bench/tone.py --speed               texts a second in a process and through the command line
python bench/tone.py --others PYTHON       with --score or --speed: textblob-fr and vaderSentiment-fr of that Python
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cxaudit.tone import LABELS, read
from cxaudit.tone.builder import compiled, entries, plain
from cxaudit.tone.engine import ANGRIEST, OUTRIGHT, decide, measure
from cxaudit.tone.features import FEATURES
from cxaudit.tone.fold import LETTER, fold
from cxaudit.tone.labels import SCORED
from cxaudit.tone.layer import layer
from cxaudit.tone.lexicon import CHANNELS, COMPILED, load
from cxaudit.tone.logistic import fit
from cxaudit.tone.scope import PRAISE
from cxaudit.tone.spans import evidence
from cxaudit.tone.telling import DAMPED, DENIED, LANGUAGES, NUMBER, TARGETS, UNIT, marks, opening
from cxaudit.tone.trim import trimmed

ROOT = Path(__file__).resolve().parents[1]
TEXTS = ROOT / "tests" / "tone"
PACKAGE = ROOT / "cxaudit" / "tone"
# Writers: what one calls praise, the next never thought of. Only the first and the sixth knew the lexicons.
HANDS = (
    *("texts", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
    *("sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth", "twentyfirst"),
)
# Hands that wrote as many good, bad and neutral texts as real pages hold: thresholds are theirs.
NATURAL = (
    *("seventh", "eighth", "ninth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
    *("sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth", "twentyfirst"),
)
FOLDS = 4  # hands are left out in turn, one in four at a time: who writes matters more than what is said
RIDGE = 2.0
# How strongly words, their pieces and pairs stand beside the features; those scarcer than LEAST_TEXTS are left out.
SCALES = {"word": 1.5, "piece": 0.9, "pair": 2.0}
LEAST_TEXTS = {"word": 3, "piece": 3, "pair": 2}
FAINTEST = 40  # thousandths: marks that never weigh as much are left out of the file
DRAWS = 1000
GRID = np.arange(0.1, 0.71, 0.025)
FIXED = {"irony": 0.65, "neutral": 0.6}  # irony is held to precision; neutral only ever takes labels away
SUMMED = ("anger or annoyance", "disappointment", "satisfaction", "gratitude", "confusion", "worry", "relief")
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
    start = time.perf_counter(), time.process_time()
    found = [score(t) for t in texts]
    clock, used = time.perf_counter() - start[0], time.process_time() - start[1]
    return {"name": name, "polarity": found, "clock": clock, "used": used}
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

# What the command line is held against: the same file in, a polarity a line out, imports and all.
ALONE = """
import json, sys
from textblob import Blobber
from textblob_fr import PatternTagger, PatternAnalyzer
blob = Blobber(pos_tagger=PatternTagger(), analyzer=PatternAnalyzer())
with open(sys.argv[1]) as lines, open(sys.argv[2], "w") as out:
    rows = (json.loads(line) for line in lines)
    json.dump([{"id": row["id"], "polarity": blob(row["text"]).sentiment[0]} for row in rows], out)
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
    """Texts as what fitting sees of them: features and marks side by side, and which labels they name."""

    rows: list[Labelled]
    english: NDArray[np.bool_]
    cells: sparse.csr_matrix
    marks: list[tuple[str, str]]
    scale: NDArray[np.float64]  # a mark
    named: NDArray[np.bool_]

    @property
    def outright(self) -> NDArray[np.bool_]:
        """Whether each text tells its anger outright."""
        return self.cells[:, [ANGRIEST]].toarray()[:, 0] >= OUTRIGHT

    @classmethod
    def of(cls, parts: tuple[str, ...]) -> Design:
        """The texts of these parts, of all hands and languages."""
        places = [
            (lang, row) for part in parts for lang in LANGUAGES for hand in HANDS for row in labelled(lang, part, hand)
        ]
        rows = [row for _, row in places]
        reading, weighed, seen = measure([row.text for row in rows])
        names, scale, words = _marked(reading.language, [row.text for row in rows])
        found = evidence(weighed, load())
        cells = sparse.hstack([sparse.csr_matrix(seen), words @ sparse.diags(scale)]).tocsr()
        english = np.array([lang == "en" for lang, _ in places])
        return cls(rows, english, cells, names, scale, found.named(len(rows)))

    def bears(self, target: str) -> NDArray[np.bool_]:
        """Whether each text bears a label; for polarity, whether it is good."""
        if target == "polarity":
            return np.array([row.sign > 0 for row in self.rows])
        return np.array([target in row.labels for row in self.rows])


def compile_lexicons() -> None:
    """Write the package's compiled data anew from its TSV files."""
    np.savez_compressed(PACKAGE / COMPILED, **compiled())  # type: ignore[arg-type]
    load.cache_clear()
    layer.cache_clear()


def refit() -> None:
    """Fit every target on the development texts; write the package's coefficients, telling words and compiled data."""
    compile_lexicons()
    design = Design.of(("dev",))
    everyone = np.ones(len(design.rows), bool)
    thresholds = _thresholds(design, _crossed(design, everyone))
    fitted = [_fit_one(target, design, everyone) for target in TARGETS]
    terms = np.array([terms for terms, _ in fitted]).T
    stored = {"features": FEATURES, "targets": TARGETS, "weights": terms[: len(FEATURES)].round(4).tolist()}
    stored |= {"bias": [round(bias, 4) for _, bias in fitted], "thresholds": thresholds.round(3).tolist()}
    (PACKAGE / "coefficients.json").write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    told = np.rint(terms[len(FEATURES) :] * design.scale[:, None] * UNIT).astype(int)
    lines = ["// language ⇥ mark ⇥ thousandths: " + " ".join(TARGETS)]
    for name, row in zip(design.marks, told, strict=True):
        if abs(row).max() >= FAINTEST:
            lines.append("\t".join([*name, " ".join(map(str, row))]))
    (PACKAGE / "telling.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    compile_lexicons()


def _marked(
    languages: NDArray[np.int8], texts: list[str]
) -> tuple[list[tuple[str, str]], NDArray[np.float64], sparse.csr_matrix]:
    """The marks of words and pairs seen often enough, by language; their scales; and how often each text bears them,
    damped as `telling` damps it."""
    denies = {plain(entry.pattern)[0] for lang in LANGUAGES for entry in entries(lang) if entry.label == "negator"}
    bags: list[Counter[tuple[str, str]]] = []
    distinct: list[int] = []
    for language, words in zip(languages, _lines([trimmed(text) for text in texts]), strict=True):
        spoken = LANGUAGES[1] if language == 1 else LANGUAGES[0]
        own = {word for line in words for word in line}
        distinct.append(max(len(own), 1))
        heard = [[not denies.intersection(line[max(at - DENIED, 0) : at]) for at in range(len(line))] for line in words]
        first = _firsts(words, heard)
        bag = Counter((spoken, mark) for word in first for mark in marks(word))
        bag.update(
            (spoken, f"{opening(a)} {opening(b)}")
            for line, free in zip(words, heard, strict=True)
            for (a, b), left in zip(pairwise(line), free, strict=False)
            if left
        )
        bags.append(bag)
    seen = Counter(name for bag in bags for name in bag)
    names = sorted(name for name, count in seen.items() if count >= LEAST_TEXTS[_kind(name[1])])
    place = {name: at for at, name in enumerate(names)}
    cells = [
        (row, place[name], count / distinct[row] ** DAMPED)
        for row, bag in enumerate(bags)
        for name, count in bag.items()
        if name in place
    ]
    row, column, count = (np.array(part) for part in zip(*cells, strict=True))
    scale = np.array([SCALES[_kind(mark)] for _, mark in names])
    return names, scale, sparse.csr_matrix((count.astype(float), (row, column)), (len(texts), len(names)))


def _firsts(words: list[list[str]], heard: list[list[bool]]) -> list[str]:
    """Each word of a text at its first place, unless a negation stands before it there."""
    first: dict[str, bool] = {}
    for line, free in zip(words, heard, strict=True):
        for word, tells in zip(line, free, strict=True):
            first.setdefault(word, tells)
    return [word for word, tells in first.items() if tells]


def _kind(mark: str) -> str:
    return "pair" if " " in mark else "word" if mark == NUMBER or (mark[0] == "^" and mark[-1] == "$") else "piece"


def _lines(texts: list[str]) -> list[list[list[str]]]:
    """The folded words of each text, in stretches that no mark interrupts."""
    batch = fold(texts)
    lines: list[list[list[str]]] = [[[]] for _ in texts]
    words = iter(batch.words)
    for kind, owner in zip(batch.kind.tolist(), batch.text.tolist(), strict=True):
        if kind == LETTER:
            lines[owner][-1].append(next(words).decode("ascii"))
        elif lines[owner][-1]:
            lines[owner].append([])
    return lines


def _fit_one(target: str, design: Design, used: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    rows, polar = design.rows, target == "polarity"
    used = used & np.array([not polar or row.sign != 0 for row in rows])
    holds = design.bears(target).astype(float)
    counts = np.array([1.0 if not polar or row.kind == "review" else 0.6 for row in rows])
    if polar:  # no text is good or bad beforehand: both sides count the same
        counts[holds > 0] *= counts[used & (holds == 0)].sum() / counts[used & (holds > 0)].sum()
    held = np.append(signs(target), np.zeros(design.cells.shape[1] - len(FEATURES), np.int8))
    return fit(design.cells[used], holds[used], RIDGE, held, counts[used], not polar)


def _crossed(design: Design, fitting: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The chances of each text, texts × TARGETS, with nothing fitted on the hand that wrote it."""
    fold_of = np.array([HANDS.index(row.hand) % FOLDS for row in design.rows])
    chances = np.zeros((len(design.rows), len(TARGETS)))
    for part in range(FOLDS):
        out = fold_of == part
        for column, target in enumerate(TARGETS):
            terms, bias = _fit_one(target, design, fitting & ~out)
            chances[out, column] = 1 / (1 + np.exp(-np.clip(design.cells[out] @ terms + bias, -30, 30)))
    return chances


def _thresholds(design: Design, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """By label, the threshold at which F1 is highest on hands that took no part in the fit, the others decided."""
    thresholds = np.array([FIXED.get(target, 0.4) for target in TARGETS])
    here = np.flatnonzero([row.hand in NATURAL for row in design.rows])
    shown, named = np.ones_like(design.named[here]), design.named[here]
    for column, target in [*enumerate(SCORED)] * 2:
        if target in FIXED:
            continue
        truth, found = design.bears(target)[here], []
        for cut in GRID:
            thresholds[column] = cut
            found.append(_f1(truth, decide(chances[here], shown, named, design.outright[here], thresholds)[:, column]))
        smooth = np.convolve(np.pad(found, 1, "edge"), np.ones(3) / 3, "valid")
        thresholds[column] = GRID[smooth.argmax()]
        print(f"{target:15s} F1 {smooth.max():.3f} on hands left out, from {thresholds[column]:.3f} on")
    return thresholds


def unseen() -> None:
    """Print how each hand is read when nothing was fitted on it: the best guess at new texts."""
    design = Design.of(("dev", "locked"))
    chances = _crossed(design, np.array([row.part == "dev" for row in design.rows]))
    labels = decide(chances, np.ones_like(design.named), design.named, design.outright, layer().thresholds)
    by = np.array([row.hand for row in design.rows])
    for lang, hand in product(LANGUAGES, HANDS):
        here = np.flatnonzero((by == hand) & (design.english == (lang == "en")))
        if len(here):
            said = dict(zip(SCORED, labels[here].T, strict=True)) | {"neutral": ~labels[here].any(axis=1)}
            print(_summary(f"{lang}, {hand}", [design.rows[at] for at in here], said, 2 * chances[here, -1] - 1))


def _f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    return float(2 * (truth & said).sum() / max(truth.sum() + said.sum(), 1))


def score(others: str | None) -> None:
    """Print how the locked parts are read."""
    for lang in LANGUAGES:
        pooled: list[Labelled] = []
        for hand in HANDS:
            rows = labelled(lang, "locked", hand)
            if rows:
                frame = read([row.text for row in rows])
                print(_summary(f"{lang}, {hand}", rows, _said(frame), frame["polarity"].to_numpy()))
                pooled += rows
        frame = read([row.text for row in pooled])
        _table(f"{lang}, all locked parts", pooled, _said(frame))
        polarities = {"cxaudit": frame["polarity"].to_numpy()} | _other_polarity(lang, pooled, others)
        for name, polarity in polarities.items():
            print("| {} | {} | {:.3f} | {:.3f} |".format(name, *_polarity(pooled, polarity)))


def _said(frame: pl.DataFrame) -> dict[str, NDArray[np.bool_]]:
    return {label: frame[label].to_numpy() for label in LABELS}


def _with_ire(table: dict[str, NDArray[np.bool_]]) -> dict[str, NDArray[np.bool_]]:
    return table | {"anger or annoyance": table["anger"] | table["annoyance"]}


def _truth(rows: list[Labelled]) -> dict[str, NDArray[np.bool_]]:
    return {label: np.array([label in row.labels for row in rows]) for label in LABELS}


def _summary(
    title: str, rows: list[Labelled], said: dict[str, NDArray[np.bool_]], polarity: NDArray[np.float64]
) -> str:
    """A hand in one line: F1 of SUMMED labels, irony (precision, recall), neutral called emotional, polarity."""
    said, truth = _with_ire(said), _with_ire(_truth(rows))
    cells = [f"{_f1(truth[label], said[label]):.2f}" if truth[label].sum() >= 5 else "–" for label in SUMMED]
    irony = truth["irony"] & said["irony"]
    cells.append(f"{irony.sum() / max(said['irony'].sum(), 1):.2f}, {irony.sum() / max(truth['irony'].sum(), 1):.2f}")
    neutral = truth["neutral"]
    cells.append(f"{1 - said['neutral'][neutral].mean():.2f}" if neutral.sum() >= 5 else "–")
    _, area, right = _polarity(rows, polarity)
    return " | ".join([f"| {title}", str(len(rows)), *cells, f"{area:.3f}", f"{right:.3f} |"])


def _table(title: str, rows: list[Labelled], said: dict[str, NDArray[np.bool_]]) -> None:
    said, truth = _with_ire(said), _with_ire(_truth(rows))
    print(f"\n### {title} ({len(rows)} texts)\n\n| label | n | precision | recall | F1 | F1 95 % |")
    print("|---|---|---|---|---|---|")
    for label in truth:
        print(_line(label, truth[label], said[label]))


def _line(label: str, truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> str:
    hit = (truth & said).sum()
    draw = np.random.default_rng(7).integers(0, len(truth), (DRAWS, len(truth)))
    low, high = np.percentile([_f1(truth[row], said[row]) for row in draw], (2.5, 97.5))
    precision, recall = hit / max(said.sum(), 1), hit / max(truth.sum(), 1)
    return (
        f"| {label} | {truth.sum()} | {precision:.2f} | {recall:.2f} | {_f1(truth, said):.2f} | {low:.2f}–{high:.2f} |"
    )


def _polarity(rows: list[Labelled], polarity: NDArray[np.float64]) -> tuple[int, float, float]:
    """How many texts have a sign, the area under the curve, and the share of signs that are right."""
    sign = np.array([row.sign for row in rows])
    good, bad = polarity[sign > 0], polarity[sign < 0]
    area = (good[:, None] > bad).mean() + (good[:, None] == bad).mean() / 2
    return int((sign != 0).sum()), float(area), float(((polarity > 0) == (sign > 0))[sign != 0].mean())


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
    texts = _long_texts(size)
    read(texts[:200])
    clock, used = time.perf_counter(), time.process_time()
    read(texts)
    clock, used = time.perf_counter() - clock, time.process_time() - used
    print(f"cxaudit: {size / clock:,.0f} texts/s by the clock, {size / used:,.0f} a processor second, spans included")
    for run in _run_others(others, texts[:2000]) if others else []:
        by_clock, by_use = (run[name] / 2000 * size for name in ("clock", "used"))
        ratios = f"{by_clock / clock:.1f} × as long by the clock, {by_use / used:.1f} × the processor"
        print(f"{run['name']}: {size / by_clock:,.0f} texts/s; {ratios}")
    for many in (size, 5 * size):
        _command_line(texts * (many // size), others)


def _long_texts(size: int) -> list[str]:
    draw = random.Random(1)
    pool = [row.text for row in labelled("fr", "dev", "texts")]
    texts: list[str] = []
    while len(texts) < size:
        text = draw.choice(pool)
        while len(text) < 200:
            text += " " + draw.choice(pool)
        texts.append(text[:240])
    return texts


def _command_line(texts: list[str], others: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "texts.jsonl", Path(folder) / "out.json"
        given.write_text("".join(json.dumps({"id": at, "text": text}) + "\n" for at, text in enumerate(texts)), "utf-8")
        ours = _timed([sys.executable, "-m", "cxaudit", "tone", str(given), "--json", str(out)])
        print(f"command line, {len(texts):,} texts: {ours[0]:.2f} s, {ours[1]:.2f} s of processor")
        if others:
            theirs = _timed([others, "-c", ALONE, str(given), str(out)])
            ratios = f"{theirs[0] / ours[0]:.1f} × as long by the clock, {theirs[1] / ours[1]:.1f} × the processor"
            print(f"textblob-fr, the same file: {theirs[0]:.2f} s; {ratios}")


def _timed(command: list[str]) -> tuple[float, float]:
    """Seconds by the clock and of processor that a command takes."""
    clock, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - clock, used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for flag in ("compile", "fit", "score", "unseen", "speed"):
        parser.add_argument(f"--{flag}", action="store_true")
    parser.add_argument("--others", metavar="PYTHON")
    wanted = parser.parse_args()
    if wanted.compile:
        compile_lexicons()
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
