"""One clip, played and done."""

from voicecramp.audio.devices import Device, hushed, portaudio
from voicecramp.errors import VoiceCrampError
from voicecramp.frames import RATE, Samples

__all__ = ["play"]


def play(clip: Samples, speaker: Device) -> None:
    """Play a clip to its end.

    Raises:
        VoiceCrampError: The speaker cannot be opened.
    """
    sounddevice = portaudio()
    try:
        with hushed():
            sounddevice.play(clip, RATE, device=speaker.index, blocking=True)
    except sounddevice.PortAudioError as error:
        raise VoiceCrampError(
            f'"{speaker.name}" cannot be opened ({error.args[0]}): close other programs that may be using it.'
        ) from error
