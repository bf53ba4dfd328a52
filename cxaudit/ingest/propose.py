"""What a mapping lacks and other columns, names or the file's own name can give: derived fields, each with its rule."""

from __future__ import annotations

import re

from cxaudit.ingest.amounts import amount_of_lines, currency_of
from cxaudit.ingest.constants import SOURCES, survey_constants
from cxaudit.ingest.directions import tells_direction
from cxaudit.ingest.draft import Draft, bears, constant
from cxaudit.ingest.durations import MINUTES
from cxaudit.ingest.fit import says_pickup
from cxaudit.ingest.mapping import fields
from cxaudit.ingest.profile import Profile
from cxaudit.ingest.typing import to_duration, unit_of
from cxaudit.ingest.units import DELAY, TALK
from cxaudit.ingest.words import meaning, spelled
from cxaudit.schema.tables import PRICED

# The moment from which a duration counts, or at which a yes-no column happened.
_BASE = {"tickets": "created_at", "calls": "called_at", "emails": "sent_at", "gestures": "granted_at"}


_LASTED = {"tickets": ("first_reply_at", "solved_at"), "calls": ("ended_at",)}


_YES_NO = {
    "emails": ("opened_at", "clicked_at", "unsubscribed_at"),
    "calls": ("answered_at",),
    "gestures": ("redeemed_at", "replied_at"),
}


# What the durations of a moment time; the unit is judged by it where nothing names one.
TIMED = {"first_reply_at": DELAY, "solved_at": DELAY, "ended_at": TALK}
# A talk counts from the pick-up, not from the first ring.
_TALK = re.compile(r"\b(talk\w*|in call|conversation|communication|convers\w*)\b")
# Parts of a call that end before it does.
_BEFORE = re.compile(r"\b(attente|wait\w*|sonnerie|ring\w*|hold|acw|post appel|wrap\w*|svi|ivr)\b")


def propose(draft: Draft) -> None:
    """Add to `draft` every derived field that its columns and names allow."""
    if draft.table == "orders":
        amount_of_lines(draft)
        if draft.lacks("order_id"):
            draft.derive("order_id", "row_number")
    if draft.table in PRICED and draft.lacks("currency"):
        currency_of(draft)
    _dates_and_times(draft)
    _durations(draft)
    _yes_no(draft)
    if draft.table == "calls":
        _pickup(draft)
    if draft.table in ("tickets", "calls"):
        _direction(draft)
    if draft.table in ("emails", "surveys") and draft.lacks("delivered"):
        _bounces(draft)
    if draft.table == "surveys":
        survey_constants(draft)
    if draft.table == "reviews" and draft.lacks("source"):
        constant(draft, "source", next((n for n, p in SOURCES.items() if re.search(p, spelled(draft.title))), None))


def _dates_and_times(draft: Draft) -> None:
    """A day beside a clock: « Date » and « Heure » are one moment."""
    for name, column in list(draft.mapping.items()):
        profile = draft.profiles[column]
        if profile.share("moment") < 0.8 or profile.share("timed") > 0.1:
            continue
        said = meaning(draft.labels[column]).concepts
        for other in (column + 1, column - 1):
            if not 0 <= other < len(draft.names) or other in draft.mapping.values():
                continue
            if draft.profiles[other].share("clock") < 0.8 or draft.profiles[other].filled < 0.8 * profile.filled:
                continue
            clock = meaning(draft.labels[other]).concepts
            if "when" in clock and "duration" not in clock and (clock <= said | {"when"} or len(clock) == 1):
                draft.derive(name, "date_and_time", column, other)
                break


def _base(draft: Draft) -> tuple[int, ...]:
    """The columns that make the moment from which a table's durations count: one, or a day and a clock."""
    name = _BASE.get(draft.table, "")
    if name in draft.mapping:
        return (draft.mapping[name],)
    rule = draft.derived.get(name, {})
    return tuple(draft.names.index(source) for source in rule["from"]) if rule.get("rule") == "date_and_time" else ()


def _durations(draft: Draft) -> None:
    """« First reply time (min) » added to the moment that it counts from."""
    base = _base(draft)
    if not base:
        return
    for name in _LASTED.get(draft.table, ()):
        if not draft.lacks(name):
            continue
        column = _lasting(draft, name)
        if column is not None:
            start = _picked_up(draft, column) if name == "ended_at" else ()
            draft.derive(name, f"plus_{_unit(draft, column, TIMED[name])}", *(start or base), column)


def _unit(draft: Draft, column: int, timed: str) -> str:
    """The unit that a column's name says, else the one that its values say or show."""
    told = unit_of(draft.labels[column])
    return told or unit_of_reading(to_duration(draft.frame[draft.names[column]], None, timed).decision)


