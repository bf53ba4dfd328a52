"""The truth, counted again from the written files: another hand, other tools, the same figures."""

from datetime import date

import pandas as pd
import pytest
from sample_files import Exports

AS_OF = pd.Timestamp("2026-09-30")
DAYS = pd.Timedelta(days=1)
NOISE_TAGS = ("spam", "closed_by_merge", "auto_reply", "sortant")


def key_of(order: pd.Series) -> pd.Series:
    return order.str.replace(r"[#\s]", "", regex=True).str.lower()


def ripe(since: pd.Series, days: int) -> pd.Series:
    return since.dt.normalize() + days * DAYS <= AS_OF


def followed(base: pd.DataFrame, events: pd.DataFrame, by: str, days: int) -> pd.Series:
    """For each base row (`by`, `at`), whether an event of the same key falls after it and within `days`."""
    pairs = base.reset_index()[["index", by, "at"]].merge(events[[by, "at"]], on=by, suffixes=("", "_event"))
    near = pairs.at_event.gt(pairs["at"]) & pairs.at_event.dt.normalize().le(pairs["at"].dt.normalize() + days * DAYS)
    return base.index.to_series().isin(pairs.loc[near, "index"])


@pytest.fixture(scope="module")
def orders(exports: Exports) -> pd.DataFrame:
    first = exports.orders[exports.orders["Total"].ne("")]
    local = pd.to_datetime(first["Created at"].str[:19])
    return pd.DataFrame(
        {
            "order": key_of(first["Name"]),
            "customer": first["Email"].str.lower(),
            "at": local,
            "counted": first["Cancelled at"].eq("") & first["Tags"].ne("test") & first["Total"].astype(float).gt(0),
            "refunded": first["Financial Status"].eq("refunded"),
            "promised": pd.to_datetime(first["Promised delivery date"]),
            "delivered": pd.to_datetime(first["Delivered at"]),
            "carrier": first["Carrier"],
        }
    ).reset_index(drop=True)


@pytest.fixture(scope="module")
def tickets(exports: Exports) -> pd.DataFrame:
    raw = exports.tickets[~exports.tickets["Tags"].isin(NOISE_TAGS)]
    mails = raw[raw["Requester email"].ne("")].drop_duplicates("Requester id").set_index("Requester id")
    return pd.DataFrame(
        {
            "order": key_of(raw["N° de commande [txt]"]),
            "customer": raw["Requester id"].map(mails["Requester email"]).str.lower(),
            "at": pd.to_datetime(raw["Created at"]),
            "complaint": raw["Réclamation [flg]"].eq("1"),
            "reason": raw["Motif [list]"],
        }
    ).sort_values("at", ignore_index=True)


@pytest.fixture(scope="module")
def episodes(tickets: pd.DataFrame) -> pd.DataFrame:
    linked = tickets[tickets["order"].ne("")].sort_values(["order", "at"])
    new = linked.groupby("order")["at"].diff().gt(pd.Timedelta(minutes=30)) | ~linked["order"].duplicated()
    return linked[new]


@pytest.fixture(scope="module")
def answers(exports: Exports) -> pd.DataFrame:
    both = pd.concat([exports.csat, exports.journeys], ignore_index=True)
    score = pd.to_numeric(both["Note"].str.replace(",", "."))
    floor = both["Enquête"].map({"CSAT": 4, "NPS": 8, "CES": 6})
    return pd.DataFrame(
        {
            "kind": both["Enquête"],
            "customer": both["E-mail"].str.lower(),
            "sent": pd.to_datetime(both["Envoyée le"], format="%d/%m/%Y %H:%M"),
            "at": pd.to_datetime(both["Répondue le"], format="%d/%m/%Y %H:%M"),
            "delivered": both["Distribuée"].eq("oui"),
            "score": score,
            "good": score >= floor,
        }
    )


def test_recontact_is_what_truth_says(exports: Exports, orders: pd.DataFrame, episodes: pd.DataFrame) -> None:
    first = episodes[~episodes["order"].duplicated()].reset_index(drop=True)
    back, mature = followed(first, episodes, "order", 30), ripe(first["at"], 30)
    assert (int(back[mature].sum()), int(mature.sum())) == exports.counted("recontact.orders.30d")
    carrier = first["order"].map(orders.set_index("order")["carrier"])
    for name, start, stop, touched in (
        ("2025Q3", "2025-07-01", "2025-09-30", carrier.notna()),
        ("2026Q3", "2026-07-01", "2026-09-30", carrier.notna()),
        ("Grève du transporteur Colivert", "2026-07-06", "2026-07-17", carrier.eq("Colivert")),
    ):
        inside = mature & touched & first["at"].dt.normalize().between(start, stop)
        assert (int(back[inside].sum()), int(inside.sum())) == exports.counted(f"recontact.orders.30d@{name}")


