"""The first half second of the command, in which it is imported."""

import signal
import subprocess
import sys

_INTERRUPTED = """
import os, signal, sys
class Impatient:
    def find_spec(self, name, path, target=None):
        if name == "voicecramp.cli":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Impatient())
from voicecramp.__main__ import main
main()
"""


def test_whoever_changes_their_mind_at_once_sees_no_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
