"""A mapping saved is a mapping used: for the same file, for the same layout, and as a person corrected it."""

from __future__ import annotations

import copy
import json

import pytest

from cxaudit.errors import UsageError
from cxaudit.ingest import ingest, inspect_sheets, mapping_json
from cxaudit.ingest.memory import unused
from cxaudit.ingest.sources import read_bytes

TEXT = "Commande;Date;Email;Total;Brut;Statut\n" + "".join(
    f"C{n};0{n}/03/2025;c{n}@example.com;1{n},00;2{n},00;{'Servie' if n > 4 else 'Payée'}\n" for n in range(1, 9)
)
OTHER = TEXT.replace("Brut", "Autre montant")


def sheets(name: str = "commandes.csv", text: str = TEXT):
    return list(read_bytes(name, text.encode()))


def saved() -> list[dict]:
    return json.loads(json.dumps(mapping_json(inspect_sheets(sheets()))))["files"]


def test_inspect_writes_what_the_contract_names():
    (entry,) = saved()
    assert {
        *(
            "file",
            "table",
            "platform",
            "confidence",
            "why",
            "encoding",
            "delimiter",
            "sheet",
            "header_row",
            "header_rows",
        ),
        *("rows", "mapping", "derived", "missing_required", "date_formats", "questions"),
    } <= entry.keys()
    assert entry["table"] == "orders"
    assert entry["why"]
    assert not set(entry["mapping"]) & set(entry["derived"])


def test_given_back_unchanged_it_changes_nothing():
    first, second = ingest(sheets()), ingest(sheets(), mapping=saved())
    assert second.exports == first.exports
    assert second.tables["orders"].equals(first.tables["orders"])


def test_a_corrected_column_is_used_and_a_derived_field_given_one_is_derived_no_more():
    files = saved()
    files[0]["mapping"]["amount"] = "Brut"
    files[0]["derived"]["currency"] = {"constant": "CHF"}
    assert ingest(sheets(), mapping=files).exports[0].totals["amount"] == sum(20 + n for n in range(1, 9))
    assert ingest(sheets(), mapping=files).tables["orders"]["currency"].unique().to_list() == ["CHF"]
    files[0]["mapping"]["currency"] = "Statut"
    export = ingest(sheets(), mapping=files).exports[0]
    assert "currency" not in export.derived


def test_the_same_layout_under_another_name_gets_the_saved_mapping():
    files = saved()
    files[0]["mapping"]["amount"] = "Brut"
    (entry,) = inspect_sheets(sheets("commandes_t2.csv"), mapping=files)
    assert entry.mapping["amount"] == "Brut"
    (entry,) = inspect_sheets(sheets("autre.csv", OTHER), mapping=files)
    assert entry.mapping["amount"] == "Total"


@pytest.mark.parametrize(
    ("names", "given", "passed_over"),
    [
        ([{"file": "commandes.csv"}], "commandes.csv", ()),
        ([{"file": "comandes.csv", "signature": ""}], "commandes.csv", ("comandes.csv",)),
        ([{"file": "comandes.csv"}], "commandes.csv", ()),  # it was put over the file of its layout
        ([{"file": "2025/t1/commandes.csv"}], "commandes.csv", ()),
        ([{"file": "commandes.csv", "sheet": "Feuil2"}], "commandes.csv", ("commandes.csv (Feuil2)",)),
        # Two months of one layout are read by the first; the second says the same, or it does not.
        ([{"file": "janvier.csv"}, {"file": "février.csv"}], "mars.csv", ()),
        ([{"file": "janvier.csv"}, {"file": "février.csv", "table": "returns"}], "mars.csv", ("février.csv",)),
        ([{"file": "commandes.csv"}, {"file": "commandes.csv", "table": "none"}], "commandes.csv", ("commandes.csv",)),
        ([{"table": "orders", "signature": ""}], "commandes.csv", ("?",)),
    ],
)
def test_what_was_saved_and_serves_no_file_is_told(names: list[dict], given: str, passed_over: tuple[str, ...]):
    (entry,) = saved()
    del entry["file"]
    files = [{**entry, **said} for said in names]
    assert unused(inspect_sheets(sheets(given), mapping=files), files) == passed_over


def test_an_entry_that_serves_one_of_two_files_is_used():
    files = saved()
    both = [*sheets("autre.csv", OTHER), *sheets()]
    assert unused(inspect_sheets(both, mapping=files), files) == ()
    assert unused(inspect_sheets(both[:1], mapping=files), files) == ("commandes.csv",)


