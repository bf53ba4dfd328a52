"""How pieces become a message: lines, capitals, apostrophes, haste."""

import re
from random import Random

from cxaudit.sample.prose import roughen

_CHAT_JOINTS = (" ", ", ", ". ", "... ", "\n", "\n", " ")


def finished(said: list[str], tail: list[str], register: str, random: Random) -> str:
    """Set the pieces on lines as the register does, capitals and apostrophes as the keyboard has them."""
    said, tail = [piece for piece in said if piece.strip()], [piece for piece in tail if piece.strip()]
    if register == "chat":
        joint = _CHAT_JOINTS[int(random.random() * len(_CHAT_JOINTS))]
        text = "".join(_chatted(piece, joint) for piece in said + tail).rstrip(" ,")
        text = _STRAY_SPACE.sub("", text) if random.random() < 0.6 else tidied(text)
    elif register == "note":
        text = tidied(" ".join(said))
    else:
        text = tidied(_letter(said, tail, random))
    if random.random() < 0.35:
        text = text.replace("'", "’")
    return (roughen(text, random) if random.random() < 0.27 else text).strip()


def _chatted(piece: str, joint: str) -> str:
    piece = piece.rstrip(" .") if joint != "\n" else piece
    return piece + (" " if piece[-1:] in "?!" and joint != "\n" else joint)


def _letter(said: list[str], tail: list[str], random: Random) -> str:
    style = random.random()
    joint = " " if style < 0.68 else "\n" if style < 0.88 else "\n\n"
    ended = [piece if piece[-1] in ".!?,\n…»" else f"{piece}." for piece in said]
    head, body = ended[:1], ended[1:]
    greets = len(said[0]) < 45 and said[0].rstrip().endswith(",")
    opening = head[0] + ("\n" if greets and joint == " " else joint) if head else ""
    close = "\n" if random.random() < 0.75 else joint
    return opening + joint.join(body) + "".join(close + piece for piece in tail)


_SENTENCE_START = re.compile(r"(?:^|[.!?…]\s+|\n)([a-zàâéèêëîïôûç])")

_STRAY_SPACE = re.compile(r" +(?=[.,]|$)|(?<= ) +")


def tidied(text: str) -> str:
    text = _STRAY_SPACE.sub("", text)
    return _SENTENCE_START.sub(lambda match: match.group(0)[:-1] + match.group(1).upper(), text)
