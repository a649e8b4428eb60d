"""The engines, and what is said to them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from voicecramp.asr import Recogniser
from voicecramp.asr.pocketsphinx import PocketSphinxRecogniser
from voicecramp.asr.vosk import VoskRecogniser


@pytest.fixture(scope="session")
def model(shared: Path) -> Path:
    return shared / "prototype-model/model"


@pytest.fixture(params=["vosk", "pocketsphinx"])
def recogniser(request: pytest.FixtureRequest) -> Recogniser:
    engines: dict[str, Callable[[], Recogniser]] = {
        "vosk": lambda: VoskRecogniser(request.getfixturevalue("model")),
        "pocketsphinx": PocketSphinxRecogniser,
    }
    return engines[request.param]()
