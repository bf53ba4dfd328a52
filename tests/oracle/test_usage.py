"""The command line as its contract has it: what is asked wrongly ends with 2 and a sentence, what is written is whole.

Nothing here looks into the figures; every case goes through `main`, as a nightly job would.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from engine.brand import brand

from cxaudit.cli import main

OUTPUTS = ("--json", "--xlsx", "--pptx", "--save")


@pytest.fixture(scope="module")
def tickets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exports") / "tickets.csv"
    brand(seed=5, orders=120)["tickets"].write_csv(path)
    return path


def run(*arguments: object) -> int:
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as left:  # argparse leaves by itself
        return int(left.code or 0)


def told(path: Path) -> Any:
    def never(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(path.read_text("utf-8"), parse_constant=never)


WRONG_SETTINGS = (
    *("as_of = 5", "as_of = true", 'as_of = "2026-02-30"', 'as_of = "0001-01-01"', 'as_of = "9999-12-31"'),
    *("period = 5", "period = true", 'period = ["2026-01-01"]', 'period = "2026-06-30:2026-01-01"', "compare = {}"),
    *('timezone = "Nowhere"', 'timezone = ""', "timezone = 3", 'language = "de"', "language = 3", "currency = 3"),
    *("complaint_reasons = [1]", 'complaint_reasons = [["a"]]', 'complaint_reasons = "a"'),
    *("[windows]\nsilence_days = 1.5", "[windows]\nepisode_minutes = -1", "[windows]\nsilence_days = nan"),
    *(
        "[windows]\nsilence_days = 100000000",
        "[windows]\nsilence = 3",
        "windows = 3",
    ),
    *("[exclude]\nspam = 1", '[exclude]\nspam = "no"', "[targets]\ncsat = nan", "[targets]\ncsat = 90"),
    *("[targets]\ncsat = true", "[targets]\nresolution = -0.1", "[materiality]\nrecontact = -1"),
    *("margin_rate = 30", "margin_rate = nan", "minute_cost = inf", "minute_cost = -1", "seed = -1", "seed = 1.5"),
    *("[opening_hours]\nopens = 30", '[opening_hours]\nweekdays = ["lundi"]', "[opening_hours]\nweekdays = [0]"),
    *('holidays_country = "ZZ"', "= 1", "x = 1"),
)


@pytest.mark.parametrize("text", WRONG_SETTINGS)
def test_a_wrong_setting_is_wrong_usage_and_is_named(
    text: str, tickets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "s.toml").write_text(text, "utf-8")
    assert run("audit", tickets, "--settings", tmp_path / "s.toml", "--json", tmp_path / "a.json") == 2
    said = capsys.readouterr().err.lower()
    name, _, value = text.rpartition("\n")[2].partition("=")
    assert value.strip(' "[]').lower() in said or name.strip() in said
    assert not (tmp_path / "a.json").exists()


@pytest.mark.parametrize(
    "text",
    [
        "as_of = 2026-09-01T00:00:00\nperiod = ['2026-02-01', '2026-08-31']",
        "as_of = 2026-09-01\nperiod = '2026-02-01:2026-08-31'\n[windows]\nsilence_days = 0",
        "as_of = '2026-09-01'\nperiod = [2026-02-01, 2026-08-31]\ntimezone = 'UTC'\n[targets]\nnps = 50\ncsat = 1",
    ],
)
def test_a_day_may_be_written_in_each_way_of_toml(text: str, tickets: Path, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(text)
    assert run("audit", tickets, "--settings", tmp_path / "s.toml", "--json", tmp_path / "a.json") == 0
    found = told(tmp_path / "a.json")
    assert (found["as_of"], found["period"]) == ("2026-09-01", ["2026-02-01", "2026-08-31"])


@pytest.mark.parametrize(("arguments", "language"), [((), "en"), (("--lang", "fr"), "fr")])
def test_the_language_of_the_settings_counts_where_none_is_asked(
    arguments: tuple[str, ...], language: str, tickets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "s.toml").write_text('language = "en"')
    assert run("audit", tickets, "--settings", tmp_path / "s.toml", "--json", tmp_path / "a.json", *arguments) == 0
    assert told(tmp_path / "a.json")["language"] == language
    assert ("Audit of" in capsys.readouterr().out) is (language == "en")


HEAD = "name,kind,starts_on,ends_on,scope\n"
GOOD = "Strike,incident,2026-05-01,2026-05-10,\n"
WRONG_EVENTS = {
    "empty.csv": "",
    "others.csv": "foo,bar\n1,2\n",
    "head.csv": HEAD,
    "no_end.csv": HEAD + "Strike,incident,2026-05-01,,\n",
    "no_name.csv": HEAD + ",incident,2026-05-01,2026-05-10,\n",
    "no_kind.csv": HEAD + "Strike,,2026-05-01,2026-05-10,\n",
    "number.toml": "events = 3",
    "words.toml": 'events = ["a"]',
    "numbers.toml": "[[events]]\nname = 3\nkind = 4\nstarts_on = 5\nends_on = 6\n",
    "open.toml": '[[events]]\nname = "a"\nkind = "incident"\nstarts_on = 2026-05-10\n',
    "other.toml": '[[event]]\nname = "a"\n',
    "broken.toml": "x = = 3",
}


@pytest.mark.parametrize("name", WRONG_EVENTS)
def test_events_of_which_none_can_be_read_are_wrong_usage(
    name: str, tickets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(WRONG_EVENTS[name])
    assert run("audit", tickets, "--events", tmp_path / name, "--lang", "en") == 2
    assert f"{name}: no readable event" in capsys.readouterr().err


TOML_EVENT = '[[events]]\nname = "Strike"\nkind = "incident"\nstarts_on = {}\nends_on = {}\n'
EVENTS = {
    "one.csv": (HEAD + GOOD, None),
    "twice.csv": (HEAD + GOOD + GOOD, None),
    "bad_row.csv": (HEAD + GOOD + "Fair,peak,soon,2026-06-01,\n", "bad_row.csv: 1 row is no readable event"),
    "two_bad.csv": (HEAD + ",peak,2026-06-01,2026-06-01,\n" + GOOD + "Fair,,2026-06-01,2026-06-01,\n", "2 rows are no"),
    "reversed.csv": (HEAD + GOOD + "Fair,peak,2026-06-02,2026-06-01,\n", "before it starts"),
    "kind.csv": (HEAD + GOOD + "Fair,carnival,2026-06-01,2026-06-02,\n", "carnival"),
    "outside.csv": (HEAD + GOOD + "Fair,peak,2019-06-01,2019-06-02,\n", "Fair"),
    "words.toml": (TOML_EVENT.format('"2026-05-01"', '"2026-05-10"'), None),
    "days.toml": (TOML_EVENT.format("2026-05-01", "2026-05-10"), None),
    "mixed.toml": (TOML_EVENT.format("2026-05-01T08:00:00", '"2026-05-10"') + "[[events]]\nname = 3\n", "1 row is no"),
}


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_counts_or_a_warning_says_that_it_does_not(name: str, tickets: Path, tmp_path: Path) -> None:
    text, warning = EVENTS[name]
    (tmp_path / name).write_text(text)
    assert run("audit", tickets, "--events", tmp_path / name, "--json", tmp_path / "a.json", "--lang", "en") == 0
    found = told(tmp_path / "a.json")
    strike = {"name": "Strike", "kind": "incident", "starts_on": "2026-05-01", "ends_on": "2026-05-10"}
    assert [{part: event[part] for part in strike} for event in found["context"]["events"]] == [strike]
    about = [line for line in found["warnings"] if "vent" in line]
    assert len(about) == (warning is not None)
    assert warning is None or warning in about[0]


def _entry(**more: object) -> str:
    mapping = {"created_at": "created_at", "order_id": "order_id"}
    return json.dumps({"files": [{"file": "tickets.csv", "table": "tickets", "mapping": mapping, **more}]})


WRONG_MAPPINGS = (
    *("", "3", "null", "{}", '{"files": 3}', '{"files": [3]}', '{"files": [null]}'),
    *(_entry(mapping=[1]), _entry(mapping="x"), _entry(mapping={"created_at": "x"}), _entry(mapping={"x": "reason"})),
    *(_entry(derived={"channel": 3}), _entry(derived={"channel": {"rule": "x"}}), _entry(derived=[1])),
    *(_entry(values={"status": 3}), _entry(values=[3]), _entry(answers=[3]), _entry(mapping={"created_at": 3})),
    _entry(table="banana"),
)  # fmt: skip


@pytest.mark.parametrize("text", WRONG_MAPPINGS)
def test_a_wrong_mapping_is_wrong_usage(
    text: str, tickets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.json").write_text(text)
    assert run("audit", tickets, "--mapping", tmp_path / "m.json", "--json", tmp_path / "a.json") == 2
    said = capsys.readouterr().err
    assert ("m.json" in said or "tickets.csv" in said) and not (tmp_path / "a.json").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("bogus",), 2),
        (("audit",), 2),
        (("audit", "{tickets}", "--engine", "x"), 2),
        (("audit", "{tickets}", "--lang", "de"), 2),
        (("audit", "{tickets}", "--as-of", "yesterday"), 2),
        (("audit", "{tickets}", "--period", "2026-01-01"), 2),
        (("audit", "{tickets}", "--compare", "2026-01-01:"), 2),
        (("audit", "{tickets}", "--events", "nowhere.csv"), 2),
        (("audit", "{tickets}", "--settings", "nowhere.toml"), 2),
        (("audit", "{tickets}", "--mapping", "nowhere.json"), 2),
        (("audit", "{empty}"), 1),
        (("audit", "{tickets}", "--as-of", "1990-01-01"), 1),
        (("inspect", "nowhere"), 2),
        (("inspect", "{empty}"), 0),
        (("tone", "nowhere"), 2),
        (("tone", "{empty}"), 2),
        (("templates", "{tickets}"), 2),
        (("sample", "{tickets}", "--orders", "5"), 2),
        (("sample", "{empty}", "--orders", "0"), 2),
        (("sample", "{empty}", "--orders", "x"), 2),
        (("--version",), 0),
    ],
)
def test_every_way_out_has_its_code(
    arguments: tuple[str, ...], code: int, tickets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*(part.format(tickets=tickets, empty=tmp_path) for part in arguments)) == code
    assert code == 0 or capsys.readouterr().err.strip()


@contextmanager
def _full_disk(free: int) -> Iterator[None]:
    """No file may grow beyond so many bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("option", OUTPUTS)
