"""Which engine listens, and what takes the second look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from voicecramp import models as model_list
from voicecramp.asr.everyday import EverydayWords
from voicecramp.asr.pocketsphinx import PocketSphinxRecogniser
from voicecramp.asr.recogniser import Recogniser
from voicecramp.asr.second_look import OtherEngine, Verifier
from voicecramp.asr.vosk import VoskRecogniser
from voicecramp.errors import VoiceCrampError

__all__ = ["Choice", "choose"]


@dataclass(frozen=True)
class Choice:
    """What listens."""

    recogniser: Recogniser
    verifier: Verifier
    why: str
    """A clause for the line at start-up."""
    troubles: tuple[str, ...] = ()
    """Of each model that was passed over because it is damaged, and of the manifest, what is wrong and what to do."""


def choose(
    models: Path,
    engine: Literal["auto", "vosk", "pocketsphinx"] = "auto",
    model: str | None = None,
    downloads: Path | None = None,
    pronunciations: Mapping[str, Sequence[str]] | None = None,
) -> Choice:
    """Choose what listens: Vosk where there is a model for it, otherwise PocketSphinx.

    A damaged model that nobody asked for is passed over, and so is a manifest: whoever is in pain needs something
    that listens.

    Args:
        models: The folder of models that come with VoiceCramp, and of their manifest.
        engine: One engine by name, or `auto`.
        model: The name of a Vosk model or its folder; none: the first of the manifest that is there.
        downloads: Where further models were installed, if not in `models`.
        pronunciations: Ways to say words that PocketSphinx may lack, in the phones of ARPAbet.

    Raises:
        VoiceCrampError: The model named is not there or is damaged, or Vosk is asked for and has none that is whole.
    """
    words = pronunciations or {}
    if engine == "pocketsphinx":
        return _pocketsphinx("PocketSphinx, as configured", words)
    troubles: tuple[str, ...] = ()
    try:
        manifest = model_list.read_manifest(models)
    except VoiceCrampError as error:
        manifest, troubles = model_list.Manifest(models={}), (str(error),)
    folders = [models] if downloads is None else [models, downloads]
    if model:
        return replace(_vosk(model_list.find(model, manifest, folders).path, words), troubles=troubles)
    there = model_list.installed(manifest, folders)
    for candidate in there:
        try:
            return replace(_vosk(candidate.path, words), troubles=troubles)
        except VoiceCrampError as error:
            troubles += (str(error),)
    if engine == "vosk":
        install = "install one with `voicecramp models install`, or use PocketSphinx"
        raise VoiceCrampError(troubles[0] if troubles else f"Vosk has no model in {models}; {install}.")
    why = "no Vosk model is whole" if there else f"there is no Vosk model in {models}"
    return replace(_pocketsphinx(f"PocketSphinx, for {why}", words), troubles=troubles)


def _vosk(folder: Path, words: Mapping[str, Sequence[str]]) -> Choice:
    return Choice(
        VoskRecogniser(folder),
        OtherEngine(PocketSphinxRecogniser(words)),
        f"Vosk with {folder.name}, checked by PocketSphinx",
    )


def _pocketsphinx(why: str, words: Mapping[str, Sequence[str]]) -> Choice:
    return Choice(PocketSphinxRecogniser(words), EverydayWords(words), why)
