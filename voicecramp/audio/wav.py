"""Sound files: read any kind as one channel at 16 kHz; write two channels, whole or not at all."""

import io
import os
import stat
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
import soundfile
import soxr

from voicecramp.errors import VoiceCrampError
from voicecramp.frames import RATE, Samples

__all__ = ["StereoWriter", "read", "write_stereo"]

_BLOCK = 1 << 16
"""Sample frames read at a time: a night of 48 kHz stereo must never lie in memory uncompressed."""

_LONGEST = 0xFFFFFFFF - 36
"""Bytes of sound that a header can tell, 19 hours of two channels; what is longer than that goes on to the end."""

_OPEN_ENDED = 0x7FFF0000
"""Data lengths from here on (19 hours) mean "until the end": as put there by what writes into a pipe."""


def read(source: Path | BinaryIO) -> Samples:
    """Read a sound file of any rate, channel count and sample format.

    Args:
        source: A path, or an open binary file such as `sys.stdin.buffer`, read to its end.

    Returns:
        The mean of the channels at 16 kHz, shape (n,), n at least 1. A 16 kHz mono 16-bit file comes
        out as it is, bit for bit.

    Raises:
        VoiceCrampError: Missing, a folder, unreadable, empty, cut short, or not sound.
    """
    name, file = _open(source)
    data = bytearray()  # grows in place: a night of a gigabyte must not be held twice
    with file:
        try:
            _check_whole(file, name)
            with soundfile.SoundFile(file) as sound:
                for block in _mono_at_rate(sound, name):
                    data += block.tobytes()
        except soundfile.LibsndfileError as error:
            raise VoiceCrampError(
                f"{name} is not a sound file that can be read ({error.error_string.rstrip('.')}); "
                "give a WAV, FLAC or Ogg file."
            ) from error
        except TypeError as error:  # soundfile wants to be told more of what is called .raw
            raise VoiceCrampError(
                f"{name} is raw sound, of which nobody knows the rate; give a WAV, FLAC or Ogg file."
            ) from error
        except OSError as error:
            raise _unreadable(name, error) from error
    if not data:
        raise VoiceCrampError(f"{name} is a sound file with no sound in it (0 samples); record it again.")
    return np.frombuffer(data, np.int16)


def _open(source: Path | BinaryIO) -> tuple[str, BinaryIO]:
    if isinstance(source, Path):
        try:
            file = source.open("rb")
            if file.seekable():
                return str(source), file
            with file:
                return str(source), io.BytesIO(file.read())  # a pipe cannot be sought in
        except OSError as error:
            raise _unreadable(str(source), error) from error
    name = "Standard input" if source.name in ("<stdin>", 0) else str(source.name)
    try:
        return name, io.BytesIO(source.read())  # a pipe, perhaps
    except OSError as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: OSError) -> VoiceCrampError:
    return VoiceCrampError(f"Cannot read {name}: {error.strerror}; give a sound file.")


def _check_whole(file: BinaryIO, name: str) -> None:
    """Find what libsndfile passes over in silence: a WAV whose end is missing."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size == 0:
        raise VoiceCrampError(f"{name} is empty (0 bytes); give a sound file.")
    head = file.read(12)
    if head[:4] == b"RIFF" and head[8:] == b"WAVE":
        position = 12
        while len(head := file.read(8)) == 8:
            position += 8
            length = int.from_bytes(head[4:], "little")
            if head[:4] == b"data":
                missing = position + length - size
                if missing > 0 and length < _OPEN_ENDED:
                    raise VoiceCrampError(
                        f"{name} is cut short: its header promises {length} bytes of sound and {missing} of "
                        "them are missing; copy or record it again."
                    )
                break
            position = file.seek(position + length + length % 2)
    file.seek(0)


def _mono_at_rate(sound: soundfile.SoundFile, name: str) -> Iterator[Samples]:
    resample = soxr.ResampleStream(sound.samplerate, RATE, 1, dtype="float32")
    while True:
        # float32 carries 24 bits, more than will be kept.
        block = sound.read(_BLOCK, dtype="float32", always_2d=True)
        mono = block.mean(axis=1, dtype=np.float32)
        if not np.isfinite(mono).all():
            raise VoiceCrampError(f"{name} holds samples that are not numbers; record it again.")
        last = len(block) < _BLOCK
        if sound.samplerate != RATE:
            mono = resample.resample_chunk(mono, last=last)
        yield np.clip(np.rint(mono * 32768), -32768, 32767).astype(np.int16)
        if last:
            return


class StereoWriter:
    """Writes a 16-bit stereo WAV at 16 kHz while it is being made.

    It grows under a temporary name beside its place and is renamed when it is whole, so that no half
    file ever stands there. It is readable for its owner alone, or for whom the file was whose place it
    takes. As a context manager it is closed at the end, or discarded on an error.

        with StereoWriter(Path("talk.wav")) as talk:
            talk.write(heard, said)

    Every method raises VoiceCrampError when the folder is missing, may not be written to, or is full;
    the temporary file is gone then.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.whole = False
        """Whether it stands in its place, closed."""
        if path.is_dir():
            raise VoiceCrampError(f"Cannot write {path}: it is a folder; name a WAV file in it.")
        if path.exists() and not path.is_file():
            raise VoiceCrampError(f"Cannot write {path}: it is a device and not a file; name a WAV file.")
        if not path.parent.is_dir():
            raise VoiceCrampError(f"Cannot write {path}: there is no folder {path.parent}; make it first.")
        self._partial = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            self._file = os.fdopen(os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        except OSError as error:
            raise self._failed(error) from error
        if path.exists():
            with suppress(OSError):  # a disk that knows no rights
                os.fchmod(self._file.fileno(), stat.S_IMODE(path.stat().st_mode))
        self._length = 0
        self._append(_header(0))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def write(self, left: Samples, right: Samples) -> None:
        """Append samples, both of shape (n,); ValueError if one is longer."""
        both = np.stack([left, right], axis=1).astype("<i2", copy=False).tobytes()
        self._append(both)
        self._length += len(both)

    def close(self) -> None:
        """Put the whole file in its place. Closed or discarded before, it stays as it is."""
        if self._file.closed:
            return
        try:
            self._file.seek(0)
            self._file.write(_header(self._length))
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._partial.replace(self._path)
            self.whole = True
        except OSError as error:
            self.discard()
            raise self._failed(error) from error

    def discard(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError):  # what the full disk refused before, it refuses again
            self._file.close()
        self._partial.unlink(missing_ok=True)

    def _append(self, data: bytes) -> None:
        try:
            self._file.write(data)
        except OSError as error:
            self.discard()
            raise self._failed(error) from error

    def _failed(self, error: OSError) -> VoiceCrampError:
        return VoiceCrampError(
            f"Cannot write {self._path}: {error.strerror}; make room or choose another place."
        )


def _header(length: int) -> bytes:
    channels, width = 2, 2
    length = min(length, _LONGEST)
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", 36 + length, b"WAVE"),
        *(b"fmt ", 16, 1, channels, RATE, RATE * channels * width, channels * width, 8 * width),
        *(b"data", length),
    )


def write_stereo(path: Path, left: Samples, right: Samples) -> None:
    """Write two channels, both of shape (n,), as a 16-bit WAV at 16 kHz; errors as for StereoWriter."""
    with StereoWriter(path) as writer:
        writer.write(left, right)
