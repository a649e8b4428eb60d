"""The other end of the worker: a process that may crash, hang or lie, and takes nothing down with it."""

import base64
import json
import logging
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import IO, Any, Self, cast

from voicecramp.errors import VoiceCrampError
from voicecramp.tts.voice import Voice

__all__ = ["WORKER", "Engine", "EngineError"]

_LOGGER = logging.getLogger(__name__)

WORKER = (sys.executable, "-m", "voicecramp.tts.worker")
"""The command that starts the worker; the language and the rate are added."""


class EngineError(Exception):
    """One try went wrong: the worker crashed, hung or gave nothing. Another try may do."""


class Engine:
    """Speaks one text at a time through a worker process, started when first needed and after every failure.

        with Engine(Voice()) as engine:
            wav = engine.speak("Breathe out slowly.")

    Args:
        voice: Who speaks.
        command: What starts the worker.
        timeout: Seconds within which the worker must be ready, and must answer each time.
    """

    def __init__(self, voice: Voice, command: Sequence[str] = WORKER, timeout: float = 30.0) -> None:
        self._command = (*command, voice.language, str(voice.rate))
        self._timeout = timeout
        self._worker: _Worker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def speak(self, text: str) -> bytes:
        """Return what should be a WAV file of the text; nothing in it has been checked.

        Raises:
            EngineError: If the worker did not answer with one.
            VoiceCrampError: If it cannot start: no engine, no such voice.
        """
        try:
            if self._worker is None:
                self._worker = _Worker(self._command, self._timeout)
                ready = self._worker.answer()
                if "error" in ready:
                    raise VoiceCrampError(str(ready["error"]))  # noqa: TRY301 - handled as all failures are
            return _wav(self._worker.ask({"text": text}))
        except BaseException:
            self.close()  # whatever state it is in, a new one knows nothing of it
            raise

    def close(self) -> None:
        """End the worker, if there is one. It keeps nothing, so nothing is lost."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None


class _Worker:
    """One process that answers each line of JSON with one, or is late, or is gone."""

    def __init__(self, command: Sequence[str], timeout: float) -> None:
        self._timeout = timeout
        self._read = bytearray()
        self._stderr = os.fdopen(os.memfd_create("stderr"), "w+b")  # in memory: the disk may be full
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr, bufsize=0
            )
        except OSError as error:
            self._stderr.close()
            raise VoiceCrampError(
                f"The speech engine {command[0]} cannot be started: {error.strerror}; install it again."
            ) from error
        self._stdin = cast("IO[bytes]", self._process.stdin)
        self._stdout = cast("IO[bytes]", self._process.stdout)

    def ask(self, request: Mapping[str, str]) -> dict[str, Any]:
        try:
            self._stdin.write(json.dumps(request).encode() + b"\n")
        except BrokenPipeError as error:
            raise self._gone() from error
        return self.answer()

    def answer(self) -> dict[str, Any]:
        line = self._line()
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise EngineError("the speech engine answered with something else than JSON") from error
        if not isinstance(answer, dict):
            raise EngineError("the speech engine answered with something else than an object")
        return answer

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._stderr.close()

    def _line(self) -> bytes:
        """Read one line, within the timeout whatever the worker does."""
        deadline = time.monotonic() + self._timeout
        readable = select.poll()
        readable.register(self._stdout, select.POLLIN)
        while (end := self._read.find(b"\n")) < 0:
            if not readable.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise EngineError(f"the speech engine did not answer within {self._timeout:g} s")
            chunk = self._stdout.read(1 << 16)
            if not chunk:
                raise self._gone()
            self._read += chunk
        line = bytes(self._read[:end])
        del self._read[: end + 1]
        return line

    def _gone(self) -> EngineError:
        self._process.kill()  # its pipe has closed, so it is about to end; this way without waiting
        status = self._process.wait()
        self._stderr.seek(0)
        said = self._stderr.read().decode(errors="replace").strip()
        _LOGGER.debug("The speech engine ended with status %d and said: %s", status, said)
        last = said.splitlines()[-1] if said else "without a word"
        return EngineError(f"the speech engine ended unexpectedly ({last})")


def _wav(answer: dict[str, Any]) -> bytes:
    try:
        return base64.b64decode(answer["wav"], validate=True)
    except (KeyError, TypeError, ValueError) as error:
        raise EngineError(str(answer.get("error", "the speech engine gave no clip"))) from error
