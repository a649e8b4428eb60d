"""Should I see a doctor: what is asked, what the answers mean, and what no longer happens after a sign of a clot."""

import re
from collections.abc import Mapping
from itertools import product

import pytest
from dialogue.consultation import SCAN, SIGNS, Talk, consult

from voicecramp.dialogue import Content, Dialogue, Settings
from voicecramp.dialogue.past import Blank
from voicecramp.dialogue.records import Answered

OTHERS = ("circulation", "new-medicine", "diuretic", "persistent")
ANSWERS = {"Yes": "yes", "No": "no", "DontKnow": "unsure"}


class Frequent(Blank):
    """A diary of a bad week."""

    def facts(self, t: float) -> Mapping[str, str]:  # noqa: ARG002 - a protocol's
        return {"often": "yes"}


def test_it_begins_short_and_asks_about_the_most_urgent_first(talk: Talk) -> None:
    talk.hear("Doctor")
    talk.settle()
    assert talk.said == ["doctor-intro", "doctor-intro-list", "doctor-ask-swollen"]


def test_without_a_sign_it_reassures_and_goes_no_further_than_the_source(talk: Talk) -> None:
    assert consult(talk, {}) == [
        "doctor-summary-no-clot",
        "doctor-summary-clear",
        "doctor-summary-clear-later",
    ]
    assert talk.dialogue.state == "idle"
    assert talk.kept == [Answered(name, "no") for name in (*SIGNS, *OTHERS)]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_of_a_clot_ends_the_questions_at_once(talk: Talk, sign: str) -> None:
    summary = consult(talk, {sign: "Yes"})
    assert summary[0] == f"doctor-summary-{sign}"
    assert SCAN in summary
    assert talk.kept[-1] == Answered(sign, "yes")
    assert not any(line.startswith("doctor-ask-circulation") for line in talk.said)


def test_a_sign_of_a_clot_does_not_lead_back_to_rubbing_the_calf(talk: Talk) -> None:
    talk.hear("Cramp", muscle="calf")
    talk.settle()
    assert talk.dialogue.state == "holding"
    consult(talk, {"swollen": "Yes"})
    assert talk.dialogue.state == "idle"


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("in_a_cramp", [True, False])
def test_who_names_a_side_has_said_yes_to_a_sign_of_a_clot(talk: Talk, sign: str, in_a_cramp: bool) -> None:
    if in_a_cramp:
        talk.hear("Cramp", muscle="calf")
        talk.settle()
    summary = consult(talk, {sign: "Correct"})
    assert SCAN in summary
    assert talk.kept[-2 if in_a_cramp else -1] == Answered(sign, "yes")
    assert talk.dialogue.state == "idle"


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("in_a_cramp", [True, False])
def test_a_sign_of_a_clot_told_unasked_is_a_yes_to_the_question(
    talk: Talk, sign: str, in_a_cramp: bool
) -> None:
    if in_a_cramp:
        talk.hear("Cramp", muscle="calf")
        talk.settle()
    talk.hear("Sign", sign=sign)
    assert talk.kept[-1] == Answered(sign, "yes")
    talk.settle()
    assert f"doctor-summary-{sign}" in talk.said
    assert SCAN in talk.said
    assert talk.dialogue.state == "idle"
    talk.hear("Cramp", muscle="calf")
    assert talk.said[-1] == "doctor-summary-clot-mistake"


def test_it_is_a_yes_to_a_question_that_is_open_too(talk: Talk) -> None:
    talk.hear("Doctor")
    talk.settle()
    talk.hear("Sign", sign="warm")
    assert talk.kept == [Answered("warm", "yes")]
    talk.settle()
    assert SCAN in talk.said
    assert talk.dialogue.state == "idle"


