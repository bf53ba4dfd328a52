"""Blank out what the customer did not write now: quoted mails, signatures, markup, addresses. Lengths never change."""

from __future__ import annotations

import html
import re

from cxaudit.markup import ENTITY, MARKUP

FILLER = "\u200b"  # dropped by folding, so that a word around it stays one word

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]{1,2000}|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
_MAILBOX = re.compile(r"@[\w-]{1,64}\.[\w-]")  # what an address cannot lack: most @ call somebody, and cost nothing
_QUOTE_LINE = re.compile(r"^[ \t]*>.*$", re.M)
_QUOTED_MAIL = re.compile(
    r"^[ \t>]*(?:"
    r"le\b[^\n]{4,120}(?:\n[^\n]{0,80})?\ba [ée]crit ?:"
    r"|on\b[^\n]{4,120}(?:\n[^\n]{0,80})?\bwrote ?:"
    r"|-{2,} ?(?:message (?:d['’]origine|transf[ée]r[ée])|message original|original message|forwarded message)"
    r"|_{8,}[ \t]*$"
    r"|(?:de|from) ?:[^\n]{2,120}\n[ \t]*(?:envoy[ée]|date|sent|[àa]|to) ?:"
    r")",
    re.M | re.I,
)
_SIGNATURE = re.compile(
    r"^(?:-- ?$|[ \t]*(?:envoy[ée] (?:de|depuis) mon |sent from my |get outlook for |t[ée]l[ée]charge[rz] outlook ))",
    re.M | re.I,
)
_CLOSING = re.compile(
    r"^[ \t]*(?:bien )?(?:cordialement|cdlt|sinc[èe]rement|respectueusement|best regards|kind regards|regards"
    r"|yours sincerely|sincerely)\b[^\n]{0,30}$",
    re.M | re.I,
)
CLOSING_REST = 240  # after a closing line, a signature is at most this long; more is text


def trimmed(text: str) -> str:
    """`text` with the parts that carry no tone of this customer now blanked, at the same length."""
    if "<" in text:
        text = MARKUP.sub(_blank, text)
    if "&" in text:
        text = ENTITY.sub(_unescape, text)
    if ("@" in text and _MAILBOX.search(text)) or "http" in text or "www." in text:
        text = _ADDRESS.sub(_blank, text)
    if "\n" in text:
        text = _own_lines(text)
    return text


def _own_lines(text: str) -> str:
    if ">" in text:
        text = _QUOTE_LINE.sub(_blank, text)
    for pattern in (_QUOTED_MAIL, _SIGNATURE):
        found = pattern.search(text)
        if found and text[: found.start()].strip():
            text = text[: found.start()] + " " * (len(text) - found.start())
    found = _CLOSING.search(text)
    if found and len(text.rstrip()) - found.end() <= CLOSING_REST and text[: found.start()].strip():
        text = text[: found.end()] + " " * (len(text) - found.end())
    return text.replace("\n\n", ".\n")


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _unescape(found: re.Match[str]) -> str:
    char = html.unescape(found.group())
    return char + FILLER * (len(found.group()) - len(char)) if len(char) == 1 else found.group()
