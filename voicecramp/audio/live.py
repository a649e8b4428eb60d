"""A conversation through real devices: the callback plays, one thread listens, and the caller waits.

The device's callback only asks for the next frame to play: a slow recogniser can make an answer late, but
never make speech stutter. Everything else happens in a worker thread, from a short queue.
"""

import atexit
import logging
import math
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any

import numpy as np

from voicecramp.audio import Assistant
from voicecramp.audio.devices import Device, hushed, portaudio
from voicecramp.errors import VoiceCrampError
from voicecramp.frames import FRAME, RATE, Samples, seconds, to_samples

__all__ = ["DeviceLostError", "Statistics", "run_live"]

_LOGGER = logging.getLogger(__name__)

_LATENCY = 0.1
"""Seconds of sound to keep in the devices. Measured on a virtual sound card: 0.18 s from microphone to
speaker, and no gap with both cores busy or Python held up for 0.1 s; at 0.05, 0.10 s and gaps."""

_WAITING = to_samples(5.0) // FRAME
"""Frames that may wait for the worker: to answer what was said longer ago would only confuse."""

_HEAR_OUT = to_samples(1.0) // FRAME
"""Frames of silence after a recording before `over` counts: its last words may still be on their way."""

_PLAY_OUT = to_samples(0.5) // FRAME
"""Frames for which `over` must hold: what was rendered last is then out of the device's buffer, whose true
length no driver tells (on PulseAudio it holds 0.16 s when asked for 0.1)."""

_TICK = 0.25
"""Seconds between two looks at whether the devices still run."""

_PATIENCE = 12
"""Looks without a new frame (3 s) until the devices are given up; one only while this program was held up."""

_CLOSING = 2.0
"""Seconds that a device may take to close; a driver that hangs never does."""

_SILENCE = np.zeros(FRAME, np.int16)


class DeviceLostError(VoiceCrampError):
    """The microphone or the speaker stopped working while in use."""


@dataclass(frozen=True)
class Statistics:
    """How a run went."""

    blocks: int
    """Frames exchanged with the devices."""
    underruns: int
    """Times the speaker ran out of sound."""
    overflows: int
    """Times the microphone's sound was lost before it reached us."""
    unheard: int
    """Frames dropped because recognition was too far behind."""
    longest_queue: int
    """The most frames that ever waited for recognition."""


def run_live(  # noqa: PLR0913 - all but three have a default
    assistant: Assistant,
    microphone: Device | Samples,
    speaker: Device,
    *,
    max_seconds: float = math.inf,
    on_frame: Callable[[Samples, Samples], None] | None = None,
    on_trouble: Callable[[str], None] = _LOGGER.warning,
) -> Statistics:
    """Let the assistant talk with whoever is there, until SIGINT, SIGTERM or the end of `max_seconds`.

    With a recording in place of the microphone, its frames are heard at the pace of the speaker, silence
    follows them, and the run ends when the conversation is over and all of it has been played.

    Args:
        assistant: What listens and speaks. `render` is called by the device's thread, the rest by another.
        microphone: A device, or a recording of shape (n,).
        speaker: A device of the same host.
        max_seconds: Stream time at which it ends, whatever happens.
        on_frame: Called by the worker with each pair (heard, said), before the assistant hears it.
        on_trouble: Called by the worker with a sentence when something went wrong that it survives.

    Returns:
        How it went, after a clean end.

    Raises:
        VoiceCrampError: The devices cannot be opened.
        DeviceLostError: They stopped working.
        Exception: Whatever the assistant or a callback raised.
    """
    return _Session(assistant, microphone, speaker, max_seconds, on_frame, on_trouble).run()


