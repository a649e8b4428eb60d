"""The conversation about a calf cramp, turn by turn."""

import pytest

from voicecramp.dialogue import Cue, Cut, Dialogue, Gain, Hold, Insert, Listen, Say
from voicecramp.dialogue.machine import QUIETEST
from voicecramp.nlu import Intent, Unsure


def lines(cues: tuple[Cue, ...]) -> list[str]:
    return [cue.line.id for cue in cues if isinstance(cue, Say | Insert)]


def hold(cues: tuple[Cue, ...]) -> Hold:
    (found,) = (cue for cue in cues if isinstance(cue, Hold))
    return found


def say(dialogue: Dialogue, name: str, held: float = 0.0) -> tuple[Cue, ...]:
    return dialogue.heard(Intent(name), held)


def reach(dialogue: Dialogue, step: str) -> tuple[Cue, ...]:
    """Let a cramp go unanswered until the conversation stands at `step`."""
    cues = say(dialogue, "Cramp")
    for _ in range(40):
        if dialogue.position.endswith(f" calf/{step}"):
            return cues
        cues = dialogue.done()
    pytest.fail(f"never came to {step}")


def test_a_cramp_is_answered_with_the_stretch_then_the_hold_then_the_question(dialogue: Dialogue) -> None:
    cues = say(dialogue, "Cramp")
    assert isinstance(cues[0], Cut)
    assert lines(cues) == ["calf-straighten-knee", "calf-toes-up"]
    held = hold(dialogue.done())
    assert held.left == 30
    assert held.counts == (30, 25, 20, 15, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
    asked = dialogue.done()
    assert lines(asked) == ["calf-let-go"]
    assert isinstance(asked[-1], Listen)
    assert dialogue.state == "asking"


def test_the_side_is_told_back(dialogue: Dialogue) -> None:
    assert lines(dialogue.heard(Intent("Cramp", {"side": "left"})))[0] == "calf-left"
    assert lines(dialogue.heard(Intent("Cramp", {"side": "right"})))[0] == "calf-right"


def test_yes_leads_to_walking_ice_and_good_night(dialogue: Dialogue) -> None:
    reach(dialogue, "ask-first")
    assert lines(say(dialogue, "Yes")) == ["calf-good", "calf-walk", "calf-ice", "calf-good-night"]
    dialogue.done()
    assert dialogue.state == "idle"


def test_while_it_stays_every_remedy_comes_in_its_order(dialogue: Dialogue) -> None:
    steps = ["hold-first", "hold-longer", "wall", "press", "move", "looked-at"]
    for step in steps:
        dialogue = Dialogue(dialogue._content, dialogue._settings)
        reach(dialogue, step)
    dialogue.done()
    assert dialogue.position == "guiding doctor/reasons"
    dialogue.done()
    assert dialogue.state == "idle"


def test_no_means_again_and_longer(dialogue: Dialogue) -> None:
    reach(dialogue, "ask-first")
    say(dialogue, "No")
    assert hold(dialogue.done()).left == 60


def test_silence_is_asked_once_more_then_taken_as_no(dialogue: Dialogue) -> None:
    reach(dialogue, "ask-first")
    assert lines(dialogue.done()) == ["calf-let-go"]
    assert lines(dialogue.done()) == ["calf-once-more"]


def test_stop_falls_silent_and_forgets(dialogue: Dialogue) -> None:
    reach(dialogue, "hold-first")
    assert say(dialogue, "Stop", 12) == (Cut(),)
    assert dialogue.state == "idle"
    assert say(dialogue, "CarryOn") == ()


def test_a_paused_hold_carries_on_with_what_is_left(dialogue: Dialogue) -> None:
    reach(dialogue, "hold-first")
    paused = say(dialogue, "Pause", 12.4)
    assert dialogue.state == "paused"
    assert isinstance(paused[0], Cut)
    resumed = say(dialogue, "CarryOn")
    assert lines(resumed) == ["stretch-again"]
    assert hold(resumed).left == 17
    assert hold(resumed).counts[:2] == (17, 15)


def test_a_pause_that_nobody_ends_ends_the_conversation(dialogue: Dialogue) -> None:
    reach(dialogue, "hold-first")
    say(dialogue, "Pause", 3)
    assert dialogue.done() == ()
    assert dialogue.state == "idle"


def test_a_pause_survives_a_question_about_the_time(dialogue: Dialogue) -> None:
    reach(dialogue, "hold-first")
    say(dialogue, "Pause", 10)
    assert lines(say(dialogue, "HowLong")) == ["seconds-left-20"]
    assert dialogue.state == "paused"
    assert hold(say(dialogue, "CarryOn")).left == 20


def test_the_doctor_interrupts_a_hold_and_returns_to_it(dialogue: Dialogue) -> None:
    reach(dialogue, "hold-first")
    reasons = say(dialogue, "Doctor", 10)
    assert len([one for one in lines(reasons) if one.startswith("doctor-")]) == 5
    back = dialogue.done()
    assert lines(back) == ["stretch-again"]
    assert hold(back).left == 20


def test_its_gone_said_into_the_doctors_reasons_is_about_the_cramp(dialogue: Dialogue) -> None:
    reach(dialogue, "hold-first")
    say(dialogue, "Doctor", 10)
    assert "calf-walk" in lines(say(dialogue, "Gone"))


def test_the_doctor_from_idle_ends_in_idle(dialogue: Dialogue) -> None:
    say(dialogue, "Doctor")
    dialogue.done()
    assert dialogue.state == "idle"


@pytest.mark.parametrize("step", ["straighten", "hold-first", "ask-first", "walk-off"])
def test_faint_wins_anywhere_and_nothing_puts_it_off(dialogue: Dialogue, step: str) -> None:
    reach(dialogue, step) if step != "walk-off" else (reach(dialogue, "ask-first"), say(dialogue, "Yes"))
    assert lines(say(dialogue, "Faint", 2))[0] == "faint-down"
    assert say(dialogue, "Doctor") == ()
    assert say(dialogue, "Cramp") == ()


def test_faint_wins_over_the_doctor_and_the_hold_waits_for_both(dialogue: Dialogue) -> None:
    reach(dialogue, "hold-first")
    say(dialogue, "Doctor", 5)
    assert lines(say(dialogue, "Faint"))[0] == "faint-down"
    dialogue.done()
    assert lines(say(dialogue, "Yes")) == ["faint-good"]
    assert hold(dialogue.done()).left == 25


def test_faint_that_does_not_pass_ends_with_staying_down(dialogue: Dialogue) -> None:
    say(dialogue, "Faint")
    dialogue.done()
    dialogue.done()
    assert lines(dialogue.done()) == ["faint-stay", "faint-worse"]


def test_still_cramping_in_a_hold_encourages_and_goes_on(dialogue: Dialogue) -> None:
    reach(dialogue, "hold-first")
    cues = say(dialogue, "StillCramping", 5)
    assert [type(cue) for cue in cues] == [Insert]
    assert dialogue.position == "holding calf/hold-first"


def test_who_cannot_reach_gets_a_towel_then_a_wall_then_pressing(dialogue: Dialogue) -> None:
    say(dialogue, "Cramp")
    assert lines(say(dialogue, "CannotReach"))[0] == "calf-towel"
    assert lines(say(dialogue, "CannotReach"))[0] == "calf-wall-stand"
    assert lines(say(dialogue, "CannotReach"))[0] == "calf-press"


def test_how_long_is_answered_between_the_counts(dialogue: Dialogue) -> None:
    reach(dialogue, "hold-first")
    assert lines(say(dialogue, "HowLong", 12.3)) == ["seconds-left-17"]
    assert dialogue.state == "holding"


def test_repeat_in_a_hold_says_the_instruction_again_and_holds_the_rest(dialogue: Dialogue) -> None:
    reach(dialogue, "hold-first")
    cues = say(dialogue, "Repeat", 10)
    assert lines(cues) == ["calf-straighten-knee", "calf-toes-up"]
    assert hold(cues).left == 20


def test_skip_leaves_a_hold_and_an_unanswered_question(dialogue: Dialogue) -> None:
    reach(dialogue, "hold-first")
    assert lines(say(dialogue, "Skip", 3)) == ["calf-let-go"]
    assert lines(say(dialogue, "Skip")) == ["calf-once-more"]


def test_louder_and_quieter_stay_within_bounds_and_say_so(dialogue: Dialogue) -> None:
    reach(dialogue, "hold-first")
    assert say(dialogue, "Louder") == (Gain(0.0),)
    assert lines(say(dialogue, "Louder")) == ["loudest"]
    gains = [cue.decibels for _ in range(9) for cue in say(dialogue, "Quieter") if isinstance(cue, Gain)]
    assert gains == [-6.0, -12.0, -18.0, -24.0, -30.0]
    assert min(gains) == QUIETEST


def test_help_alone_asks_whether_it_is_a_cramp(dialogue: Dialogue) -> None:
    assert lines(say(dialogue, "Help")) == ["help-cramp"]
    assert lines(say(dialogue, "Yes"))[0] == "calf-straighten-knee"


def test_help_in_the_middle_of_a_hold_tells_what_can_be_said_and_goes_on(dialogue: Dialogue) -> None:
    reach(dialogue, "hold-first")
    assert lines(say(dialogue, "Options", 10)) == ["options-cramp", "options-talk"]
    assert hold(dialogue.done()).left == 20


class TestDoubt:
    def test_yes_does_it(self, dialogue: Dialogue) -> None:
        assert lines(dialogue.doubted(Unsure(Intent("Cramp"), "weak"), "calf cramp"))
        assert dialogue.state == "asking"
        assert lines(say(dialogue, "Yes"))[0] == "calf-straighten-knee"

    @pytest.mark.parametrize("answer", ["No", "silence"])
    def test_no_and_silence_go_back_to_where_it_was(self, dialogue: Dialogue, answer: str) -> None:
        reach(dialogue, "straighten")
        dialogue.doubted(Unsure(Intent("Doctor"), "weak"), "should I see a doctor")
        cues = dialogue.done() if answer == "silence" else say(dialogue, "No")
        assert lines(cues) == ["calf-straighten-knee", "calf-toes-up"]

    def test_a_hold_goes_on_while_it_is_asked(self, dialogue: Dialogue) -> None:
        reach(dialogue, "hold-first")
        cues = dialogue.doubted(Unsure(Intent("Skip"), "weak"), "skip")
        assert [type(cue) for cue in cues] == [Insert]
        assert say(dialogue, "No", 8) == ()
        assert dialogue.position == "holding calf/hold-first"

    def test_a_hold_that_ends_meanwhile_goes_on_to_its_question(self, dialogue: Dialogue) -> None:
        reach(dialogue, "hold-first")
        dialogue.doubted(Unsure(Intent("Skip"), "weak"), "skip")
        assert lines(dialogue.done()) == ["calf-let-go"]

    def test_another_command_is_taken_instead(self, dialogue: Dialogue) -> None:
        reach(dialogue, "hold-first")
        dialogue.doubted(Unsure(Intent("Skip"), "weak"), "skip")
        assert say(dialogue, "Stop", 9) == (Cut(),)


@pytest.mark.parametrize(
    ("muscle", "first"),
    [
        ("calf", "calf-straighten-knee"),
        ("leg", "calf-straighten-knee"),
        ("foot", "foot-toes-back"),
        ("hamstring", "hamstring-straighten"),
        ("thigh", "thigh-side"),
    ],
)
def test_each_muscle_gets_its_own_stretch(dialogue: Dialogue, muscle: str, first: str) -> None:
    cues = dialogue.heard(Intent("Cramp", {"muscle": muscle}))
    assert lines(cues)[0] == first
    assert hold(dialogue.done()).left == 30
    assert dialogue.heard(Intent("Gone"))
    assert dialogue.position == "guiding calf/walk-off"
