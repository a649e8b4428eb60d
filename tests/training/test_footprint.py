"""The footprint of a model is that of the assistant listening."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import ANY, Mock, call

import numpy as np
import pytest
from optional import need

need("torch", "scripts/train installs it")
need("pyroomacoustics", "scripts/train installs it")

from training import report  # noqa: E402  # after all is known to be there
from training.corpus import RATE, write_recording  # noqa: E402
from training.recipe import Recipe  # noqa: E402
from training.settings import load_settings  # noqa: E402

from voicecramp.asr.alternatives import COUNT  # noqa: E402
from voicecramp.nlu import load as load_intents  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
INTENTS = ROOT / "intents" / "en"


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    """A recipe that made the shipped model, and recorded one command: a second of noise."""
    shutil.copytree(ROOT / "models" / "voicecramp-en", tmp_path / "models" / "only")
    (tmp_path / "commands").mkdir()
    noise = np.random.default_rng(7).normal(0, 0.1, RATE)
    write_recording(tmp_path / "commands" / "one.flac", noise)
    return Recipe(load_settings(Path(__file__).with_name("mini.toml")), tmp_path, tmp_path / "shipped")


def test_it_is_measured_as_the_assistant_listens(recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    run, grammars = subprocess.run, list[Sequence[str]]()

    def spied(command: Sequence[str], **options: Any) -> object:
        grammars.append(json.loads(options["input"]))
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", spied)
    words = recipe.settings.lexicon.model_copy(update={"intents": str(INTENTS)})
    told = Recipe(recipe.settings.model_copy(update={"lexicon": words}), recipe.work, recipe.shipped)
    for one in (recipe, told):
        assert all(number > 0 for number in report.footprint(one, "only"))
    assert grammars == [
        [*recipe.commands(), "[unk]"],
        [*load_intents(INTENTS).phrases("idle"), "[unk]"],
    ]


def test_words_and_alternatives_are_asked_for_as_the_assistant_does(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Mock()

    def run_here(command: Sequence[str], **options: Any) -> object:
        monkeypatch.setitem(sys.modules, "vosk", engine)
        monkeypatch.setattr(sys, "argv", ["-c", *command[3:]])
        monkeypatch.setattr(sys, "stdin", StringIO(options["input"]))
        printed = StringIO()
        with redirect_stdout(printed):
            exec(command[2], {})  # noqa: S102  # what is else run in a process of its own
        return Mock(stdout=printed.getvalue())

    monkeypatch.setattr(subprocess, "run", run_here)
    report.footprint(recipe, "only")
    assert engine.KaldiRecognizer.return_value.mock_calls == [
        call.SetWords(True),
        call.SetMaxAlternatives(COUNT),
        call.AcceptWaveform(ANY),
        call.FinalResult(),
    ]
