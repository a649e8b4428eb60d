"""The same conversation by text: what would be said and kept, without a sound and without waiting."""

from collections.abc import Callable, Iterable, Iterator

from voicecramp.dialogue import Cue, Cut, Dialogue, Hold, Keep, Listen, Record, State
from voicecramp.nlu import Intent, Nlu, Unsure

__all__ = ["INTO_A_HOLD", "Rehearsal"]

INTO_A_HOLD = 5.0
"""Seconds of a hold that pass before the next sentence is said into it."""


class Rehearsal:
    """A conversation in which holds and waiting take their time, and talking takes none.

    rehearsal = Rehearsal(mind.nlu, mind.dialogue, memory.record)
    for cue in rehearsal.say("help, calf cramp"): ...
    for cue in rehearsal.silence(): ...
    """

    def __init__(self, nlu: Nlu, dialogue: Dialogue, keep: Callable[[Record, float], None]) -> None:
        """Args: what understands; what decides; where what is to be kept goes, with its stream second."""
        self._nlu = nlu
        self._dialogue = dialogue
        self._keep = keep
        self._t = 0.0
        self._over = 0.0  # the stream second at which all that was cued is over, if nobody speaks
        self._hold_began: float | None = None  # its stream second, while one runs, whatever is asked in it
        self.meaning: Intent | Unsure | None = None
        """What the last sentence was understood as."""

    @property
    def state(self) -> State:
        """What kind of moment it is."""
        return self._dialogue.state

    def say(self, sentence: str) -> Iterator[Cue]:
        """Say a sentence when the one before has been answered: at a question, or some seconds into a hold.

        What only goes on talking then is played out, to the next hold or question or the end.
        """
        dialogue = self._dialogue
        if self._hold_began is not None:
            self._t = min(self._over, self._t + INTO_A_HOLD)
        self.meaning = self._nlu.understand(sentence, dialogue.state)
        held = self._t - self._hold_began if self._hold_began is not None else 0.0
        match self.meaning:
            case None:
                cues = dialogue.missed(self._t)
            case Unsure(best):
                cues = dialogue.doubted(self.meaning, self._nlu.label(best), held)
            case _:
                cues = dialogue.heard(self.meaning, self._t, held)
        yield from self._perform(cues)
        yield from self._play_out()

    def silence(self) -> Iterator[Cue]:
        """Say nothing: a hold runs to its end, a question goes unanswered; else the next timer rings."""
        if self._dialogue.state is State.IDLE:
            self._t = max(self._t, self._dialogue.next_timer or 0.0)
        yield from self._done()
        yield from self._play_out()

    def _play_out(self) -> Iterator[Cue]:
        while self._dialogue.state is State.GUIDING:
            yield from self._done()

    def _done(self) -> Iterator[Cue]:
        self._t, self._hold_began = max(self._t, self._over), None
        yield from self._perform(self._dialogue.tick(self._t))
        yield from self._perform(self._dialogue.done(self._t))

    def _perform(self, cues: Iterable[Cue]) -> Iterator[Cue]:
        for cue in cues:
            match cue:
                case Cut():
                    self._over, self._hold_began = self._t, None
                case Keep(record):
                    self._keep(record, self._t)
                case Hold(left):
                    self._hold_began = max(self._t, self._over)
                    self._over = self._hold_began + left
                case Listen(seconds):
                    self._over = max(self._t, self._over) + seconds
            yield cue
