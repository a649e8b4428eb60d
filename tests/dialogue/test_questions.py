"""Questions: medicines, causes and prevention; each answer is the source's."""

from collections.abc import Mapping

import pytest
from dialogue.consultation import Talk

from voicecramp.dialogue import Answer, Content, Listen
from voicecramp.dialogue.records import Answered, TimerGone, TimerSet

LITTLE = ("magnesium", "vitamin b12", "calcium channel blocker")


@pytest.mark.parametrize("slots", [{}, *({"medicine": name} for name in LITTLE)], ids=str)
def test_a_medicine_of_little_effect_is_answered_between_the_counts(
    talk: Talk, slots: Mapping[str, str]
) -> None:
    talk.hear("Cramp", muscle="calf")
    talk.settle()
    (answer,) = talk.hear("Medicine", 5.0, **slots)
    assert isinstance(answer, Answer)
    assert talk.dialogue.state == "holding"


@pytest.mark.parametrize(
    ("medicine", "words"),
    [
        ("painkiller", ["ibuprofen", "acetaminophen", "paracetamol", "slowly", "risks", "severe"]),
        ("quinine", ["no longer recommended", "platelets", "rhythm", "allergic", "outweigh"]),
        ("baclofen", ["liver disease", "doctor", "10 milligrams a day", "30 milligrams a day", "every week"]),
        ("water tablet", ["A water tablet", "salts", "hydro-chloro-thiazide"]),
        ("magnesium", ["little effect"]),
    ],
)
def test_a_medicine_gets_the_answer_of_the_source_with_its_reason(
    talk: Talk, content: Content, medicine: str, words: list[str]
) -> None:
    texts = {line.id: line.text for flow in content.flows.values() for line in flow.lines()}
    talk.hear("Medicine", medicine=medicine)
    talk.settle()
    answer = " ".join(texts[line] for line in talk.said)
    assert [word for word in words if word not in answer] == []


def test_a_water_tablet_is_noted_and_never_to_be_stopped_alone(talk: Talk) -> None:
    talk.hear("Medicine", medicine="water tablet")
    talk.settle()
    talk.hear("Yes")
    talk.settle()
    assert talk.kept == [Answered("diuretic", "yes")]
    assert talk.said[-1] == "medicine-diuretic-keep"


@pytest.mark.parametrize(
    ("kind", "own", "other"),
    [("night", "prevent-night-", "prevent-exercise-"), ("exercise", "prevent-exercise-", "prevent-night-")],
)
def test_prevention_is_told_a_little_at_a_time_then_the_other_is_offered(
    talk: Talk, kind: str, own: str, other: str
) -> None:
    talk.hear("Prevent", kind=kind)
    talk.settle()
    for word in ("More", "Yes"):
        assert talk.said[-1].startswith(f"{own}more")
        talk.hear(word)
        talk.settle()
    assert all(line.startswith(own) for line in talk.said)
    for _ in range(3):
        talk.hear("Yes")
        talk.settle()
    assert any(line.startswith(other) for line in talk.said)
    assert talk.dialogue.state == "idle"
    assert len(set(talk.said)) == len(talk.said)  # neither is told twice


@pytest.mark.parametrize("answer", ["No", None])
def test_no_or_silence_is_enough_of_prevention(talk: Talk, answer: str | None) -> None:
    talk.hear("Prevent", kind="heat")
    talk.settle()
    assert talk.said[0] == "prevent-heat-salt"
    if answer:
        talk.hear(answer)
    else:
        talk.silence()
        talk.silence()
    assert talk.dialogue.state == "idle"


def test_a_timer_without_a_length_is_asked_for_it(talk: Talk) -> None:
    talk.hear("AskTimer")
    assert talk.said == ["timer-how-long"]
    assert isinstance(talk.hear("AskTimer")[-1], Listen)
    talk.hear("SetTimer", duration=1200)
    assert TimerSet("", 1200) in talk.kept
    assert talk.dialogue.state == "idle"


def test_a_timer_that_is_not_wanted_after_all_is_not_asked_for_again(talk: Talk) -> None:
    talk.hear("AskTimer")
    talk.hear("No")
    assert talk.said.count("timer-how-long") == 1
    assert talk.dialogue.state == "idle"


def test_who_takes_a_timer_back_is_not_asked_how_long_again(talk: Talk) -> None:
    talk.hear("SetTimer", duration=1200)
    talk.hear("AskTimer")
    talk.hear("CancelTimer")
    assert not any(isinstance(one, TimerGone) for one in talk.kept), "that was about the one that runs"
    assert talk.said.count("timer-how-long") == 1
    assert talk.dialogue.state == "idle"


def test_a_cramp_that_let_go_before_it_was_asked_about_is_gone(talk: Talk) -> None:
    talk.hear("Help")
    talk.hear("Gone")
    assert talk.said == ["help-cramp", "calf-good", "calf-walk", "calf-ice", "calf-good-night"]
    assert talk.kept == []
    talk.settle()
    assert talk.dialogue.state == "idle"
