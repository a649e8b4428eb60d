"""Data files, YAML or TOML, read into checked objects; whatever is wrong is told with its file and line."""

from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from voicecramp.datafile.complaint import Place, address, sentence
from voicecramp.datafile.formats import Lines, read_toml, read_yaml
from voicecramp.datafile.places import places
from voicecramp.errors import VoiceCrampError

__all__ = ["Place", "Some", "Strict", "listed", "load", "locate", "places"]

_YAML = {".yaml", ".yml"}

T = TypeVar("T", bound=BaseModel)
Item = TypeVar("Item")


def _check_some(items: tuple[Item, ...]) -> tuple[Item, ...]:
    if not items:
        raise ValueError("the list is empty; it needs at least one item")
    return items


Some = Annotated[tuple[Item, ...], AfterValidator(_check_some), Field(json_schema_extra={"minItems": 1})]
"""At least one. Not pydantic's `min_length`, which calls a list empty when an item of it is wrong."""


class Strict(BaseModel):
    """A schema whose objects cannot change and that takes no key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def load(path: Path, schema: type[T]) -> T:
    """Read a `.yaml`, `.yml` or `.toml` file and check it against a schema.

    YAML is read as a person means it: `yes`, `no`, `on`, `off` and dates are plain text, and a key
    given twice is an error. A file with nothing in it counts as one with no keys.

    Raises:
        VoiceCrampError: the file is missing, unreadable, malformed, or not as the schema wants it.
    """
    data, lines = _read(path)
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        if data == {}:
            needed = ", ".join(str(problem["loc"][-1]) for problem in error.errors() if problem["loc"])
            raise VoiceCrampError(f"{path}: it is empty; it needs {needed or 'content'}.") from None
        raise VoiceCrampError(sentence(path, schema, data, lines, error.errors())) from None


def listed(folder: Path) -> list[Path]:
    """Return the YAML files of a folder by their names, but for what an editor hides there; none where it is missing.

    Raises:
        VoiceCrampError: the folder may not be read.
    """
    try:
        paths = sorted(folder.iterdir())  # `glob` calls a folder empty that may not be read
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise VoiceCrampError(f"{folder} cannot be read: {error.strerror}; check the folder.") from None
    return [path for path in paths if path.suffix in _YAML and not path.name.startswith(".")]


def locate(path: Path, place: Place) -> str:
    """Tell where in a file a place is, as `file:line: key`, for what a schema alone cannot find wrong.

    Raises:
        VoiceCrampError: the file is missing, unreadable or malformed.
    """
    return address(path, _read(path)[1], place)


def _read(path: Path) -> tuple[Any, Lines]:
    text = _text(path)
    if path.suffix in _YAML:
        return read_yaml(path, text)
    if path.suffix == ".toml":
        return read_toml(path, text)
    raise VoiceCrampError(f"{path}: expected a file that ends in .yaml, .yml or .toml; rename it.")


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        what = "this link leads to no file" if path.is_symlink() else "there is no such file"
        raise VoiceCrampError(f"{path}: {what}; check the path.") from None
    except IsADirectoryError:
        raise VoiceCrampError(f"{path}: this is a folder, expected a file; check the path.") from None
    except OSError as error:
        raise VoiceCrampError(f"{path}: it cannot be read: {error.strerror}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise VoiceCrampError(f"{path}:{line}: this is not UTF-8 text; save the file as UTF-8.") from None
