"""The errors a user can meet, as one small tree.

    CxAuditError              a sentence (text key and facts): what, where, what was seen, what to do
    ├── UnreadableExport      a file that cannot be read: foreign, damaged, encrypted, too large
    ├── UnusableData          the data do not allow the audit (command line: exit code 1)
    │   ├── MissingColumn     a required field has no column
    │   └── UndecidedDates    a date column that cannot be decided
    ├── UsageError            a wrong argument, setting or mapping (command line: exit code 2)
    └── UnreadableAudit       a .cxaudit file that is damaged, hostile or newer than this program

Pages and the command line catch `CxAuditError` only: a bug must surface.
"""

from cxaudit.schema.phrase import Phrase


class CxAuditError(Exception):
    """A fault of the data or of the request, told in the user's language by its phrase."""

    def __init__(self, key: str, **facts: object) -> None:
        self.phrase = Phrase.of(key, **facts)
        super().__init__(key, facts)


class UnreadableExport(CxAuditError):
    """A file that cannot be read as rows."""


class UnusableData(CxAuditError):
    """The data at hand do not allow what was asked."""


class MissingColumn(UnusableData):
    """A required field has no column in the export."""


class UndecidedDates(UnusableData):
    """No value of a date column settles day-first against month-first."""


class UsageError(CxAuditError):
    """A wrong argument, setting or mapping."""


class UnreadableAudit(CxAuditError):
    """A saved audit that cannot be reopened."""
