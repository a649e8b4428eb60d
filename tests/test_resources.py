import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from voicecramp import resources
from voicecramp.errors import VoiceCrampError

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A package in a checkout; its folder is returned."""
    for name in ("voicecramp", "intents", "models"):
        (tmp_path / "checkout" / name).mkdir(parents=True)
    (tmp_path / "checkout" / "pyproject.toml").touch()
    return tmp_path / "checkout" / "voicecramp"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A package that pip installed; its folder is returned."""
    package = tmp_path / "site-packages" / "voicecramp"
    for name in ("intents", "models"):
        (package / name).mkdir(parents=True)
    return package


@pytest.fixture
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


def test_this_checkout_has_both_folders() -> None:
    assert resources.intents() == PROJECT / "intents"
    assert resources.models() == PROJECT / "models"


def test_a_checkout_has_them_beside_the_package(checkout: Path) -> None:
    assert resources.intents(checkout) == checkout.parent / "intents"
    assert resources.models(checkout) == checkout.parent / "models"
    assert resources.downloads(checkout) == checkout.parent / "models"


def test_a_wheel_has_them_in_the_package(installed: Path, data_home: Path) -> None:
    assert resources.intents(installed) == installed / "intents"
    assert resources.models(installed) == installed / "models"
    assert resources.downloads(installed) == data_home / "voicecramp" / "models"


def test_a_checkout_one_may_not_write_to_is_left_alone(
    checkout: Path, data_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Asked of the system rather than made read-only: root may write anywhere.
    monkeypatch.setattr("os.access", lambda path, _mode: path != checkout.parent / "models")
    assert resources.downloads(checkout) == data_home / "voicecramp" / "models"


def test_folders_that_only_happen_to_be_beside_the_package_do_not_count(installed: Path) -> None:
    shutil.rmtree(installed / "intents")
    (installed.parent / "intents").mkdir()  # another package of that name
    with pytest.raises(
        VoiceCrampError, match=r"^The folder intents/ is missing, .* install VoiceCramp again\.$"
    ):
        resources.intents(installed)


def files(folder: Path) -> set[Path]:
    """Every file of a folder, but for models that were downloaded."""
    every = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    return {path for path in every if not path.parts[0].startswith(("vosk-model-", "."))}


def test_the_wheel_carries_both_folders_and_finds_them(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, source)
    for name in ("voicecramp", "intents", "models"):
        shutil.copytree(
            PROJECT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "vosk-model-*")
        )
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, source]
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("voicecramp-*.whl")
    unpacked = tmp_path / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    asked = (
        "from voicecramp import models, resources; print(resources.intents(), resources.models(), sep='\\n')"
    )
    answer = subprocess.run(
        [sys.executable, "-c", asked],
        check=True,
        capture_output=True,
        text=True,
        cwd=unpacked,
        env={"PYTHONPATH": str(unpacked)},
    )
    assert (unpacked / "voicecramp" / "diary" / "report.html").is_file()
    intents, models = (Path(line) for line in answer.stdout.splitlines())
    assert intents == unpacked / "voicecramp" / "intents"
    assert models == unpacked / "voicecramp" / "models"
    for folder, original in ((intents, PROJECT / "intents"), (models, PROJECT / "models")):
        assert files(folder) == files(original)
    assert Path("voicecramp-en", "am", "final.mdl") in files(models)