def test_sore_is_an_answer_where_soreness_is_asked_about_and_elsewhere_has_to_wait(talk: Talk) -> None:
    talk.hear("Cramp", muscle="calf")
    talk.hear("Doctor")
    talk.settle()
    talk.hear("Sore")
    assert talk.said[-2:] == ["doctor-sore", "doctor-ask-swollen"]
    talk.hear("No")
    talk.hear("No")
    talk.hear("StillCramping")
    assert talk.said[-2:] == ["doctor-ask-tender-cramp", "doctor-ask-tender"]
    talk.hear("Sore")
    assert talk.kept[-1] == Answered("tender", "yes")
    talk.settle()
    assert SCAN in talk.said


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(
    ("name", "slots"),
    [
        *[("Cramp", {"muscle": muscle}) for muscle in ("calf", "leg", "foot", "hamstring", "thigh")],
        *[(name, {}) for name in ("Massage", "Press", "Walk", "Bedtime", "Sore")],
    ],
)
def test_after_a_sign_of_a_clot_nothing_is_stretched_or_rubbed(
    talk: Talk, sign: str, name: str, slots: Mapping[str, str]
) -> None:
    consult(talk, {sign: "Yes"})
    before = len(talk.said)
    talk.hear(name, **slots)
    talk.settle()
    assert talk.dialogue.state == "idle"
    said = talk.said[before:]
    assert said[:2] == ["doctor-summary-clot-first", "doctor-summary-clot-mistake"]
    assert all(line.startswith("doctor-summary-") for line in said)
    assert SCAN in said


def test_who_was_misunderstood_about_a_clot_is_helped_again_after_other_answers(talk: Talk) -> None:
    consult(talk, {"swollen": "Yes"})
    consult(talk, {})
    talk.hear("Cramp", muscle="calf")
    talk.settle()
    assert talk.dialogue.state == "holding"


@pytest.mark.parametrize("name", ["StillCramping", "CannotReach", "Standing", "InBed", "Sore", "Gone"])
def test_nothing_said_into_the_word_of_a_clot_leads_back_to_the_stretch(talk: Talk, name: str) -> None:
    talk.hear("Cramp", muscle="calf")
    talk.settle()
    talk.hear("Doctor")
    talk.settle()
    talk.hear("Yes")
    before = len(talk.said)
    talk.hear(name)
    talk.settle()
    assert talk.dialogue.state == "idle"
    assert SCAN in talk.said[before:]
    assert "doctor-summary-clot-even-so" in talk.said


def test_after_a_sign_of_a_clot_nobody_is_sent_to_their_feet_when_it_is_gone(talk: Talk) -> None:
    consult(talk, {"swollen": "Yes"})
    talk.hear("DoctorSigns")
    before = len(talk.said)
    talk.hear("Gone")
    talk.settle()
    assert talk.said[before] == "doctor-summary-clot-first"
    assert all(line.startswith("doctor-summary-") for line in talk.said[before:])


@pytest.mark.parametrize(("side", "next_said"), [("both", "calf-other"), ("left", "calf-good")])
def test_what_lets_go_while_the_signs_are_told_is_the_first_of_two_legs(
    talk: Talk, side: str, next_said: str
) -> None:
    talk.hear("Cramp", muscle="calf", side=side)
    talk.settle()
    talk.hear("DoctorSigns")
    talk.hear("Gone")
    assert next_said in talk.said


def test_any_other_answer_goes_back_to_the_stretch(talk: Talk) -> None:
    talk.hear("Cramp", muscle="calf")
    talk.settle()
    consult(talk, {})
    assert talk.dialogue.state == "holding"


def test_who_does_not_know_a_sign_is_told_how_to_feel_for_it_and_to_be_seen_today(talk: Talk) -> None:
    summary = consult(talk, {"warm": "DontKnow"})
    assert "doctor-feel-warm" in talk.said
    assert "doctor-summary-unsure-today" in summary
    assert not any("no-clot" in line for line in summary)


def test_every_set_of_answers_is_summed_up_and_can_be_said_again(content: Content) -> None:
    for given in product(ANSWERS, repeat=len(SIGNS + OTHERS)):
        answers = dict(zip(SIGNS + OTHERS, given, strict=True))
        for past in (Blank(), Frequent()):
            talk = Talk(Dialogue(content, Settings(), past))
            summary = consult(talk, answers)
            assert summary, answers
            assert (SCAN in summary) == any(answers[sign] == "Yes" for sign in SIGNS), answers
            before = len(talk.said)
            talk.hear("DoctorSummary")
            talk.settle()
            assert talk.said[before:] == summary, answers
            if SCAN in summary:
                assert summary[-1] == "doctor-summary-clot-rest"
                continue
            unsure = any(answers[sign] == "DontKnow" for sign in SIGNS)
            assert ("doctor-summary-unsure-today" in summary) == unsure, answers
            for name in OTHERS:
                line = {"new-medicine": "medicine"}.get(name, name)
                assert (f"doctor-summary-{line}" in summary) == (answers[name] == "Yes"), answers
            assert ("doctor-summary-often" in summary) == isinstance(past, Frequent)


