"""Numbers in every European dress, the decimal mark decided over the whole column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from cxaudit.ingest.casting import SPACES, Cast, evaluated, judged
from cxaudit.schema.currencies import currency_of
from cxaudit.schema.results import Phrase

# Codes and words that stand beside an amount; any other letter makes a cell no number.
_MONEY = (
    r"(?i:eur|euros?|usd|us\$|gbp|chf|cad|ca\$|aud|sek|nok|dkk|pln|czk|huf|ron|mad|dzd|tnd|xof|xaf|jpy|cny|fr\.?|kr|zł|kč"
    r"|ttc|ht|pts?|points?|unités?)"
)
_SIGNS = "€$£¥₣%"
_EDGES = SPACES + _SIGNS
_BEFORE = r"^([^\d+\-(.,]*)"
_AFTER = r"([^\d)\-]*)$"
_GROUPING = SPACES + "'’´_"
# Strokes in the place of cents, as in 1'200.– and 99,-: a whole number, whatever marks it holds, and no minus.
DASHES = r"\-\u2012-\u2015\u2212"
_NO_CENTS = rf"(\d)[.,][{DASHES}]+(\D|$)"
# What an amount is given with or without, said beside it: « 30 EUR TTC », « 12,50 € (HT) », £30 incl. VAT.
TAX = r"(?i:t\.?t\.?c\.?|h\.?t\.?|tvac|htva|hors taxes?|(?:incl?|excl?|ex)\.? (?:vat|tax))"
# No \b: over text with signs it is some twenty times slower.
_TAXED = rf"([\d.,{_EDGES}{DASHES}])(?:\({TAX}\)|{TAX})[{SPACES}]*(\)?)$"
_FIGURES = rf"[-+(\u2212]?\d[\d.,{_GROUPING}]*[)\-\u2013\u2014]*"
CHOICES = ("thousands", "decimal")
HEAD = 5_000
_COMMA_DECIMALS = rf",(?:\d{{1,2}}|\d{{4,}})(?:\D|$)|(?:^|\D)0?,\d|\.\d{{3}},\d|(?:^|[^\d,])\d+,[{DASHES}]"
_POINT_DECIMALS = rf"\.(?:\d{{1,2}}|\d{{4,}})(?:[^\d.]|$)|(?:^|\D)0?\.\d|,\d{{3}}\.\d|(?:^|[^\d.])\d+\.[{DASHES}]"


@dataclass(frozen=True)
class Marks:
    """How a column writes its decimals: the mark, whether the other reading is open, and what to tell."""

    decimal: str
    decision: str
    open: bool = False


def to_number(column: pl.Series, *, answer: str | None = None) -> Cast:
    """Numbers as Float64: currency signs and codes, percent signs, any grouping, parentheses or a true minus read.

    A percentage keeps its written size (12,5 % is 12.5); strokes for cents (1'200.–) are none, and an amount is read as
    it is written with or without tax (30 € TTC). `answer` (thousands or decimal) is that to an earlier question.

    Returns:
        The cast; `decision` names the decimal mark; `question` is set where every separator could as well be a
        thousands separator ("1,234" alone), with `choices` thousands and decimal, the one assumed first.
    """
    found = _marks(column)
    marks = _ANSWERED.get((found, answer), found)
    values = _plain(column, marks)
    rest = (values.is_null() & column.is_not_null()).arg_true()
    if len(rest):
        values = values.scatter(rest, _dressed(column.gather(rest), marks))
    if not found.open:
        return judged(column, values, marks.decision)
    example = column.filter(column.str.contains(r"\d[.,]\d{3}\b")).first()
    question = Phrase.of("reading.question.thousands", column=column.name, example=str(example))
    assumed = CHOICES[::-1] if found is _POINT_ALONE else CHOICES
    return judged(column, values, marks.decision, question, assumed)


def currencies_beside(column: pl.Series) -> pl.Series:
    """The currency that each cell's amount bears (`12,50 €`, `CHF 45.–`), by its code; null where it bears none."""
    beside = evaluated(column, beside=pl.col("cell").str.replace_all(_FIGURES, " ").str.strip_chars())["beside"]
    words = {text: re.sub(rf"\b{TAX}", " ", text) for text in beside.drop_nulls().unique().to_list()}
    codes = {text: code for text, word in words.items() if (code := currency_of(word))}
    return beside.replace_strict(list(codes), list(codes.values()), default=None, return_dtype=pl.String)


# "1,234" alone: money hardly ever has three decimals, and programs that write three decimals write a point.
_COMMA_ALONE, _POINT_ALONE = Marks(".", "thousands comma", open=True), Marks(".", "decimal point", open=True)
_EITHER = Marks("both", "decimal comma and decimal point", open=True)
_ANSWERED: Mapping[tuple[Marks, str | None], Marks] = {
    (_COMMA_ALONE, "decimal"): Marks(",", "decimal comma"),
    (_POINT_ALONE, "thousands"): Marks(",", "decimal comma"),
    (_EITHER, "decimal"): Marks("each", "decimal comma and decimal point"),
}


def _marks(column: pl.Series) -> Marks:
    """The decimal mark by all values: a mark that is followed by anything but three digits, or that comes last."""
    cell = pl.col("cell")
    seen = evaluated(
        column,
        comma=cell.str.contains(",", literal=True).any(),
        point=cell.str.contains(".", literal=True).any(),
    )
    comma, point = seen.row(0)
    if not comma and not point:
        return Marks(".", "whole numbers")
    # Points in groups leave the comma for decimals, and the other way round.
    by_comma = (comma and _anywhere(column, _COMMA_DECIMALS)) or (point and _anywhere(column, r"\d\.\d{3}\.\d{3}"))
    by_point = (point and _anywhere(column, _POINT_DECIMALS)) or (comma and _anywhere(column, r"\d,\d{3},\d{3}"))
    if by_comma and by_point:
        return replace(_EITHER, open=False)
    if by_comma:
        return Marks(",", "decimal comma")
    if by_point:
        return Marks(".", "decimal point")
    if comma:
        return _EITHER if point else _COMMA_ALONE
    alone = _anywhere(column, r"^\D*[1-9]\d{0,2}\.\d{3}(?:[^\d.,]\D*)?$")
    return _POINT_ALONE if alone else Marks(".", "decimal point")


def _anywhere(column: pl.Series, pattern: str) -> bool:
    """Whether any value matches; the first thousands are asked first, since they mostly settle it."""
    found = pl.col("cell").str.contains(pattern).any()
    return bool(evaluated(column.head(HEAD), found=found).item() or evaluated(column, found=found).item())


def _plain(column: pl.Series, marks: Marks) -> pl.Series:
    """The common dress at full speed: edges stripped, one decimal mark, no grouping; null elsewhere."""
    bare = _bare(column)
    if marks.decimal == ",":
        bare = bare.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    elif marks.decimal == "each":
        bare = bare.str.replace(",", ".", literal=True)
    elif marks.decimal == "both":
        # Three digits after a mark may be a group: left to the slower road.
        bare = pl.when(~bare.str.contains(r"[.,]\d{3}$|[.,].*[.,]")).then(bare.str.replace(",", ".", literal=True))
    number = bare.cast(pl.Float64, strict=False)
    return evaluated(column, number=pl.when(number.is_finite()).then(number))["number"]


def _bare(column: pl.Series) -> pl.Expr:
    """The cells without what stands beside their figures: as a fixed text where most first values share it."""
    cell = pl.col("cell")
    head = evaluated(column.head(HEAD), before=cell.str.extract(_BEFORE), after=cell.str.extract(_AFTER)).drop_nulls()
    before, after = (_shared(head[name]) for name in ("before", "after"))
    if before is None or after is None:
        return cell.str.strip_chars(_EDGES)
    if before:
        cell = cell.str.strip_prefix(before)
    return cell.str.strip_suffix(after) if after else cell


def _shared(texts: pl.Series) -> str | None:
    """The text that nearly all have, where it is a sign, a code or nothing; None where there is no such text."""
    if not len(texts):
        return ""
    text, rows = texts.value_counts(sort=True, name="rows").row(0)
    plain = rf"[{_EDGES}]*(?:{_MONEY})?[{_EDGES}]*(?:{TAX})?[{_EDGES}]*"
    return text if rows >= 0.8 * len(texts) and re.fullmatch(plain, text) else None


def _dressed(column: pl.Series, marks: Marks) -> pl.Series:
    whole = pl.col("cell").str.contains(_NO_CENTS)
    cell = pl.col("cell").str.replace(_TAXED, "$1$2").str.replace(_NO_CENTS, "$1$2")
    cell = cell.str.replace_all("[\u2212\u2012\u2013\uff0d]", "-").str.strip_chars(_EDGES)
    cell = cell.str.replace(rf"^([-+(]?\s*){_MONEY}\b\.?", "$1").str.replace(rf"(\d)\s*{_MONEY}\s*(\)?)$", "$1$2")
    # "12€50": the sign stands where the mark would.
    cell = cell.str.replace(r"(\d)\s?[€$£]\s?(\d{2})$", "$1.$2" if marks.decimal == "." else "$1,$2")
    grouped = ~cell.str.contains(rf"\d[{_GROUPING}](?:\d{{1,2}}(?:\D|$)|\d{{4}})|\d{{4}}[{_GROUPING}]\d")
    bare = cell.str.replace_all(rf"[{_GROUPING}]", "")
    negative = bare.str.contains(r"^\(.*\)$|^-|-$")
    digits = bare.str.strip_chars("()+-" + _SIGNS)
    read = pl.when(whole).then(digits.str.replace_all("[.,]", "")).otherwise(_decimal(digits, marks))
    number = read.str.replace(r"^\.", "0.").cast(pl.Float64, strict=False)
    sound = digits.str.contains(r"^(?:\d{1,3}(?:[.,]\d{3})+|\d+)?(?:[.,]\d*)?$|^\d+(?:\.\d+)?[eE][-+]?\d+$")
    sound = sound & (~whole | digits.str.contains(r"^\d{1,3}(?:[.,]\d{3})+$|^\d+$"))
    signed = pl.when(negative).then(-number).otherwise(number)
    frame = pl.LazyFrame({"cell": column}).select(
        pl.when(grouped & sound & signed.is_finite()).then(signed).alias("number")
    )
    return frame.collect()["number"]


def _decimal(digits: pl.Expr, marks: Marks) -> pl.Expr:
    by_comma = digits.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    by_point = digits.str.replace_all(",", "", literal=True)
    if marks.decimal == ",":
        return by_comma
    if marks.decimal == ".":
        return by_point
    if marks.decimal == "each":
        return digits.str.replace(",", ".", literal=True)
    comma_last = digits.str.contains(r",\d*$")
    groups = digits.str.contains(r"^[1-9]\d{0,2}(?:,\d{3})+$|^[1-9]\d{0,2}(?:\.\d{3})+$")
    joined = digits.str.replace_all("[.,]", "")
    return pl.when(groups).then(joined).when(comma_last).then(by_comma).otherwise(by_point)
