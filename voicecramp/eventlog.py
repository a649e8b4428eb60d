"""The event log on disk: one line of JSON an event, flushed as it happens."""

from pathlib import Path
from types import TracebackType
from typing import Self

from voicecramp.errors import VoiceCrampError
from voicecramp.events import Event

__all__ = ["EventLog"]


class EventLog:
    """Writes events to a file, or to a pipe such as /dev/stdout.

    Every line in the file is whole: what a full disk cuts short is taken away again.
    VoiceCrampError when it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = path.open("wb", buffering=0)
        except OSError as error:
            raise self._failed(error) from error
        self._whole = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, event: Event) -> None:
        """Append an event."""
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