def test_on_a_full_disk_the_former_file_stays_and_nothing_else(
    option: str, tickets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "report"
    target.write_text("former")
    with _full_disk(2000):
        code = run("audit", tickets, option, target)
    assert code == 2 and str(target) in capsys.readouterr().err
    assert target.read_text() == "former" and list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("command", [("templates",), ("sample", "--orders", "40")])
def test_on_a_full_disk_no_part_of_a_file_is_left(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with _full_disk(3000):
        assert run(*command, tmp_path) == 2
    assert str(tmp_path) in capsys.readouterr().err
    assert not list(tmp_path.rglob("*"))


@pytest.mark.parametrize("option", OUTPUTS)
def test_where_nothing_can_be_written_is_said_before_anything_is_read(
    option: str, tickets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for target in (tmp_path, tmp_path / "nowhere" / "report"):
        assert run("audit", tickets, option, target) == 2
        said = capsys.readouterr().err
        assert str(target.parent) in said and "%" not in said
    assert not list(tmp_path.iterdir())


def test_a_pipe_is_written_to_and_a_link_is_kept(tickets: Path, tmp_path: Path) -> None:
    pipe, link, real = tmp_path / "pipe", tmp_path / "link.json", tmp_path / "real.json"
    os.mkfifo(pipe)
    real.write_text("former")
    link.symlink_to(real)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert run("inspect", tickets, "--json", pipe) == 0
        if not pipe.is_fifo():
            reader.kill()  # it would wait for ever
        heard, _ = reader.communicate(timeout=10)
    assert run("inspect", tickets, "--json", link) == 0
    assert json.loads(heard) == told(real)
    assert pipe.is_fifo() and link.is_symlink() and sorted(tmp_path.iterdir()) == [link, pipe, real]


def test_killed_at_any_moment_a_former_file_is_whole(tickets: Path, tmp_path: Path) -> None:
    """Killed (no handler can run) while the workbook is being written: the name still holds the former file."""
    target = tmp_path / "report.xlsx"
    target.write_text("former")
    command = [sys.executable, "-m", "cxaudit", "audit", str(tickets), "--xlsx", str(target)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        deadline = time.monotonic() + 60
        while len(list(tmp_path.iterdir())) == 1 and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)  # until the draft stands beside it
        assert running.poll() is None and len(list(tmp_path.iterdir())) > 1
        running.send_signal(signal.SIGKILL)
    assert target.read_text() == "former"
