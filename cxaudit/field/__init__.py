"""What people on the phone and in the tickets know: replies, promises, hand-overs, listening, irritants, remarks."""

from cxaudit.field.work import field_work

__all__ = ["field_work"]
