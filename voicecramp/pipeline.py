"""The one loop: 20 ms of microphone in, 20 ms of speaker out.

`process` hears and decides; `render` plays. They meet in the timeline and nowhere else. Nothing in here
knows a thread, a device or a clock other than the count of samples.
"""

from collections.abc import Callable

from voicecramp.aec import EchoCanceller
from voicecramp.dialogue import Cue, Dialogue, Keep, Record, State
from voicecramp.errors import VoiceCrampError
from voicecramp.events import Event, Failure, Ready, Rejected, StateChange, Understood
from voicecramp.frames import FRAME, Samples, seconds
from voicecramp.hearing import Hearing, Missed
from voicecramp.nlu import Intent, Nlu, Unsure
from voicecramp.playback import Timeline
from voicecramp.speaking import Speaking

__all__ = ["Pipeline"]


class Pipeline:
    """The assistant as a full-duplex filter of audio frames, int16, shape (320,), 16 kHz.

    pipeline.begin(recogniser="vosk", why="...")
    while True:
        pipeline.process(microphone.read(), played)
        played = pipeline.render()
    """

    def __init__(  # noqa: PLR0913 - one argument for each stage it ties together
        self,
        *,
        echo_canceller: EchoCanceller,
        hearing: Hearing,
        nlu: Nlu,
        dialogue: Dialogue,
        speaking: Speaking,
        timeline: Timeline,
        emit: Callable[[Event], None],
        keep: Callable[[Record, float], None],
    ) -> None:
        """Args: the stages; where events go; where what is to be kept goes, with its stream second."""
        self._echo_canceller = echo_canceller
        self._hearing = hearing
        self._nlu = nlu
        self._dialogue = dialogue
        self._speaking = speaking
        self._timeline = timeline
        self._emit = emit
        self._keep = keep
        self._now = 0

    @property
    def t(self) -> float:
        """Stream time in seconds: what has been heard so far."""
        return seconds(self._now)

    @property
    def over(self) -> bool:
        """Whether the conversation has ended, all is said, nobody is being heard out, and no timer runs."""
        return (
            self._dialogue.state is State.IDLE
            and self._dialogue.next_timer is None
            and not self._speaking.busy
            and not self._hearing.speech
        )

    def begin(self, recogniser: str, why: str) -> None:
        """Set the volume and tell the log that it listens; call once, first."""
        self._emit(Ready(t=0.0, recogniser=recogniser, why=why))
        self._speaking.perform(self._dialogue.begin(), self.t)

    def greet(self) -> None:
        """Say that it is ready."""
        self._speaking.perform(self._dialogue.greet(), self.t)

    def process(self, mic: Samples, played: Samples) -> None:
        """Hear one frame, and what the speaker played meanwhile; may change what is played next."""
        self._now += FRAME
        clean = self._echo_canceller.process(mic, played)
        lowered = self._echo_canceller.lowering
        meaning = self._hearing.process(clean, self._dialogue.state, lowered=lowered)
        if meaning is not None:
            self._act(meaning)
        if self._speaking.advance(self.t, speech=self._hearing.speech):
            self._perform(lambda: self._dialogue.done(self.t))
        self._perform(lambda: self._dialogue.tick(self.t))

    def slept(self, seconds: float) -> None:
        """Know that so many seconds passed without a frame."""
        self._dialogue.slept(seconds)

    def render(self) -> Samples:
        """Return the next frame for the speaker."""
        return self._timeline.render()

    def _act(self, meaning: Intent | Unsure | Missed) -> None:
        match meaning:
            case Missed():
                if not self._speaking.talking:  # what is said over its own words is seldom an answer
                    self._perform(lambda: self._dialogue.missed(self.t))
            case Unsure(best, reason):
                self._emit(Rejected(t=self.t, text=best.text, reason=f"asked about: {reason}"))
                label = self._nlu.label(best)
                self._perform(lambda: self._dialogue.doubted(meaning, label, self._speaking.held))
            case Intent():
                self._emit(
                    Understood(
                        t=self.t,
                        name=meaning.name,
                        slots=dict(meaning.slots),
                        score=meaning.score,
                        text=meaning.text,
                        state=self._dialogue.state,
                    )
                )
                self._perform(lambda: self._dialogue.heard(meaning, self.t, self._speaking.held))

    def _perform(self, decide: Callable[[], tuple[Cue, ...]]) -> None:
        before = self._dialogue.position
        cues = decide()
        self._speaking.perform([cue for cue in cues if not isinstance(cue, Keep)], self.t)
        if self._dialogue.position != before:
            change = {"t": self.t, "from": before, "to": self._dialogue.position}
            self._emit(StateChange.model_validate(change))
        for cue in cues:
            if isinstance(cue, Keep):
                self._kept(cue.record)

    def _kept(self, record: Record) -> None:
        """Have something kept; trouble with that is told, and stops nobody from being helped."""
        try:
            self._keep(record, self.t)
        except VoiceCrampError as error:
            self._emit(Failure(t=self.t, what=str(error)))
