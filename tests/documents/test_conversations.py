"""The conversations that are found lead to lines that only one way leads to."""

import shutil
from pathlib import Path

import pytest
from documents.conversations import Conversation, find, have

from voicecramp.dialogue import Content
from voicecramp.nlu import load
from voicecramp.nlu.phrases import Sentences, read

ENGLISH = Path(__file__).parents[2] / "intents/en"

FLOW = """\
flow: calf
starts: Cramp
first: pull
steps:
  pull:
    say: [{id: calf-pull, text: "Pull.", source: []}]
    then: keep
  keep:
    say: [{id: calf-keep, text: "Keep pulling.", source: []}]
    on: {Gone: {say: {id: calf-wait, text: "Wait for it.", source: []}}}
    then: hold
  hold:
    hold: usual
    tried: {id: calf-tried, text: "You pulled.", source: []}
    then: first
  first:
    ask: {id: calf-first, text: "One?", source: []}
    note: first
    answers: {Yes: second, No: second}
    silence: end
  second:
    ask: {id: calf-second, text: "Two?", source: []}
    note: second
    answers: {Yes: told, No: told}
    silence: end
  told:
    say:
      - {id: calf-both, text: "Both.", source: [], when: {first: "yes", second: "yes"}}
      - {id: calf-often, text: "Often.", source: [], when: {often: "yes"}}
      - {id: calf-never, text: "Never.", source: [], when: {first: maybe}}
    then: end
"""

SENTENCES = """\
language: en
intents:
  Cramp: {labels: [cramp], data: [{sentences: [help me now, cramp]}]}
  Gone: {labels: [gone], data: [{sentences: [it's gone]}]}
  "Yes": {labels: ["yes"], data: [{sentences: ["yes"], requires_context: {state: [asking]}}]}
  "No": {labels: ["no"], data: [{sentences: ["no"], requires_context: {state: [asking]}}]}
  Tried: {labels: [tried], data: [{sentences: [what have i tried]}]}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    english = tmp_path / "en"
    for name, text in {
        "guidance/calf": FLOW,
        "sentences/All": SENTENCES,
        "_common": "language: en\n",
    }.items():
        path = english / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "statements.yaml").write_text("relief:\n  hold-30-60: {refs: [1], says: hold}\n")
    shutil.copy(ENGLISH / "wording.yaml", english)
    return english


@pytest.fixture
def content(small: Path) -> Content:
    return Content.load(small)


@pytest.fixture
def sentences(small: Path) -> Sentences:
    return read(small)


def test_a_line_that_can_be_said_is_said_and_no_other(
    small: Path, content: Content, sentences: Sentences
) -> None:
    lines = [line.id for line in content.flows["calf"].lines()]
    found = find(content, sentences, lines)
    assert found.keys() == set(lines) - {"calf-never"}
    for line, conversation in found.items():
        assert line in have(conversation, load(small), content, sentences.lists).lines


def test_conversations_are_short_and_of_short_sentences(content: Content, sentences: Sentences) -> None:
    found = find(content, sentences, ["calf-pull", "calf-tried", "calf-both"])
    assert str(found["calf-pull"]) == "“cramp”"
    assert str(found["calf-tried"]) == "“cramp” “what have i tried”"
    assert str(found["calf-both"]) == "“cramp” … “yes” “yes”"


def test_what_is_said_while_it_speaks_is_found(content: Content, sentences: Sentences) -> None:
    found = find(content, sentences, ["calf-wait", "calf-often"])
    assert found["calf-wait"].turns == ("cramp", 2, "it's gone")
    assert str(found["calf-wait"]) == "“cramp”(2) “it's gone”"
    assert found["calf-often"].past == {"often": "yes"}


def test_nothing_is_searched_for_that_is_not_wanted(content: Content, sentences: Sentences) -> None:
    assert find(content, sentences, []) == {}


def test_a_conversation_ends_in_the_step_that_is_spoken_into(
    small: Path, content: Content, sentences: Sentences
) -> None:
    outcome = have(Conversation(turns=("cramp", 2)), load(small), content, sentences.lists)
    assert outcome.dialogue.position == "guiding calf/keep"
    assert "calf-first" not in outcome.lines
