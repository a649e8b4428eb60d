"""The Vosk engine with a grammar made at run time."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz
from vosk import KaldiRecognizer, Model, SetLogLevel

from voicecramp.asr.blocks import Blocks
from voicecramp.asr.model_folder import check_model_folder
from voicecramp.asr.recogniser import UNKNOWN, Hypothesis, Word, find_unknown
from voicecramp.errors import VoiceCrampError
from voicecramp.frames import RATE, Samples

__all__ = ["VoskRecogniser"]


_SLIVER = 0.35
"""Seconds of garbage that may be a short word misheard: "i" and "my" are shorter, other people's talk is longer."""

_SAME = 85.0
"""How alike (rapidfuzz, 0 to 100) the words around the slivers and the sentence heard without garbage must be: they
differ by no more than a short word or two."""


class VoskRecogniser:
    """Vosk, listening for whole phrases and for garbage between them where the model knows `[unk]`.

    Vosk's grammar is a bigram over the words of the phrases, so it also hears phrases that were mixed
    together: match whole phrases afterwards. The same sound gives the same answer, whatever was heard before
    and however the caller cut it.
    """

    name = "vosk"

    def __init__(self, model_dir: Path) -> None:
        """Load a model folder (am/final.mdl, conf/, graph/).

        Raises:
            VoiceCrampError: The folder is no Vosk model, or a damaged one.
        """
        SetLogLevel(-1)
        check_model_folder(model_dir)
        try:
            self._model = Model(str(model_dir))
            KaldiRecognizer(self._model, RATE)  # the last of the checks is made here
        except Exception as error:
            raise VoiceCrampError(
                f"{model_dir} has the files of a Vosk model, but Vosk cannot load it; install it again."
            ) from error
        self._garbage = (UNKNOWN,) if self._knows(UNKNOWN) else ()
        self._grammar = ""
        """What to listen for, as Vosk takes it; empty: nothing."""
        self._sayable: tuple[str, ...] = ()
        self._decoder: KaldiRecognizer | None = None
        self._begin()

    def listen_for(self, phrases: Sequence[str]) -> None:
        """Take these phrases as the grammar; those with unknown words are left out (see `unknown_words`)."""
        possible = (phrase for phrase in dict.fromkeys(phrases) if phrase.split())
        self._sayable = tuple(phrase for phrase in possible if all(map(self._knows, phrase.split())))
        self._grammar = json.dumps([*self._sayable, *self._garbage]) if self._sayable else ""
        self._begin()

    def unknown_words(self, phrases: Sequence[str]) -> Mapping[str, str]:
        """Return the words that the model cannot hear, each with the first phrase it stands in."""
        return find_unknown(self._knows, phrases)

    def accept(self, samples: Samples) -> str:
        """Hear more of the current utterance; return what it sounds like so far."""
        for block in self._blocks.add(samples):
            self._sound.append(block)
            if self._decoder is None and self._grammar:
                self._decoder = self._new_decoder()
            if self._decoder is not None:
                # Vosk's opinion that the utterance has ended is ignored: the caller decides that.
                self._decoder.AcceptWaveform(block.tobytes())
                self._partial = str(json.loads(self._decoder.PartialResult())["partial"])
        return self._partial

    def finish(self) -> Hypothesis:
        """End the utterance."""
        rest = self._blocks.rest()
        decoder = self._decoder
        if decoder is None and len(rest) and self._grammar:
            decoder = self._new_decoder()
        words: tuple[Word, ...] = ()
        if decoder is not None:
            decoder.AcceptWaveform(rest.tobytes())
            words = self._reconsidered(_words(decoder), np.concatenate([*self._sound, rest]))
        self._begin()
        return Hypothesis(words, self.name)

    def _reconsidered(self, words: tuple[Word, ...], sound: Samples) -> tuple[Word, ...]:
        """Hear an utterance again, with less to choose from, that is next to a phrase but none."""
        slivers = [word.end - word.start for word in words if word.text == UNKNOWN]
        if slivers and max(slivers) <= _SLIVER:
            clear = " ".join(word.text for word in words if word.text != UNKNOWN)
            whole = self._among(self._sayable, sound)
            text = " ".join(word.text for word in whole)
            return whole if text in self._sayable and fuzz.ratio(clear, text) >= _SAME else words
        if not slivers and len(words) == 1 and words[0].text not in self._sayable:
            # In a noisy room "sport", which is said in longer phrases only, is heard for "stop".
            single = [phrase for phrase in self._sayable if " " not in phrase]
            alone = self._among([*single, *self._garbage], sound) if single else ()
            if len(alone) == 1 and alone[0].text in single:
                return (
                    replace(alone[0], confidence=0.0),
                )  # heard in two ways: for the second look to decide
        return words

    def _among(self, phrases: Sequence[str], sound: Samples) -> tuple[Word, ...]:
        """Hear a whole utterance among these phrases alone."""
        decoder = KaldiRecognizer(self._model, RATE, json.dumps(list(phrases)))
        decoder.SetWords(True)
        for block in (blocks := Blocks()).add(sound):
            decoder.AcceptWaveform(block.tobytes())
        decoder.AcceptWaveform(blocks.rest().tobytes())
        return _words(decoder)

    def _begin(self) -> None:
        # A decoder serves one utterance: a new one costs under a millisecond and starts from zero seconds,
        # while SetGrammar on one that has been fed aborts the process.
        self._decoder = None
        self._blocks = Blocks()
        self._sound: list[Samples] = []
        self._partial = ""

    def _new_decoder(self) -> KaldiRecognizer:
        decoder = KaldiRecognizer(self._model, RATE, self._grammar)
        decoder.SetWords(True)
        return decoder

    def _knows(self, word: str) -> bool:
        # 0 is <eps>, which stands for silence in the graph and would hit an assertion in a grammar.
        return bool(self._model.vosk_model_find_word(word) > 0)


def _words(decoder: KaldiRecognizer) -> tuple[Word, ...]:
    """End the decoder's utterance and return its words."""
    return tuple(
        Word(word["word"], word["start"], word["end"], min(1.0, word["conf"]))
        for word in json.loads(decoder.FinalResult()).get("result", [])
    )
