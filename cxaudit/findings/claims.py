"""What the audit may say, as data: each figure, what it is held against, what to do, the money it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cxaudit.findings.mirages import HIGH, LOW, Alarm, Difference, Rule, Single


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing the audit may say: the figure, what it is held against, what to do, and the money it stands for.

    `strength`: whether the figure's good side is good for customers (half of the buyers silent is not; nor is it that
    those delivered late, or angry, or who did not answer, fare no worse than the others).
    """

    key: str
    rule: Rule
    actions: tuple[str, ...]
    stake: str | None = None
    strength: bool = True


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "recontact",
        Single("recontact.orders.30d", "recontact", HIGH),
        ("answer_fully", "fix_top_reason", "own_case"),
        "stake.recontacts",
    ),
    Claim("topic", Single("recontact.topic.30d", "recontact", HIGH), ("fix_top_reason", "answer_fully")),
    Claim(
        "repurchase",
        Difference("repurchase.gap.90d", "default", LOW),
        ("follow_up_complaint", "call_twenty", "track_complainers"),
        "stake.lost_repurchase",
    ),
    Claim("silence", Single("silence.customers.90d", "silent", HIGH), ("call_twenty", "reach_silent"), strength=False),
    Claim("low_contact", Alarm("silence.contacts.weekly"), ("check_exports", "call_twenty")),
    Claim(
        "gestures",
        Single("gesture.no_effect.90d", "no_effect", HIGH),
        ("announce_gesture", "aim_gestures"),
        "stake.gestures_without_effect",
        strength=False,
    ),
    Claim("gesture_gap", Difference("gesture.gap.90d", "default", LOW), ("aim_gestures", "announce_gesture")),
    Claim("csat_reweighted", Single("surface.csat.reweighted", "csat", LOW), ("publish_response", "ask_silent")),
    Claim(
        "csat_recontact",
        Difference("surface.csat.recontact.gap", "recontact", HIGH),
        ("ask_silent", "publish_response"),
        strength=False,
    ),
    Claim(
        "csat_repurchase",
        Difference("surface.csat.repurchase.gap", "default", LOW),
        ("ask_silent", "publish_response"),
        strength=False,
    ),
    Claim(
        "csat_tone", Difference("surface.csat.tone.gap", "default", HIGH), ("read_tone", "ask_silent"), strength=False
    ),
    Claim(
        "reply_speed", Difference("cross.reply_speed.gap", "recontact", HIGH), ("answer_fully", "quality_beside_speed")
    ),
    Claim("canned_share", Single("field.canned.share", "canned", HIGH), ("rewrite_templates", "answer_fully")),
    Claim("canned", Difference("field.canned.gap", "recontact", HIGH), ("rewrite_templates", "answer_fully")),
    Claim(
        "quick_close",
        Difference("field.quick_close.gap", "recontact", HIGH),
        ("confirm_before_close", "measure_after_close"),
    ),
    Claim(
        "after_close",
        Single("surface.recontact_after_close.7d", "recontact_after_close", HIGH),
        ("measure_after_close", "confirm_before_close"),
    ),
    Claim(
        "reopened", Single("surface.reopened.share", "reopened", HIGH), ("confirm_before_close", "measure_after_close")
    ),
    Claim(
        "after_call",
        Single("surface.recontact_after_call.7d", "recontact_after_close", HIGH),
        ("empower_first", "quality_beside_speed"),
    ),
    Claim("episodes", Single("surface.episodes_per_order", "episodes_per_order", HIGH), ("fix_top_reason", "own_case")),
    Claim(
        "handle_time", Difference("field.handle_time.gap", "recontact", HIGH), ("quality_beside_speed", "time_for_hard")
    ),
    Claim("hard_transfer", Difference("field.hard_transfer.gap", "default", HIGH), ("empower_first", "time_for_hard")),
    Claim(
        "hard_wait", Difference("field.hard_wait.gap", "wait_hours", HIGH), ("time_for_hard", "quality_beside_speed")
    ),
    Claim(
        "listening_fast",
        Difference("field.listening.fast_gap", "default", LOW),
        ("quality_beside_speed", "revise_grid"),
    ),
    Claim("late_share", Single("field.late.share", "late", HIGH), ("review_promise", "warn_before_promise")),
    Claim(
        "late", Difference("field.late.gap", "default", HIGH), ("warn_before_promise", "review_promise"), strength=False
    ),
    Claim(
        "late_repurchase",
        Difference("field.late.repurchase.gap", "default", LOW),
        ("warn_before_promise", "review_promise"),
        strength=False,
    ),
    Claim("promises", Single("field.promises.kept", "promises_kept", LOW), ("keep_promises", "warn_before_promise")),
    Claim("hops", Difference("field.hops.gap", "recontact", HIGH), ("empower_first", "own_case")),
    Claim("multi_agent", Difference("field.multi_agent.gap", "recontact", HIGH), ("own_case", "share_history")),
    Claim("incoherent", Single("field.incoherent.share", "incoherent", HIGH), ("one_source", "share_history")),
    Claim("nps_purchase", Single("cross.nps.purchase", "nps", LOW), ("journey_targets", "call_twenty")),
    Claim("nps_support", Single("cross.nps.support", "nps", LOW), ("journey_targets", "answer_fully")),
    Claim("nps_return", Single("cross.nps.return", "nps", LOW), ("journey_targets", "call_twenty")),
    Claim("clicks", Difference("cross.clicks.gap", "default", LOW), ("pause_mails", "follow_up_complaint")),
    Claim(
        "tone_recontact",
        Difference("cross.tone.recontact.gap", "recontact", HIGH),
        ("read_tone", "answer_fully"),
        strength=False,
    ),
    Claim(
        "tone_repurchase",
        Difference("cross.tone.repurchase.gap", "default", LOW),
        ("read_tone", "follow_up_complaint"),
        strength=False,
    ),
)

ACTIONS_OF_MIRAGE: Mapping[str, tuple[str, ...]] = {
    "csat": ("publish_response", "ask_silent"),
    "first_reply": ("answer_fully", "rewrite_templates"),
    "few_tickets": ("call_twenty", "reach_silent", "check_exports"),
    "resolution": ("measure_after_close", "confirm_before_close"),
    "handle_time": ("quality_beside_speed", "time_for_hard"),
    "pickup": ("quality_beside_speed", "empower_first"),
    "tickets_handled": ("fix_top_reason", "own_case"),
    "nps": ("journey_targets", "call_twenty"),
    "gestures": ("announce_gesture", "aim_gestures"),
}

# What an irritant does (facts of its record) and what to do about it.
ACTIONS_OF_IRRITANT: Mapping[str, tuple[str, ...]] = {
    "growth": ("trace_irritant", "call_twenty"),
    "excess": ("answer_irritant", "own_case"),
}

# Figures without a target of their own whose change between two periods has a harmful side.
OTHER_SIDES: Mapping[str, int] = {
    "tone.negative.share": HIGH,
    "tone.positive.share": LOW,
    "unsubscribe.30d": HIGH,
    "repurchase.complainers.90d": LOW,
    "repurchase.after_contact.90d": LOW,
    "silence.survey_response.14d": LOW,
    "surface.first_reply_hours.mean": HIGH,
    "surface.ces": LOW,
    "effort.mean": LOW,
}
