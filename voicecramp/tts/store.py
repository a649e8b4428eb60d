"""The folder of clips: WAV files named after what they say and what they contain."""

import ctypes
import hashlib
import importlib.metadata
import io
import json
import logging
import os
import tempfile
import wave
from pathlib import Path

import numpy as np

from voicecramp.errors import VoiceCrampError
from voicecramp.frames import RATE, Samples
from voicecramp.tts.trim import VERSION
from voicecramp.tts.voice import Voice

__all__ = ["Store"]

_LOGGER = logging.getLogger(__name__)

_LIBRARY = "libespeak-ng.so.1"
"""The first name under which pyttsx3 looks for espeak-ng on Linux."""


class Store:
    """The clips of one voice in a folder, which may hold those of others.

    The second half of a file's name is the checksum of what is in it, so that no damaged one is ever played.
    Several threads may use it, each for texts of its own.

    Args:
        folder: Made if missing.
        voice: Who speaks. The versions of what renders are part of a clip's name too.

    Raises:
        VoiceCrampError: If there can be no such folder, or espeak-ng is not installed.
    """

    def __init__(self, folder: Path, voice: Voice) -> None:
        self._folder = folder
        self._made_with = [
            *(voice.language, voice.rate),
            *(VERSION, importlib.metadata.version("pyttsx3"), _espeak_version()),
        ]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            names = [entry.name for entry in os.scandir(folder)]
        except OSError as error:
            raise self._unusable(error) from error
        self._files: dict[str, list[Path]] = {}
        for name in names:
            if name.endswith(".wav"):
                self._files.setdefault(name.partition("-")[0], []).append(folder / name)

    def has(self, text: str) -> bool:
        """Whether there is a clip of the text, and it is whole."""
        return self._read(text) is not None

    def get(self, text: str) -> Samples | None:
        """Return the clip of a text, or None where there is none or it is damaged."""
        content = self._read(text)
        if content is None:
            return None
        with wave.open(io.BytesIO(content)) as file:
            return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")

    def put(self, text: str, clip: Samples) -> None:
        """Keep a clip, in place of whatever there was for its text.

        Raises:
            VoiceCrampError: If it cannot be written; then nothing is.
        """
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(clip.astype("<i2").tobytes())
        content = buffer.getvalue()
        key = self._key(text)
        path = self._folder / f"{key}-{_checksum(content)}.wav"
        try:
            _write(path, content)
            for damaged in self._files.get(key, []):
                if damaged != path:
                    damaged.unlink(missing_ok=True)
        except OSError as error:
            raise self._unusable(error) from error
        self._files[key] = [path]

    def _read(self, text: str) -> bytes | None:
        for path in self._files.get(self._key(text), []):
            try:
                content = path.read_bytes()
            except OSError as error:
                _LOGGER.warning("The clip %s cannot be read: %s", path, error.strerror)
                continue
            if path.stem.partition("-")[2] == _checksum(content):
                return content
            _LOGGER.warning("The clip %s is damaged", path)
        return None

    def _key(self, text: str) -> str:
        return hashlib.sha256(json.dumps([text, *self._made_with]).encode()).hexdigest()[:32]

    def _unusable(self, error: OSError) -> VoiceCrampError:
        return VoiceCrampError(
            f"Speech cannot be kept in {self._folder}: {error.strerror}. "
            "Make room or give access there, or choose another folder for the cache."
        )


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; should the power fail soon after, its checksum tells."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def _espeak_version() -> str:
    """Ask the library itself, which needs no engine to be started: a few milliseconds."""
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError as error:
        raise VoiceCrampError(
            "The speech engine espeak-ng is missing: install it with `sudo apt install libespeak-ng1`."
        ) from error
    library.espeak_Info.restype = ctypes.c_char_p
    version: bytes = library.espeak_Info(None)
    return version.decode()
