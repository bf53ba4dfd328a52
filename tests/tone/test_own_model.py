"""A model of one's own: what it answers, which texts it is asked about, and what is refused with a sentence."""

from __future__ import annotations

import hashlib
import json
import pickle
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from math import e
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from onnx import TensorProto
from tone import tiny

from cxaudit import run_audit, texts
from cxaudit.audit import Brief, prepare_audit
from cxaudit.audit_file import Saved, reopen, save
from cxaudit.cli import main
from cxaudit.engine import collect
from cxaudit.errors import UsageError
from cxaudit.follow.live import Live
from cxaudit.schema.settings import Exclude, Settings
from cxaudit.tone.engine import FAINT, MUTED, tones
from cxaudit.tone.labels import SCORED
from cxaudit.tone.own_model import FILES, UNSURE, OwnModel, opened, settled

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed: no model of one's own can be opened")

ONE_WORD = (e - 1) / (e + 2)  # scores 1, 0, 0 → chances e, 1, 1 over e + 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def model(folder: Path) -> OwnModel:
    return OwnModel.open(folder)


def test_its_polarity_is_what_its_classes_are_worth(model: OwnModel) -> None:
    said = model.polarity(["bon", "Mauvais", "bon mauvais", "autre", "bon bon"])
    twice = (e**2 - 1) / (e**2 + 2)
    assert said == pytest.approx([ONE_WORD, -ONE_WORD, 0, 0, twice], abs=1e-6)


@pytest.mark.parametrize(
    ("classes", "worth"),
    [
        (("Négatif", "Neutre", "Positif"), (-1, 0, 1)),
        (("POSITIVE", "NEGATIVE", "neu"), (1, -1, 0)),
        (("1 star", "3 stars", "5 stars"), (-1, 0, 1)),
        (("2 étoiles", "1 étoile", "4 étoiles"), (-0.5, -1, 0.5)),
        (("very-negative", "negative", "Very_Positive"), (-1, -0.5, 1)),
    ],
)
def test_classes_are_known_by_their_names(tmp_path: Path, classes: tuple[str, ...], worth: tuple[float, ...]) -> None:
    assert tuple(OwnModel.open(tiny.write(tmp_path / "m", classes)).worth) == worth


def test_the_same_text_gets_the_same_answer_in_any_company(model: OwnModel) -> None:
    texts = [" ".join(words) for words in (["bon"], ["bon", "mauvais", "bon"], ["mot"] * 90, ["mauvais"] * 3)]
    together, alone = model.polarity(texts), [model.polarity([text])[0] for text in texts]
    assert together.tolist() == alone == model.polarity(texts[::-1])[::-1].tolist()


def test_its_digest_is_that_of_its_three_files_on_end(model: OwnModel, folder: Path, tmp_path: Path) -> None:
    assert model.digest == hashlib.sha256(b"".join((folder / name).read_bytes() for name in FILES)).hexdigest()
    assert model.shown == {"name": "tiny", "digest": model.digest[:16]}
    assert OwnModel.open(tiny.write(tmp_path / "tiny", ("positive", "neutral", "negative"))).digest != model.digest


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "vide", "bon vide"])
def test_without_an_answer_there_is_no_number(model: OwnModel, text: str) -> None:
    assert np.isnan(model.polarity([text])).all()


def test_any_text_can_be_asked_about(model: OwnModel) -> None:
    strange = ["\ud800 bon", "bon\0", "<b>bon</b>", "🙂", "\u202ebon", "bon " * 300_000, "x" * 1_000_000]
    said = model.polarity(strange)
    assert said[0] == pytest.approx(ONE_WORD, abs=1e-6)
    assert said[2] == said[0] and said[5] > 0.99 and said[6] == 0


def test_what_comes_after_its_length_is_not_read(tmp_path: Path) -> None:
    short = OwnModel.open(tiny.write(tmp_path / "m", max_position_embeddings=2))
    assert short.polarity(["bon autre mauvais mauvais"])[0] == pytest.approx(ONE_WORD, abs=1e-6)


def test_what_the_customer_only_quotes_is_not_read(model: OwnModel) -> None:
    assert model.polarity(["mauvais\n> bon bon bon"])[0] == pytest.approx(-ONE_WORD, abs=1e-6)


def test_no_setting_no_model() -> None:
    assert opened("") is None


# ---- which texts it is asked about


def one(label: str | None) -> list[bool]:
    return [name == label for name in SCORED]


