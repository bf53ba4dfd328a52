"""A model of the user's own, run here: its polarity for the texts of which the package's own reading is unsure.

A folder as text classifiers are commonly exported to: `model.onnx` with all its weights, `tokenizer.json`, and a
`config.json` whose `id2label` says which classes are good. Nothing is fetched and nothing is unpickled. The packages it
takes (`requirements-onnx.txt`) are loaded here alone, once a model is asked for.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxaudit.errors import UsageError
from cxaudit.tone.engine import MUTED, WORKERS, agreeing
from cxaudit.tone.trim import FILLER, trimmed

UNSURE = 0.25  # below, the sign is right in 59 % of French locked texts and 50 % of English; above, in 91 % and 90 %
FILES = {"model.onnx": 2**31, "tokenizer.json": 2**26, "config.json": 2**20}  # in the order of the digest; most bytes
MOST_TOKENS = 512  # what such models commonly bear; what comes after is not read
MOST_POINTS = 20_000  # far beyond that many tokens: a text of a megabyte costs no more than a long one
SHOWN = 16  # characters of the digest that sentences show
INTEGERS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
WORTH = {
    **dict.fromkeys(("very negative", "tres negatif", "tres negative"), -2),
    **dict.fromkeys(("negative", "negatif", "neg"), -1),
    **dict.fromkeys(("neutral", "neutre", "neu"), 0),
    **dict.fromkeys(("positive", "positif", "pos"), 1),
    **dict.fromkeys(("very positive", "tres positif", "tres positive"), 2),
    **{f"{stars} {word}": stars - 3 for stars in range(1, 6) for word in ("star", "stars", "etoile", "etoiles")},
}


@dataclass(frozen=True)
class OwnModel:
    """An opened model: its folder's name, the SHA-256 of its three files on end, and what reads a text with it.

    `worth` is how good each class is, −1 to 1.
    """

    name: str
    digest: str
    tokenizer: Any
    session: Any
    worth: NDArray[np.float64]

    @classmethod
    def open(cls, folder: Path) -> OwnModel:
        """The model of a folder, tried on one text.

        Raises:
            UsageError: a file or a package is missing, no class says what is good, or it is no such model.
        """
        model, tokenizer, config = contents = [_content(folder / name, most) for name, most in FILES.items()]
        digest = hashlib.sha256(b"".join(contents)).hexdigest()
        name = folder.resolve().name
        worth, most = _read_config(config, name)
        try:
            opened = cls(name, digest, _tokenizer(tokenizer, most), _session(model), worth)
            works = np.isfinite(opened._one("Bonjour"))
        except ImportError as error:
            raise UsageError("error.tone_model.packages") from error
        except Exception as error:  # both packages raise bare exceptions of their own for whatever a file may hold
            raise UsageError("error.tone_model.unusable", name=name) from error
        if not works:
            raise UsageError("error.tone_model.unusable", name=name)
        return opened

    @property
    def shown(self) -> dict[str, str]:
        """What sentences tell of it: its name, and the beginning of its digest."""
        return {"name": self.name, "digest": self.digest[:SHOWN]}

    def polarity(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """−1 to 1 a text: what its classes are worth, by their probabilities; nan where the model has no answer.

        Each text is read by itself, so that none depends on its neighbours: padding would change the last digits, and
        a quantised model takes its scale from the whole batch.
        """
        with ThreadPoolExecutor(WORKERS) as pool:
            return np.array(list(pool.map(self._answer, texts)), float)

    def _answer(self, text: str) -> float:
        try:
            return self._one(text)
        except Exception:  # a token or a length the model cannot bear: the package's own reading stays
            return np.nan

    def _one(self, text: str) -> float:
        encoded = self.tokenizer.encode(_plain(text))
        if not encoded.ids:
            return np.nan
        known = {
            "input_ids": encoded.ids,
            "attention_mask": encoded.attention_mask,
            "token_type_ids": encoded.type_ids,
        }
        given = {one.name: np.array([known[one.name]], INTEGERS[one.type]) for one in self.session.get_inputs()}
        scores = np.asarray(self.session.run([_output(self.session)], given)[0], float)
        if scores.shape != (1, len(self.worth)) or not np.isfinite(scores).all():
            return np.nan
        chances = np.exp(scores[0] - scores.max())
        return float(chances @ self.worth / chances.sum())


def opened(folder: str) -> OwnModel | None:
    """The model that a setting names, None where it names none; raises as `OwnModel.open`."""
    return OwnModel.open(Path(folder)) if folder else None


def settled(
    model: OwnModel, texts: Sequence[str], polarity: NDArray[np.float64], holds: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Polarity with the model's where it was unsure, agreeing with the labels as ever; and which texts those are.

    Unsure is what speaks (not 0) but in a low voice. Labels and their evidence stay the package's own.

    Args:
        model: the model to ask.
        texts: the texts as given.
        polarity: the package's own, a text.
        holds: its labels, texts × SCORED.
    """
    voice = np.abs(np.where(holds.any(axis=1), polarity, polarity / MUTED))
    asked = np.flatnonzero((voice > 0) & (voice < UNSURE))
    said = model.polarity([texts[place] for place in asked.tolist()])
    heard = asked[np.isfinite(said)]
    told, by_model = polarity.copy(), np.zeros(len(polarity), bool)
    told[heard] = agreeing(said[np.isfinite(said)], holds[heard])
    by_model[heard] = True
    return told, by_model


def _content(path: Path, most: int) -> bytes:
    if not path.is_file():
        raise UsageError("error.path.absent", path=str(path))
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise UsageError("error.tone_model.unusable", name=path.parent.resolve().name)
    return content


def _read_config(config: bytes, name: str) -> tuple[NDArray[np.float64], int]:
    """What each class is worth, and the most tokens."""
    try:
        document = json.loads(config)
        labels, most = document["id2label"], document.get("max_position_embeddings")
        classes = [str(labels[str(place)]) for place in range(len(labels))]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError("error.tone_model.unusable", name=name) from error
    several = document.get("problem_type") not in (None, "single_label_classification")
    worth = np.array([WORTH.get(_folded(one), np.nan) for one in classes], float)
    if several or not (np.isfinite(worth).all() and (worth < 0).any() and (worth > 0).any()):
        raise UsageError("error.tone_model.classes", name=name, found=classes)
    fits = isinstance(most, int) and 0 < most < MOST_TOKENS
    return worth / np.abs(worth).max(), most if fits else MOST_TOKENS


def _folded(label: str) -> str:
    bare = unicodedata.normalize("NFD", label.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def _tokenizer(content: bytes, most: int) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(content)
    own = (tokenizer.truncation or {}).get("max_length", most)
    tokenizer.enable_truncation(min(own, most))
    return tokenizer


def _session(model: bytes) -> Any:
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.use_deterministic_compute = True
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.load_model_format", "ONNX")
    # Weights may name other files, by any path. They are looked for in an empty folder alone, so that the three files
    # of the digest are all that is ever read.
    with TemporaryDirectory() as nowhere:
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", nowhere)
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _output(session: Any) -> str:
    """The scores' name: "logits", or the only output there is."""
    names = [one.name for one in session.get_outputs()]
    if "logits" in names:
        return "logits"
    [only] = names
    return str(only)


def _plain(text: str) -> str:
    """What the customer wrote now, without what no tokenizer can read (half of a surrogate pair)."""
    written = trimmed(text[:MOST_POINTS]).replace(FILLER, "")
    return " ".join(written.split()).encode("utf-8", "replace").decode()
