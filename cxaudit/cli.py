"""The command line: inspect, audit, tone, templates, sample.

Progress goes to stderr, results to stdout or to files; a finished file appears whole or not at all. Exit codes: 0 done;
1 the data do not allow it; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from cxaudit import __version__, texts
from cxaudit.errors import CxAuditError, UsageError
from cxaudit.given import existing, given_events, given_mapping, given_model, given_settings, passed_over_by
from cxaudit.schema.impersonal import impersonal_audit
from cxaudit.schema.phrase import Phrase


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except CxAuditError as error:
        return _told(error, options.lang)
    except OSError as error:
        return _told(_refused(error, error.filename or getattr(options, "directory", None)), options.lang)
    return 0


def _told(error: CxAuditError, lang: str | None) -> int:
    print(texts.say(error.phrase, lang or "fr"), file=sys.stderr)
    return 2 if isinstance(error, UsageError) else 1


def _refused(error: OSError, path: object) -> UsageError:
    return UsageError("error.path.refused", path=str(path or ""), detail=error.strerror or str(error))


# ---- commands


def _inspect(options: argparse.Namespace) -> None:
    from cxaudit.ingest import inspect_sheets
    from cxaudit.ingest.sources import read_sources

    entries = inspect_sheets(read_sources(existing(options.paths)))
    document = json.dumps({"files": [entry.as_json(options.lang) for entry in entries]}, ensure_ascii=False, indent=1)
    _deliver(document, options.json)


def _audit(options: argparse.Namespace) -> None:
    from cxaudit.audit import Brief, audit_prepared, prepare_audit
    from cxaudit.ingest import ingest_paths
    from cxaudit.json_record import dump
    from cxaudit.prepare import HandedOver
    from cxaudit.prepare.identity import audit_key

    for target in filter(None, (options.json, options.xlsx, options.pptx, options.save)):
        _check_target(target)
    asked = {name: getattr(options, name) for name in ("as_of", "period", "compare", "tone_model")}
    settings, idle = given_settings(options.settings, options.lang, asked)
    options.lang = settings.language
    events, unread = given_events(options.events, settings)
    _progress(0.0, Phrase.of("progress.read"), options.lang)
    saved = given_mapping(options.mapping)
    found = ingest_paths(existing(options.paths), mapping=saved, settings=settings)
    unheeded = (*idle, *passed_over_by(found.entries, options.mapping, saved or ()))
    for warning in unheeded:
        print(texts.say(warning, options.lang), file=sys.stderr)
    brief = Brief(
        settings,
        events,
        found.exports,
        (*found.warnings, *unread, *unheeded),
        found.values,
        engine=options.engine,
        key=audit_key(export.digest for export in found.exports),
    )
    prepared = prepare_audit(HandedOver(found.tables), brief)
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

    model = given_model(options.tone_model)
    [file] = existing([options.file])
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


# ---- what commands write


def summary(audit: Any, lang: str) -> str:
    """The findings as lines of text, worst first, and what could not be computed."""
    lines = [texts.say("cli.period", lang, period=(audit.period.first, audit.period.last), as_of=audit.as_of)]
    audit = impersonal_audit(audit)
    lines += [f"{texts.say(f'state.{f.state}', lang)}  {texts.say(f.text, lang)}" for f in audit.findings]
    lines.append(texts.say("cli.counts", lang, measures=len(audit.measures), missing=len(audit.not_computable)))
    lines += [texts.say(warning, lang) for warning in audit.warnings]
    return "\n".join(lines)


def _check_target(path: Path) -> None:
    """Say that a file cannot be written before anything is computed for it."""
    if not path.parent.is_dir():
        raise UsageError("error.path.absent", path=str(path.parent))
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not _is_open_end(path) and not os.access(path.resolve().parent, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def _is_open_end(path: Path) -> bool:
    """Whether a path is a device or a pipe (/dev/stdout), which is written to and never replaced."""
    return path.exists() and not path.is_file()


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A temporary file that takes the name `path` once it is finished."""
    _check_target(path)
    if _is_open_end(path):
        with tempfile.TemporaryDirectory() as room:
            yield Path(room, path.name)
            path.write_bytes(Path(room, path.name).read_bytes())
        return
    path = path.resolve()
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=path.suffix)
    os.close(handle)
    unfinished = Path(name)
    try:
        yield unfinished
        unfinished.chmod(0o644)
        unfinished.replace(path)
    except OSError as error:
        raise _refused(error, path) from error
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
    command.set_defaults(lang=None)  # that of the settings
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