def test_recontact_degrades_by_two_points_and_more_during_the_strike(exports: Exports) -> None:
    def rate(name: str) -> float:
        won, units = exports.counted(f"recontact.orders.30d@{name}")
        return won / units

    planted = {key: entry["planted"] for key, entry in exports.truth["realised"].items() if "planted" in entry}
    before, after = (planted[f"recontact.orders.30d@{q}.normal_days"] for q in ("2025Q3", "2026Q3"))
    assert after - before == pytest.approx(0.02)
    assert rate("2025Q3.normal_days") == pytest.approx(before, abs=0.02)
    assert rate("2026Q3.normal_days") == pytest.approx(after, abs=0.03)
    assert rate("Grève du transporteur Colivert") > after + 0.05
    assert rate("2026Q3") > rate("2025Q3") + 0.03


def test_csat_is_green_with_few_answers_and_unhappier_silence(exports: Exports, answers: pd.DataFrame) -> None:
    csat = answers[answers["kind"].eq("CSAT")]
    given = csat["at"].notna()
    assert (int(csat.loc[given, "good"].sum()), int(given.sum())) == exports.counted("surface.csat")
    asked = csat["delivered"] & ripe(csat["sent"], 14)
    assert (int(given[asked].sum()), int(asked.sum())) == exports.counted("surface.csat.response")
    assert csat.loc[given, "good"].mean() == pytest.approx(0.92, abs=0.01)
    assert given[asked].mean() == pytest.approx(0.11, abs=0.01)
    silent, units = exports.counted("surface.csat@not_answering")
    assert silent / units < csat.loc[given, "good"].mean() - 0.10


def test_complaints_cost_seven_points_of_repurchase(
    exports: Exports, orders: pd.DataFrame, tickets: pd.DataFrame
) -> None:
    owner = orders.set_index("order")["customer"]
    complaints = tickets[tickets["complaint"]].copy()
    complaints["customer"] = complaints["order"].map(owner).fillna(complaints["customer"])
    index = complaints.drop_duplicates("customer").reset_index(drop=True)
    earliest = orders[orders["counted"]].groupby("customer")["at"].min()
    index = index[index["customer"].map(earliest) < index["at"]]
    index = index[ripe(index["at"], 90)]
    again = followed(index, orders[orders["counted"] & ~orders["refunded"]], "customer", 90)
    won, units = exports.counted("repurchase.complainers.90d")
    assert len(index) == pytest.approx(units, abs=6)  # a complaint on an order whose number got lost moves the index
    assert int(again.sum()) == pytest.approx(won, abs=4)
    taken, of = exports.counted("repurchase.complainers.90d@taken_away")
    assert taken / of == pytest.approx(0.07, abs=0.01)


def test_half_of_the_customers_fall_silent(
    exports: Exports, orders: pd.DataFrame, tickets: pd.DataFrame, answers: pd.DataFrame
) -> None:
    counted = orders[orders["counted"]].sort_values("at")
    index = counted.drop_duplicates("customer").reset_index(drop=True)
    index = index[ripe(index["at"], 90)]
    clicks = pd.DataFrame(
        {"customer": exports.mails["E-mail"].str.lower(), "at": pd.to_datetime(exports.mails["Cliqué le"])}
    )
    returned = pd.DataFrame(
        {"customer": exports.returns["E-mail client"].str.lower(), "at": pd.to_datetime(exports.returns["Retourné le"])}
    )
    utc = pd.to_datetime(exports.reviews["Review Created (UTC)"]).dt.tz_localize("UTC")
    reviews = pd.DataFrame(
        {
            "customer": exports.reviews["Review User Email"].str.lower(),
            "at": utc.dt.tz_convert("Europe/Paris").dt.tz_localize(None),
        }
    )
    seen = pd.Series(False, index=index.index)
    for sign in (tickets, counted, answers.dropna(subset="at"), clicks.dropna(), returned, reviews):
        seen |= followed(index, sign, "customer", 90)
    won, units = exports.counted("silence.customers.90d")
    assert len(index) == units
    assert int((~seen).sum()) == pytest.approx(won, abs=3)  # minutes are cut from the survey's times
    assert won / units == pytest.approx(0.48, abs=0.05)


