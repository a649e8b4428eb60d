"""The speech engine in a process of its own: `python -m voicecramp.tts.worker LANGUAGE RATE`.

It writes one line of JSON when it is ready, then one for each it reads, until its input ends:

    ← {"ready": true}                 or {"error": "one sentence"}, and it ends
    → {"text": "Breathe out slowly."}
    ← {"wav": "UklGR…"}               a whole WAV file in base64, or {"error": "one sentence"}

pyttsx3 loses and truncates speech unless handled with care: here one text at a time, after its
`finished-utterance` and a little more. Whether the clip is whole is for the other side to check.
"""

import base64
import json
import os
import sys
import threading
import time
from typing import Any, TextIO

import pyttsx3

__all__ = ["main"]

_PATIENCE = 60.0
"""Seconds for one text before it counts as lost; the other side, if still there, has long given up."""

_SETTLING = 0.05
"""Seconds that the engine's thread needs after `finished-utterance` to be ready again; less loses clips."""


class _Speaker:
    def __init__(self, language: str, rate: int) -> None:
        self._engine = pyttsx3.init("espeak")
        self._finished = threading.Event()
        self._engine.connect("finished-utterance", self._on_finished)
        # In memory, so that no disk can be full and no file be left behind.
        self._file = os.memfd_create("clip")
        # pyttsx3 cancels whatever the engine has not done yet when its loop ends, the setting of a rate
        # included. So they are set once, with the loop over and the engine idle, and looked at again.
        self.speak("ready")
        self._engine.setProperty("voice", self._voice_id(language))
        self._engine.setProperty("rate", rate)
        time.sleep(_SETTLING)
        taken = self._engine.getProperty("rate")
        if taken != rate:
            raise ValueError(f"The speech engine speaks at {taken} words a minute and cannot at {rate}.")

    def speak(self, text: str) -> bytes:
        """Return the text spoken, as a WAV file; empty if the engine gave nothing."""
        self._finished.clear()
        self._engine.save_to_file(text, f"/proc/self/fd/{self._file}")
        self._engine.runAndWait()  # returns when it likes, often at once
        if not self._finished.wait(_PATIENCE):
            raise TimeoutError("the speech engine did not finish")
        time.sleep(_SETTLING)
        return os.pread(self._file, os.fstat(self._file).st_size, 0)

    def _voice_id(self, language: str) -> str:
        voices = [(voice.id, tuple(voice.languages)) for voice in self._engine.getProperty("voices")]
        for voice, languages in voices:
            if language in languages:
                return str(voice)
        family = language.partition("-")[0]
        near = sorted(name for _, names in voices for name in names if name.partition("-")[0] == family)
        hint = f"choose one of {', '.join(near)}" if near else "`espeak-ng --voices` lists what there is"
        raise ValueError(f"The speech engine has no voice for the language {language!r}: {hint}.")

    def _on_finished(self, name: str | None, completed: bool) -> None:  # noqa: ARG002 - by pyttsx3
        self._finished.set()


def _answer(out: TextIO, **fields: Any) -> None:
    print(json.dumps(fields), file=out, flush=True)


def main() -> int:
    """Speak what is asked for on standard input; return the exit status."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # pyttsx3 prints a line for every file, which must not get between the answers
    language, rate = sys.argv[1], int(sys.argv[2])
    try:
        speaker = _Speaker(language, rate)
    except (RuntimeError, TimeoutError, ValueError, OSError) as error:
        _answer(out, error=str(error))
        return 1
    _answer(out, ready=True)
    for line in sys.stdin:
        try:
            wav = speaker.speak(json.loads(line)["text"])
        except (RuntimeError, TimeoutError, ValueError, OSError) as error:
            _answer(out, error=str(error))
        else:
            _answer(out, wav=base64.b64encode(wav).decode("ascii"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
