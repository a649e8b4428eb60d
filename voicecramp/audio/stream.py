"""One PortAudio stream: a microphone or a recording comes in, the speaker's sound goes out, frame by frame."""

import atexit
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from voicecramp.audio.devices import Device, hushed, portaudio
from voicecramp.errors import VoiceCrampError
from voicecramp.frames import FRAME, RATE, Samples

__all__ = ["Exchange", "OpeningError", "Stream", "frames_of"]

_LOGGER = logging.getLogger(__name__)

Exchange = Callable[[Samples, Samples, Any], None]
"""Called by the device's thread with the frame heard, the memory of shape (FRAME, 1) to write the frame to play
into, and sounddevice's CallbackFlags. Must not wait."""

_LATENCY = 0.1
"""Seconds of sound to keep in the devices. Measured on a virtual sound card: 0.18 s from microphone to
speaker, and no gap with both cores busy or Python held up for 0.1 s; at 0.05, 0.10 s and gaps."""

_CLOSING = 2.0
"""Seconds that a device may take to close; a driver that hangs never does."""

_SILENCE = np.zeros(FRAME, np.int16)


class OpeningError(VoiceCrampError):
    """The microphone or the speaker cannot be opened."""


class Stream:
    """An open stream, silent until `start`."""

    def __init__(
        self,
        source: Device | Iterator[Samples],
        speaker: Device,
        exchange: Exchange,
        finished: Callable[[], None],
    ) -> None:
        """Open it.

        Args:
            source: A microphone, or frames without end that are handed out at the speaker's pace.
            speaker: A device of the same host.
            exchange: See Exchange.
            finished: Called by the device's thread when the stream has ended, whoever ended it.

        Raises:
            OpeningError: The devices cannot be opened.
        """
        self.names = f'The speaker "{speaker.name}"'
        if isinstance(source, Device):
            self.names = f'The microphone "{source.name}" or the speaker "{speaker.name}"'
        common = {
            "samplerate": RATE,
            "blocksize": FRAME,
            "dtype": "int16",
            "channels": 1,
            "latency": _LATENCY,
            "finished_callback": finished,
        }
        with self._opening():
            if isinstance(source, Device):
                self._stream = portaudio().Stream(
                    device=(source.index, speaker.index),
                    callback=lambda mic, out, _n, _t, flags: exchange(mic[:, 0].copy(), out, flags),
                    **common,
                )
            else:
                self._stream = portaudio().OutputStream(
                    device=speaker.index,
                    callback=lambda out, _n, _t, flags: exchange(next(source), out, flags),
                    **common,
                )

    def start(self) -> None:
        """Begin to exchange frames; OpeningError if the devices will not."""
        with self._opening():
            self._stream.start()

    def close(self) -> None:
        """End it at once; give up on a driver that hangs."""

        def close() -> None:
            # Not stop(): that hangs when the microphone has fallen silent, and does not play out what it holds.
            self._stream.abort()
            self._stream.close()

        closer = threading.Thread(target=close, name="close", daemon=True)
        closer.start()
        closer.join(_CLOSING)
        if closer.is_alive():
            _LOGGER.info("%s: does not close", self.names)
            atexit.unregister(portaudio()._exit_handler)  # it would wait for them for ever

    @contextmanager
    def _opening(self) -> Iterator[None]:
        """Turn what goes wrong with a device into a sentence, and keep its noise from the terminal."""
        try:
            with hushed():
                yield
        except portaudio().PortAudioError as error:
            raise OpeningError(
                f"{self.names} cannot be opened ({error.args[0]}): close other programs that may be using "
                "it, check that it is plugged in, or choose another from 'voicecramp devices'."
            ) from error


def frames_of(recording: Samples) -> Iterator[Samples]:
    """Yield the recording in frames, the last filled up with zeros, then silence without end."""
    whole = len(recording) - len(recording) % FRAME
    yield from recording[:whole].reshape(-1, FRAME)
    if whole < len(recording):
        yield np.pad(recording[whole:], (0, -len(recording) % FRAME))
    while True:
        yield _SILENCE
