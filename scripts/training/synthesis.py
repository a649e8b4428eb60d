"""Synthetic speakers: espeak-ng with its variants, flite and festival."""

import random
import subprocess
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.corpus import RATE, Utterance, load, write_recording

__all__ = ["HELD_OUT", "WHISPERING", "Speaker", "say", "speak", "speakers"]

_ACCENTS = "en-us en-us en-gb en-gb-scotland en-gb-x-rp en-029 en-us-nyc en-gb-x-gbclan".split(" ")
_VARIANTS = (
    "m1 m2 m3 m4 m6 m7 m8 f1 f2 f3 f5 Alex Andrea Andy Annie adam belinda benjamin david Denis edward Gene "
    "Hugo Jacky john Lee linda max michael Mike paul rob robert sandro shelby travis victor grandma grandpa "
    "zac quincy Alicia klatt2 klatt4 anika"
).split(" ")
_QUIET = 0.1
"""Seconds of silence added before and after."""


@dataclass(frozen=True)
class Speaker:
    """One synthetic voice."""

    program: str
    """`espeak-ng`, `flite` or `festival`."""
    voice: str
    pace: float = 1.0
    """How fast, where 1 is the program's own pace for a clear voice."""
    pitch: int = 50
    """0 to 99; only espeak-ng listens to it."""


HELD_OUT = (
    Speaker("flite", "rms"),
    Speaker("flite", "rms", 0.85),
    Speaker("espeak-ng", "en-us+m5"),
    Speaker("espeak-ng", "en-gb+f4"),
    Speaker("espeak-ng", "en-gb-scotland+steph"),
)
"""Voices that nothing is trained on."""
WHISPERING = (Speaker("espeak-ng", "en-us+whisper"), Speaker("espeak-ng", "en-gb+whisperf"))
"""Voices without a voice; nothing is trained on them either."""


def speakers(random_: random.Random) -> Iterator[Speaker]:
    """Yield voices to train on, for ever: half espeak-ng (many timbres), the rest more lifelike."""
    while True:
        kind, pace = random_.random(), random_.uniform(0.8, 1.2)
        if kind < 0.45:
            voice = f"{random_.choice(_ACCENTS)}+{random_.choice(_VARIANTS)}"
            yield Speaker("espeak-ng", voice, pace, random_.randint(20, 80))
        elif kind < 0.93:
            yield Speaker("flite", random_.choice(("slt", "slt", "awb", "awb", "kal16")), pace)
        else:
            yield Speaker("festival", "kal_diphone", pace)


def speak(text: str, speaker: Speaker) -> np.ndarray:
    """Return the sentence: float32 samples at 16 kHz, peak 0.6, a little silence around.

    Raises `RuntimeError` where the program makes no sound, `FileNotFoundError` where it is not installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder, "speech.wav")
        subprocess.run(_command(text, speaker, wav), check=True, capture_output=True, timeout=120)
        sound = load(wav)
    peak = float(np.abs(sound).max(initial=0.0))
    if peak == 0.0:
        raise RuntimeError(f"{speaker.program} with voice {speaker.voice} made no sound of {text!r}")
    return np.pad(sound * np.float32(0.6 / peak), int(_QUIET * RATE))


def _command(text: str, speaker: Speaker, wav: Path) -> list[str]:
    stretch = f"{1 / speaker.pace:.3f}"
    match speaker.program:
        case "espeak-ng":
            words_a_minute = str(round(155 * speaker.pace))
            return ["espeak-ng", "-v", speaker.voice, "-s", words_a_minute, "-p", str(speaker.pitch),
                    "-w", str(wav), text]  # fmt: skip
        case "flite":
            return ["flite", "-voice", speaker.voice, "--setf", f"duration_stretch={stretch}",
                    "-t", text, "-o", str(wav)]  # fmt: skip
        case "festival":
            source = wav.with_suffix(".txt")
            source.write_text(text, encoding="ascii")
            slower = f"(Parameter.set 'Duration_Stretch {stretch})"
            return ["text2wave", "-eval", f"(voice_{speaker.voice})", "-eval", slower,
                    "-o", str(wav), str(source)]  # fmt: skip
        case other:
            raise ValueError(f"no such program: {other}")


def say(texts: Sequence[str], folder: Path, random_: random.Random) -> Iterator[Utterance]:
    """Have every sentence said by some speaker; yield them in order, written to `folder` as FLAC.

    A file that is there already is kept, so that a second run goes on where the first one stopped; its name tells
    what is said, and by whom.
    """
    folder.mkdir(parents=True, exist_ok=True)
    jobs = list(zip(range(len(texts)), texts, speakers(random_), strict=False))

    def one(job: tuple[int, str, Speaker]) -> Utterance:
        number, text, speaker = job
        path = folder / f"{number:05d}-{zlib.crc32(repr((text, speaker)).encode()):08x}.flac"
        if not path.exists():
            write_recording(path, speak(text, speaker))
        return Utterance(str(path), text, f"{speaker.program}-{speaker.voice}", "synthetic", held_out=False)

    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(one, jobs)
