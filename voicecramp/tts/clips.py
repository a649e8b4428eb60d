"""The clips of everything that can be said, each read when it is first spoken."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from voicecramp.errors import VoiceCrampError
from voicecramp.frames import Samples
from voicecramp.tts.store import Store

__all__ = ["Clips"]

_LOGGER = logging.getLogger(__name__)

_KEPT = 64
"""Clips in memory, the last ones spoken: more than the numbers of a hold, about 5 MB."""


class Clips(Mapping[str, Samples]):
    """Text to clip: int16, shape (n,), read-only.

    Looking a text up reads its file and checks it. One that has been damaged or lost since the start is
    rendered again on the spot, which takes a second or so instead of a millisecond.

    Args:
        texts: Everything that can be looked up, all of it in the store.
        store: Where clips are read from.
        speak: Renders a text anew; raises VoiceCrampError if it cannot.
    """

    def __init__(self, texts: Iterable[str], store: Store, speak: Callable[[str], Samples]) -> None:
        self._texts = dict.fromkeys(texts)
        self._store = store
        self._speak = speak
        self._look_up = lru_cache(_KEPT)(self._load)

    def __getitem__(self, text: str) -> Samples:
        if text not in self._texts:
            raise KeyError(text)
        return self._look_up(text)

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def _load(self, text: str) -> Samples:
        clip = self._store.get(text)
        if clip is not None:
            return clip
        clip = self._speak(text)
        try:
            self._store.put(text, clip)
        except VoiceCrampError as error:  # it can be said all the same
            _LOGGER.warning("%s", error)
        return clip
