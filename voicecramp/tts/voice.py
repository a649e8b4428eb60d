"""Who speaks, and how fast."""

from dataclasses import dataclass

__all__ = ["Voice"]


@dataclass(frozen=True)
class Voice:
    """A voice of the engine, by its language, at one speed.

    Raises:
        ValueError: If the rate is outside SLOWEST to FASTEST.
    """

    language: str = "en-us"
    """As espeak-ng lists it: `en-us`, `en-gb`."""
    rate: int = 150
    """Words a minute. 150 is the pace of a calm story-teller; "twenty-seven", the longest of the numbers one to
    sixty, then takes 0.97 s and so fits into its second (from 145 on; "one" to "ten" from 80 on)."""

    SLOWEST = 80  # where espeak-ng stops
    FASTEST = 250  # beyond it nobody in pain follows

    def __post_init__(self) -> None:
        if not self.SLOWEST <= self.rate <= self.FASTEST:
            raise ValueError(f"a rate is {self.SLOWEST} to {self.FASTEST} words a minute, not {self.rate}")
