"""Everything the source says is spoken: every line of the guidance is come to by a conversation, from the first word."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from documents.conversations import Conversation, have
from documents.coverage import coverage_page, known, written

from voicecramp.dialogue import Content
from voicecramp.nlu import load
from voicecramp.nlu.phrases import read

PROJECT = Path(__file__).parents[2]
ENGLISH = PROJECT / "intents/en"


@pytest.fixture(scope="module")
def kept() -> Mapping[str, Conversation]:
    return known(PROJECT)


@pytest.fixture(scope="module")
def content() -> Content:
    return Content.load(ENGLISH)


def test_every_line_is_said_in_its_conversation(content: Content, kept: Mapping[str, Conversation]) -> None:
    nlu, slots = load(ENGLISH), read(ENGLISH).lists
    lines = [line.id for flow in content.flows.values() for line in flow.lines()]
    unsaid = [
        f"{line}: {kept.get(line, 'no conversation is kept')}"
        for line in lines
        if line not in kept or line not in have(kept[line], nlu, content, slots).lines
    ]
    assert unsaid == [], "say them, then run scripts/docs.py"


def test_every_statement_of_the_source_is_said(content: Content, kept: Mapping[str, Conversation]) -> None:
    said = {
        name
        for flow in content.flows.values()
        for line in flow.lines()
        if line.id in kept
        for name in line.source or ()
    }
    assert said == content.statements.keys()


def test_the_published_page_is_up_to_date(kept: Mapping[str, Conversation]) -> None:
    published = (PROJECT / "docs/coverage.md").read_text()
    assert published == coverage_page(ENGLISH, PROJECT / "tests", kept), "run scripts/docs.py"
    assert "**nothing**" not in published


def test_conversations_are_kept_as_they_are_written(kept: Mapping[str, Conversation], tmp_path: Path) -> None:
    (tmp_path / "tests/documents").mkdir(parents=True)
    (tmp_path / "tests/documents/conversations.yaml").write_text(written(kept))
    assert known(tmp_path) == kept


def test_a_line_is_not_said_where_it_is_not(content: Content) -> None:
    nlu, slots = load(ENGLISH), read(ENGLISH).lists
    outcome = have(Conversation(turns=("help calf cramp", "stop")), nlu, content, slots)
    assert "calf-toes-up" in outcome.lines
    assert "gone-good" not in outcome.lines
    assert "calf-other" not in outcome.lines
