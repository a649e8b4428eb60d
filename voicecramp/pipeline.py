"""The one loop: 20 ms of microphone in, 20 ms of speaker out.

`process` hears and decides; `render` plays. They meet in the timeline and nowhere else. Nothing in here
knows a thread, a device or a clock other than the count of samples.
"""

from collections.abc import Callable

from voicecramp.aec import EchoCanceller
from voicecramp.dialogue import Cue, Dialogue, State
from voicecramp.events import Event, Ready, Rejected, StateChange, Understood
from voicecramp.frames import FRAME, Samples, seconds
from voicecramp.hearing import Hearing
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
    ) -> None:
        self._echo_canceller = echo_canceller
        self._hearing = hearing
        self._nlu = nlu
        self._dialogue = dialogue
        self._speaking = speaking
        self._timeline = timeline
        self._emit = emit
        self._now = 0

    @property
    def t(self) -> float:
        """Stream time in seconds: what has been heard so far."""
        return seconds(self._now)

    @property
    def over(self) -> bool:
        """Whether the conversation has ended, everything has been said, and nobody is being heard out."""
        return self._dialogue.state is State.IDLE and not self._speaking.busy and not self._hearing.speech

    def begin(self, recogniser: str, why: str) -> None:
        """Set the volume and tell the log that it listens; call once, first."""
        self._emit(Ready(t=0.0, recogniser=recogniser, why=why))
        self._speaking.perform(self._dialogue.begin())

    def greet(self) -> None:
        """Say that it is ready."""
        self._speaking.perform(self._dialogue.greet())

    def process(self, mic: Samples, played: Samples) -> None:
        """Hear one frame, and what the speaker played meanwhile; may change what is played next."""
        self._now += FRAME
        clean = self._echo_canceller.process(mic, played)
        meaning = self._hearing.process(clean, self._dialogue.state)
        if meaning is not None:
            self._act(meaning)
        if self._speaking.advance(self.t, speech=self._hearing.speech):
            self._perform(self._dialogue.done)

    def render(self) -> Samples:
        """Return the next frame for the speaker."""
        return self._timeline.render()

    def _act(self, meaning: Intent | Unsure) -> None:
        if isinstance(meaning, Unsure):
            self._emit(Rejected(t=self.t, text=meaning.best.text, reason=f"asked about: {meaning.reason}"))
            label = self._nlu.label(meaning.best)
            self._perform(lambda: self._dialogue.doubted(meaning, label))
            return
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
        self._perform(lambda: self._dialogue.heard(meaning, self._speaking.held))

    def _perform(self, decide: Callable[[], tuple[Cue, ...]]) -> None:
        before = self._dialogue.position
        cues = decide()
        self._speaking.perform(cues)
        if self._dialogue.position != before:
            change = {"t": self.t, "from": before, "to": self._dialogue.position}
            self._emit(StateChange.model_validate(change))
