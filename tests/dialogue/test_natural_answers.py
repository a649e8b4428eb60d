"""What people say where the guidance expects something else: what is really said to them then."""

import pytest
from dialogue.consultation import Talk

from voicecramp.dialogue import Hold


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
