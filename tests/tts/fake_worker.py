"""A speech engine that behaves as it is told: `fake_worker.py BEHAVIOUR LOG LANGUAGE RATE`.

It writes a line to LOG for each start and each text. `once:X` behaves as X for the first text of all and then
well, `TEXT:X` behaves as X for that text only.
"""

import base64
import io
import json
import math
import os
import signal
import struct
import sys
import wave
from pathlib import Path


def wav(seconds: float, pause: float, level: int = 9000) -> bytes:
    """A tone and then silence, at the engine's own rate."""
    tone = [round(level * math.sin(k * 0.1 + 0.05)) for k in range(round(seconds * 22_050))]
    samples = tone + [0] * round(pause * 22_050)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22_050)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return buffer.getvalue()


CLIPS = {
    "good": lambda text: wav(0.1 * len(text), 0.4),
    "truncated": lambda text: wav(0.1 * len(text), 0.4)[:-1000],
    "broken-off": lambda text: wav(0.1 * len(text), 0.0),
    "silent": lambda _: wav(0.0, 0.4),
    "too-short": lambda _: wav(0.01, 0.4),
    "not-a-wav": lambda _: b"RIFF of the rocks",
    "empty": lambda _: b"",
}
LINES = {
    "garbage": "Audio saved to clip.wav",
    "not-base64": json.dumps({"wav": "ü"}),
    "not-an-object": "[]",
    "complains": json.dumps({"error": "the engine is hoarse"}),
}
ENDS = {
    "hang": signal.pause,
    "crash": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "gives-up": lambda: sys.exit("the engine gave up"),
}


def answer(behaviour: str, text: str) -> str:
    if behaviour in ENDS:
        ENDS[behaviour]()
    if behaviour in LINES:
        return LINES[behaviour]
    return json.dumps({"wav": base64.b64encode(CLIPS[behaviour](text)).decode()})


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    behaviour, log = sys.argv[1], Path(sys.argv[2])
    when, _, manner = behaviour.rpartition(":")
    with log.open("a") as file:
        file.write(f"start {' '.join(sys.argv[3:])}\n")
    if behaviour == "refuse":
        say(json.dumps({"error": "The speech engine has a cold."}))
        return
    if behaviour == "hang-at-start":
        signal.pause()
    say(json.dumps({"ready": True}))
    for line in sys.stdin:
        text = json.loads(line)["text"]
        now = {"": True, "once": "text" not in log.read_text()}.get(when, text == when)
        with log.open("a") as file:
            file.write(f"text {text}\n")
        say(answer(manner if now else "good", text))


if __name__ == "__main__":
    main()