def test_a_table_chosen_by_a_person_is_mapped_anew_and_none_is_left_alone():
    files = copy.deepcopy(saved())
    files[0] = {"file": "commandes.csv", "table": "returns"}
    found = ingest(sheets(), mapping=files)
    assert found.entries[0].mapping["returned_at"] == "Date"
    files[0]["table"] = "none"
    assert ingest(sheets(), mapping=files).tables == {}


def test_classes_corrected_by_a_person_are_put_over_the_defaults():
    files = saved()
    files[0]["values"] = {"status": {"Servie": "paid", "Payée": "pas une classe"}}
    assert ingest(sheets()).values["orders"]["status"]["Servie"] == "other"
    assert ingest(sheets(), mapping=files).values["orders"]["status"] == {"Payée": "paid", "Servie": "paid"}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"table": "ventes"}, "mapping.error.table"),
        ({"mapping": {"prix": "Total"}}, "mapping.error.field"),
        ({"mapping": {"amount": "Totaal"}}, "mapping.error.column"),
        ({"derived": {"amount": {"from": ["Total"], "rule": "magie"}}, "mapping": {}}, "mapping.error.rule"),
    ],
)
def test_what_does_not_exist_is_told(change: dict, key: str):
    files = saved()
    files[0].update(change)
    with pytest.raises(UsageError) as told:
        ingest(sheets(), mapping=files)
    assert told.value.phrase.key == key


def test_a_date_that_may_be_read_twice_is_asked_once_and_the_answer_obeyed():
    text = "order id,order date,email,total\n" + "".join(
        f"{n},0{n}/03/2025,c{n}@example.com,1{n}.00\n" for n in range(1, 9)
    )
    (entry,) = inspect_sheets(sheets("orders.csv", text))
    (question,) = [question for question in entry.questions if question.kind == "date_order"]
    assert question.column == "order date"
    files = mapping_json([entry])["files"]
    months = {}
    for choice in question.choices:
        files[0]["questions"][0]["answer"] = choice
        found = ingest(sheets("orders.csv", text), mapping=files)
        months[choice] = found.tables["orders"]["ordered_at"].dt.month().n_unique()
        assert [question.answer for question in found.questions] in ([choice], [])
    assert months == {"day_first": 1, "month_first": 8}


def test_a_mark_that_may_be_read_twice_is_asked_and_the_answer_obeyed():
    text = "order id,order date,email,total\n" + "".join(
        f'{n},2025-03-0{n},c{n}@example.com,"{n},500"\n' for n in range(1, 9)
    )
    (entry,) = inspect_sheets(sheets("orders.csv", text))
    (question,) = entry.questions
    assert (question.kind, question.column, question.choices) == ("thousands", "total", ("thousands", "decimal"))
    files = mapping_json([entry])["files"]
    totals = {}
    for choice in question.choices:
        files[0]["questions"][0]["answer"] = choice
        found = ingest(sheets("orders.csv", text), mapping=files)
        totals[choice] = found.tables["orders"]["amount"].to_list()[0]
        assert [question.answer for question in found.questions] == [choice] and not found.warnings
    assert totals == {"thousands": 1500.0, "decimal": 1.5}


def test_the_kind_of_a_survey_is_asked_and_the_answer_is_a_constant():
    text = "Répondu le;Email;Note\n" + "".join(f"1{n}/03/2025;c{n}@example.com;{n % 5 + 1}\n" for n in range(1, 9))
    files = [{"file": "x.csv", "table": "surveys"}]
    (entry,) = inspect_sheets(sheets("x.csv", text), mapping=files)
    assert entry.missing_required == ("kind",)
    answered = mapping_json([entry])["files"]
    answered[0]["questions"][0]["answer"] = "csat"
    surveys = ingest(sheets("x.csv", text), mapping=answered).tables["surveys"]
    assert surveys["kind"].unique().to_list() == ["csat"]
    assert surveys["scale"].unique().to_list() == ["1-5"]


def test_of_several_scores_one_is_asked_for_and_the_answer_obeyed():
    text = "Répondu le;Email;NPS;CSAT\n" + "".join(
        f"1{n % 9 + 1}/03/2025;c{n}@example.com;{n % 11};{n % 5 + 1}\n" for n in range(1, 30)
    )
    (entry,) = inspect_sheets(sheets("enquete.csv", text))
    (question,) = [question for question in entry.questions if question.field == "score"]
    assert set(question.choices) == {"NPS", "CSAT"}
    files = mapping_json([entry])["files"]
    place = [asked["field"] for asked in files[0]["questions"]].index("score")
    files[0]["questions"][place]["answer"] = question.choices[1]
    found = ingest(sheets("enquete.csv", text), mapping=files)
    assert found.exports[0].mapping["score"] == question.choices[1]
    assert found.tables["surveys"]["kind"].unique().to_list() == [question.choices[1].lower()]
