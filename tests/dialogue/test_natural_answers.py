"""What people say where the guidance expects something else: what is really said to them then."""

import pytest
from dialogue.consultation import Talk

from voicecramp.dialogue import Hold
from voicecramp.dialogue.records import Answered, TimerSet


def ask(talk: Talk, *names: str, **slots: str) -> None:
    """Say the first with its slots, then the others, each when all is said."""
    for name in names:
        talk.hear(name, **(slots if name == names[0] else {}))
        talk.settle()


@pytest.mark.parametrize(("starts", "line"), [("Faint", "faint-stay"), ("Emergency", "emergency-call")])
def test_not_yet_is_a_no_to_whether_it_has_passed_or_help_is_coming(
    talk: Talk, starts: str, line: str
) -> None:
    ask(talk, starts)
    before = len(talk.said)
    talk.hear("StillCramping")
    assert line in talk.said[before:]


def test_lying_down_when_faint_is_what_was_asked_for(talk: Talk) -> None:
    ask(talk, "Faint")
    talk.hear("InBed")
    assert talk.said[-2] == "faint-stay"


@pytest.mark.parametrize("name", ["Options", "HowLong"])
def test_what_to_do_in_an_emergency_is_said_again(talk: Talk, name: str) -> None:
    ask(talk, "Emergency")
    before = len(talk.said)
    talk.hear(name)
    assert talk.said[before] == "emergency-call"
    assert talk.said[-1] == "emergency-coming"
    assert talk.dialogue.position == "asking emergency/ask"


def test_so_it_is_while_help_is_waited_for_and_that_it_gets_worse_is_heard(talk: Talk) -> None:
    ask(talk, "Emergency")
    talk.hear("Yes")
    talk.silence()
    assert talk.dialogue.position == "guiding emergency/wait"
    for name, line in (("Options", "emergency-good"), ("StillCramping", "emergency-worse")):
        before = len(talk.said)
        talk.hear(name)
        assert talk.said[before] == line
        assert talk.dialogue.position == "guiding emergency/wait"


def test_thanks_do_not_end_an_emergency(talk: Talk) -> None:
    ask(talk, "Emergency")
    talk.hear("ThankYou")
    assert talk.said[-2:] == ["welcome", "emergency-coming"]
    assert talk.dialogue.position == "asking emergency/ask"


@pytest.mark.parametrize("muscle", ["thigh", "hamstring"])
def test_standing_nobody_is_told_to_rub_and_who_cannot_stand_lies_down(talk: Talk, muscle: str) -> None:
    ask(talk, "Cramp", muscle=muscle)
    talk.hear("Standing")
    cues = talk.silence()
    (hold,) = (cue for cue in cues if isinstance(cue, Hold))
    assert not any("rub" in line.text.lower() for line in hold.coaching)
    assert talk.dialogue.position == f"holding {muscle}/hold-stand"
    talk.hear("InBed")
    assert talk.dialogue.position == f"guiding {muscle}/stretch"


@pytest.mark.parametrize("muscle", ["foot", "thigh", "hamstring"])
@pytest.mark.parametrize("answer", ["Yes", "StillCramping"])
def test_who_cried_out_which_muscle_it_is_is_not_told_to_stretch_another(
    talk: Talk, muscle: str, answer: str
) -> None:
    ask(talk, "Help", muscle=muscle)
    talk.hear(answer)
    assert talk.dialogue.position.startswith(f"guiding {muscle}/")


@pytest.mark.parametrize(
    ("question", "slots"),
    [("Why", {}), ("Sore", {}), *(("Prevent", {"kind": kind}) for kind in ("night", "exercise", "heat"))],
)
def test_go_on_takes_an_offer_to_go_on(talk: Talk, question: str, slots: dict[str, str]) -> None:
    ask(talk, question, **slots)
    assert talk.dialogue.state == "asking"
    before = len(talk.said)
    talk.hear("CarryOn")
    assert len(talk.said) > before


def test_no_hold_is_told_of_where_there_is_none(talk: Talk) -> None:
    ask(talk, "Sore")
    talk.hear("HowLong")
    assert "hold-length" not in talk.said
    assert talk.said[-1] == "sore-time"


def test_in_bed_is_fine_for_moving_the_leg(talk: Talk) -> None:
    ask(talk, "Cramp", "CannotReach", muscle="calf")
    for _ in range(20):
        if talk.dialogue.position.endswith("calf/moving"):
            break
        talk.hear("CannotReach") if talk.dialogue.state == "holding" else talk.silence()
    assert talk.dialogue.position.endswith("calf/moving")
    talk.hear("InBed")
    assert talk.said[-1] == "calf-move-in-bed"
    assert talk.dialogue.position.endswith("calf/moving")


