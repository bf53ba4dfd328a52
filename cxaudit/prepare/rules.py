"""The named rules: which rows count, what a complaint is, whom an event touches, what a score says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from cxaudit.context import scope_words
from cxaudit.measure.slices import MOST_SCOPES, SCOPE_FIELDS, Slices
from cxaudit.measure.valued import REFUND_CENT
from cxaudit.schema import values as vocabulary
from cxaudit.schema.results import Event
from cxaudit.schema.settings import Settings

Overrides = Mapping[str, Mapping[str, Mapping[str, str]]]
AUTO_REPLY = (
    r"^\s*(re\s*:\s*|tr\s*:\s*|fwd?\s*:\s*)*(r[eé]ponse automatique|absence du bureau|absent du bureau"
    r"|message d.absence|automatic reply|auto(matic)?[- ]?(reply|response)|out of (the )?office|autoreply"
    r"|automatische antwort)"
)
SPAM_TAG, SPAM_KIND = r"(^|\W)(spam|ind[eé]sirable)($|\W)", r"^\W*(spam|ind[eé]sirables?|junk)\W*$"


def classified(
    frames: Mapping[str, pl.DataFrame], given: Mapping[str, frozenset[str]], settings: Settings, values: Overrides
) -> dict[str, pl.DataFrame]:
    """The tables with the rules that touch each row, what the settings decide of it, and what each score says."""
    dressed = dict(frames)
    for name, dress in (("orders", _orders), ("tickets", _tickets)):
        if name in dressed:
            dressed[name] = dress(dressed[name], values)
    if "calls" in dressed:
        dressed["calls"] = dressed["calls"].with_columns(rule_outbound=pl.col("is_outbound").fill_null(False))
    if "surveys" in dressed:
        dressed["surveys"] = _surveys(dressed["surveys"])
    return decided(dressed, given, settings, values)


def decided(
    frames: Mapping[str, pl.DataFrame], given: Mapping[str, frozenset[str]], settings: Settings, values: Overrides
) -> dict[str, pl.DataFrame]:
    """Dressed tables with what the settings decide: which orders, tickets and calls count, refunds, complaints."""
    told = dict(frames)
    if "orders" in told:
        refunded = (pl.col("rule_refunded") & settings.exclude.refunded).alias("refunded")
        told["orders"] = told["orders"].with_columns(_eligible(told["orders"], settings, but="refunded"), refunded)
    if "calls" in told:
        told["calls"] = told["calls"].with_columns(_eligible(told["calls"], settings))
    if "tickets" in told:
        complaint = _complaint(told["tickets"], given["tickets"], settings, values).fill_null(False).alias("complaint")
        told["tickets"] = told["tickets"].with_columns(_eligible(told["tickets"], settings), complaint)
    return told


def _eligible(frame: pl.DataFrame, settings: Settings, but: str = "") -> pl.Expr:
    """Rows that no rule in force leaves out; a refund (`but`) leaves an order in, as a refunded one."""
    rules = [name for name in frame.columns if name.startswith("rule_") and name != f"rule_{but}"]
    off = [pl.col(name) for name in rules if getattr(settings.exclude, name.removeprefix("rule_"))]
    return (~pl.any_horizontal(off) if off else pl.lit(True)).alias("eligible")


def _classes(frame: pl.DataFrame, table: str, name: str, values: Overrides) -> pl.Expr:
    """The class of each of the client's values, the client's own matches first."""
    found = frame[name].drop_nulls().unique().to_list()
    classes = {**vocabulary.classify(table, name, found), **values.get(table, {}).get(name, {})}
    return pl.col(name).replace_strict(classes, default=None, return_dtype=pl.String)


def _orders(frame: pl.DataFrame, values: Overrides) -> pl.DataFrame:
    status = _classes(frame, "orders", "status", values)
    rules = {
        "cancelled": pl.col("cancelled_at_t").is_not_null() | (status == "cancelled"),
        "test": pl.col("is_test") | (status == "test"),
        "draft": status == "draft",
        "zero_amount": pl.col("amount") == 0,
    }
    paid_back = (pl.col("amount") > 0) & (pl.col("refunded_amount") >= pl.col("amount") - REFUND_CENT)
    return frame.with_columns(
        *(rule.fill_null(False).alias(f"rule_{name}") for name, rule in rules.items()),
        ((status == "refunded") | paid_back).fill_null(False).alias("rule_refunded"),
    )


def _tickets(frame: pl.DataFrame, values: Overrides) -> pl.DataFrame:
    status = _classes(frame, "tickets", "status", values)
    # A tool's type of ticket is read as its reason.
    tags, kind = (pl.col(name).cast(pl.String).str.to_lowercase() for name in ("tags", "reason"))
    rules = {
        "spam": pl.col("is_spam") | (status == "spam") | tags.str.contains(SPAM_TAG) | kind.str.contains(SPAM_KIND),
        "merged": pl.col("merged_into").is_not_null() | (status == "merged") | tags.str.contains("closed_by_merge"),
        "auto_reply": _opens_as_auto_reply("subject") | _opens_as_auto_reply("body"),
        "outbound": pl.col("is_outbound"),
    }
    return frame.with_columns(
        *(rule.fill_null(False).alias(f"rule_{name}") for name, rule in rules.items()),
        (pl.col("solved_at_t").is_not_null() | (status == "solved")).fill_null(False).alias("solved"),
    )


def _opens_as_auto_reply(column: str) -> pl.Expr:
    return pl.col(column).str.slice(0, 120).str.to_lowercase().str.contains(AUTO_REPLY).fill_null(False)


def _complaint(frame: pl.DataFrame, given: frozenset[str], settings: Settings, values: Overrides) -> pl.Expr:
    if "is_complaint" in given:
        return pl.col("is_complaint")
    if "reason" not in given:
        return pl.lit(True)
    if settings.complaint_reasons:
        families = [family.strip().lower() for family in settings.complaint_reasons]
        return pl.col("reason").cast(pl.String).str.to_lowercase().is_in(families)
    return _classes(frame, "tickets", "reason", values) == "complaint"


def _surveys(frame: pl.DataFrame) -> pl.DataFrame:
    """`answered`, `answer_t` and `answer_day`, `scale` made good for each kind, `satisfied` and `dissatisfied`."""
    answered = pl.col("answered_at_t").is_not_null() | pl.col("score").is_not_null()
    dressed = frame.with_columns(
        pl.col("kind").cast(pl.String).str.to_lowercase().cast(frame["kind"].dtype),
        answered.alias("answered"),
        pl.coalesce("answered_at_t", "sent_at_t").alias("answer_t"),
        pl.coalesce("answered_at_day", "sent_at_day").alias("answer_day"),
    )
    kinds = dressed["kind"].drop_nulls().unique().to_list()
    scales = {kind: vocabulary.infer_scale(kind, dressed.filter(kind=kind)["score"]) for kind in kinds}
    guessed = pl.col("kind").replace_strict(scales, default=None, return_dtype=pl.String)
    scaled = dressed.with_columns(pl.coalesce("scale", guessed).alias("scale"))
    return scaled.with_columns(
        vocabulary.satisfied(pl.col("score"), pl.col("scale")).alias("satisfied"),
        vocabulary.dissatisfied(pl.col("score"), pl.col("scale")).alias("dissatisfied"),
    )


def scope_fields(events: Sequence[Event]) -> frozenset[str]:
    """The fields that the events' scopes name as `field=value`."""
    return frozenset(
        field.strip() for field, equals, _ in (scope_words(event).partition("=") for event in events) if equals
    )


def resolved(events: Sequence[Event], slices: Slices) -> tuple[Event, ...]:
    """The events with their scope as `field=value`; one that no row answers to touches everything, its words kept."""
    told: dict[str, str] = {}
    for given in (scope_words(event) for event in events):
        if given and given not in told:
            guesses = [given] if "=" in given else [f"{field}={given}" for field in SCOPE_FIELDS]
            found = next((scope for scope in guesses if slices.touched(scope).any()), "")
            told[given] = found if found in told.values() or len(set(told.values())) < MOST_SCOPES else ""
    named = ((event, scope_words(event)) for event in events)
    return tuple(replace(event, scope=told.get(words, ""), scope_given=words) for event, words in named)
