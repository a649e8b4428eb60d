"""A machine with neither microphone nor speaker shows how it would go."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conversation import environment

from voicecramp.audio.devices import Kind, list_devices
from voicecramp.frames import RATE


@pytest.mark.parametrize("engine", ["vosk", "pocketsphinx"])
def test_without_a_microphone_it_demonstrates_itself(engine: str, tmp_path: Path, clips: Path) -> None:
    if list_devices(Kind.MICROPHONE):
        pytest.skip("this machine has a microphone, so nothing needs to be demonstrated")
    done = subprocess.run(
        [sys.executable, "-m", "voicecramp", "run", "--asr", engine],
        env=environment(clips) | {"XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "No microphone was found" in done.stdout
    assert "DEMONSTRATION" in done.stdout
    understood = [line.split()[2] for line in done.stdout.splitlines() if " understood " in line]
    assert understood == ["Cramp", "Gone"]
    written = tmp_path / "voicecramp/demonstration.wav"
    assert f"Written: {written}" in done.stdout
    sound, rate = soundfile.read(written, dtype="int16")
    assert rate == RATE
    heard, said = sound.T
    assert np.abs(heard).max() > 1000
    assert np.abs(said).max() > 1000
