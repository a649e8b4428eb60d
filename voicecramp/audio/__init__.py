"""The rim: devices, WAV files, and the pace at which frames pass."""

from typing import Protocol

from voicecramp.frames import Samples

__all__ = ["Assistant"]


class Assistant(Protocol):
    """The full-duplex filter as the rim sees it: a frame of microphone in, a frame of speaker out."""

    def process(self, mic: Samples, played: Samples) -> None:
        """Hear one frame, and what the speaker played meanwhile. May take its time."""

    def render(self) -> Samples:
        """Return the next frame for the speaker. Never waits for `process`."""

    def slept(self, seconds: float) -> None:
        """Know that so many seconds passed without a frame, before the next one is heard."""

    @property
    def over(self) -> bool:
        """Whether the conversation has ended, everything has been said, and nobody is being heard out."""