def test_four_gestures_in_ten_have_no_effect(
    exports: Exports, orders: pd.DataFrame, tickets: pd.DataFrame, answers: pd.DataFrame
) -> None:
    rows = exports.gestures[exports.gestures["N° de geste"].ne("TOTAL")].reset_index(drop=True)
    base = pd.DataFrame({"customer": rows["E-mail client"].str.lower(), "at": pd.to_datetime(rows["Accordé le"])})
    replied = pd.to_datetime(rows["Réponse du client le"])
    effect = replied.notna() & replied.dt.normalize().le(base["at"].dt.normalize() + 90 * DAYS)
    effect |= rows["Utilisé le"].notna()
    effect |= followed(base, orders[orders["counted"] & ~orders["refunded"]], "customer", 90)
    effect |= followed(base, tickets, "customer", 90)
    pairs = base.reset_index().merge(answers.dropna(subset="at"), on="customer", suffixes=("", "_answer"))
    near = pairs[
        pairs.at_answer.gt(pairs["at"]) & pairs.at_answer.dt.normalize().le(pairs["at"].dt.normalize() + 90 * DAYS)
    ]
    effect |= base.index.to_series().isin(near.loc[near["good"], "index"])
    mature = ripe(base["at"], 90)
    won, units = exports.counted("gesture.no_effect.90d")
    assert int(mature.sum()) == units
    assert int((~effect[mature]).sum()) == pytest.approx(won, abs=3)
    assert won / units == pytest.approx(0.40, abs=0.01)
    total = exports.gestures[exports.gestures["N° de geste"].eq("TOTAL")]["Coût (€)"].item()
    assert total == pytest.approx(rows["Coût (€)"].sum(), abs=0.01)


def test_late_parcels_bring_contacts(exports: Exports, orders: pd.DataFrame, episodes: pd.DataFrame) -> None:
    sent = orders[orders["counted"] & orders["delivered"].notna() & orders["promised"].le(AS_OF)]
    sent = sent.reset_index(drop=True)
    late = sent["delivered"].dt.normalize() > sent["promised"]
    assert (int(late.sum()), len(sent)) == exports.counted("field.late.share")
    base = sent.assign(at=sent["promised"])
    wrote, mature = followed(base, episodes, "order", 14), ripe(base["at"], 14)
    assert (int(wrote[mature & late].sum()), int((mature & late).sum())) == exports.counted("field.late.contact")
    assert wrote[mature & late].mean() > 3 * wrote[mature & ~late].mean()


def test_one_reason_recurs_and_one_irritant_grows(exports: Exports) -> None:
    def rate(key: str) -> float:
        won, units = exports.counted(key)
        return won / units

    assert rate("recontact.orders.30d@reason.Remboursement") > 1.5 * rate("recontact.orders.30d@reason.others")
    assert rate("irritant@last_third") > 1.5 * rate("irritant@first_third")
    assert rate("field.canned.recontact") > rate("field.tailored.recontact") + 0.04
    assert rate("field.quick_close.recontact") > rate("field.slow_close.recontact") + 0.04


def test_irony_has_its_planted_share(exports: Exports) -> None:
    won, units = exports.counted("tone.irony.share@tickets")
    complaints = exports.tickets["Réclamation [flg]"].eq("1").sum()
    assert won / complaints == pytest.approx(exports.truth["world"]["irony_complaints"], abs=0.01)
    assert units == (~exports.tickets["Tags"].isin(NOISE_TAGS)).sum()


def test_verdicts_are_within_reach(exports: Exports) -> None:
    for key in ("recontact.orders.30d", "repurchase.complainers.90d", "silence.customers.90d", "gesture.no_effect.90d"):
        assert exports.counted(key)[1] >= 500, key  # n_eff >= 100 even with a design effect of five


def test_events_cover_what_is_planted(exports: Exports) -> None:
    events = pd.read_csv(exports.folder / "evenements.csv")
    assert list(events.columns) == ["name", "kind", "starts_on", "ends_on", "scope"]
    assert set(events["kind"]) == {"peak", "season", "promotion", "incident", "launch"}
    strike = events[events["kind"].eq("incident")].iloc[0]
    planted = exports.truth["events"][strike["name"]]
    assert planted["starts_on"] == date.fromisoformat(strike["starts_on"])
    assert strike["scope"] == f"carrier={planted['carrier']}"
    assert set(events.loc[events["kind"].ne("incident"), "scope"]) == {"tout le site"}
