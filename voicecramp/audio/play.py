"""One clip, played and done."""

import numpy as np

from voicecramp.audio.devices import Device, hushed, portaudio
from voicecramp.errors import VoiceCrampError
from voicecramp.frames import RATE, Samples, to_samples

__all__ = ["play"]

_TAIL = np.zeros(to_samples(0.5), np.int16)
"""Silence after the clip: some drivers stop without playing out what they still hold (0.16 s on PulseAudio)."""


def play(clip: Samples, speaker: Device) -> None:
    """Play a clip to its end.

    Raises:
        VoiceCrampError: The speaker cannot be opened.
    """
    sounddevice = portaudio()
    try:
        with hushed():
            sounddevice.play(np.concatenate([clip, _TAIL]), RATE, device=speaker.index, blocking=True)
    except sounddevice.PortAudioError as error:
        raise VoiceCrampError(
            f'"{speaker.name}" cannot be opened ({error.args[0]}): close other programs that may be using it.'
        ) from error
