"""What a table still lacks once it is chosen: columns that come near, and lone columns that only one field can want."""

from __future__ import annotations

from cxaudit.ingest.draft import Draft
from cxaudit.ingest.fit import is_text, suits
from cxaudit.ingest.mapping import OWN, field_rows, fields
from cxaudit.ingest.words import lexicon, meaning, spelled
from cxaudit.schema.tables import TABLES

# A name that comes this near is taken where no other column comes near the same field.
NEAR = 0.5
LONE = 0.6
# A concept that costs as much says that the column is another thing.
CONTRARY = 1.2
_MAIN_TEXT = {"tickets": "body", "reviews": "text", "surveys": "comment", "agent_feedback": "text"}
# Answers to an open question are short where the question is.
_LEAST_WORDS = {"surveys": 2.0}
_MAIN_MOMENT = {"reviews": "created_at", "surveys": "answered_at"}
# A moment without more than these words may be the row's own.
_PLAIN_MOMENT = frozenset({"when", "create", "open", "receive", "submit", "first", "customer", "agent"})
# A survey put at the end of a call is answered on its day.
_ASKED_AT = {"surveys": frozenset({"call"})}
_NOT_THE_TEXT = frozenset({"reply", "address", "url", "product", "company", "title", "subject", "name", "group"})

# Words that any sum of money may bear: they name none.
_ANY_MONEY = frozenset({"total", "amount", "price", "incl", "excl", "cost", "revenue"})
# Small figures are scores only under a word for one.
_OF_SCORES = frozenset({"rating", "satisfaction", "note", "nps", "ces", "survey", "reply"})
# What customers say of the service is no message to it, and the last message no first one.
_OF_ANOTHER = {"tickets": frozenset({"rating", "survey", "satisfaction", "last"})}


def fill(draft: Draft) -> None:
    """Map what is still free and fits one field alone."""
    _near_misses(draft)
    _lone_email(draft)
    _lone_key(draft)
    _lone_moment(draft)
    _lone_text(draft)


def leave_rating_out(draft: Draft) -> None:
    """A plain comment right after the satisfaction score of a ticket says why that score, not what was asked."""
    score, body = draft.mapping.get("csat"), draft.mapping.get("body")
    if draft.table != "tickets" or score is None or body != score + 1:
        return
    if meaning(draft.labels[body]).concepts == {"comment"}:
        del draft.mapping["body"]


def leave_staff_out(draft: Draft) -> None:
    """An address beside the agent's name, under the same beginning (user.name, user.email), is the agent's."""
    agent, email = draft.mapping.get("agent"), draft.mapping.get("customer_email")
    if agent is None or email is None:
        return
    names = [spelled(draft.names[column]).split() for column in (agent, email)]
    if len(names[0]) > 1 and names[0][:1] == names[1][:1] and meaning(names[0][0]).concepts <= {"customer", "agent"}:
        del draft.mapping["customer_email"]


def fill_known(draft: Draft) -> None:
    """Map the free answers of a known survey, whose questions are each client's own."""
    if draft.table == "surveys":
        _lone_text(draft)


def _near_misses(draft: Draft) -> None:
    free = list(draft.free())
    wanted = {
        place: [column for column in free if draft.found[column, place] >= NEAR and _suits(draft, column, place)]
        for place in field_rows(draft.table)
        if draft.lacks(fields()[place].column.name)
    }
    lone = [
        (draft.found[columns[0], place], place, columns[0]) for place, columns in wanted.items() if len(columns) == 1
    ]
    for sure, place, column in sorted(lone, reverse=True):
        name = fields()[place].column.name
        # « Client » over people's names is near « pays client »: it names whose, not what.
        whose = meaning(draft.labels[column]).concepts <= {"customer"} and not name.startswith("customer")
        if column not in draft.mapping.values() and not whose:
            _take(draft, name, column, float(sure))


