"""Where the two folders a user may edit are: `intents/` and `models/`."""

import os
from pathlib import Path

import platformdirs

from voicecramp.errors import VoiceCrampError

__all__ = ["downloads", "intents", "models"]

_PACKAGE = Path(__file__).resolve().parent


def intents(package: Path = _PACKAGE) -> Path:
    """Return the folder of what people say and what they are told."""
    return _beside(package, "intents")


def models(package: Path = _PACKAGE) -> Path:
    """Return the folder of the models that come with VoiceCramp, and of the manifest."""
    return _beside(package, "models")


def downloads(package: Path = _PACKAGE) -> Path:
    """Return the folder that further models are installed in; it may not exist yet.

    In a checkout that can be written to it is `models/`, where a user looks. Otherwise it is the
    user's own data folder: what pip installed belongs to pip.
    """
    shipped = models(package)
    if shipped.parent != package and os.access(shipped, os.W_OK):
        return shipped
    return platformdirs.user_data_path("voicecramp") / "models"


def _beside(package: Path, name: str) -> Path:
    """Find a folder inside the package, where a wheel has it, or beside it, where a checkout has it."""
    inside, beside = package / name, package.parent / name
    if inside.is_dir():
        return inside
    if beside.is_dir() and (package.parent / "pyproject.toml").is_file():
        return beside
    raise VoiceCrampError(
        f"The folder {name}/ is missing, neither at {inside} nor at {beside}; install VoiceCramp again."
    )
