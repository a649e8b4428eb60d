"""Questions: when to be seen, medicines, causes and prevention; each answer is the source's."""

from collections.abc import Mapping
from itertools import product

import pytest

from voicecramp.dialogue import Answer, Content, Cue, Dialogue, Keep, Listen, Say, Settings
from voicecramp.dialogue.past import Blank
from voicecramp.dialogue.records import Answered, TimerSet
from voicecramp.nlu import Intent

SIGNS = ("swollen", "warm", "tender")
LITTLE = ("magnesium", "vitamin b12", "calcium channel blocker")
OTHERS = ("circulation", "new-medicine", "diuretic", "persistent")
SCAN = "doctor-summary-clot-now"
ANSWERS = {"Yes": "yes", "No": "no", "DontKnow": "unsure"}


class Frequent(Blank):
    """A diary of a bad week."""

    def facts(self, t: float) -> Mapping[str, str]:  # noqa: ARG002 - a protocol's
        return {"often": "yes"}


class Talk:
    """A conversation, and all that was said and kept in it; what is said plays out before the next turn."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue
        self.said: list[str] = []
        self.kept: list[object] = []
        self._t = 0.0

    def hear(self, name: str, held: float = 0.0, **slots: str | int) -> tuple[Cue, ...]:
        return self._perform(self.dialogue.heard(Intent(name, slots), self._t, held))

    def silence(self) -> tuple[Cue, ...]:
        return self._perform(self.dialogue.done(self._t))

    def settle(self) -> None:
        """Let all be said, up to the next question or the end."""
        for _ in range(20):
            if self.dialogue.state != "guiding":
                return
            self.silence()
        pytest.fail(f"talks on and on at {self.dialogue.position}")

    def _perform(self, cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
        self._t += 1
        self.said += [cue.line.id for cue in cues if isinstance(cue, Say | Answer)]
        self.kept += [cue.record for cue in cues if isinstance(cue, Keep)]
        return cues


@pytest.fixture
def talk(dialogue: Dialogue) -> Talk:
    return Talk(dialogue)


def consult(talk: Talk, answers: Mapping[str, str], otherwise: str = "No") -> list[str]:
    """Answer the doctor's questions, each by the fact it notes; return what was said after the last of them."""
    talk.hear("Doctor")
    talk.settle()
    begun = 0
    for _ in range(20):
        if talk.dialogue.state != "asking":
            return talk.said[begun:]
        place = talk.dialogue.position.partition("/")[2]
        fact = place.partition("-")[2]
        begun = len(talk.said)
        talk.hear(answers.get({"medicine": "new-medicine"}.get(fact, fact), otherwise))
        talk.settle()
    pytest.fail("asks on and on")


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


@pytest.mark.parametrize(
    "name", ["StillCramping", "CannotReach", "Standing", "InBed", "Sore", "Gone", "Faint"]
)
def test_nothing_said_into_the_word_of_a_clot_leads_back_to_the_stretch(talk: Talk, name: str) -> None:
    talk.hear("Cramp", muscle="calf")
    talk.hear("Standing")  # who feels faint on their feet goes on lying down, elsewhere
    talk.settle()
    talk.hear("Doctor")
    talk.settle()
    talk.hear("Yes")
    before = len(talk.said)
    talk.hear(name)
    if name == "Faint":
        talk.silence()
        talk.hear("Yes")
    talk.settle()
    assert talk.dialogue.state == "idle"
    assert SCAN in talk.said[before:]
    assert ("doctor-summary-clot-even-so" in talk.said) == (name != "Faint")


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
