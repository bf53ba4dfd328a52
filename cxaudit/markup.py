"""What a reader sees of a text that came as HTML: the one rule by which texts are shown and their words counted.

Tables keep texts as given. What comes out is plain text, in which "&lt;" has become "<": whoever draws it escapes it.
"""

from __future__ import annotations

import html
import re

MARKS = ("<", "&")  # a text without any of them bears no markup
# What nothing closes goes on to the end, as browsers have it: each character is then looked at once, in any text.
MARKUP = re.compile(
    r"<(?:style|script)\b.*?(?:</(?:style|script)>|\Z)|<!--.*?(?:-->|\Z)|</?[a-zA-Z][^<>]{0,2000}>",
    re.S | re.I,
)
ENTITY = re.compile(r"&(?:#x?[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,7});")

_BREAK = re.compile(
    r"</?(?:br|p|div|li|ul|ol|tr|table|h[1-6]|hr|pre|blockquote|section|article|header|footer|body|head|title)\b", re.I
)
_CELL = re.compile(r"<t[dh]\b", re.I)
_LINES = re.compile(r"\n{3,}")


def readable(text: str) -> str:
    """`text` without its tags, styles and comments, line breaks where it broke, its entities read once."""
    if "<" in text:
        bare = MARKUP.sub(_between, text)
        text = text if bare == text else _LINES.sub("\n\n", _trimmed_lines(bare)).strip()
    return ENTITY.sub(_character, text) if "&" in text else text


def _trimmed_lines(text: str) -> str:
    return "\n".join(line.strip(" \t\r") for line in text.split("\n"))


def _between(found: re.Match[str]) -> str:
    """What stands between the words that markup parts: a line break, a blank, or nothing within a sentence."""
    if _BREAK.match(found[0]):
        return "\n"
    return " " if _CELL.match(found[0]) else ""


def _character(found: re.Match[str]) -> str:
    return html.unescape(found[0])
