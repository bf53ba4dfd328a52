"""What leaves names nobody and tells of no group under five people, neither outright nor by subtraction."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import leaving
import pytest

from cxaudit.cli import main
from cxaudit.schema.impersonal import impersonal


@dataclass(frozen=True)
class Left:
    """What one audit left behind, by the ending of the file; what was printed under `out`."""

    folder: Path
    out: str

    def parts(self, *endings: str) -> list[tuple[str, str]]:
        return [part for ending in endings for part in leaving.members(self.folder / f"audit.{ending}")]

    @property
    def json(self) -> Any:
        return json.loads((self.folder / "audit.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    folder = tmp_path_factory.mktemp("left")
    exports = leaving.write(leaving.brand(), folder / "exports")
    options = (("json", "--json"), ("xlsx", "--xlsx"), ("pptx", "--pptx"), ("cxaudit", "--save"))
    asked = [part for ending, option in options for part in (option, str(folder / f"audit.{ending}"))]
    with pytest.MonkeyPatch.context() as patch:
        said: list[str] = []
        patch.setattr("builtins.print", lambda *lines, **_: said.extend(map(str, lines)))
        assert main(["audit", str(exports), *asked, "--as-of", "2026-09-30"]) == 0
        assert main(["inspect", str(exports), "--json", str(folder / "audit.inspect")]) == 0
    return Left(folder, "\n".join(said).lower())


def test_the_world_is_what_it_says(left: Left) -> None:
    """Each secret stands in the exports, and the small groups are in the JSON: what is hidden was there to be told."""
    exports = "".join(path.read_text("utf-8").lower() for path in (left.folder / "exports").iterdir())
    assert all(secret in exports for secret in leaving.secrets())
    reasons = left.json["measures"]["recontact.orders.any"]["segments"]["reason"]
    assert {item["segment"]: item["denominator"] for item in reasons} == {
        reason: orders for reason, (orders, _) in leaving.REASONS.items()
    }


@pytest.mark.parametrize("ending", ["json", "xlsx", "pptx", "cxaudit", "inspect"])
def test_nobody_is_named_in_what_leaves(ending: str, left: Left) -> None:
    found = {(name, secret) for name, text in left.parts(ending) for secret in leaving.secrets() if secret in text}
    assert not found


def test_nobody_is_named_in_what_is_printed(left: Left) -> None:
    assert left.out.count("\n") > 10
    assert not {secret for secret in leaving.secrets() if secret in left.out}


def test_a_refused_file_names_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is wrong with a file, what is said of it quotes no cell of it."""
    one = leaving.person(3)
    broken = {
        "orders": [{"order_id": one["id"], "ordered_at": one["email"], "amount": one["phone"]} for _ in range(12)],
        "tickets": [{"created_at": f"{one['email']} {n}", "body": leaving.said(one, "CMD900001")} for n in range(12)],
    }
    assert main(["audit", str(leaving.write(broken, tmp_path / "exports")), "--json", str(tmp_path / "a.json")]) == 1
    said = "".join(capsys.readouterr()).lower()
    assert said.strip() and not {secret for secret in leaving.secrets() if secret in said}


def test_quotes_that_were_asked_for_bear_no_address_number_or_signature(left: Left) -> None:
    """Every text names its writer, gives all their numbers and is signed; quoted, it keeps the words between."""
    quoted = left.folder / "quoted.xlsx"
    assert (
        main(["audit", str(left.folder / "exports"), "--as-of", "2026-09-30", "--quotes", "--xlsx", str(quoted)]) == 0
    )
    text = re.sub(r"<[^>]*>", "", "".join(part for _, part in leaving.members(quoted)))  # marks cut a text in pieces
    assert "inadmissible, je suis furieux" in text
    assert not {secret for secret in leaving.secrets() if secret in text}


@pytest.mark.parametrize("ending", ["xlsx", "pptx"])
def test_a_group_of_few_people_is_named_nowhere(ending: str, left: Left) -> None:
    """Nine orders of two customers are two people; no sheet, chart or slide bears the name of their reason."""
    found = {(name, reason) for name, text in left.parts(ending) for reason in leaving.SMALL if reason.lower() in text}
    assert not found


def test_no_group_can_be_told_by_subtraction(left: Left) -> None:
    lines = leaving.data_lines(left.folder / "audit.xlsx")
    assert len({line.key for line in lines if line.cut}) > 10
    assert not list(leaving.told_by_subtraction(lines))


def test_what_is_hidden_is_never_one_month_alone(left: Left) -> None:
    lines = leaving.data_lines(left.folder / "audit.xlsx")
    shown = Counter(line.key for line in lines if line.month is not None and line.denominator)
    hidden = {
        key: sum(1 for point in measure["series"] if point["denominator"]) - shown[key]
        for key, measure in left.json["measures"].items()
        if measure["denominator"] >= leaving.FEWEST
    }
    assert any(hidden.values())
    assert not [key for key, months in hidden.items() if months == 1]


def test_states_of_few_people_are_not_shown_beside_figures_that_add_them_up(left: Left) -> None:
    """Silent and unobservable together are a headline figure: one of them shown would tell the other."""
    states = {
        item["segment"]: item["numerator"]
        for item in left.json["measures"]["silence.customers.90d"]["segments"]["state"]
    }
    assert len(states) == 3 and states["silent"] == leaving.SILENT and min(states.values()) < leaving.FEWEST
    lines = leaving.data_lines(left.folder / "audit.xlsx")
    assert not [line for line in lines if line.key == "silence.customers.90d" and line.cut]


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("Retard de livraison", "Retard de livraison"),
        ("Lot 24, 2026-01-31", "Lot 24, 2026-01-31"),
        ("ab@x.fr", "[…@…]"),
        ("Voir 06 12 34 56 78", "Voir [☎]"),
        ("Voir +33 6.12.34.56.78 svp", "Voir [☎] svp"),
        ("Voir 0612345678", "Voir [☎]"),
        ("4970 1012 3456 7890", "[…]"),
        ("FR76 3000 6000 0112 3456 7890 189", "[IBAN]"),
        ("BE68 5390 0754 7034", "[IBAN]"),
    ],
)
def test_a_value_keeps_its_words_and_loses_its_addresses(value: str, left: str) -> None:
    assert impersonal(value) == left
