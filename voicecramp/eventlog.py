"""The event log on disk: one line of JSON an event, flushed as it happens."""

import os
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

from voicecramp.errors import VoiceCrampError
from voicecramp.events import Event

__all__ = ["EventLog"]


class EventLog:
    """Writes events to a file, or to a pipe such as /dev/stdout.

    The file is opened, and what was in it goes, where the `with` begins: what is written before waits until then.
    A new file is readable for its owner alone: it holds what was said in bed.
    Every line in the file is whole: what a full disk cuts short is taken away again.
    VoiceCrampError when it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: FileIO | None = None
        self._waiting: list[Event] = []
        self._whole = 0

    def __enter__(self) -> Self:
        try:
            self._file = FileIO(self._path, "w", opener=_private)
        except OSError as error:
            raise self._failed(error) from error
        for event in self._waiting:
            self.write(event)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def write(self, event: Event) -> None:
        """Append an event."""
        if self._file is None:
            self._waiting.append(event)
            return
        line = event.line().encode() + b"\n"
        rest = line
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            if self._path.is_file():  # nothing can be taken back from a pipe
                self._file.truncate(self._whole)
            raise self._failed(error) from error
        self._whole += len(line)

    def _failed(self, error: OSError) -> VoiceCrampError:
        return VoiceCrampError(
            f"Cannot write the event log {self._path}: {error.strerror}; make room or choose another place."
        )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
