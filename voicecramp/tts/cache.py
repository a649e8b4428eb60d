"""Everything that can be said, rendered once and kept: at run time speech is looked up, not made."""

import ctypes
import hashlib
import importlib.metadata
import io
import json
import logging
import os
import tempfile
import wave
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from voicecramp.errors import VoiceCrampError
from voicecramp.frames import RATE, Samples
from voicecramp.tts.engine import WORKER, Engine, EngineError
from voicecramp.tts.trim import VERSION, BrokenClipError, make_clip
from voicecramp.tts.voice import Voice

__all__ = ["render"]

_LOGGER = logging.getLogger(__name__)

_TRIES = 5
"""Times a clip is asked for. pyttsx3 gives an empty one now and then: 1 in 60 of those asked for first on a busy
machine, hardly ever later, so never five times on end by chance."""

_LIBRARY = "libespeak-ng.so.1"
"""The first name under which pyttsx3 looks for espeak-ng on Linux."""


def render(  # noqa: PLR0913 - two of them only for engines other than ours
    texts: Iterable[str],
    voice: Voice,
    cache: Path,
    progress: Callable[[int, int], None],
    *,
    worker: Sequence[str] = WORKER,
    timeout: float = 30.0,
) -> dict[str, Samples]:
    """Give every text as a clip, out of the cache where it is there, else rendered and kept.

    Args:
        texts: What can be said; the same one twice is one clip.
        voice: Who says it.
        cache: The folder of clips, made if missing. Deleting it costs only time.
        progress: Called with (clips rendered, clips to render), first with 0; not at all where none is missing.
        worker: What starts the speech engine.
        timeout: Seconds it may take for one clip.

    Returns:
        Text to clip: int16, shape (n,), read-only, first and last sample audible (`trim.AUDIBLE`), all equally
        loud.

    Raises:
        VoiceCrampError: If a clip cannot be rendered or kept.
    """
    wanted = dict.fromkeys(texts)
    for text in wanted:
        if not any(character.isalnum() for character in text):
            raise VoiceCrampError(f"There is nothing to say in {text!r}: write a word or a number.")
    store = _Store(cache, voice)
    clips = {text: clip for text in wanted if (clip := store.get(text)) is not None}
    missing = [text for text in wanted if text not in clips]
    if missing:
        _LOGGER.info("Rendering %d of %d clips", len(missing), len(wanted))
        progress(0, len(missing))
        with Engine(voice, worker, timeout) as engine:
            for done, text in enumerate(missing, start=1):
                clips[text] = _speak(engine, text, voice)
                store.put(text, clips[text])
                progress(done, len(missing))
    return clips


def _speak(engine: Engine, text: str, voice: Voice) -> Samples:
    for tried in range(1, _TRIES + 1):
        try:
            return make_clip(engine.speak(text), text, voice.rate)
        except (EngineError, BrokenClipError) as error:
            _LOGGER.info("Try %d of %d at %r: %s", tried, _TRIES, text, error)
            engine.close()  # a clip that came too early may leave the rest of it to the next text
            reason = error
    raise VoiceCrampError(f"The speech engine failed {_TRIES} times to say {text!r}: {reason}.") from reason


class _Store:
    """A folder of WAV files named after what they say and what they contain.

    The second half of a name is the checksum of the file, so that no damaged one is ever played.
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

    def get(self, text: str) -> Samples | None:
        """Return the clip of a text, or None where there is none or it is damaged."""
        for path in self._files.get(self._key(text), []):
            try:
                content = path.read_bytes()
            except OSError as error:
                _LOGGER.warning("The clip %s cannot be read: %s", path, error.strerror)
                continue
            if path.stem.partition("-")[2] == _checksum(content):
                with wave.open(io.BytesIO(content)) as file:
                    return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
            _LOGGER.warning("The clip %s is damaged", path)
        return None

    def put(self, text: str, clip: Samples) -> None:
        """Keep a clip, in place of whatever there was for its text."""
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
            for damaged in self._files.pop(key, []):
                if damaged != path:
                    damaged.unlink(missing_ok=True)
        except OSError as error:
            raise self._unusable(error) from error

    def _key(self, text: str) -> str:
        return hashlib.sha256(json.dumps([text, *self._made_with]).encode()).hexdigest()[:32]

    def _unusable(self, error: OSError) -> VoiceCrampError:
        return VoiceCrampError(
            f"Speech cannot be kept in {self._folder}: {error.strerror}. "
            "Make room or give access there, or choose another folder for the cache."
        )


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
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
