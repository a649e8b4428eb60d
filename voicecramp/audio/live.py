"""A conversation through real devices: the callback plays, one thread listens, and the caller waits.

The device's callback only asks for the next frame to play: a slow recogniser can make an answer late, but
never make speech stutter. Everything else happens in a worker thread, from a short queue.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np

from voicecramp.audio import Assistant
from voicecramp.audio.devices import Device, look_again
from voicecramp.audio.signals import ending
from voicecramp.audio.stream import OpeningError, Stream, frames_of
from voicecramp.errors import VoiceCrampError
from voicecramp.frames import FRAME, RATE, Samples, seconds, to_samples

__all__ = ["DeviceLostError", "Statistics", "run_live"]

_LOGGER = logging.getLogger(__name__)

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

_JOINING = 2.0
"""Seconds that the worker may take over the frame it has in hand; a stuck recogniser does not hold up the end."""

_SHORT = to_samples(1.0) // FRAME
_TRIES = 3
"""Streams in succession that die within _SHORT frames until the devices are given up. One may die by accident:
PortAudio ends a stream whose ALSA device had nothing to do for some 0.2 s, as on a very busy machine."""

_AGAIN, _SELDOM = 2.0, 60.0
"""Seconds until the first look for devices that were lost, and, each wait twice the last, at most between two. A look
takes a few hundredths of one, and PortAudio keeps some 12 KB of memory for good each time it is started anew: half a
gigabyte a day at the first pace, 17 MB at the last."""

_SILENCE = np.zeros(FRAME, np.int16)


class _End(Enum):
    """Why a stream is closed, when nothing was raised."""

    GOOD = auto()
    DIED = auto()
    SILENT = auto()


@dataclass(frozen=True)
class _Died:
    """A stream that has ended, by its number: one that was closed tells so too, perhaps when the next one runs."""

    number: int


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
    find: Callable[[], tuple[Device, Device]] | None = None,
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
        find: Finds microphone and speaker again when they were lost, VoiceCrampError if they are not there yet: then
            this goes on when they are. Stream time stands still meanwhile; the assistant is told how long. None, as for
            a recording: it ends when they are lost.
        max_seconds: Stream time at which it ends, whatever happens.
        on_frame: Called by the worker with each pair (heard, said), before the assistant hears it.
        on_trouble: Called by the worker with a sentence when something went wrong that it survives.

    Returns:
        How it went, after a clean end.

    Raises:
        VoiceCrampError: The devices cannot be opened.
        DeviceLostError: They stopped working, and there is no `find`, or they never worked, or the driver hangs.
        Exception: Whatever the assistant or a callback raised.
    """
    return _Session(assistant, microphone, speaker, find, max_seconds, on_frame, on_trouble).run()


