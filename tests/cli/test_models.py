"""`voicecramp models` as a person types it."""

import shutil
from pathlib import Path

import pytest
from command_line import Run, told

from voicecramp import resources


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where models are installed, empty."""
    folder = tmp_path / "downloads"
    monkeypatch.setattr(resources, "downloads", lambda: folder)
    return folder


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy of the model that comes with it, to be broken."""
    return Path(shutil.copytree(resources.models() / "voicecramp-en", tmp_path / "m2"))


def test_a_model_from_elsewhere_is_installed(voicecramp: Run, downloads: Path, model: Path) -> None:
    result = voicecramp("models", "install", "mine", "--from", model)
    assert result.code == 0, result.err
    assert (downloads / "mine/am/final.mdl").is_file()


@pytest.mark.parametrize("file", ["graph/words.txt", "am/final.mdl", "graph/HCLr.fst", "conf/model.conf"])
def test_a_model_that_cannot_be_loaded_is_not_installed(
    voicecramp: Run, downloads: Path, model: Path, file: str
) -> None:
    (model / file).write_bytes(bytes(range(256)) * 4)
    told(voicecramp("models", "install", "mine", "--from", model), f"{model}: ", "damaged")
    assert not list(downloads.iterdir())
