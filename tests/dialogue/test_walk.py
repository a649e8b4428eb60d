"""What is remembered on the way through the guidance, and what is not."""

from voicecramp.dialogue import Cue, Dialogue, Say
from voicecramp.nlu import Intent


def lines(cues: tuple[Cue, ...]) -> list[str]:
    return [cue.line.id for cue in cues if isinstance(cue, Say)]


class Turns:
    """Says one thing after another; "" is silence to the end of what is going on."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue
        self.t = 0.0

    def __call__(self, *turns: str | Intent) -> list[str]:
        said: list[str] = []
        for turn in turns:
            self.t += 5
            intent = Intent(turn) if isinstance(turn, str) else turn
            said = lines(self.dialogue.heard(intent, self.t) if turn else self.dialogue.done(self.t))
        return said

    def silence(self) -> list[str]:
        """Everything that is still said when nobody answers any more."""
        said: list[str] = []
        for _ in range(60):
            if self.dialogue.state == "idle":
                return said
            said += self("")
        raise AssertionError("it never ends")


def test_who_felt_faint_on_their_feet_goes_on_lying_down_and_is_not_sent_up_again(dialogue: Dialogue) -> None:
    turn = Turns(dialogue)
    turn(Intent("Cramp", {"muscle": "calf"}), "Standing", "")
    assert dialogue.position == "guiding calf/lean"
    assert turn("Faint", "", "Yes") == ["faint-good"]
    assert turn("")[0] == "calf-stay-down"
    said = turn.silence()
    assert "calf-looked-at" in said
    assert "calf-move-lying" in said
    assert not {"calf-wall-stand", "calf-wall-lean", "calf-move", "stretch-again"} & set(said)


def test_feeling_faint_after_a_cramp_was_stopped_leads_back_to_no_cramp(dialogue: Dialogue) -> None:
    turn = Turns(dialogue)
    turn(Intent("Cramp", {"muscle": "calf"}), "Standing", "", "Stop", "Faint", "", "Yes", "")
    assert dialogue.state == "idle"


def test_answers_to_the_doctors_questions_outlast_the_conversation(dialogue: Dialogue) -> None:
    turn = Turns(dialogue)
    turn("Doctor", "", "Yes")
    turn.silence()
    assert "doctor-summary-swollen" in turn("DoctorSummary")
