"""Somebody who asks the real guidance whether to see a doctor, and answers its questions."""

from collections.abc import Mapping

import pytest

from voicecramp.dialogue import Answer, Cue, Dialogue, Keep, Say
from voicecramp.nlu import Intent

__all__ = ["SCAN", "SIGNS", "Talk", "consult"]

SIGNS = ("swollen", "warm", "tender")
"""The signs of a clot, as the facts they are noted as."""
SCAN = "doctor-summary-clot-now"
"""What is said to whoever has one of them."""


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
        name = answers.get({"medicine": "new-medicine"}.get(fact, fact), otherwise)
        talk.hear(name, **({"side": "left"} if name == "Correct" else {}))
        talk.settle()
    pytest.fail("asks on and on")
