"""What holds for every conversation there can be about what is really said.

`Watched` sees after every turn that what was cued can be performed, and that what was kept follows from what was.
"""

from collections.abc import Sequence

import pytest
from dialogue.talk import CONTENT, Turn, Watched, intents, turns
from hypothesis import given, settings

from voicecramp.dialogue import Cue, Cut, Say
from voicecramp.dialogue.commands import COMMANDS
from voicecramp.dialogue.records import EpisodeBegan, EpisodeEnded

SILENCES = 300
"""More than any flow has steps, with all its rounds, and every aside in it."""


def talked(conversation: Sequence[Turn]) -> Watched:
    watched = Watched()
    for turn in conversation:
        watched.turn(turn)
    return watched


def said(cues: Sequence[Cue]) -> list[str]:
    return [cue.line.id for cue in cues if isinstance(cue, Say)]


def test_every_intent_that_is_known_is_said() -> None:
    started = {flow.starts for flow in CONTENT.flows.values() if flow.starts}
    assert {*started, *COMMANDS, "Yes", "No", "Gone"} <= intents().keys()


@settings(max_examples=60)
@given(turns())
def test_once_nobody_speaks_it_ends_with_its_cramp_and_every_timer_has_rung(conversation: list[Turn]) -> None:
    watched = talked(conversation)
    for _ in range(SILENCES):
        watched.silence()
    assert watched.dialogue.state == "idle"
    assert watched.over is None
    told = [record for record in watched.records if isinstance(record, EpisodeBegan | EpisodeEnded)]
    assert [type(record) for record in told] == [EpisodeBegan, EpisodeEnded] * (len(told) // 2)
    watched.turn(Turn("wait", 10_000.0))
    assert watched.timers == set()
    assert watched.dialogue.next_timer is None


@settings(max_examples=30)
@given(turns())
def test_stop_always_ends_it_in_silence(conversation: list[Turn]) -> None:
    watched = talked(conversation)
    cues = watched.say("Stop")
    assert Cut() in cues
    assert said(cues) == []
    assert watched.dialogue.state == "idle"
    assert watched.over is None


@pytest.mark.parametrize(
    ("name", "lines", "word"),
    [
        ("Faint", ("faint-down", "faint-with-sign-down"), "lie down"),
        ("Emergency", ("emergency-call",), "lie"),
    ],
)
@settings(max_examples=30)
@given(conversation=turns())
def test_what_is_urgent_is_answered_next_and_has_the_person_lie_down(
    conversation: list[Turn], name: str, lines: tuple[str, ...], word: str
) -> None:
    cues = talked(conversation).say(name)
    assert Cut() in cues
    assert said(cues)[0] in lines
    assert any(word in cue.line.text.lower() for cue in cues if isinstance(cue, Say))


@settings(max_examples=30)
@given(turns())
def test_a_question_is_let_go_when_it_was_put_twice(conversation: list[Turn]) -> None:
    watched = talked(conversation)
    asked = watched.dialogue.position
    if asked.startswith("asking "):
        put = 0
        while watched.dialogue.position == asked and put < 4:
            watched.silence()
            put += 1
        assert put <= 3, "a doubt, and the question twice"


@settings(max_examples=30)
@given(turns())
def test_who_is_never_understood_comes_to_an_end_too(conversation: list[Turn]) -> None:
    watched = talked(conversation)
    for _ in range(4 * SILENCES):
        watched.turn(Turn("mumble", after=1.0))
        if not watched.dialogue.position.startswith("asking "):
            watched.silence()
    assert watched.dialogue.state == "idle"