def test_it_decides_the_unsure_texts_alone(model: OwnModel) -> None:
    # sure; unsure; nothing speaks; neutral and sure before it was muted; neutral and unsure; no answer
    polarity = np.array([0.3, 0.1, 0.0, 0.2, 0.05, 0.1])
    holds = np.array([one("irony"), one("irony"), one(None), one(None), one(None), one("irony")])
    told, by_model = settled(model, ["mauvais"] * 5 + ["vide"], polarity, holds)
    assert by_model.tolist() == [False, True, False, False, True, False]
    assert told == pytest.approx([0.3, -ONE_WORD, 0.0, 0.2, -MUTED * ONE_WORD, 0.1], abs=1e-6)


def test_labels_and_polarity_still_agree(model: OwnModel) -> None:
    holds = np.array([one("satisfaction"), one("anger"), one("anger")])
    told, by_model = settled(model, ["mauvais", "bon", "mauvais"], np.array([0.1, -0.1, -0.1]), holds)
    assert by_model.all() and told == pytest.approx([FAINT, -FAINT, -ONE_WORD], abs=1e-6)


def test_what_is_given_is_not_changed(model: OwnModel) -> None:
    given = np.array([0.1])
    settled(model, ["mauvais"], given, np.array([one("irony")]))
    assert given.tolist() == [0.1]


def test_real_readings_stay_where_they_are_sure(model: OwnModel) -> None:
    said = [
        "Parfait, je recommande, merci beaucoup",
        "Le produit est cassé, inadmissible",
        "Livré mardi, bon carton",
        "",
    ]
    [read] = tones((text, None) for text in said)
    told, by_model = settled(model, said, read.polarity, read.holds[:, : len(SCORED)])
    assert (told == read.polarity)[~by_model].all() and not by_model[[0, 1, 3]].any()
    assert (np.abs(read.polarity[by_model]) < UNSURE).all()


# ---- what is refused


def refusal(folder: Path) -> str:
    with pytest.raises(UsageError) as caught:
        OwnModel.open(folder)
    assert all(texts.say(caught.value.phrase, lang) for lang in texts.LANGUAGES)
    return caught.value.phrase.key


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (tiny.write(tmp_path / "m") / name).unlink()
    with pytest.raises(UsageError, match="absent") as caught:
        OwnModel.open(tmp_path / "m")
    assert name in texts.say(caught.value.phrase, "fr")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"version https://git-lfs", pickle.dumps({"model": [1] * 99})])
def test_what_is_no_model_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tiny.write(tmp_path / "m") / name).write_bytes(content)
    assert refusal(tmp_path / "m") == "error.tone_model.unusable"


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers"])
def test_missing_packages_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    assert refusal(folder) == "error.tone_model.packages"


@pytest.mark.parametrize(
    "classes",
    [("LABEL_0", "LABEL_1", "LABEL_2"), ("negative", "neutral", "neutral"), ("joy", "anger", "positive")],
)
def test_classes_that_do_not_say_what_is_good_are_refused(tmp_path: Path, classes: tuple[str, ...]) -> None:
    assert refusal(tiny.write(tmp_path / "m", classes)) == "error.tone_model.classes"


def test_several_classes_a_text_are_refused(tmp_path: Path) -> None:
    several = tiny.write(tmp_path / "m", problem_type="multi_label_classification")
    assert refusal(several) == "error.tone_model.classes"


def _two_classes_of_three(folder: Path) -> None:
    tiny.write(folder, ("negative", "positive"))


def _a_row_a_word(folder: Path) -> None:
    tiny.write(folder, proto=tiny.model(keep=True))


def _no_numbers(folder: Path) -> None:
    tiny.write(folder, proto=tiny.model([[np.nan] * 3] * 5))


def _foreign_input(folder: Path) -> None:
    proto = tiny.model()
    for node in proto.graph.node:
        node.input[:] = ["pixels" if name == "attention_mask" else name for name in node.input]
    proto.graph.input[1].name = "pixels"
    tiny.write(folder, proto=proto)


