"""What the README says a person can say is understood."""

import re
from pathlib import Path

import pytest

from voicecramp.nlu import Intent, Nlu, load
from voicecramp.nlu.phrases import STATES

ROOT = Path(__file__).resolve().parents[1]
TABLE = (ROOT / "README.md").read_text(encoding="utf-8").split("## What you can say")[1].split("\n\n")[1]
SENTENCES = re.findall(r'"([^"]+)"', TABLE)


@pytest.fixture(scope="module")
def nlu() -> Nlu:
    return load(ROOT / "intents/en")


def test_the_table_has_sentences() -> None:
    assert len(SENTENCES) > 40


@pytest.mark.parametrize("sentence", SENTENCES)
def test_is_understood(nlu: Nlu, sentence: str) -> None:
    found = [nlu.understand(sentence, state) for state in STATES]
    assert any(isinstance(meaning, Intent) and meaning.score == 100 for meaning in found), found
