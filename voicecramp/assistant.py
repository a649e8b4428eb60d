"""Puts the assistant together: content, recogniser and voice, ready to hear its first frame."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from voicecramp import resources
from voicecramp.aec import EchoCanceller
from voicecramp.asr import Choice, choose
from voicecramp.config import Config
from voicecramp.dialogue import Content, Dialogue, Memory, Past, Settings, State
from voicecramp.events import Event, Failure
from voicecramp.hearing import Hearing
from voicecramp.nlu import Nlu
from voicecramp.nlu import load as load_nlu
from voicecramp.pipeline import Pipeline
from voicecramp.playback import Timeline
from voicecramp.speaking import Speaking
from voicecramp.tts import Voice, render

__all__ = ["Mind", "assemble", "clip_cache", "voice"]

LANGUAGE = "en"
"""The folder of `intents/` that is spoken; there is one so far."""


def clip_cache() -> Path:
    """The folder that rendered speech is kept in."""
    return platformdirs.user_cache_path("voicecramp") / "speech"


@dataclass(frozen=True)
class Mind:
    """What understands and decides, without a sound: enough for a conversation by text."""

    nlu: Nlu
    dialogue: Dialogue

    @classmethod
    def load(cls, config: Config, past: Past | None = None) -> "Mind":
        """Read the content; VoiceCrampError if it is not as it should be."""
        folder = resources.intents() / LANGUAGE
        settings = Settings(
            hold=config.hold.seconds,
            longest=config.hold.longest,
            counts=config.hold.counts,
            answer=config.listening.answer_seconds,
            gain=config.speech.volume,
        )
        nlu = load_nlu(folder)
        return cls(nlu, Dialogue(Content.load(folder), settings, past, nlu.values()))

    def texts(self) -> Iterator[str]:
        """Everything that may ever be spoken, numbers as digits."""
        yield from (line.text for line in self.dialogue.lines())
        yield from (self.dialogue.doubt(label).text for label in self.nlu.labels())
        yield from map(str, range(1, self.dialogue.longest_hold + 1))


def voice(config: Config) -> Voice:
    """The voice that the configuration asks for."""
    return Voice(language=config.speech.language, rate=config.speech.rate)


def assemble(
    config: Config,
    emit: Callable[[Event], None],
    progress: Callable[[int, int], None],
    memory: Memory,
) -> tuple[Pipeline, Choice]:
    """Build the pipeline and choose the recogniser.

    Args:
        config: What the person has set.
        emit: Where events go.
        progress: Told how many clips of how many are ready, while speech is rendered for the first time.
        memory: What earlier conversations left behind, and who keeps what this one does.

    Raises:
        VoiceCrampError: Content, model, voice or cache are not as they should be.
    """
    mind = Mind.load(config, memory)
    choice = choose(
        resources.models(),
        config.asr.engine,
        config.asr.model or None,
        resources.downloads(),
        mind.nlu.pronunciations(),
    )
    for trouble in choice.troubles:
        emit(Failure(t=0.0, what=f"{trouble} Until then this listens: {choice.why}."))
    sentences = [phrase for state in State for phrase in mind.nlu.phrases(state)]
    for word, phrase in choice.recogniser.unknown_words(sentences).items():
        what = f'the recogniser does not know the word "{word}", so it cannot hear "{phrase}"'
        emit(Failure(t=0.0, what=what))
    clips = render(mind.texts(), voice(config), clip_cache(), progress)
    timeline = Timeline()
    pipeline = Pipeline(
        echo_canceller=EchoCanceller(),
        hearing=Hearing(choice.recogniser, choice.verifier, mind.nlu, emit),
        nlu=mind.nlu,
        dialogue=mind.dialogue,
        speaking=Speaking(clips, timeline, emit),
        timeline=timeline,
        emit=emit,
        keep=memory.record,
    )
    return pipeline, choice