def unit_of_reading(decision: str) -> str:
    """The unit that a rule names for durations read so: `hh:mm` counts hours first."""
    last = decision.rsplit(" | ", 1)[-1]
    return {"hh:mm": "hours", "mm:ss": "minutes"}.get(last, last if last in MINUTES else "minutes")


def _picked_up(draft: Draft, column: int) -> tuple[int, ...]:
    """The column of the pick-up, where the durations are of the talk after it."""
    talk = "answered_at" in draft.mapping and _TALK.search(spelled(draft.labels[column]))
    return (draft.mapping["answered_at"],) if talk else ()


def _lasting(draft: Draft, name: str) -> int | None:
    """The column of durations whose name comes nearest to the moment `name`: of a call, the talk before the whole."""
    wanted = {"first_reply_at": {"reply"}, "solved_at": {"solve"}, "ended_at": {"duration"}}[name]
    other = {"business", "handle", "update", "agent", "average", "rate"} | (
        {"solve"} if name == "first_reply_at" else set()
    )
    closes = {"close"} if name == "solved_at" else set()
    for column in sorted(draft.free(), key=lambda column: bears(draft, column, "total")):
        said, profile = meaning(draft.labels[column]).concepts, draft.profiles[column]
        lasting = profile.share("clock") > 0.6 or profile.share("span") > 0.6 or profile.share("number") > 0.8
        timed = (
            {"duration", "when"} & said
            or unit_of(draft.labels[column])
            or profile.share("clock") > 0.6
            or profile.share("span") > 0.6
        )
        if name == "ended_at" and _BEFORE.search(spelled(draft.labels[column])):
            continue
        if name == "ended_at" and not said <= {"duration", "call", "when", "total", "handle"}:
            continue
        if lasting and timed and (wanted <= said or closes & said) and not other & said:
            return column
    return None


def _yes_no(draft: Draft) -> None:
    """« Cliqué : oui » beside the moment of sending."""
    base = _base(draft)
    if not base:
        return
    for name in _YES_NO.get(draft.table, ()):
        if not draft.lacks(name):
            continue
        place = next(i for i, ref in enumerate(fields()) if ref.table == draft.table and ref.column.name == name)
        flags = [c for c in draft.free() if draft.alike[c, place] > 0.55 and _is_yes_no(draft.profiles[c])]
        if draft.table == "emails":
            flags += [c for c in draft.free() if draft.alike[c, place] > 0.55 and _is_tally(draft.profiles[c])]
        if flags:
            rule = "where_answered" if draft.table == "calls" else "where_yes"
            draft.derive(name, rule, *base, max(flags, key=lambda c: draft.alike[c, place]))


def _pickup(draft: Draft) -> None:
    """« Statut : répondu, manqué » says which calls were answered."""
    base = _base(draft)
    if not base or not draft.lacks("answered_at"):
        return
    for column in draft.free():
        if says_pickup(draft.profiles[column]):
            draft.derive("answered_at", "where_answered", *base, column)
            return


def _is_yes_no(profile: Profile) -> bool:
    return (
        profile.seen > 0
        and profile.spread <= 3
        and (profile.share("flag") > 0.9 or profile.share("number") < 0.1)
        and profile.length < 14
    )


def _is_tally(profile: Profile) -> bool:
    """How many times, none included: « Ouvertures : 0, 1, 3 »."""
    return profile.share("number") > 0.9 and profile.whole == 1.0 and profile.low == 0 and (profile.high or 0) < 1_000


def _direction(draft: Draft) -> None:
    """« Sens : entrant, sortant »: who placed the call, or wrote first; no yes or no, even under a name for one."""
    told = draft.mapping.get("is_outbound")
    for column in (*draft.free(), *([told] if told is not None else [])):
        if tells_direction(draft.profiles[column], column == told or bears(draft, column, "outbound")):
            draft.derive("is_outbound", "is_outbound", column)
            return


def _bounces(draft: Draft) -> None:
    for column in draft.free():
        said, profile = meaning(draft.labels[column]).concepts, draft.profiles[column]
        if "bounce" in said and _is_yes_no(profile):
            draft.derive("delivered", "not", column)
        elif "bounce" in said and profile.share("moment") > 0.8:
            draft.derive("delivered", "is_absent", column)
        elif said & {"delivery"} and profile.share("moment") > 0.8 and "promised" not in said:
            draft.derive("delivered", "is_present", column)
        elif "status" in said and any(
            re.search(r"bounce|delivered|delivre|npai|remis", value) for value in profile.few
        ):
            draft.derive("delivered", "from_status", column)
        else:
            continue
        return
