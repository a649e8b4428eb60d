"""A conversation with a recording: every frame in lockstep, as fast as it goes, the same every time."""

from collections.abc import Callable, Iterator

import numpy as np

from voicecramp.audio import Assistant
from voicecramp.frames import FRAME, Samples, to_samples

__all__ = ["converse"]

_HEAR_OUT = to_samples(1.0) // FRAME
"""Frames of silence after the recording before `over` counts: its last words may still be on their way."""


def converse(
    assistant: Assistant,
    mic: Samples,
    max_seconds: float,
    ended: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[Samples, Samples]]:
    """Let the assistant hear a recording, then silence until the conversation is over.

    Microphone frame k goes in together with the speaker's frame k-1, the last one that can have been
    heard; then the speaker's frame k is rendered.

    Args:
        assistant: What listens and speaks.
        mic: The recording, shape (n,); the last frame is filled up with zeros, and zeros follow it.
        max_seconds: Stream time at which it ends, whatever happens, the recording included.
        ended: Asked before each frame whether to end here, as when somebody has pressed Ctrl-C.

    Yields:
        What was heard and what was said, a pair of frames as soon as there is one: to write, show or pace it.
    """
    recorded = -(-len(mic) // FRAME)
    silence = np.zeros(FRAME, np.int16)
    played = silence
    for index in range(to_samples(max_seconds) // FRAME):
        if ended() or (index >= recorded + _HEAR_OUT and assistant.over):
            return
        frame = mic[index * FRAME : (index + 1) * FRAME]
        if len(frame) < FRAME:
            frame = np.concatenate([frame, silence[len(frame) :]])
        assistant.process(frame, played)
        played = assistant.render()
        yield frame, played
