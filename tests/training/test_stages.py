"""Stages that are asked for by name before what they need is made."""

import json
from pathlib import Path

import pytest
from optional import need
from typer.testing import CliRunner

need("torch", "scripts/train installs it")

from training.__main__ import app  # noqa: E402  # after torch is known to be there
from training.recipe import Recipe  # noqa: E402
from training.settings import load_settings  # noqa: E402

MINI = Path(__file__).with_name("mini.toml")


def refused(folder: Path, stage: str) -> str:
    """Ask for a stage that cannot be; return what is said, in one line."""
    options = ["--work", str(folder / "made"), "--models", str(folder / "models"), "--only", stage]
    done = CliRunner().invoke(app, [str(MINI), *options])
    assert isinstance(done.exception, SystemExit)  # no traceback
    assert done.exit_code == 1
    return done.output.replace("\n", "")


@pytest.mark.parametrize(
    ("stage", "missing"),
    [
        ("synthesise", "corpus.jsonl"),
        ("extract", "corpus.jsonl"),
        ("train:only", "lexicon.txt"),
        ("garbage:only", "networks/only.pt"),
        ("export:only", "networks/only.garbage"),
        ("balance:only", "corpus.jsonl"),
        ("measure", "corpus.jsonl"),
    ],
)
def test_a_stage_says_which_file_an_earlier_one_makes(tmp_path: Path, stage: str, missing: str) -> None:
    assert f"{tmp_path}/made/{missing} is not there yet, and an earlier stage makes it" in refused(
        tmp_path, stage
    )


def test_nothing_is_measured_of_a_model_that_is_not_written_yet(tmp_path: Path) -> None:
    settings = load_settings(MINI)
    Recipe(settings, tmp_path / "made", tmp_path / "models" / "mini").prepare()
    assert f"{tmp_path}/made/models/only/am/final.mdl is not there yet" in refused(tmp_path, "measure")


def test_nothing_is_shipped_that_is_not_measured(tmp_path: Path) -> None:
    shipped = tmp_path / "models" / "mini" / "README.md"
    shipped.parent.mkdir(parents=True)
    shipped.write_text("the model that is there", encoding="utf-8")
    assert "only is not measured yet: run the stage measure first." in refused(tmp_path, "ship")
    assert shipped.read_text(encoding="utf-8") == "the model that is there"


def test_what_a_stage_took_is_noted_though_it_failed(tmp_path: Path) -> None:
    refused(tmp_path, "synthesise")
    assert list(json.loads((tmp_path / "made" / "spent.json").read_text(encoding="utf-8"))) == ["synthesise"]