@dataclass
class _Session:
    """One run: what the callback, the worker and the waiting caller share."""

    assistant: Assistant
    microphone: Device | Samples
    speaker: Device
    max_seconds: float
    on_frame: Callable[[Samples, Samples], None] | None
    on_trouble: Callable[[str], None]

    waiting: SimpleQueue[tuple[int, Samples, Samples] | None] = field(default_factory=SimpleQueue)
    """From callback to worker: heard and said, numbered, so that a gap tells how many were dropped."""
    end: SimpleQueue[Exception | None] = field(default_factory=SimpleQueue)
    """Why it ended, None for a good end; the first reason counts. Not an Event: a signal handler may put here,
    whereas an Event's lock may be held by the very thread the signal interrupts."""
    stopping: bool = False
    blocks: int = 0
    underruns: int = 0
    overflows: int = 0
    unheard: int = 0
    longest_queue: int = 0

    def run(self) -> Statistics:
        stream = self._open()
        worker = threading.Thread(target=self._listen, name="listen", daemon=True)
        failure: Exception | None = None
        with self._signals():
            try:
                worker.start()
                with self._opening():
                    stream.start()
                failure = self._watch()
            finally:
                self.stopping = True
                _close(stream)
                self.waiting.put(None)
                worker.join(_CLOSING)
        if failure is not None:
            raise failure
        return Statistics(self.blocks, self.underruns, self.overflows, self.unheard, self.longest_queue)

    def _open(self) -> Any:
        common = {
            "samplerate": RATE,
            "blocksize": FRAME,
            "dtype": "int16",
            "channels": 1,
            "latency": _LATENCY,
            "finished_callback": lambda: self.end.put(self._lost("has gone away")),
        }
        with self._opening():
            if isinstance(self.microphone, Device):
                return portaudio().Stream(
                    device=(self.microphone.index, self.speaker.index),
                    callback=lambda mic, out, _n, _t, flags: self._exchange(mic[:, 0].copy(), out, flags),
                    **common,
                )
            recording = _frames(self.microphone)
            return portaudio().OutputStream(
                device=self.speaker.index,
                callback=lambda out, _n, _t, flags: self._exchange(next(recording), out, flags),
                **common,
            )

    @contextmanager
    def _opening(self) -> Iterator[None]:
        """Turn what goes wrong with a device into a sentence, and keep its noise from the terminal."""
        try:
            with hushed():
                yield
        except portaudio().PortAudioError as error:
            raise VoiceCrampError(
                f"{self._names()} cannot be opened ({error.args[0]}): close other programs that may be using "
                "it, check that it is plugged in, or choose another from 'voicecramp devices'."
            ) from error

    def _exchange(self, mic: Samples, out: Samples, flags: Any) -> None:
        """Give the device the frame to play and keep what it heard. Never waits; called by its thread."""
        out.fill(0)
        with self._carried():
            said = self.assistant.render()
            out[:, 0] = said
            self.underruns += bool(flags.output_underflow)
            self.overflows += bool(flags.input_overflow)
            if self.waiting.qsize() >= _WAITING:
                with suppress(Empty):  # the worker may have been quicker
                    self.waiting.get_nowait()
            self.waiting.put((self.blocks, mic, said))
            self.longest_queue = max(self.longest_queue, self.waiting.qsize())
            self.blocks += 1

    def _listen(self) -> None:
        """Process frame after frame; the worker's whole life."""
        last = self.max_seconds * RATE // FRAME
        over_counts_from = math.inf  # with a microphone there may always be more to hear
        if not isinstance(self.microphone, Device):
            over_counts_from = -(-len(self.microphone) // FRAME) + _HEAR_OUT
        with self._carried():
            number = 0
            rested = 0
            played = _SILENCE
            while (item := self.waiting.get()) is not None and not self.stopping:
                received, mic, said = item
                if received > number:
                    # Silence takes the place of what was dropped: the assistant's clock counts frames.
                    lost = received - number
                    self.unheard += lost
                    self.on_trouble(f"Recognition is too slow: {seconds(lost * FRAME):.2f} s went unheard.")
                    for _ in range(lost):
                        self._hear(_SILENCE, _SILENCE, played)
                        played = _SILENCE
                self._hear(mic, said, played)
                played = said  # and told with the next frame, as in a file: it cannot have been heard before
                number = received + 1
                rested = rested + 1 if number >= over_counts_from and self.assistant.over else 0
                if number >= last or rested > _PLAY_OUT:
                    self.end.put(None)
                    return

    def _hear(self, mic: Samples, said: Samples, played: Samples) -> None:
        if self.on_frame is not None:
            self.on_frame(mic, said)
        self.assistant.process(mic, played)

    def _watch(self) -> Exception | None:
        """Wait for the end and return its reason; DeviceLostError when no frames come any more."""
        seen = 0
        looks = 0
        while looks < _PATIENCE:
            try:
                return self.end.get(timeout=_TICK)
            except Empty:
                looks = looks + 1 if self.blocks == seen else 0
                seen = self.blocks
        return self._lost("does not answer any more")

    def _lost(self, how: str) -> DeviceLostError:
        return DeviceLostError(f"{self._names()} {how}: check that it is plugged in, and start again.")

    def _names(self) -> str:
        if isinstance(self.microphone, Device):
            return f'The microphone "{self.microphone.name}" or the speaker "{self.speaker.name}"'
        return f'The speaker "{self.speaker.name}"'

    @contextmanager
    def _carried(self) -> Iterator[None]:
        """Carry what is raised in a thread to the caller of `run`."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - it is raised again where somebody can catch it
            self.end.put(error)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Let SIGINT and SIGTERM end the run, and nothing else."""
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread may handle signals
            return

        def end(_number: int, _frame: FrameType | None) -> None:
            self.end.put(None)

        before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _frames(recording: Samples) -> Iterator[Samples]:
    """Yield the recording in frames, the last filled up with zeros, then silence without end."""
    yield from np.pad(recording, (0, -len(recording) % FRAME)).reshape(-1, FRAME)
    while True:
        yield _SILENCE


def _close(stream: Any) -> None:
    """Close the stream; give up on a driver that hangs."""

    def close() -> None:
        stream.abort()  # stop() hangs when the microphone has fallen silent, and did not play out what it held
        stream.close()

    closer = threading.Thread(target=close, name="close", daemon=True)
    closer.start()
    closer.join(_CLOSING)
    if closer.is_alive():
        _LOGGER.info("the sound devices do not close")
        atexit.unregister(portaudio()._exit_handler)  # it would wait for them for ever