@pytest.mark.parametrize("spoil", [_two_classes_of_three, _a_row_a_word, _no_numbers, _foreign_input])
def test_a_model_of_another_shape_is_refused(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    spoil(tmp_path / "m")
    assert refusal(tmp_path / "m") == "error.tone_model.unusable"


def test_an_output_of_any_name_serves_where_it_is_the_only_one(tmp_path: Path) -> None:
    said = OwnModel.open(tiny.write(tmp_path / "m", proto=tiny.model(output="scores"))).polarity(["bon"])
    assert said[0] == pytest.approx(ONE_WORD, abs=1e-6)


@pytest.mark.parametrize("place", ["weights.bin", "../weights.bin", "{folder}/weights.bin", "*/_ORT_MEM_ADDR_/*"])
def test_weights_in_other_files_are_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    folder, proto = tmp_path / "m", tiny.model([[0.0] * 3] * 5)
    [table] = [one for one in proto.graph.initializer if one.name == "table"]
    folder.mkdir()
    for where in (folder, tmp_path):
        (where / "weights.bin").write_bytes(table.raw_data)
    size = len(table.raw_data)
    table.ClearField("raw_data")
    table.data_location = TensorProto.EXTERNAL
    for key, value in (("location", place.format(folder=folder)), ("offset", "0"), ("length", str(size))):
        table.external_data.add(key=key, value=value)
    monkeypatch.chdir(folder)  # where a model given as bytes would look
    assert refusal(tiny.write(folder, proto=proto)) == "error.tone_model.unusable"


# ---- in the commands and in an audit


@pytest.fixture(scope="module")
def written() -> list[str]:
    """Real enough texts, some of which are hard to read."""
    lines = (Path(__file__).parent / "eleventh_fr.tsv").read_text("utf-8").splitlines()[1:301]
    return [line.split("\t")[4] for line in lines]


def test_the_command_tells_what_the_model_decided(
    folder: Path, model: OwnModel, written: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [json.dumps({"id": at, "text": text}) for at, text in enumerate([*written, None])]
    (tmp_path / "t.jsonl").write_text("\n".join([*lines, "no JSON"]), "utf-8")
    found = []
    for more in ([], ["--tone-model", str(folder), "--lang", "en"]):
        assert main(["tone", str(tmp_path / "t.jsonl"), "--json", str(tmp_path / "o.json"), *more]) == 0
        found.append(json.loads((tmp_path / "o.json").read_text("utf-8"))["texts"])
    own, told = found
    changed = [one for one, other in zip(own, told, strict=True) if one["polarity"] != other["polarity"]]
    assert changed and all(abs(one["polarity"]) < UNSURE for one in changed)
    assert [one | {"polarity": 0} for one in own] == [one | {"polarity": 0} for one in told]
    [read] = tones((text, None) for text in [*written, None, None])
    decided = settled(model, [*written, "", ""], read.polarity, read.holds[:, : len(SCORED)])[1].sum()
    said = capsys.readouterr().err
    assert '"tiny"' in said and model.digest[:16] in said and f"{decided} verbatims" in said


def test_a_command_with_a_model_that_cannot_be_opened_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text('{"text": "bon"}', "utf-8")
    asked = ["tone", str(tmp_path / "t.jsonl"), "--json", str(tmp_path / "o.json"), "--tone-model", str(tmp_path)]
    assert main(asked) == 2 and not (tmp_path / "o.json").exists()


@pytest.fixture(scope="module")
def tables(written: list[str]) -> dict[str, pl.DataFrame]:
    days = [datetime(2026, 1, 1) + timedelta(hours=5 * at) for at in range(len(written))]
    spam = [at % 7 == 0 for at in range(len(written))]
    tickets = {"created_at": days, "body": written[::-1], "customer_email": "a@b.fr", "is_spam": spam}
    return {"reviews": pl.DataFrame({"created_at": days, "text": written}), "tickets": pl.DataFrame(tickets)}


def heard(prepared: Any) -> pl.DataFrame:
    return collect(prepared.tables["verbatims"]).to_native()


def test_an_audit_says_so_and_keeps_every_figure(
    folder: Path, model: OwnModel, tables: dict[str, pl.DataFrame]
) -> None:
    settings = Settings(tone_model=str(folder))
    without, audit = run_audit(tables), run_audit(tables, settings)
    rows = heard(prepare_audit(tables, Brief(settings))).filter("by_model")
    [phrase] = [one for one in audit.warnings if one.key == "warning.tone_model"]
    bad = int((rows["polarity"] < 0).sum())
    assert dict(phrase.facts) == {**model.shown, "texts": rows.height, "bad": bad} and 0 < bad < rows.height
    assert audit.measures == without.measures and "warning.tone_model" not in {one.key for one in without.warnings}


def test_other_rules_ask_again_and_another_model_starts_anew(folder: Path, tables: dict[str, pl.DataFrame]) -> None:
    settings = Settings(tone_model=str(folder))
    every = Settings(tone_model=str(folder), exclude=Exclude(spam=False))
    live = Live(prepare_audit(tables, Brief(settings)))
    assert live.audit(Brief(every)).warnings == run_audit(tables, every).warnings
    assert heard(live.prepared(every, ())).height > heard(live.prepared(settings, ())).height
    assert live.serves(every) and not live.serves(Settings())


def test_a_path_is_neither_saved_nor_believed(
    folder: Path, tables: dict[str, pl.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(tone_model=str(folder))
    saved = Saved(run_audit(tables, settings), settings)
    assert reopen(save(saved)).settings.tone_model == ""
    monkeypatch.setattr("cxaudit.audit_file._without_path", lambda one: one)
    forged = save(saved)
    monkeypatch.undo()
    assert reopen(forged).settings.tone_model == ""
    assert "warning.tone_model" in {one.key for one in reopen(forged).audit.warnings}
