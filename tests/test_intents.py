"""The sentences of intents/en understand what tests/intents/en says they do, and nothing else."""

from pathlib import Path

import pytest
from pydantic import Field

from voicecramp import datafile
from voicecramp.dialogue import Content
from voicecramp.nlu import Intent, Nlu, load
from voicecramp.nlu.phrases import STATES

HERE = Path(__file__).parent
SENTENCES = HERE.parent / "intents" / "en"


class Expected(datafile.Strict):
    name: str
    slots: dict[str, str | int] = Field(default_factory=dict)


class Understood(datafile.Strict):
    sentences: tuple[str, ...]
    intent: Expected
    state: tuple[str, ...]


class Understandings(datafile.Strict):
    language: str
    tests: tuple[Understood, ...]


class PassedOver(datafile.Strict):
    sentences: tuple[str, ...]
    state: tuple[str, ...]


class Passings(datafile.Strict):
    language: str
    tests: tuple[PassedOver, ...]


FILES = sorted((HERE / "intents" / "en").glob("[A-Z]*.yaml"))


@pytest.fixture(scope="module")
def nlu() -> Nlu:
    return load(SENTENCES)


def intents(nlu: Nlu) -> dict[str, set[str]]:
    """Return every intent of the sentences, with the states it is understood in."""
    found: dict[str, set[str]] = {}
    for state in STATES:
        for phrase in nlu.phrases(state):
            intent = nlu.understand(phrase, state)
            assert isinstance(intent, Intent), phrase
            found.setdefault(intent.name, set()).add(state)
    return found


def test_each_intent_has_its_tests_and_six_ways_to_be_said(nlu: Nlu) -> None:
    tested: dict[str, set[str]] = {}
    states: dict[str, set[str]] = {}
    for path in FILES:
        for test in datafile.load(path, Understandings).tests:
            assert test.intent.name == path.stem
            tested.setdefault(path.stem, set()).update(test.sentences)
            states.setdefault(path.stem, set()).update(test.state)
    assert states == intents(nlu)
    assert {name: len(ways) for name, ways in tested.items() if len(ways) < 6} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_is_understood(nlu: Nlu, path: Path) -> None:
    wrong = []
    for test in datafile.load(path, Understandings).tests:
        for state in test.state:
            for sentence in test.sentences:
                found = nlu.understand(sentence, state)
                expected = (test.intent.name, test.intent.slots)
                if not isinstance(found, Intent) or (found.name, found.slots) != expected:
                    wrong.append((state, sentence, found))
    assert wrong == []


def test_is_not_obeyed(nlu: Nlu) -> None:
    tests = datafile.load(HERE / "intents" / "en" / "_not_understood.yaml", Passings).tests
    obeyed = [
        (state, sentence, found)
        for test in tests
        for state in test.state
        for sentence in test.sentences
        if isinstance(found := nlu.understand(sentence, state), Intent)
    ]
    assert obeyed == []


def test_guidance_that_can_be_asked_for_shows_how() -> None:
    flows = Content.load(SENTENCES).flows.values()
    assert [flow.flow for flow in flows if flow.starts and len(flow.examples) < 2] == []


def test_nothing_that_is_understood_is_in_the_greeting(nlu: Nlu) -> None:
    """It is said into a room whose echo is not known yet."""
    words = "".join(
        c for c in Content.load(SENTENCES).wording.line("ready").text.lower() if c.isalpha() or c in " '"
    ).split()
    spoken = [" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)]
    assert "ready" in spoken
    assert not [part for part in spoken if isinstance(nlu.understand(part, "idle"), Intent)]
