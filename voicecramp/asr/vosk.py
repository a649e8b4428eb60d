"""The Vosk engine with a grammar made at run time."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz
from vosk import KaldiRecognizer, Model, SetLogLevel

from voicecramp.asr.alternatives import COUNT, choose, read_alternatives, whole_phrases
from voicecramp.asr.blocks import Blocks
from voicecramp.asr.model_folder import check_model_folder
from voicecramp.asr.recogniser import UNKNOWN, Hypothesis, find_unknown
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
    together; a whole phrase that is as good as likely is taken instead (see `choose`). The same sound gives the
    same answer, whatever was heard before and however the caller cut it.
    """

    name = "vosk"

    def __init__(self, model_dir: Path) -> None:
        """Load a model folder (am/final.mdl, conf/, graph/).

        Raises:
            VoiceCrampError: The folder is no Vosk model, or a damaged one.
        """
        SetLogLevel(-3)  # not even errors: they are raised too
        check_model_folder(model_dir)
        try:
            self._model = Model(str(model_dir))
            KaldiRecognizer(self._model, RATE)  # the last of the checks is made here
        except Exception as error:
            raise VoiceCrampError(
                f"{model_dir} has the files of a Vosk model, but Vosk cannot load it; install it again."
            ) from error
        self._garbage = (UNKNOWN,) if self._knows(UNKNOWN) else ()
        self._sayable: frozenset[str] = frozenset()
        self._grammar = ""
        """The sayable phrases and garbage, as Vosk takes them; empty: nothing to listen for."""
        self._decoder: KaldiRecognizer | None = None
        self._begin()

    def listen_for(self, phrases: Sequence[str]) -> None:
        """Take these phrases as the grammar; those with unknown words are left out (see `unknown_words`)."""
        possible = (phrase for phrase in dict.fromkeys(phrases) if phrase.split())
        sayable = [phrase for phrase in possible if all(map(self._knows, phrase.split()))]
        self._sayable = frozenset(sayable)
        self._grammar = json.dumps([*sayable, *self._garbage]) if sayable else ""
        self._begin()

    def unknown_words(self, phrases: Sequence[str]) -> Mapping[str, str]:
        """Return the words that the model cannot hear, each with the first phrase it stands in."""
        return find_unknown(self._knows, phrases)

    def accept(self, samples: Samples) -> str:
        """Hear more of the current utterance; return what it sounds like so far."""
        for block in self._blocks.add(samples):
            self._sound.append(block)
            if self._decoder is None and self._grammar:
                self._decoder = self._new_decoder(self._grammar)
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
            decoder = self._new_decoder(self._grammar)
        hypothesis = Hypothesis((), self.name)
        if decoder is not None:
            decoder.AcceptWaveform(rest.tobytes())
            hypothesis = self._choose(decoder)
            hypothesis = self._without_slivers(hypothesis, np.concatenate([*self._sound, rest]))
        self._begin()
        return hypothesis

    def _without_slivers(self, hypothesis: Hypothesis, sound: Samples) -> Hypothesis:
        """Hear an utterance again without garbage where that took only a short word or two."""
        slivers = [word.end - word.start for word in hypothesis.words if word.text == UNKNOWN]
        if not slivers or max(slivers) > _SLIVER:
            return hypothesis
        decoder, blocks = self._new_decoder(json.dumps(sorted(self._sayable))), Blocks()
        for block in blocks.add(sound):
            decoder.AcceptWaveform(block.tobytes())
        decoder.AcceptWaveform(blocks.rest().tobytes())
        whole = self._choose(decoder)
        clear = " ".join(word.text for word in hypothesis.words if word.text != UNKNOWN)
        same = whole.text in self._sayable and fuzz.ratio(clear, whole.text) >= _SAME
        return whole if same else hypothesis

    def _choose(self, decoder: KaldiRecognizer) -> Hypothesis:
        """End the decoder's utterance, and choose among what it may have been."""
        alternatives = read_alternatives(json.loads(decoder.FinalResult()))
        words, phrases = choose(alternatives, self._sayable), whole_phrases(alternatives, self._sayable)
        return Hypothesis(words, self.name, phrases)

    def _begin(self) -> None:
        # A decoder serves one utterance: a new one costs under a millisecond and starts from zero seconds,
        # while SetGrammar on one that has been fed aborts the process.
        self._decoder = None
        self._blocks = Blocks()
        self._sound: list[Samples] = []
        self._partial = ""

    def _new_decoder(self, grammar: str) -> KaldiRecognizer:
        decoder = KaldiRecognizer(self._model, RATE, grammar)
        decoder.SetWords(True)
        decoder.SetMaxAlternatives(COUNT)
        return decoder

    def _knows(self, word: str) -> bool:
        # 0 is <eps>, which stands for silence in the graph and would hit an assertion in a grammar.
        return bool(self._model.vosk_model_find_word(word) > 0)