@dataclass
class _Session:
    """One run: what the callback, the worker and the waiting caller share."""

    assistant: Assistant
    microphone: Device | Samples
    speaker: Device
    find: Callable[[], tuple[Device, Device]] | None
    max_seconds: float
    on_frame: Callable[[Samples, Samples], None] | None
    on_trouble: Callable[[str], None]

    waiting: SimpleQueue[tuple[int, Samples, Samples] | None] = field(default_factory=SimpleQueue)
    """For the worker: what was heard and said, numbered, so that a gap tells how many were dropped; None to have it
    look whether there is something to report, or an end."""
    troubles: SimpleQueue[str] = field(default_factory=SimpleQueue)
    """For the worker: what to report. Beside the frames, of which the oldest are dropped when too many wait."""
    gaps: SimpleQueue[float] = field(default_factory=SimpleQueue)
    """For the worker: seconds for which there were no frames."""
    end: SimpleQueue[_End | _Died | Exception] = field(default_factory=SimpleQueue)
    """Why it ends; the first reason counts. Not an Event: a signal handler may put here, whereas an Event's lock
    may be held by the very thread the signal interrupts."""
    stopping: bool = False
    news: str = ""
    """What to report with the next stream's first frame."""
    latest: float = field(default_factory=lambda: time.monotonic())  # noqa: PLW0108 - looked up when it is called
    """When the latest frame was exchanged, or this was made, in seconds of the system's clock."""
    streams: int = 0
    blocks: int = 0
    underruns: int = 0
    overflows: int = 0
    unheard: int = 0
    longest_queue: int = 0

    def run(self) -> Statistics:
        worker = threading.Thread(target=self._listen, name="listen", daemon=True)
        with ending(lambda: self.end.put(_End.GOOD)):
            worker.start()
            try:
                self._play()
            finally:
                self.stopping = True
                self.waiting.put(None)
                worker.join(_JOINING)
        statistics = Statistics(self.blocks, self.underruns, self.overflows, self.unheard, self.longest_queue)
        _LOGGER.info("%s", statistics)
        return statistics

    def _play(self) -> None:
        """Exchange frames until there is a good end; devices that worked and were lost are waited for."""
        source = self.microphone if isinstance(self.microphone, Device) else frames_of(self.microphone)
        wait = _AGAIN
        while True:
            begun = self.blocks
            try:
                self._play_on(source)
            except DeviceLostError as error:
                if self.find is None or self.blocks < _SHORT:
                    raise
                # Devices that are found and do not work are no more worth looking for than those that are not there.
                wait = _AGAIN if self.blocks - begun >= _SHORT else min(2 * wait, _SELDOM)
                self.troubles.put(
                    "The microphone or the speaker was lost: plug it in again, and within a minute this goes on."
                )
                self.waiting.put(None)
                try:
                    found = self._find_again(self.find, wait)
                except TimeoutError:
                    raise error from None
                if found is None:
                    return
                source, self.speaker = found
                self.news = "The microphone and the speaker are back."
            else:
                return

    def _play_on(self, source: Device | Iterator[Samples]) -> None:
        """Exchange frames until there is a good end, with a new stream in place of one that has died."""
        short_lived = 0
        while True:
            begun = self.blocks
            try:
                if self._play_once(source):
                    return
            except OpeningError as error:
                if begun:
                    raise DeviceLostError(str(error)) from error
                raise
            short_lived = short_lived + 1 if self.blocks - begun < _SHORT else 0
            if short_lived == _TRIES:
                raise DeviceLostError("The sound devices stop as soon as they are started: try others.")
            # That they are back is told first, if the stream that was to tell it died before its first frame.
            self.news = self.news or "The sound devices stopped and were started again."

    def _find_again(
        self, find: Callable[[], tuple[Device, Device]], wait: float
    ) -> tuple[Device, Device] | None:
        """Look for the devices, first after `wait` seconds, until they are there; None if there is a good end before."""
        while True:
            with suppress(Empty):
                end = self.end.get(timeout=wait)
                if isinstance(end, Exception):
                    raise end
                if end is _End.GOOD:
                    return None
            with suppress(VoiceCrampError):
                return look_again(find)
            wait = min(2 * wait, _SELDOM)

    def _play_once(self, source: Device | Iterator[Samples]) -> bool:
        """Exchange frames until there is an end; return whether it is a good one, not the stream's death."""
        self.streams += 1
        died = _Died(self.streams)
        stream = Stream(source, self.speaker, self._exchange, lambda: self.end.put(died))
        try:
            stream.start()
            end = self._watch(died)
        finally:
            stream.close()
        if isinstance(end, Exception):
            raise end
        if end is _End.SILENT:
            raise DeviceLostError(
                f"{stream.names} does not answer any more: check that it is plugged in, and start again."
            )
        return end is _End.GOOD

    def _exchange(self, mic: Samples, out: Samples, flags: Any) -> None:
        """Give the device the frame to play and keep what it heard. Never waits; called by its thread."""
        out.fill(0)
        with self._carried():
            before, self.latest = self.latest, time.monotonic()
            if self.news:
                self.gaps.put(self.latest - before)
                self.troubles.put(self.news)
                self.news = ""
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
            while True:
                item = self.waiting.get()
                if self.stopping:
                    return
                while not self.troubles.empty():
                    self.on_trouble(self.troubles.get())
                while not self.gaps.empty():
                    self.assistant.slept(self.gaps.get())
                if item is None:
                    continue
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
                    self.end.put(_End.GOOD)
                    return

    def _hear(self, mic: Samples, said: Samples, played: Samples) -> None:
        if self.on_frame is not None:
            self.on_frame(mic, said)
        self.assistant.process(mic, played)

    def _watch(self, died: _Died) -> _End | Exception:
        """Wait for the end of the stream that tells of its own with `died`, and return the reason."""
        seen = 0
        looks = 0
        while looks < _PATIENCE:
            try:
                end = self.end.get(timeout=_TICK)
            except Empty:
                looks = looks + 1 if self.blocks == seen else 0
                seen = self.blocks
                continue
            if end == died:
                return _End.DIED
            if not isinstance(end, _Died):
                return end
        return _End.SILENT

    @contextmanager
    def _carried(self) -> Iterator[None]:
        """Carry what is raised in a thread to the caller of `run`."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - it is raised again where somebody can catch it
            self.end.put(error)
