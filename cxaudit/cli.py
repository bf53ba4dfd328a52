"""The command line: inspect, audit, tone, templates, sample.

Progress goes to stderr, results to stdout or to files; a finished file appears whole or not at all. Exit codes: 0 done;
1 the data do not allow it; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxaudit import __version__, texts
from cxaudit.errors import CxAuditError, UsageError
from cxaudit.schema.phrase import Phrase

if TYPE_CHECKING:
    from cxaudit.schema.results import Event
    from cxaudit.schema.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    lang = getattr(options, "lang", "fr")
    try:
        options.run(options)
    except CxAuditError as error:
        print(texts.say(error.phrase, lang), file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    return 0


# ---- commands


def _inspect(options: argparse.Namespace) -> None:
    from cxaudit.ingest import inspect_sheets
    from cxaudit.ingest.sources import read_sources

    entries = inspect_sheets(read_sources(_existing(options.paths)))
    document = json.dumps({"files": [entry.as_json(options.lang) for entry in entries]}, ensure_ascii=False, indent=1)
    _deliver(document, options.json)


def _audit(options: argparse.Namespace) -> None:
    from cxaudit.audit import Brief, audit_prepared, prepare_audit
    from cxaudit.ingest import ingest_paths
    from cxaudit.json_record import dump
    from cxaudit.prepare.identity import audit_key

    settings = _settings(options)
    events = read_events(options.events, settings) if options.events else ()
    _progress(0.0, Phrase.of("progress.read"), options.lang)
    found = ingest_paths(_existing(options.paths), mapping=_mapping(options.mapping), settings=settings)
    brief = Brief(
        settings,
        events,
        found.exports,
        found.warnings,
        found.values,
        engine=options.engine,
        key=audit_key(export.digest for export in found.exports),
    )
    prepared = prepare_audit(found.tables, brief)
    audit = audit_prepared(prepared, brief, lambda share, what: _progress(share, what, options.lang))
    if options.json:
        _deliver(dump(audit, options.lang), options.json)
    if options.xlsx:
        from cxaudit.quotes import quotes_of
        from cxaudit.report import write_workbook

        quotes = quotes_of(prepared.tables) if options.quotes else ()
        with _whole(options.xlsx) as path:
            write_workbook(audit, path, lang=options.lang, quotes=quotes)
    if options.pptx:
        from cxaudit.report.deck import write_deck

        with _whole(options.pptx) as path:
            write_deck(audit, path, options.lang)
    if options.save:
        from cxaudit.audit_file import Saved, save

        mapping = tuple(entry.as_json(options.lang) for entry in found.entries)
        with _whole(options.save) as path:
            path.write_bytes(save(Saved(audit, settings, mapping, audit.context.events)))
    print(summary(audit, options.lang))


def _tone(options: argparse.Namespace) -> None:
    from cxaudit.tone.jsonl import write_tones

    model = _own_model(options.tone_model)
    [file] = _existing([options.file])
    with ExitStack() as stack:
        lines = stack.enter_context(file.open(encoding="utf-8-sig", errors="replace"))
        out = sys.stdout
        if options.json is not None:
            out = stack.enter_context(stack.enter_context(_whole(options.json)).open("w", encoding="utf-8"))
        decided, bad = write_tones(lines, out, model)
    if model is not None:
        said = texts.say("warning.tone_model", options.lang, texts=decided, bad=bad, **model.shown)
        print(said, file=sys.stderr)


def _templates(options: argparse.Namespace) -> None:
    from cxaudit.templates import write_templates

    for path in write_templates(options.directory, lang=options.lang):
        print(path)


def _sample(options: argparse.Namespace) -> None:
    from cxaudit.sample import write_sample

    if options.orders < 1:
        raise UsageError("error.sample.orders")
    write_sample(
        options.directory,
        orders=options.orders,
        seed=options.seed,
        progress=lambda share: _progress(share, Phrase.of("progress.sample"), options.lang),
    )
    print(options.directory)


# ---- what commands read


def _settings(options: argparse.Namespace) -> Settings:
    from cxaudit.schema.settings import Settings, read_settings, settings_from

    base = read_settings(_text_of(options.settings)) if options.settings else Settings()
    given = {name: getattr(options, name) for name in ("as_of", "period", "compare", "tone_model")}
    asked = settings_from({name: value for name, value in given.items() if value is not None})
    changed = {name: getattr(asked, name) for name, value in given.items() if value is not None}
    return replace(base, language=options.lang, **changed)


def _own_model(folder: Path | None) -> Any:
    if folder is None:
        return None
    from cxaudit.tone.own_model import OwnModel

    return OwnModel.open(folder)


def _mapping(path: Path | None) -> list[dict[str, Any]] | None:
    if path is None:
        return None
    try:
        document = json.loads(_text_of(path))
        files = document["files"] if isinstance(document, dict) else document
    except (json.JSONDecodeError, KeyError) as error:
        raise UsageError("error.mapping.json", file=path.name, detail=str(error)) from error
    if not isinstance(files, list) or not all(isinstance(entry, dict) for entry in files):
        raise UsageError("error.mapping.json", file=path.name, detail="files")
    return files


def read_events(path: Path, settings: Settings) -> tuple[Event, ...]:
    """The events of a CSV, XLSX or TOML file in the shape of the events table.

    Raises:
        UsageError: no event can be read from it.
    """
    import tomllib

    import polars as pl

    from cxaudit.audit import events_of
    from cxaudit.ingest import ingest_paths

    if path.suffix.lower() == ".toml":
        try:
            rows = tomllib.loads(_text_of(path)).get("events", [])
        except tomllib.TOMLDecodeError as error:
            raise UsageError("error.events.none", file=path.name) from error
        frame = pl.DataFrame(rows) if rows else None
    else:
        frame = ingest_paths(_existing([path]), mapping=None, settings=settings).tables.get("events")
    if frame is None or not {"name", "kind", "starts_on", "ends_on"} <= set(frame.columns):
        raise UsageError("error.events.none", file=path.name)
    return events_of(frame)


def _existing(paths: Sequence[Path]) -> list[Path]:
    for path in paths:
        if not path.exists():
            raise UsageError("error.path.absent", path=str(path))
    return list(paths)


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("error.path.unreadable", path=path.name) from error


# ---- what commands write


def summary(audit: Any, lang: str) -> str:
    """The findings as lines of text, worst first, and what could not be computed."""
    lines = [texts.say("cli.period", lang, period=(audit.period.first, audit.period.last), as_of=audit.as_of)]
    lines += [f"{texts.say(f'state.{f.state}', lang)}  {texts.say(f.text, lang)}" for f in audit.findings]
    lines.append(texts.say("cli.counts", lang, measures=len(audit.measures), missing=len(audit.not_computable)))
    lines += [texts.say(warning, lang) for warning in audit.warnings]
    return "\n".join(lines)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` that takes its name once it is finished."""
    if not path.parent.is_dir():
        raise UsageError("error.path.absent", path=str(path.parent))
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=path.suffix)
    os.close(handle)
    unfinished = Path(name)
    try:
        yield unfinished
        unfinished.chmod(0o644)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _deliver(text: str, path: Path | None) -> None:
    if path is None:
        print(text)
        return
    with _whole(path) as unfinished:
        unfinished.write_text(text, "utf-8")


