"""One sample of the usual size for all tests here, written once."""

from pathlib import Path

import pytest
from sample_files import Exports, read_exports

from cxaudit.sample import write_sample


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder)
    return folder


@pytest.fixture(scope="session")
def exports(sample_folder: Path) -> Exports:
    return read_exports(sample_folder)
