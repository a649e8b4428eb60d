"""What holds for every conversation there can be."""

import math
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from voicecramp.dialogue import Content, Cue, Dialogue, Hold, Insert, Say, Settings
from voicecramp.dialogue.machine import _COMMANDS
from voicecramp.nlu import Intent, Unsure

CONTENT = Content.load(Path(__file__).parents[2] / "intents/en")
REACTIONS = {
    name
    for flow in CONTENT.flows.values()
    for table in (flow.on, *(step.on for step in flow.steps.values()))
    for name in table
}
INTENTS = sorted(
    {*_COMMANDS, *REACTIONS, *(flow.starts for flow in CONTENT.flows.values()), "Yes", "No", "Nonsense"}
)

said = st.builds(Intent, st.sampled_from(INTENTS), st.sampled_from([{}, {"side": "left"}]))
turns = st.lists(
    st.one_of(
        st.tuples(said, st.floats(0, 1)),
        st.tuples(st.builds(Unsure, said, st.just("weak")), st.just(0.0)),
        st.tuples(st.none(), st.just(0.0)),
    ),
    max_size=60,
)


class Person:
    """Takes turns with a dialogue and watches what it promises."""

    def __init__(self) -> None:
        self.dialogue = Dialogue(CONTENT, Settings())
        self.speakable = {line.text for line in self.dialogue.lines()}
        self.running: Hold | None = None

    def watch(self, cues: tuple[Cue, ...], before: str, left: int | None) -> None:
        for cue in cues:
            if isinstance(cue, Say | Insert):
                assert cue.line.text in self.speakable or cue.line.text == "Did you say: this?"
            if isinstance(cue, Hold):
                assert 1 <= cue.left <= 60
                assert cue.counts[0] == cue.left
                assert sorted(set(cue.counts), reverse=True) == list(cue.counts)
                assert cue.counts[-1] >= 1
                if left is not None and self.dialogue.position == before:
                    assert cue.left <= left, "a resumed hold grew"
                self.running = cue
            elif not isinstance(cue, Insert) and type(cue).__name__ == "Cut":
                self.running = None

    def turn(self, what: Intent | Unsure | None, share: float) -> None:
        before = self.dialogue.position
        held = share * self.running.left if self.running else 0.0
        left = math.floor(self.running.left - held) if self.running else None
        match what:
            case Intent():
                cues = self.dialogue.heard(what, held)
            case Unsure():
                cues = self.dialogue.doubted(what, "this")
            case None:
                self.running = None
                cues = self.dialogue.done()
                left = None
        self.watch(cues, before, left)


@given(turns)
def test_no_conversation_raises_or_counts_past_its_hold(
    turns: list[tuple[Intent | Unsure | None, float]],
) -> None:
    person = Person()
    for what, share in turns:
        person.turn(what, share)


@given(turns)
def test_silence_ends_every_conversation(turns: list[tuple[Intent | Unsure | None, float]]) -> None:
    person = Person()
    for what, share in turns:
        person.turn(what, share)
    for _ in range(40):  # more steps than any flow has
        if person.dialogue.state == "idle":
            break
        person.turn(None, 0)
    assert person.dialogue.state == "idle"


@given(turns)
def test_stop_always_ends_it(turns: list[tuple[Intent | Unsure | None, float]]) -> None:
    person = Person()
    for what, share in turns:
        person.turn(what, share)
    person.turn(Intent("Stop"), 0.5)
    assert person.dialogue.state == "idle"


@given(turns)
def test_faint_is_always_answered_with_sitting_or_lying_down(
    turns: list[tuple[Intent | Unsure | None, float]],
) -> None:
    person = Person()
    for what, share in turns:
        person.turn(what, share)
    cues = person.dialogue.heard(Intent("Faint"), 0.0)
    assert next(cue.line.id for cue in cues if isinstance(cue, Say)) == "faint-down"
