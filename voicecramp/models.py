"""The Vosk models: which the manifest knows, which are installed, which one is meant."""

import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from voicecramp.datafile import Strict, load
from voicecramp.errors import VoiceCrampError

__all__ = ["NAME", "Installed", "Known", "Manifest", "check", "find", "installed", "read_manifest", "remove"]

NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
"""What a model and its folder may be called: never hidden, never outside the folder it is put in."""

_NEEDED = (
    "am/final.mdl",
    "conf/mfcc.conf",
    "conf/model.conf",
    "graph/Gr.fst",
    "graph/HCLr.fst",
    "graph/disambig_tid.int",
    "graph/phones/word_boundary.int",
)
"""Files without which Vosk cannot load a model and give it a grammar of our own."""

_Name = Annotated[str, StringConstraints(pattern=f"^{NAME}$")]
_BlobId = Annotated[str, StringConstraints(pattern="^[0-9a-f]{40}$")]
_Inside = Annotated[str, StringConstraints(pattern=rf"^{NAME}(/{NAME})*$")]


class Known(Strict):
    """A model that the manifest describes."""

    title: str
    licence: str
    folder: _Name
    url: str = ""
    """Where its zip is; empty for a model that comes with VoiceCramp."""
    size_mb: float = Field(gt=0)
    """Of the zip, or of the folder of a model that comes with VoiceCramp; 10^6 bytes."""
    files: dict[_Inside, _BlobId] = Field(default_factory=dict)
    """Each file's git blob id."""

    @model_validator(mode="after")
    def _what_is_downloaded_is_verified(self) -> Self:
        if self.url and not self.files:
            raise ValueError("a model with a url needs its files, list them with their git blob ids")
        return self


class Manifest(Strict):
    """The models that are known by name, the one to choose first at the top."""

    models: dict[_Name, Known]

    def named(self, wanted: str) -> tuple[str, Known] | None:
        """Return the model of this name, or with a folder of this name."""
        every = self.models.items()
        return next(((name, known) for name, known in every if wanted in {name, known.folder}), None)


@dataclass(frozen=True)
class Installed:
    """A model that is there."""

    name: str
    """By which it is asked for: from the manifest, else its folder's."""
    path: Path
    known: Known | None
    """What the manifest says of it; None for a model that was installed from elsewhere."""


def read_manifest(models: Path) -> Manifest:
    """Read `manifest.yaml` in the folder of models."""
    return load(models / "manifest.yaml", Manifest)


def check(path: Path, called: str = "") -> None:
    """Make sure that a folder holds a Vosk model that takes a grammar.

    Args:
        path: the folder.
        called: what it is to the person, for errors; the path when empty.

    Raises:
        VoiceCrampError: it does not.
    """
    called = called or str(path)
    if not path.is_dir():
        raise VoiceCrampError(f"{called}: there is no such model folder; check the path.")
    if (path / "graph/HCLG.fst").exists():
        raise VoiceCrampError(
            f"{called}: this model has one fixed graph (graph/HCLG.fst) and takes no grammar; choose a small model."
        )
    missing = [name for name in _NEEDED if not (path / name).is_file()]
    if missing:
        raise VoiceCrampError(
            f"{called}: this is not a Vosk model, {missing[0]} is missing; get it again, or choose another."
        )


def installed(manifest: Manifest, folders: Iterable[Path]) -> list[Installed]:
    """List the models in these folders, those of the manifest first and in its order.

    A folder of the manifest's is there though something in it is missing: that is for whoever loads it to tell.
    """
    order = list(manifest.models)
    found: dict[str, Installed] = {}
    for path in (path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())):
        name, known = manifest.named(path.name) or (path.name, None)
        if path.name.startswith(".") or not _is_there(path, known):
            continue
        found.setdefault(name, Installed(name, path, known))
    return sorted(found.values(), key=lambda model: order.index(model.name) if model.known else len(order))


def find(wanted: str, manifest: Manifest, folders: Iterable[Path]) -> Installed:
    """Return the model of this name or in this folder.

    Raises:
        VoiceCrampError: there is none, or the folder holds no model.
    """
    there = installed(manifest, folders)
    for model in there:
        if wanted in {model.name, model.path.name}:
            return model
    path = Path(wanted)
    with suppress(RuntimeError):  # nobody here is called so
        path = path.expanduser()
    if path.is_dir():
        check(path)
        return Installed(path.resolve().name, path, None)
    if named := manifest.named(wanted):
        raise VoiceCrampError(f"The model {wanted} is not installed; {_remedy(*named)}.")
    names = ", ".join(model.name for model in there) or "none"
    raise VoiceCrampError(f"There is no model {wanted}, by name or by path; installed are: {names}.")


def remove(name: str, manifest: Manifest, folder: Path) -> Path:
    """Remove an installed model from the folder that models are installed in; return where it was.

    Raises:
        VoiceCrampError: it is not there, is no model, or comes with VoiceCramp.
    """
    if not re.fullmatch(NAME, name):
        raise VoiceCrampError(f"{name!r} is no name of a model; `voicecramp models list` shows the names.")
    _, known = manifest.named(name) or (name, None)
    if known and not known.url:
        raise VoiceCrampError(
            f"The model {name} comes with VoiceCramp and is not removed; choose another instead."
        )
    path = folder / (known.folder if known else name)
    if path.is_symlink() or not _is_there(path, known):
        raise VoiceCrampError(
            f"There is no model {name} in {folder}; `voicecramp models list` shows what there is."
        )
    # Out of sight first, in one step: a removal that is cut short leaves no half model to be chosen.
    hidden = path.with_name(f".removed-{path.name}")
    try:
        if hidden.exists():
            shutil.rmtree(hidden)
        shutil.rmtree(path.rename(hidden))
    except OSError as error:
        raise VoiceCrampError(f"{path}: it cannot be removed: {error.strerror}.") from error
    return path


def _is_there(path: Path, known: Known | None) -> bool:
    return path.is_dir() if known else all((path / name).is_file() for name in _NEEDED)


def _remedy(name: str, known: Known) -> str:
    return (
        f"`voicecramp models install {name}` gets it"
        if known.url
        else "install VoiceCramp again to get it back"
    )
