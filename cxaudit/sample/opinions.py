"""Reviews and survey comments, by how good they are and in which tone."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from cxaudit.sample.letters import finished, tidied
from cxaudit.sample.prose import Grammar, grammar
from cxaudit.sample.scene import Scene
from cxaudit.sample.voices import (
    IRONY,
    LABELS,
    NEUTRAL,
    NONE,
)


@dataclass(frozen=True)
class Opinion:
    """One opinion to write: whose, about which order, when, how good (0 bad, 1 mixed, 2 good), in which tone."""

    order: int
    customer: int
    at: int
    level: int
    label: int
    second: int

    @property
    def feelings(self) -> list[int]:
        """The labels to be put in words."""
        return [label for label in (self.label, self.second) if label not in (NONE, NEUTRAL)]


LEVELS = ("bad", "mixed", "good")


def write_review(scene: Scene, opinion: Opinion, random: Random) -> tuple[str, str]:
    """Title and text of a public review."""
    words = grammar("opinions")
    facts = scene.facts(opinion.order, opinion.customer, opinion.at, random)
    level = LEVELS[opinion.level]
    statements = 1 + (random.random() < 0.6) + (random.random() < 0.25)
    pieces = _distinct(f"review.{level}", statements, facts, words, random)
    for label in opinion.feelings:
        said = words.compose(["review.irony" if label == IRONY else f"feeling.{LABELS[label]}"], facts, random)
        pieces.insert(0 if random.random() < 0.4 else len(pieces), said)
    title = tidied(words.compose([f"title.{level}"], facts, random))
    return title, finished(pieces, [], "plain", random)


def write_comment(scene: Scene, opinion: Opinion, random: Random) -> str:
    """A survey comment: a few words, a feeling where one is meant."""
    words = grammar("opinions")
    facts = scene.facts(opinion.order, opinion.customer, opinion.at, random)
    pieces = _distinct(f"comment.{LEVELS[opinion.level]}", 1 + (random.random() < 0.25), facts, words, random)
    for label in opinion.feelings:
        said = words.compose(["comment.irony" if label == IRONY else f"feeling.{LABELS[label]}"], facts, random)
        pieces.insert(0 if random.random() < 0.4 else len(pieces), said.rstrip("."))
    return finished([(", " if random.random() < 0.3 else ". ").join(pieces)], [], "note", random)


def _distinct(key: str, count: int, facts: Mapping[str, str], words: Grammar, random: Random) -> list[str]:
    """`count` different fragments of one key, none said twice in other words."""
    chosen = random.sample(range(len(words.fragments[key])), count)
    return [words.fragment(key, place, random).format_map(facts) for place in chosen]