def test_a_stubborn_cramp_that_lets_go_while_the_reasons_are_read_is_over(talk: Talk) -> None:
    ask(talk, "Cramp")
    for _ in range(40):
        if "doctor-clot" in talk.said:
            break
        talk.silence()
    assert talk.dialogue.position == "guiding doctor-signs/reasons"
    before = len(talk.said)
    talk.hear("Gone")
    assert talk.said[before] == "calf-good"
    assert talk.dialogue.position == "guiding gone/walk-off"


def test_and_one_that_does_not_is_stretched_again_but_for_a_sign_of_a_clot(talk: Talk) -> None:
    ask(talk, "Cramp", muscle="foot")
    talk.hear("DoctorSigns")
    talk.hear("StillCramping")
    assert talk.dialogue.position == "guiding foot/again"
    ask(talk, "Sign", sign="warm")
    talk.hear("DoctorSigns")
    talk.hear("StillCramping")
    assert talk.dialogue.position.startswith("guiding doctor-summary/clot")


def test_how_long_is_told_of_the_hold_that_is_being_explained(talk: Talk) -> None:
    ask(talk, "Cramp")
    while talk.dialogue.position != "guiding calf/hold-longer-intro":
        talk.silence()
    talk.hear("HowLong")
    assert "hold-length-60" in talk.said


@pytest.mark.parametrize("starts", ["Faint", "Emergency"])
def test_what_has_to_wait_is_told_so_and_what_comes_first_is_said_again(talk: Talk, starts: str) -> None:
    ask(talk, starts)
    position = talk.dialogue.position
    for name in ("Cramp", "Doctor", "Prevent"):
        before = len(talk.said)
        talk.hear(name)
        assert talk.said[before] == f"{starts.lower()}-first"
        talk.settle()
        assert talk.dialogue.position == position


@pytest.mark.parametrize("order", [("Sign", "Faint"), ("Faint", "Sign")])
def test_a_sign_of_a_clot_and_feeling_faint_are_an_emergency_in_either_order(
    talk: Talk, order: tuple[str, str]
) -> None:
    ask(talk, "Cramp")
    for name in order:
        talk.hear(name, **({"sign": "swollen"} if name == "Sign" else {}))
    assert talk.said[-1] == "faint-with-sign"
    talk.settle()
    assert talk.dialogue.position == "asking emergency/ask"


def test_who_feels_only_sick_with_a_sign_of_a_clot_is_asked_to_call_a_doctor(talk: Talk) -> None:
    ask(talk, "Faint", feeling="sick")
    talk.hear("Sign", sign="warm")
    assert "doctor-summary-clot-now" in talk.said
    assert "faint-with-sign" not in talk.said


def test_a_sign_of_a_clot_told_in_an_emergency_is_for_those_who_come(talk: Talk) -> None:
    ask(talk, "Emergency")
    talk.hear("Sign", sign="swollen")
    assert talk.said[-1] == "emergency-tell"
    talk.settle()
    assert talk.dialogue.position == "asking emergency/ask"


@pytest.mark.parametrize("muscle", ["calf", "foot", "thigh", "hamstring"])
def test_who_cannot_stand_is_never_sent_to_their_feet(talk: Talk, muscle: str) -> None:
    ask(talk, "Cramp", muscle=muscle)
    talk.hear("InBed", down="yes")
    told = _everything(talk, ["CannotReach"] * 3)
    told += _everything(talk, ["Walk"])
    assert {"press-in", "calf-press", "walk-move"} & set(told)
    assert not {"calf-wall-stand", "foot-stand", "walk-stand", "calf-move", "calf-walk"} & set(told)


def test_who_stands_up_after_all_can_stand(talk: Talk) -> None:
    ask(talk, "Cramp", muscle="calf")
    talk.hear("InBed", down="yes")
    talk.hear("Standing")
    assert talk.said[-1] == "calf-face-wall"
    talk.hear("Gone")
    assert "calf-walk" in talk.said


def _everything(talk: Talk, names: list[str]) -> list[str]:
    """Say these, then nothing more; return what was said until the end."""
    before = len(talk.said)
    for name in names:
        talk.hear(name)
    for _ in range(60):
        if talk.dialogue.state == "idle":
            return talk.said[before:]
        talk.silence()
    pytest.fail(f"goes on and on at {talk.dialogue.position}")


