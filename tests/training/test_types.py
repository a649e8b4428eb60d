"""The training is typed as strictly as the product; its types are PyTorch's, so PyTorch must be there."""

import os
import subprocess
import sys
from pathlib import Path

from optional import need

need("torch", "scripts/train installs it")

ROOT = Path(__file__).resolve().parents[2]


def test_types() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", os.devnull, "scripts/training"],
        cwd=ROOT,
        env=os.environ | {"MYPYPATH": "scripts"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
