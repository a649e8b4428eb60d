"""The two engines of the product, asked the same questions."""

import json
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import vosk
from pocketsphinx import Config, Decoder

from training.corpus import RATE
from training.lexicon import guess
from voicecramp.asr.alternatives import COUNT, choose, read_alternatives

__all__ = ["Heard", "Listener", "Paths", "load_model", "pocketsphinx_listener", "vosk_listener"]

_PAD = 0.3
"""Seconds of quiet put around a recording: an engine at a microphone never starts within a word."""


@dataclass(frozen=True)
class Heard:
    """What an engine made of a recording."""

    text: str
    confidences: tuple[float, ...]
    """Of every word; empty where the engine gives none."""


Listener = Callable[[np.ndarray], Heard]
"""float32 samples at 16 kHz in, words out."""


def load_model(folder: Path) -> vosk.Model:
    """Return a model for `vosk_listener`, which may have it with many grammars.

    Raises `FileNotFoundError` where there is none.
    """
    (folder / "am" / "final.mdl").stat()  # Vosk itself does not say what is missing
    vosk.SetLogLevel(-1)
    return vosk.Model(str(folder))


def vosk_listener(model: vosk.Model, phrases: Sequence[str], whole: Container[str] | None = None) -> Listener:
    """Return Vosk with this model and grammar; `[unk]` must be among the phrases to be heard.

    What it may have heard is chosen from as the assistant does: by `whole`, what counts as a whole phrase, else
    the phrases.
    """
    recogniser = vosk.KaldiRecognizer(model, RATE, json.dumps(list(phrases)))
    recogniser.SetWords(True)
    recogniser.SetMaxAlternatives(COUNT)
    wanted = frozenset(phrases) if whole is None else whole

    def listen(sound: np.ndarray) -> Heard:
        recogniser.AcceptWaveform(_bytes(sound))
        words = choose(read_alternatives(json.loads(recogniser.FinalResult())), wanted)
        return Heard(" ".join(word.text for word in words), tuple(word.confidence for word in words))

    return listen


class Paths:
    """A graph of words for PocketSphinx: every way from state 0 to state 1 may be said."""

    def __init__(self, states: int) -> None:
        """Begin with so many states, without arcs."""
        self.arcs: list[tuple[int, int, float, str]] = []
        """From, to, probability, word."""
        self._states = states

    def add(self, sources: Sequence[int], targets: Sequence[int], phrases: Iterable[str]) -> None:
        """Let every phrase lead from every source to every target."""
        for words in (phrase.split() for phrase in phrases):
            between = range(self._states, self._states + len(words) - 1)
            self._states += len(between)
            places = [sources, *((state,) for state in between), targets]
            for before, after, word in zip(places, places[1:], words, strict=False):
                self.arcs += [(one, other, 1.0, word) for one in before for other in after]


def pocketsphinx_listener(paths: Paths) -> Listener:
    """Return PocketSphinx with its own model; words that it does not know are said by rule, as ours are."""
    # Without its third pass, which takes ten seconds for a coffee order and got fewer of the commands right.
    decoder = Decoder(Config(lm=None, bestpath=False, logfn="/dev/null"))
    for word in sorted({word for *_, word in paths.arcs}):
        if decoder.lookup_word(word) is None:
            decoder.add_word(word, " ".join(guess(word)), True)
    decoder.add_fsg("heard", decoder.create_fsg("heard", 0, 1, paths.arcs))
    decoder.activate_search("heard")

    def listen(sound: np.ndarray) -> Heard:
        decoder.start_utt()
        decoder.process_raw(_bytes(sound), full_utt=True)
        decoder.end_utt()
        found = decoder.hyp()
        return Heard(found.hypstr.lower() if found else "", ())

    return listen


def _bytes(sound: np.ndarray) -> bytes:
    pad = round(_PAD * RATE)
    quiet = np.random.default_rng(0).normal(0, 1e-4, len(sound) + 2 * pad)
    quiet[pad : pad + len(sound)] += sound
    return (np.clip(quiet, -1, 1) * 32767).astype(np.int16).tobytes()
