"""A sound card for tests: a private PulseAudio whose microphone is spoken into and whose speaker is recorded.

    with soundcard() as card, card.record() as recording:
        product = subprocess.Popen([...], env=card.environment)
        card.speak(sound)          # returns when the last sample has been heard
        ...
        both = recording.stop()    # (n, 2): left what the microphone heard, right what the speaker said

PortAudio reads its environment once, when it is loaded, so what is tested runs in a process of its own.
There the devices are called MICROPHONE and SPEAKER, and they are the defaults too.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from voices import give_up

from voicecramp.frames import RATE, Samples

__all__ = ["MICROPHONE", "SPEAKER", "Recording", "SoundCard", "soundcard", "wait_for"]

MICROPHONE = "va_mic"
SPEAKER = "va_spk"

# A stereo bus at the rate of the product, so that nothing is resampled and the microphone is bit-exact: its
# left channel is what is spoken into the microphone, its right what comes out of the speaker. Without
# norewinds PulseAudio asks for sound far ahead, and under load the callbacks come 0.4 s late.
_SERVER = """\
.fail
load-module module-native-protocol-unix auth-anonymous=1 socket={folder}/native
load-module module-null-sink sink_name=bus rate=16000 channels=2 format=s16le norewinds=1
load-module module-remap-sink sink_name=va_micfeed master=bus {left} {mono}
load-module module-remap-sink sink_name=va_speaker master=bus {right} {mono}
load-module module-remap-source source_name=va_mic master=bus.monitor {left} {mono}
set-default-sink va_speaker
set-default-source va_mic
"""

_ALSA = f"""\
</usr/share/alsa/alsa.conf>
pcm.{MICROPHONE} {{ type pulse device va_mic hint {{ show on description "virtual microphone" }} }}
pcm.{SPEAKER} {{ type pulse device va_speaker hint {{ show on description "virtual speaker" }} }}
pcm.!default {{ type pulse hint {{ show on description "virtual default" }} }}
"""

_PATIENCE = 60.0
"""Seconds after which a test that waits has failed: far longer than anything takes."""

_FORMAT = f"--raw --format=s16le --rate={RATE}"


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Ask until `condition` holds; AssertionError naming `what` if it never does."""
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {_PATIENCE:.0f} s in vain for {what}"
        time.sleep(0.01)


class Recording:
    """Both channels of the bus, from before the first sample a test causes until `stop`."""

    def __init__(self, process: subprocess.Popen[bytes], file: Path) -> None:
        self._process = process
        self._file = file

    def so_far(self) -> NDArray[np.int16]:
        """Return what has been recorded up to now: int16, shape (n, 2)."""
        data = self._file.read_bytes()
        return np.frombuffer(data[: len(data) // 4 * 4], dtype="<i2").reshape(-1, 2)

    def stop(self) -> NDArray[np.int16]:
        """End the recording and return all of it: int16, shape (n, 2), left heard and right said."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # it then writes out what it still holds
        self._process.wait(_PATIENCE)
        return self.so_far()


class SoundCard:
    """A PulseAudio server of its own, in a folder of its own, that dies with this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._recordings = 0
        self.environment = os.environ | {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_STATE_PATH": str(folder),
            "PULSE_SERVER": f"unix:{folder}/native",
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
        }
        """For the process that is to have this sound card."""
        (folder / "asound.conf").write_text(_ALSA)
        (folder / "server.pa").write_text(
            _SERVER.format(
                folder=folder,
                left="master_channel_map=front-left",
                right="master_channel_map=front-right",
                mono="channels=1 channel_map=mono remix=no",
            )
        )
        self.plug_in()

    def plug_in(self) -> None:
        """Bring the sound card, for the first time or after it was taken away; ready when this returns."""
        log_file = self._folder / "server.log"
        with log_file.open("wb") as log:
            self._server = self._start(
                f"pulseaudio -n -F {self._folder}/server.pa --daemonize=no --exit-idle-time=-1 --use-pid-file=no "
                "--disable-shm=yes",
                stdout=log,
                stderr=log,
            )
        wait_for(self._ready, f"the sound server: {log_file.read_text()}")

    def _start(self, command: str, **options: object) -> subprocess.Popen[bytes]:
        # Nothing started here outlives the tests, however they end.
        return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
            ["setpriv", "--pdeathsig", "KILL", *command.split()], env=self.environment, **options
        )

    def _ready(self) -> bool:
        assert self._server.poll() is None, (self._folder / "server.log").read_text()
        answer = subprocess.run(
            ["pactl", "get-default-source"], env=self.environment, capture_output=True, check=False
        )
        return answer.stdout.strip() == b"va_mic"

    def speak(self, sound: Samples) -> None:
        """Play `sound` (int16, 16 kHz, mono) into the microphone; return when all of it has been heard."""
        subprocess.run(
            f"pacat --playback --device=va_micfeed --channels=1 {_FORMAT}".split(),
            input=sound.astype("<i2").tobytes(),
            env=self.environment,
            check=True,
            timeout=_PATIENCE + len(sound) / RATE,
        )

    @contextmanager
    def record(self) -> Iterator[Recording]:
        """Record the bus; the recording runs once this has been entered."""
        self._recordings += 1
        file = self._folder / f"recording-{self._recordings}.raw"
        with file.open("wb") as output:
            process = self._start(
                f"pacat --record --device=bus.monitor --channels=2 --latency-msec=20 {_FORMAT}",
                stdout=output,
            )
        wait_for(lambda: file.stat().st_size > 0, "the recording to begin")
        try:
            yield Recording(process, file)
        finally:
            process.kill()
            process.wait()

    def echo(self, milliseconds: int) -> None:
        """Let the microphone hear the speaker from now on, this much later."""
        subprocess.run(
            f"pactl load-module module-loopback source=va_speaker.monitor sink=va_micfeed "
            f"latency_msec={milliseconds} adjust_time=1".split(),
            env=self.environment,
            check=True,
            capture_output=True,
        )

    def freeze(self) -> None:
        """Let the server stand still, as a driver that hangs."""
        self._server.send_signal(signal.SIGSTOP)

    def suspend_microphone(self) -> None:
        """Let the microphone fall silent in the worst way: no samples and no error."""
        subprocess.run(["pactl", "suspend-source", "va_mic", "1"], env=self.environment, check=True)

    def resume_microphone(self) -> None:
        """Let it be heard again."""
        subprocess.run(["pactl", "suspend-source", "va_mic", "0"], env=self.environment, check=True)

    def kill(self) -> None:
        """Take the sound card away."""
        self._server.kill()
        self._server.wait()


@contextmanager
def soundcard() -> Iterator[SoundCard]:
    """Start a sound card, ready when this is entered and gone when it is left.

    Ends the test (see `give_up`) where the programs for it are not installed.
    """
    programs = ("pulseaudio", "pactl", "pacat", "setpriv")
    if lacking := [program for program in programs if shutil.which(program) is None]:
        give_up(f"no virtual sound card: {' and '.join(lacking)} missing; ./scripts/test installs them")
    # Not pytest's folder: the path of a socket may have no more than 107 characters.
    with tempfile.TemporaryDirectory(prefix="soundcard-") as folder:
        card = SoundCard(Path(folder))
        try:
            yield card
        finally:
            card.kill()
