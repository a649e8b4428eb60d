"""First things first: what is urgent wins, anywhere."""

from pathlib import Path

import pytest
from dialogue.small import Person, cut, flow, hold, said
from dialogue.small import content as small_content

from voicecramp.dialogue import Cut
from voicecramp.dialogue.walk import REMEMBERED


@pytest.mark.parametrize("silences", range(8))
def test_it_wins_anywhere(person: Person, silences: int) -> None:
    person.say("Cramp")
    person.silence(silences)
    cues = person.say("Faint", held=2)
    assert cut(cues)
    assert said(cues) == ["faint-down"]


def test_it_wins_in_a_pause_and_in_a_doubt(person: Person) -> None:
    person.say("Cramp")
    person.say("Pause")
    assert said(person.say("Faint")) == ["faint-down"]
    person.say("Stop")
    person.mutter("Doctor")
    assert said(person.say("Faint")) == ["faint-down"]


def test_half_understood_in_a_pause_it_is_obeyed_and_nothing_else_is(person: Person) -> None:
    person.say("Cramp")
    person.say("Pause")
    assert person.mutter("Doctor") == ()
    assert said(person.mutter("Faint")) == ["faint-down"]


@pytest.mark.parametrize("silences", range(4))
@pytest.mark.parametrize("name", ["Faint", "Emergency"])
def test_half_understood_it_is_obeyed_while_somebody_is_helped(
    person: Person, name: str, silences: int
) -> None:
    person.say("Cramp")
    person.silence(silences)
    assert said(person.mutter(name)) == [{"Faint": "faint-down", "Emergency": "emergency-call"}[name]]


def test_what_may_be_its_opposite_is_asked_about(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    assert said(person.mutter("Emergency", contrary=True)) == ["did-you-say-this"]
    assert said(person.say("Yes")) == ["emergency-call"]


def test_half_understood_it_is_asked_about_where_nobody_is(person: Person) -> None:
    assert said(person.mutter("Emergency")) == ["did-you-say-this"]


def test_half_understood_in_a_hold_it_takes_nothing_from_what_was_held(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.mutter("Faint", held=12)
    person.silence()
    person.say("Yes")
    assert hold(person.silence()).left == 18


@pytest.mark.parametrize("name", ["Cramp", "Doctor", "Why", "Sore", "Bedtime", "Correct"])
def test_nothing_puts_it_off(person: Person, name: str) -> None:
    person.say("Cramp", side="left")
    person.silence()
    person.say("Faint", held=3)
    assert person.say(name, other="leg") == ()
    assert person.at == "guiding faint/down"


def test_only_what_is_urgent_too_comes_before_it(person: Person) -> None:
    person.say("Faint")
    assert said(person.say("Emergency")) == ["emergency-call"]
    assert said(person.say("Faint")) == ["faint-down"]


def test_once_it_has_passed_the_hold_goes_on(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Faint", held=12)
    person.silence()
    assert said(person.say("Yes")) == ["faint-good"]
    back = person.silence()
    assert said(back) == ["stretch-again"]
    assert hold(back).left == 18


def test_silence_ends_with_a_call_for_help(person: Person) -> None:
    person.say("Faint")
    assert person.to_the_end()[-1] == "faint-call"


def test_who_felt_faint_is_remembered_for_the_night_and_not_for_the_next(person: Person) -> None:
    person.say("Faint")
    person.silence()
    person.say("Yes")
    person.silence()
    person.wait(REMEMBERED - 1)
    person.say("Cramp")
    assert said(person.say("Gone"))[1:] == []
    person.silence()
    person.wait(REMEMBERED + 1)
    person.say("Cramp")
    assert said(person.say("Gone"))[1:] == ["gone-walk"]


def test_a_brief_urgent_aside_still_interrupts(tmp_path: Path) -> None:
    brief = """
flow: faint
starts: Faint
first: down
aside: true
urgent: true
steps:
  down:
    say: [{id: faint-down, text: "Lie down.", source: []}]
    then: return
"""
    person = Person(small_content(tmp_path, flow("calf"), flow("gone"), brief))
    person.say("Cramp")
    person.silence()
    assert person.say("Faint", held=3)[0] == Cut()
