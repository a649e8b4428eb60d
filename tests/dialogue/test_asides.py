"""Asides: interrupting, answering and coming back."""

import pytest
from dialogue.small import Person, cut, held, hold, said

from voicecramp.dialogue import Answer, Insert
from voicecramp.dialogue.records import EpisodeEnded


def test_a_brief_one_is_spoken_between_the_counts(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    cues = person.say("Medicine", held=5, medicine="quinine")
    assert [type(cue) for cue in cues] == [Answer]
    assert person.at == "holding calf/hold"
    assert said(person.silence()) == ["calf-let-go"]


def test_a_long_one_lets_go_and_comes_back(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    cues = person.say("Medicine", held=12.4)
    assert cut(cues)
    assert said(cues) == ["let-go", "medicine-first", "medicine-second"]
    back = person.silence()
    assert said(back) == ["stretch-again"]
    assert hold(back).left == 17


def test_one_that_asks_is_never_brief(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    assert said(person.say("Why", held=5)) == ["let-go", "why-salt"]


def test_a_question_interrupted_is_put_again(person: Person) -> None:
    person.say("Cramp")
    person.silence(2)
    assert said(person.say("Medicine", medicine="quinine")) == ["quinine-no"]
    assert said(person.silence()) == ["calf-let-go"]


def test_from_idle_it_ends_in_idle(person: Person) -> None:
    assert said(person.say("Medicine")) == ["medicine-first", "medicine-second"]
    assert person.silence() == ()
    assert person.at == "idle"


def test_an_aside_in_an_aside_comes_back_to_it_and_then_to_the_hold(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Doctor", held=10)
    assert said(person.say("Medicine")) == ["medicine-first", "medicine-second"]
    assert said(person.silence()) == ["doctor-swollen"]
    person.say("Yes")
    assert hold(person.silence()).left == 20


def test_an_aside_that_interrupts_itself_begins_anew_and_is_done_once(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Doctor", held=10)
    person.say("No")
    assert said(person.say("Doctor")) == ["doctor-swollen"]
    person.say("Yes")
    assert hold(person.silence()).left == 20


def test_nor_is_it_gone_back_to_from_what_came_between(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Doctor", held=10)
    person.say("Why")
    person.say("Doctor")
    person.say("Yes")
    spoken = person.to_the_end()
    assert spoken[0] == "why-salt"
    assert "stretch-again" in spoken
    assert "doctor-swollen" not in spoken


def test_a_hold_within_an_aside_is_interrupted_and_resumed_too(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Massage", held=10)
    person.silence()
    person.say("Medicine", held=5)
    assert hold(person.silence()).left == 15
    assert hold(person.silence()).left == 20
    person.silence()
    assert held(person.records, "rub/hold") == [20]
    assert held(person.records, "calf/hold") == [30]


def test_its_gone_said_into_an_aside_is_about_the_cramp(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Why", held=10)
    cues = person.say("Gone")
    assert cut(cues)
    assert said(cues)[0].startswith("gone-good")
    assert held(person.records, "calf/hold") == [10]


def test_its_gone_said_two_asides_deep_is_about_the_cramp_as_well(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Massage", held=10)
    person.silence()
    person.say("Why", held=5)
    assert said(person.say("Gone"))[0].startswith("gone-good")
    assert held(person.records, "calf/hold") == [10]
    assert held(person.records, "rub/hold") == [5]
    person.to_the_end()
    assert person.records[-1] == EpisodeEnded("gone")


@pytest.mark.parametrize("answer", ["Yes", "No", "DontKnow"])
def test_an_answer_is_to_what_was_asked_last(person: Person, answer: str) -> None:
    person.say("Cramp")
    person.silence(2)
    person.say("Medicine")
    assert person.say(answer) == ()
    assert said(person.silence()) == ["calf-let-go"]


def test_a_remark_of_what_is_interrupted_goes_back_to_it(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Medicine", held=10)
    cues = person.say("StillCramping")
    assert said(cues) == ["calf-stay"]
    assert hold(cues).left == 20


def test_a_remark_in_the_hold_of_an_aside_is_that_asides(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Massage", held=10)
    person.silence()
    cues = person.say("StillCramping", held=4)
    assert [type(cue) for cue in cues] == [Insert]
    assert said(cues) == ["rub-on"]


def test_one_asked_in_a_pause_comes_back_to_the_pause(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Pause", held=5)
    assert said(person.say("Medicine")) == ["medicine-first", "medicine-second"]
    assert said(person.silence()) == ["paused"]
    assert person.at == "paused calf/hold"
    assert hold(person.say("CarryOn")).left == 25


def test_a_remark_made_in_a_pause_leaves_it_paused(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Pause", held=5)
    assert said(person.say("StillCramping")) == ["calf-stay"]
    assert person.at == "paused calf/hold"