def test_not_knowing_takes_back_no_sign_that_was_told(talk: Talk) -> None:
    ask(talk, "Sign", sign="swollen")
    ask(talk, "Doctor")
    for answer in ("DontKnow", "DontKnow", "No"):
        talk.hear(answer)
        talk.settle()
    talk.hear("Cramp")
    assert talk.dialogue.position == "guiding doctor-summary/clot-again"


def test_both_legs_are_no_sign_of_a_clot_in_one(talk: Talk) -> None:
    ask(talk, "Doctor")
    for slots in ({"side": "both"}, {"other": "leg"}):
        before = len(talk.said)
        talk.hear("Correct", **slots)
        assert talk.said[before] == "yes-or-no"
        assert talk.dialogue.position == "asking doctor/ask-swollen"
    talk.hear("Correct", side="left")
    assert "doctor-summary-clot-now" in talk.said


def test_a_small_answer_does_not_end_the_doctor_s_questions(talk: Talk) -> None:
    ask(talk, "Cramp")
    ask(talk, "Doctor")
    while talk.dialogue.position != "asking doctor/ask-medicine":
        talk.hear("No")
        talk.settle()
    before = len(talk.said)
    talk.hear("StillCramping")
    assert talk.said[before] == "doctor-yes-or-no"
    assert talk.dialogue.position == "asking doctor/ask-medicine"


def test_a_medicine_that_is_told_answers_the_question_about_it(talk: Talk) -> None:
    ask(talk, "Doctor")
    while talk.dialogue.position != "asking doctor/ask-medicine":
        talk.hear("No")
        talk.settle()
    talk.hear("Medicine", medicine="new")
    talk.hear("Medicine", medicine="water tablet", taking="yes")
    assert talk.dialogue.position == "asking doctor/ask-persistent"
    assert [one for one in talk.kept if isinstance(one, Answered)][-2:] == [
        Answered("new-medicine", "yes"),
        Answered("diuretic", "yes"),
    ]


def test_who_takes_water_tablets_is_not_asked_whether_they_do(talk: Talk) -> None:
    ask(talk, "Medicine", medicine="water tablet", taking="yes")
    assert "medicine-diuretic-ask" not in talk.said
    assert "medicine-diuretic-review" in talk.said
    assert Answered("diuretic", "yes") in talk.kept


def test_when_they_come_answers_the_question_when_they_come(talk: Talk) -> None:
    ask(talk, "Prevent")
    assert talk.said == ["prevent-when"]
    ask(talk, "Prevent", kind="night")
    talk.hear("No")
    assert talk.dialogue.state == "idle"
    assert talk.said.count("prevent-when") == 1


def test_another_length_for_the_ice_is_a_timer_for_the_ice(talk: Talk) -> None:
    ask(talk, "Sore")
    talk.hear("SetTimer", duration=1800)
    talk.settle()
    assert [one for one in talk.kept if isinstance(one, TimerSet)] == [TimerSet("ice", 1800)]
    assert talk.said.count("sore-time") == 1
    talk.hear("SetTimer", duration=60)
    assert talk.kept[-1] == TimerSet("", 60)


def test_of_two_legs_the_one_that_has_let_go_is_not_begun_anew(talk: Talk) -> None:
    ask(talk, "Cramp", muscle="calf", side="both")
    while talk.dialogue.position != "asking calf/ask-first":
        talk.silence()
    talk.hear("StillCramping")
    assert talk.dialogue.position == "guiding calf/hold-longer-intro"


def test_the_other_leg_that_joins_in_makes_it_both(talk: Talk) -> None:
    ask(talk, "Cramp", muscle="calf", side="left")
    before = len(talk.said)
    talk.hear("Correct", side="both")
    assert talk.said[before : before + 2] == ["all-right", "calf-both"]


def test_not_to_be_dizzy_any_more_does_not_end_a_cramp(talk: Talk) -> None:
    ask(talk, "Cramp")
    ask(talk, "Faint")
    talk.hear("Yes")
    talk.settle()
    position = talk.dialogue.position
    assert position.startswith("holding")
    talk.hear("NotFaint")
    assert talk.dialogue.position == position


def test_what_can_be_said_in_a_stretch_at_bedtime_is_understood_there(talk: Talk) -> None:
    ask(talk, "Bedtime")
    before = len(talk.said)
    talk.hear("Options")
    assert "options-other" in talk.said[before:]
