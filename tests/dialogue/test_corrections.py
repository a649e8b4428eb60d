"""Corrections: the other leg, another muscle."""

import pytest
from dialogue.small import Person, cut, held, kept, said

from voicecramp.dialogue.records import Answered, Corrected


def test_the_other_leg_is_the_other_one(person: Person) -> None:
    person.say("Cramp", side="left")
    person.silence()
    cues = person.say("Correct", held=5, other="leg")
    assert cut(cues)
    assert said(cues) == ["all-right", "calf-right", "calf-pull"]
    assert Corrected("leg", "right") in kept(cues)
    assert held(person.records, "calf/hold") == [5]


def test_the_other_leg_where_none_was_named_is_only_said(person: Person) -> None:
    person.say("Cramp")
    assert said(person.say("Correct", other="leg")) == ["other-leg", "calf-pull"]


def test_another_muscle_is_that_muscle_on_the_same_side(person: Person) -> None:
    person.say("Cramp", muscle="calf", side="left")
    cues = person.say("Correct", muscle="foot")
    assert said(cues) == ["all-right", "foot-back"]
    assert Corrected("foot", "left") in kept(cues)


def test_it_is_heard_in_an_aside_too(person: Person) -> None:
    person.say("Cramp", side="left")
    person.silence()
    person.say("Medicine", held=5)
    assert said(person.say("Correct", other="leg"))[0] == "all-right"
    person.to_the_end()
    assert held(person.records, "calf/hold") == [5, 30]


def test_where_it_answers_a_question_it_is_that_answer(person: Person) -> None:
    person.say("Cramp", side="right")
    person.silence()
    person.say("Doctor", held=5)
    assert kept(person.say("Correct", side="left")) == [Answered("swollen", "yes")]
    assert person.at == "guiding summary/at-once"


def test_where_it_answers_none_the_question_is_put_again(person: Person) -> None:
    person.say("Cramp", side="right")
    person.silence()
    person.say("Doctor", held=5)
    person.say("No")
    assert said(person.say("Correct", side="left")) == ["yes-or-no", "doctor-warm"]


@pytest.mark.parametrize("name", [None, "Why", "Bedtime"])
def test_where_no_cramp_goes_on_there_is_nothing_to_correct(person: Person, name: str | None) -> None:
    if name:
        person.say(name)
    before = person.at
    assert person.say("Correct", other="leg") == ()
    assert person.at == before
