"""Everything that can be said, rendered once and kept: at run time speech is looked up, not made."""

import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from threading import Event

from voicecramp.errors import VoiceCrampError
from voicecramp.frames import Samples
from voicecramp.tts import tempo
from voicecramp.tts.clips import Clips
from voicecramp.tts.engine import WORKER, Engine, EngineError
from voicecramp.tts.store import Store
from voicecramp.tts.trim import BrokenClipError, make_clip
from voicecramp.tts.voice import Voice

__all__ = ["render"]

_LOGGER = logging.getLogger(__name__)

_TRIES = 5
"""Times a clip is asked for. pyttsx3 gives an empty one now and then: 1 in 60 of those asked for first on a busy
machine, hardly ever later, so never five times on end by chance."""

_MOST_ENGINES = 4
"""Engines side by side, at most. pyttsx3 waits for nine tenths of its time, so even two cores gain by four;
each takes some 40 MB while it lasts."""

_WORTH_AN_ENGINE = 20
"""Clips for which another engine pays: it starts in the time of about five."""


def render(  # noqa: PLR0913 - two of them only for engines other than ours
    texts: Iterable[str],
    voice: Voice,
    cache: Path,
    progress: Callable[[int, int], None],
    *,
    worker: Sequence[str] = WORKER,
    timeout: float = 30.0,
) -> Clips:
    """Give every text as a clip, out of the cache where it is there, else rendered and kept.

    All are there and whole when this returns; each is read again when it is spoken, so that few are in memory.

    Args:
        texts: What can be said; the same one twice is one clip.
        voice: Who says it.
        cache: The folder of clips, made if missing. Deleting it costs only time.
        progress: Called with (clips rendered, clips to render), first with 0; not at all where none is missing.
        worker: What starts the speech engine.
        timeout: Seconds it may take for one clip.

    Returns:
        Text to clip: int16, shape (n,), read-only, first and last sample audible (`trim.AUDIBLE`), all equally
        loud.

    Raises:
        VoiceCrampError: If a clip cannot be rendered or kept, or a library is missing.
    """
    wanted = dict.fromkeys(texts)
    for text in wanted:
        if not any(character.isalnum() for character in text):
            raise VoiceCrampError(f"There is nothing to say in {text!r}: write a word or a number.")
    tempo.load()  # now, and not when somebody in pain asks for slower speech
    store = Store(cache, voice)
    missing = [text for text in wanted if not store.has(text)]

    def engine() -> Engine:
        return Engine(voice, worker, timeout)

    def speak(text: str) -> Samples:
        with engine() as one:
            return _speak(one, text, voice)

    if missing:
        _LOGGER.info("Rendering %d of %d clips", len(missing), len(wanted))
        _render(missing, voice, store, engine, progress)
    return Clips(wanted, store, speak)


def _render(
    texts: Sequence[str],
    voice: Voice,
    store: Store,
    new_engine: Callable[[], Engine],
    progress: Callable[[int, int], None],
) -> None:
    progress(0, len(texts))
    count = max(1, min(_MOST_ENGINES, len(texts) // _WORTH_AN_ENGINE))
    given_up = Event()
    with ExitStack() as stack:
        tasks = []
        for lane in range(count):
            engine = stack.enter_context(new_engine())
            pool = stack.enter_context(ThreadPoolExecutor(1))

            def keep(text: str, engine: Engine = engine) -> None:
                if given_up.is_set():
                    return
                try:
                    store.put(text, _speak(engine, text, voice))
                except VoiceCrampError:
                    given_up.set()
                    raise

            # espeak-ng says a text a little differently after another one, so each engine's share is fixed.
            tasks += [pool.submit(keep, text) for text in texts[lane::count]]
        stack.callback(given_up.set)  # whatever ends this, nobody waits for the rest
        for done, task in enumerate(as_completed(tasks), start=1):
            task.result()
            progress(done, len(texts))


def _speak(engine: Engine, text: str, voice: Voice) -> Samples:
    for tried in range(1, _TRIES + 1):
        try:
            return make_clip(engine.speak(text), text, voice.rate)
        except (EngineError, BrokenClipError) as error:
            _LOGGER.info("Try %d of %d at %r: %s", tried, _TRIES, text, error)
            engine.close()  # a clip that came too early may leave the rest of it to the next text
            reason = error
    raise VoiceCrampError(f"The speech engine failed {_TRIES} times to say {text!r}: {reason}.") from reason
