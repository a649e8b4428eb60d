from pathlib import Path

import pytest

from voicecramp.dialogue import Content, Dialogue, Settings

ENGLISH = Path(__file__).parents[2] / "intents/en"


@pytest.fixture(scope="session")
def content() -> Content:
    return Content.load(ENGLISH)


@pytest.fixture
def dialogue(content: Content) -> Dialogue:
    return Dialogue(content, Settings())
