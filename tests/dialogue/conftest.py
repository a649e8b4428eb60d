from pathlib import Path

import pytest
from dialogue.consultation import Talk
from dialogue.small import Person
from dialogue.small import content as small_content

from voicecramp.dialogue import Content, Dialogue, Settings

ENGLISH = Path(__file__).parents[2] / "intents/en"


@pytest.fixture(scope="session")
def content() -> Content:
    """What is really said."""
    return Content.load(ENGLISH)


@pytest.fixture
def dialogue(content: Content) -> Dialogue:
    """Somebody without a past and with every setting as it comes, and what is really said."""
    return Dialogue(content, Settings())


@pytest.fixture
def talk(dialogue: Dialogue) -> Talk:
    """The same, whose words are played out before the next turn."""
    return Talk(dialogue)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """Guidance with one of everything; `dialogue.small` has it."""
    return small_content(tmp_path_factory.mktemp("small"))


@pytest.fixture
def person(small: Content) -> Person:
    """Somebody without a past who talks with the small guidance."""
    return Person(small)
