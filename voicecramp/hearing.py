"""From clean frames to what is meant: utterances, hypotheses, understanding, and the second look."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from voicecramp.asr import Hypothesis, Recogniser, Verifier
from voicecramp.events import Event, Heard, Partial, Rejected, SpeechEnd, SpeechStart
from voicecramp.frames import FRAME, Samples, seconds
from voicecramp.nlu import Intent, Nlu, Unsure
from voicecramp.vad import Segmenter
from voicecramp.vad.segmenter import TRY_SILENCE

__all__ = ["GRUNT", "SURE", "Hearing", "Missed", "certainty"]

SURE = 0.5
"""How sure it must be of a sentence that is obeyed at once, for no second look. Of 631 clips of other people's words none
was obeyed, in a hold or while a question was open (`scripts/bench false_alarms`); none was heard as such a sentence at all,
however unsure. Talked over by the assistant's own voice an earlier model was as little as 0.67 sure of a true one (0.95 as
mixed phrases count now), and PocketSphinx overruled it."""


GRUNT = 0.45
"""Seconds of words that are no sentence, below which nobody has said anything: of five voices "uh", "um", "ah" and "ugh"
took 0.21 to 0.42, heard as garbage or as "a", "up", "i'm"; "bananas" took 0.51 to 0.69. Somebody in pain who grunts has
not answered a question."""


@dataclass(frozen=True)
class Missed:
    """Somebody spoke, and it was nothing that counts."""


@dataclass(frozen=True)
class _Judged:
    """What an utterance means, if anything, and why that is not believed, if it is not."""

    meaning: Intent | Unsure | None
    doubt: str = ""


class Hearing:
    """Listens to one stream of frames.

    An utterance is tried at the first short silence: if it is a whole command that no longer one begins
    with, and stands, it is answered at once; otherwise it is heard on, until a longer silence ends it for certain.
    """

    def __init__(
        self, recogniser: Recogniser, verifier: Verifier, nlu: Nlu, emit: Callable[[Event], None]
    ) -> None:
        self._recogniser = recogniser
        self._verifier = verifier
        self._nlu = nlu
        self._emit = emit
        self._segmenter = Segmenter()
        self._now = 0  # samples heard, this frame included
        self._state: str | None = None  # what the recogniser's grammar is for
        self._utterance: list[Samples] = []
        self._partial = ""

    @property
    def speech(self) -> bool:
        """Whether somebody is being heard out."""
        return bool(self._utterance)

    def process(
        self, frame: Samples, state: str, *, lowered: bool = False
    ) -> Intent | Unsure | Missed | None:
        """Hear one frame, int16 of shape (320,), in a state of the conversation; `lowered`: it is residue of an echo."""
        self._now += FRAME
        segment = self._segmenter.process(frame, lowered=lowered)
        if segment is None:
            return None
        if segment.started:
            self._emit(SpeechStart(t=seconds(self._now)))
        self._listen_for(state)
        self._utterance.append(segment.samples)
        self._tell_partial(self._recogniser.accept(segment.samples))
        if segment.ended:
            hypothesis = self._recogniser.finish()
            return self._conclude(hypothesis, self._judge(hypothesis, state))
        if segment.silence == TRY_SILENCE:
            hypothesis = self._recogniser.finish()
            if self._nlu.is_complete(hypothesis.text, state):
                judged = self._judge(hypothesis, state)
                # "Cramp in my ... leg" may sound like a whole command before its last word, but seldom stands.
                if not judged.doubt:
                    self._segmenter.end()
                    return self._conclude(hypothesis, judged)
            self._recogniser.accept(np.concatenate(self._utterance))
        return None

    def _listen_for(self, state: str) -> None:
        """Give the recogniser the sentences of this state; the utterance under way is heard anew with them."""
        if state == self._state:
            return
        self._state = state
        self._recogniser.listen_for(self._nlu.phrases(state))
        if self._utterance:
            self._recogniser.accept(np.concatenate(self._utterance))

    def _tell_partial(self, text: str) -> None:
        if text and text != self._partial:
            self._emit(Partial(t=seconds(self._now), text=text))
        self._partial = text

    def _judge(self, hypothesis: Hypothesis, state: str) -> _Judged:
        """Tell what the utterance so far means, and whether that is believed."""
        if not hypothesis.words:
            return _Judged(None, "no sentence known here was heard in it")
        meaning = self._nlu.understand(hypothesis.text, state)
        if meaning is None:
            return _Judged(None, "not a sentence known here")
        sure = certainty(hypothesis, meaning, self._nlu, state)
        if isinstance(meaning, Intent) and self._nlu.at_once(meaning, state) and sure >= SURE:
            return _Judged(meaning)
        audio = np.concatenate(self._utterance)
        verdict = self._verifier.agrees(hypothesis, sure, audio, self._nlu.phrases(state))
        return _Judged(meaning, "" if verdict.agreed else verdict.reason)

    def _conclude(self, hypothesis: Hypothesis, judged: _Judged) -> Intent | Unsure | Missed | None:
        length = sum(map(len, self._utterance))
        self._utterance, self._partial = [], ""
        t = seconds(self._now)
        self._emit(SpeechEnd(t=t))
        if hypothesis.words:
            began = seconds(self._now - length)
            self._emit(
                Heard(
                    t=t,
                    text=hypothesis.text,
                    confidence=hypothesis.confidence,
                    start=began + hypothesis.words[0].start,
                    end=began + hypothesis.words[-1].end,
                    recogniser=hypothesis.recogniser,
                )
            )
        if not judged.doubt:
            return judged.meaning
        self._emit(Rejected(t=t, text=hypothesis.text, reason=judged.doubt))
        if not hypothesis.words:
            return None  # a knock, a cough
        return None if judged.meaning is None and _grunt(hypothesis) else Missed()


def certainty(hypothesis: Hypothesis, meaning: Intent | Unsure, nlu: Nlu, state: str) -> float:
    """Return how sure it is that this was meant, 0 to 1: as sure as of the least certain word, if not surer.

    Between "stop the timer" and "stop my timer" an engine may be torn, and sure all the same of what is to be done.
    """
    if isinstance(meaning, Unsure):
        return hypothesis.least
    alike = sum(likely for text, likely in hypothesis.phrases.items() if nlu.same(text, meaning, state))
    return max(hypothesis.least, alike)


def _grunt(hypothesis: Hypothesis) -> bool:
    """Whether it is too short a sound to have been a sentence."""
    return sum(word.end - word.start for word in hypothesis.words) < GRUNT