def _progress(share: float, what: Phrase, lang: str) -> None:
    print(f"{texts.share(share, lang, 0):>6}  {texts.say(what, lang)}", file=sys.stderr)


# ---- the grammar


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cxaudit", description=texts.say("cli.help", "en"))
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    _inspect_grammar(_command(commands, "inspect", _inspect))
    _audit_grammar(_command(commands, "audit", _audit))
    tone = _command(commands, "tone", _tone)
    tone.add_argument("file", type=Path, metavar="FILE.jsonl")
    tone.add_argument("--json", type=Path, metavar="FILE")
    tone.add_argument("--tone-model", type=Path, metavar="FOLDER")
    templates = _command(commands, "templates", _templates)
    templates.add_argument("directory", type=Path, metavar="DIR")
    sample = _command(commands, "sample", _sample)
    sample.add_argument("directory", type=Path, metavar="DIR")
    sample.add_argument("--orders", type=int, default=12_000, metavar="N")
    sample.add_argument("--seed", type=int, default=7, metavar="S")
    return parser


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], None]) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=texts.say(f"cli.{name}", "en"))
    command.add_argument("--lang", choices=texts.LANGUAGES, default="fr")
    command.set_defaults(run=run)
    return command


def _inspect_grammar(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    command.add_argument("--json", type=Path, metavar="FILE")


def _audit_grammar(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    for name in ("mapping", "events", "settings", "xlsx", "pptx", "json"):
        command.add_argument(f"--{name}", type=Path, metavar="FILE")
    command.add_argument("--as-of", dest="as_of", metavar="DATE")
    command.add_argument("--period", metavar="A:B")
    command.add_argument("--compare", metavar="A:B")
    command.add_argument("--tone-model", metavar="FOLDER")
    command.add_argument("--engine", choices=("polars", "duckdb", "spark"), default="polars")
    command.add_argument("--quotes", action="store_true")
    command.add_argument("--save", type=Path, metavar="FILE.cxaudit")
