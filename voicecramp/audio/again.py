"""Devices that were lost, found again: the same ones, while they may only be loose."""

from collections.abc import Callable

from voicecramp.audio.devices import Device, choose
from voicecramp.errors import VoiceCrampError

__all__ = ["FoundAgain"]

_LOOKS = 6
"""Looks in which only the devices that were lost are taken: two minutes, at the pace of a run. A loose plug is back by
then; sooner, another speaker would talk to an empty room, and after that another is better than none."""


class FoundAgain:
    """Finds microphone and speaker again, to be called until it does."""

    def __init__(
        self, microphone: Device, speaker: Device, any_other: Callable[[], tuple[Device, Device]]
    ) -> None:
        """Args: those in use; what finds others, VoiceCrampError if there are none."""
        self._microphone = microphone
        self._speaker = speaker
        self._any_other = any_other
        self._looks = 0

    def __call__(self) -> tuple[Device, Device]:
        """Return both.

        Raises:
            VoiceCrampError: They are not there yet.
        """
        self._looks += 1
        try:
            found = _same(self._microphone), _same(self._speaker)
        except VoiceCrampError:
            if self._looks < _LOOKS:
                raise
            found = self._any_other()
        self._looks = 0
        return found


def _same(device: Device) -> Device:
    """Return the device of this name; ALSA puts the card's number behind it, which may be another afterwards."""
    return choose(device.kind, device.name.partition(" (hw:")[0]).device