def _suits(draft: Draft, column: int, place: int) -> bool:
    """Whether nothing in the name speaks against, and the values speak for, a field that is only near."""
    field = fields()[place].column
    if suits(draft.table, field, draft.profiles[column]) < 0.7:
        return False
    if field.reads == "score" and not meaning(draft.labels[column]).concepts & _OF_SCORES:
        return False
    if field.kind == "amount" and meaning(draft.labels[column]).concepts <= _ANY_MONEY:
        return False
    return field.name == "agent" or not _contrary(draft, column)


def _take(draft: Draft, name: str, column: int, sure: float) -> None:
    draft.mapping[name], draft.sure[name] = column, round(sure, 3)


def _contrary(draft: Draft, column: int) -> bool:
    costs = lexicon().costs
    return any(costs.get(word, 0.0) >= CONTRARY for word in meaning(draft.labels[column]).concepts - {"address"})


def _lone_email(draft: Draft) -> None:
    names = [fields()[place].column.name for place in field_rows(draft.table)]
    if "customer_email" not in names or not draft.lacks("customer_email"):
        return
    columns = [column for column in draft.free() if draft.profiles[column].share("email") > 0.8]
    if len(columns) == 1 and not _contrary(draft, columns[0]):
        _take(draft, "customer_email", columns[0], LONE)


def _lone_key(draft: Draft) -> None:
    """« ID fiche », « N° pièce »: the only number that no two rows share is the row's own."""
    key = TABLES[draft.table].key
    if len(key) != 1 or not draft.lacks(key[0]):
        return
    marked = [column for column in draft.free() if draft.profiles[column].share("hash") > 0.9]
    if draft.table == "orders" and len(marked) == 1:  # #1001 is an order's number under any name
        _take(draft, key[0], marked[0], LONE)
        return
    columns = [column for column in draft.free() if _tells_rows_apart(draft, column)]
    if len(columns) == 1:
        _take(draft, key[0], columns[0], LONE)


def _tells_rows_apart(draft: Draft, column: int) -> bool:
    profile = draft.profiles[column]
    said = meaning(draft.labels[column]).concepts
    one_each = profile.filled > 0.99 and profile.distinct > 0.99 and profile.seen >= 5
    return one_each and profile.digits > 0.9 and profile.words < 1.2 and "id" in said <= OWN[draft.table] | {"id"}


def _lone_moment(draft: Draft) -> None:
    required = [fields()[place].column for place in field_rows(draft.table)]
    moments = [column.name for column in required if column.kind == "moment" and column.required]
    name = moments[0] if len(moments) == 1 else _MAIN_MOMENT.get(draft.table)
    if name is None or not draft.lacks(name) or (draft.table == "surveys" and not draft.lacks("sent_at")):
        return
    plain = _PLAIN_MOMENT | OWN[draft.table] | _ASKED_AT.get(draft.table, frozenset())
    columns = [
        column
        for column in draft.free()
        if draft.profiles[column].share("moment") > 0.8
        and draft.profiles[column].filled > 0.9
        and meaning(draft.labels[column]).concepts <= plain
    ]
    if len(columns) == 1:
        _take(draft, name, columns[0], LONE)


def _lone_text(draft: Draft) -> None:
    name = _MAIN_TEXT.get(draft.table)
    if name is None or not draft.lacks(name):
        return
    least = _LEAST_WORDS.get(draft.table, 4.0)
    columns = [
        column
        for column in draft.free()
        if column not in draft.known
        and is_text(draft.profiles[column]) >= 0.7
        and draft.profiles[column].words >= least
        and draft.profiles[column].distinct > 0.3
        and not meaning(draft.labels[column]).concepts & (_NOT_THE_TEXT | _OF_ANOTHER.get(draft.table, frozenset()))
    ]
    if len(columns) == 1 and not _contrary(draft, columns[0]):
        _take(draft, name, columns[0], LONE)
