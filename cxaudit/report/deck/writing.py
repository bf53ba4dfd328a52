"""Audit → slide deck: at most ten slides, the same bytes for the same audit, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cxaudit.report import privacy
from cxaudit.report.book import Request
from cxaudit.report.deck import slides
from cxaudit.report.deck.canvas import Deck
from cxaudit.report.deck.charts import MADE
from cxaudit.report.deck.evidence import draw_fall, draw_finding
from cxaudit.report.deck.story import exhibits, fall
from cxaudit.report.whole import whole
from cxaudit.report.wording import clean
from cxaudit.schema.results import Audit
from cxaudit.schema.workshop import Action
from cxaudit.texts import LANGUAGES

_THUMBNAIL = "/thumbnail"


def write_deck(
    audit: Audit,
    path: Path,
    lang: str,
    *,
    client: str = "",
    plan: Sequence[Action] = (),
    accent: str = "#1B4F8F",
    logo: bytes | None = None,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write the audit's summary as a PowerPoint file at `path`, whole or not at all.

    Cover, confrontation, a slide for each of the worst findings, the difference between the two periods, the plan, what
    is missing and the method; a slide that would say nothing is left out. `accent` is #RRGGBB, `logo` a PNG or JPEG,
    `progress` is called with the share of slides drawn. Groups under five and all free text but the plan stay behind.

    Raises:
        ValueError: an unknown language.
        OSError: the file cannot be written.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"unknown language {lang!r}; known: {', '.join(LANGUAGES)}")
    tell = progress or (lambda share: None)
    request = Request(lang, client, plan=plan, accent=accent, logo=logo, removed=privacy.removed_groups(audit))
    with whole(Path(path)) as draft:
        deck = Deck(privacy.fit_to_leave(audit), request)
        steps = _steps(deck)
        for done, draw in enumerate(steps, start=1):
            draw()
            tell(done / len(steps))
        _describe(deck)
        draft.write_bytes(_packed(deck))


def _steps(deck: Deck) -> list[Callable[[], None]]:
    """What draws each slide, in order."""
    drawn: list[Callable[[], None]] = [lambda: slides.cover(deck), lambda: slides.confrontation(deck)]
    drawn += [lambda exhibit=exhibit: draw_finding(deck, exhibit) for exhibit in exhibits(deck.audit)]  # type: ignore[misc]
    if (item := fall(deck.audit)) is not None:
        drawn.append(lambda: draw_fall(deck, item))
    return [*drawn, lambda: slides.plan(deck), lambda: slides.closing(deck)]


def _describe(deck: Deck) -> None:
    """Document properties; the day of the data stands for the day of writing."""
    as_of = deck.audit.as_of
    moment = datetime(as_of.year, as_of.month, as_of.day) if as_of and as_of.year >= MADE.year else MADE
    about = deck.file.core_properties
    about.title = clean(f"{deck.say('cover.title')} {deck.request.client}".strip())[:250]
    about.subject, about.keywords = deck.say("properties.subject"), deck.say("properties.keywords")
    about.author = about.last_modified_by = "cxaudit"
    about.comments, about.language, about.revision = "", deck.lang, 1
    about.created = about.modified = moment


def _packed(deck: Deck) -> bytes:
    """The file's bytes, every part dated alike; the template's own thumbnail is left out."""
    package = deck.file.part.package
    for name in [rel.rId for rel in package._rels.values() if rel.reltype.endswith(_THUMBNAIL)]:
        package.drop_rel(name)
    written, packed = BytesIO(), BytesIO()
    deck.file.save(written)
    with ZipFile(written) as given, ZipFile(packed, "w", ZIP_DEFLATED) as out:
        for name in given.namelist():
            out.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), given.read(name), ZIP_DEFLATED)
    return packed.getvalue()