def test_the_worst_comes_first(content: Content) -> None:
    talk = Talk(Dialogue(content, Settings(), Frequent()))
    summary = consult(talk, {"tender": "DontKnow"} | dict.fromkeys(OTHERS, "Yes"))
    order = ("unsure-today", "circulation", "medicine", "diuretic", "often", "persistent")
    places = [summary.index(f"doctor-summary-{name}") for name in order]
    assert places == sorted(places)


def test_silence_to_the_first_question_lists_the_signs_instead(talk: Talk) -> None:
    talk.hear("Doctor")
    talk.settle()
    talk.silence()
    talk.silence()
    assert "doctor-clot" in talk.said
    talk.settle()
    assert talk.dialogue.state == "idle"


def test_silence_to_a_later_question_sums_up_what_is_known(talk: Talk) -> None:
    talk.hear("Doctor")
    talk.settle()
    for _ in SIGNS:
        talk.hear("No")
    talk.hear("Yes")
    talk.silence()
    talk.silence()
    assert "doctor-summary-circulation" in talk.said
    assert "doctor-summary-medicine-unsure" in talk.said


def test_a_summary_of_nothing_begins_with_the_questions(talk: Talk) -> None:
    talk.hear("DoctorSummary")
    talk.settle()
    assert talk.dialogue.position == "asking doctor/ask-swollen"


def test_an_answer_of_an_earlier_time_is_asked_for_again(talk: Talk) -> None:
    consult(talk, {"swollen": "Yes"})
    assert SCAN not in consult(talk, {})


def test_a_sign_stands_until_it_is_denied_however_often_it_is_asked_about(talk: Talk) -> None:
    consult(talk, {"swollen": "Yes"})
    talk.hear("Doctor")
    talk.settle()
    talk.hear("Stop")
    before = len(talk.said)
    talk.hear("Cramp", muscle="calf")
    talk.settle()
    assert SCAN in talk.said[before:]
    assert talk.dialogue.state == "idle"


@pytest.mark.parametrize("sign", SIGNS)
def test_who_cannot_reach_the_calves_to_feel_them_does_not_know(talk: Talk, sign: str) -> None:
    talk.hear("Cramp", muscle="calf")
    talk.settle()
    talk.hear("Doctor")
    talk.settle()
    for name in SIGNS[: SIGNS.index(sign)]:
        assert talk.dialogue.position == f"asking doctor/ask-{name}"
        talk.hear("No")
    talk.hear("DontKnow")
    assert talk.dialogue.position == f"asking doctor/feel-{sign}"
    talk.hear("CannotReach")
    assert talk.dialogue.position.startswith("asking doctor/ask-")
    assert talk.kept[-1] == Answered(sign, "unsure")


@pytest.mark.parametrize("word", ["red", "cold", "five cramps", "is often", "even a little", "a few steps"])
def test_what_the_source_does_not_name_is_not_said_in_its_name(content: Content, word: str) -> None:
    lines = [line for flow in content.flows.values() for line in flow.lines()]
    about = [line for line in lines if re.search(rf"\b{word}\b", line.text)]
    assert about
    # Walking to break a cramp is the source's.
    assert {line.id for line in about if line.source} <= {"walk-steps"}


@pytest.mark.parametrize("no", [0, 1, 2])
@pytest.mark.parametrize("faint", ["before the questions", "between them"])
def test_who_felt_faint_and_answers_yes_to_a_sign_of_a_clot_is_an_emergency(
    talk: Talk, no: int, faint: str
) -> None:
    def hear(*names: str) -> None:
        for name in names:
            talk.hear(name)
            talk.settle()

    if faint == "before the questions":
        hear("Faint", "Yes")
    hear("Doctor", *["No"] * no)
    if faint == "between them":
        hear("Faint", "Yes")
    before = len(talk.said)
    hear("Yes")
    assert talk.said[before:][:3] == ["faint-with-sign-down", "faint-with-sign", "emergency-call"]
    assert talk.dialogue.position == "asking emergency/ask"
