"""The same bytes for the same arguments, whole files or none, flat memory, nobody real."""

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from sample_files import Exports, read_exports

from cxaudit.sample import write, write_sample

REPOSITORY = Path(__file__).parents[2]
MAIL = re.compile(rb"[\w.+-]+@([\w.-]+)")
RESERVED = re.compile(r"(example\.(org|com|net)|[a-z-]+\.example)$", re.IGNORECASE)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_same_arguments_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        write_sample(tmp_path / name, orders=400, seed=seed)
    one, two, other = (contents(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    assert one["shopify_commandes.csv"] != other["shopify_commandes.csv"]


def test_committed_sample_is_what_the_generator_writes(sample_folder: Path) -> None:
    written = contents(sample_folder)
    committed = contents(REPOSITORY / "sample_data")
    assert set(written) == set(committed) - {"README.md"}
    stale = [name for name in written if name.endswith((".csv", ".toml")) and written[name] != committed[name]]
    assert not stale, "run `make sample` and commit sample_data/"
    assert sum(map(len, committed.values())) < 25_000_000


def test_nothing_appears_before_all_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "CHUNK", 200)

    def stop(share: float) -> None:
        if share > 0.4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_sample(tmp_path, orders=600, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_progress_ends_at_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "CHUNK", 200)
    shares: list[float] = []
    write_sample(tmp_path, orders=500, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_chunks_join_without_a_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "CHUNK", 400)
    write_sample(tmp_path, orders=1_500)
    chunked = read_exports(tmp_path)
    first = chunked.orders[chunked.orders["Total"].ne("")]
    assert len(first) == first["Name"].nunique() == first["Id"].nunique() == 1_500
    assert chunked.tickets["Id"].is_unique
    customers = first[first["Tags"].ne("test")]
    assert customers.groupby(customers["Email"].str.lower())["Billing Name"].nunique().max() == 1  # no mail used twice
    assert not (chunked.orders["Name"] == "Name").any()  # one header
    assert (tmp_path / "retours.csv").read_bytes().count(b"\xef\xbb\xbf") == 1
    assert chunked.truth["rows"]["zendesk_tickets.csv"] == len(chunked.tickets)


def test_memory_does_not_grow_with_the_orders(tmp_path: Path) -> None:
    script = (
        "import resource, sys; from pathlib import Path; from cxaudit.sample import write, write_sample;"
        "write.CHUNK = 4_000; write_sample(Path(sys.argv[1]), orders=int(sys.argv[2]));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )

    def peak_kb(orders: int) -> int:
        command = [sys.executable, "-c", script, str(tmp_path / str(orders)), str(orders)]
        return int(subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout)

    assert peak_kb(24_000) < peak_kb(8_000) + 80_000


@pytest.mark.parametrize("orders", [0, -1, 10_000_001])
def test_a_size_out_of_range_is_refused(tmp_path: Path, orders: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 10000000"):
        write_sample(tmp_path, orders=orders)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("orders", [1, 2, 30])
def test_tiny_samples_are_whole(tmp_path: Path, orders: int) -> None:
    write_sample(tmp_path, orders=orders)
    written = pd.read_csv(tmp_path / "shopify_commandes.csv", dtype=str)
    assert written["Name"].nunique() == orders


def test_no_address_or_number_can_be_anybodys(exports: Exports) -> None:
    for file in exports.folder.glob("*.csv"):
        domains = {domain.decode() for domain in MAIL.findall(file.read_bytes())}
        assert all(RESERVED.match(domain) for domain in domains), file.name
    phones = set(exports.orders["Billing Phone"]) - {""}
    assert all(phone.startswith("'+33 6 39 98 ") for phone in phones)


def test_the_two_years_are_filled(exports: Exports) -> None:
    months = pd.to_datetime(exports.orders["Created at"].str[:10]).dt.to_period("M")
    assert months.min() == pd.Period("2024-10")
    assert months.max() == pd.Period("2026-09")
    assert months.nunique() == 24
    assert exports.orders["Created at"].str[:10].max() == exports.tickets["Created at"].str[:10].max() == "2026-09-30"
