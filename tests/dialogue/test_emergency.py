"""An emergency, and what comes after it: what is really said, for it is the content that has to be right."""

import re
from collections.abc import Iterator

import pytest
from dialogue.talk import Turn, Watched

from voicecramp.dialogue import Answer, Cue, Hold, Say
from voicecramp.nlu import Intent

ON_THEIR_FEET = re.compile(r"\b(get up|stand(ing)?|walk|wall)\b", re.IGNORECASE)


def texts(cues: tuple[Cue, ...]) -> Iterator[str]:
    for cue in cues:
        match cue:
            case Say(line) | Answer(line):
                yield line.text
            case Hold():
                yield from (line.text for line in cue.coaching)


class Listener(Watched):
    """Hears all that is said."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def watch(self, cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
        self.heard += texts(cues)
        return super().watch(cues)

    def to_the_end(self) -> None:
        """Say nothing any more."""
        for _ in range(100):
            self.silence()
        assert self.dialogue.state == "idle"


@pytest.mark.parametrize("muscle", ["calf", "leg", "foot", "hamstring", "thigh"])
@pytest.mark.parametrize("then", ["Stop", "Yes"])
def test_nobody_is_sent_to_their_feet_after_it(muscle: str, then: str) -> None:
    talk = Listener()
    talk.say("Emergency")
    talk.silence()
    talk.say(then)
    talk.to_the_end()
    talk.heard.clear()
    talk.turn(Turn(Intent("Cramp", {"muscle": muscle})))
    talk.to_the_end()
    assert [text for text in talk.heard if ON_THEIR_FEET.search(text)] == []
    talk.turn(Turn(Intent("Cramp", {"muscle": muscle})))
    talk.say("Standing")
    assert re.match("(Sit or l|L)ie down first", talk.heard[-1])


def test_nor_told_to_walk() -> None:
    talk = Listener()
    talk.say("Emergency")
    talk.to_the_end()
    talk.heard.clear()
    talk.say("Walk")
    assert talk.heard[0].startswith("Stay down.")
