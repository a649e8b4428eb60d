"""The file: where it is, who may read it, and every way in which it can fail, as a sentence."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from voicecramp.diary import schema
from voicecramp.errors import VoiceCrampError

__all__ = ["be_patient", "connect", "connect_to_read", "default_path", "examine", "telling", "transaction"]

_PATIENCE = 1.0
"""Seconds to wait for another program that is writing. It writes for milliseconds, so longer means that it hangs;
and somebody with a cramp is waiting meanwhile."""

_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}
"""What SQLite says where it may not write."""


def default_path() -> Path:
    """Return where the diary is kept; it need not exist."""
    return platformdirs.user_data_path("voicecramp") / "diary.db"


def connect(path: Path | None) -> sqlite3.Connection:
    """Open the diary for writing, made if missing; None: one in memory, gone when it is closed.

    The file is readable for its owner alone. Transactions are begun by hand. A commit is on the disk when it
    returns. The connection may be used by any thread, one at a time.

    Raises:
        VoiceCrampError: It cannot be opened or written, is damaged, or is no diary of this version. Nothing in it
            was changed.
    """
    with telling(path):
        if path is None:
            return _prepared(_open(":memory:"))
        _make(path)
        return _prepared(_open(_writable(path)))


def connect_to_read(path: Path) -> sqlite3.Connection | None:
    """Open the diary for reading only, even where nothing can be written; None where none was begun.

    One that an older VoiceCramp wrote is brought up to date; an empty file is left as it is.

    Raises:
        VoiceCrampError: It cannot be read, is damaged, or is no diary of this version.
    """
    with telling(path):
        if not _is_there(path):
            return None
        db = _readable(path)
        try:
            version = schema.version(db)
            _check(db)
        except BaseException:
            db.close()
            raise
    if version == len(schema.MIGRATIONS):
        return db
    db.close()
    if version == 0:
        return None
    connect(path).close()
    return connect_to_read(path)


def examine(path: Path) -> bool:
    """Find out whether the diary could be written to, and change nothing. Return whether there is one.

    Raises:
        VoiceCrampError: It could not.
    """
    db = connect_to_read(path)
    if db is None:
        folder = next(parent for parent in path.absolute().parents if parent.exists())
        if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
            raise VoiceCrampError(
                f"No diary can be begun in {folder}: nothing may be written there; give access."
            )
        return False
    db.close()
    with telling(path):
        db = _open(_writable(path))
        try:
            db.execute("BEGIN IMMEDIATE")
            db.execute("DELETE FROM timers")  # to begin alone is allowed on a read-only disk too
            db.execute("ROLLBACK")
        finally:
            db.close()
    return True


def be_patient(db: sqlite3.Connection, patient: bool) -> None:
    """Have a connection wait for another program that is writing, as it does at first, or fail at once."""
    with suppress(sqlite3.Error):
        db.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000 if patient else 0:.0f}")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing of what is written inside."""
    with db:  # commits, or rolls back
        db.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def telling(path: Path | None) -> Iterator[None]:
    """Turn what goes wrong inside into a VoiceCrampError, a sentence for the person."""
    diary = f"The diary {path}" if path else "The diary in memory"
    try:
        yield
    except schema.ForeignError:
        raise VoiceCrampError(f"{diary} is another program's database; name another file.") from None
    except schema.NewerError as error:
        raise VoiceCrampError(
            f"{diary} was written by a newer VoiceCramp ({error}), and is left as it is; update VoiceCramp."
        ) from None
    except OSError as error:
        raise VoiceCrampError(
            f"{diary} cannot be used: {error.strerror}; check the disk, and whether you may write there."
        ) from error
    except sqlite3.Error as error:
        raise VoiceCrampError(f"{diary} {_reason(error)}") from error


def _reason(error: sqlite3.Error) -> str:
    match _kind(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "is in use by another program; end that one, then try again."
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return (
                f"is damaged ({error}), and is left as it is; put a copy of it back, "
                "or move it away and a new one begins."
            )
        case sqlite3.SQLITE_FULL:
            return "cannot be written: the disk is full; make room."
        case kind if kind in {*_UNWRITABLE, sqlite3.SQLITE_IOERR}:
            return f"cannot be used: {error}; check the disk, and whether you may write there."
    return f"cannot be used: {error}; please report this."


def _kind(error: sqlite3.Error) -> int:
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF  # above it, the details


def _is_there(path: Path) -> bool:
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(found.st_mode):
        raise VoiceCrampError(f"The diary {path} is a folder or a device; name a file.")
    return True


def _make(path: Path) -> None:
    """Make an empty file that nobody else may read, or see to it that nobody else may read the one there is.

    SQLite gives the files beside it the same rights.
    """
    if not _is_there(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    real = path.resolve()
    for file in (real, Path(f"{real}-wal"), Path(f"{real}-shm")):
        with suppress(OSError):  # gone, or somebody else's, which opening it will tell
            mode = stat.S_IMODE(file.stat().st_mode)
            if mode & 0o077:
                file.chmod(mode & 0o700)


def _writable(path: Path) -> str:
    """Return the address of a file that is not to be made."""
    return f"{path.resolve().as_uri()}?mode=rw"


def _open(address: str) -> sqlite3.Connection:
    return sqlite3.connect(
        address, timeout=_PATIENCE, isolation_level=None, check_same_thread=False, uri=True
    )


def _prepared(db: sqlite3.Connection) -> sqlite3.Connection:
    try:
        schema.version(db)  # before anything is written: it may be another's
        _check(db)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(
            "PRAGMA synchronous = FULL"
        )  # the power may be cut at any time; a cramp writes a dozen times
        db.execute("PRAGMA foreign_keys = ON")
        with transaction(db):
            schema.migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def _check(db: sqlite3.Connection) -> None:
    """Read it all once, some milliseconds: into a damaged file nothing more is written."""
    (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        damage = sqlite3.DatabaseError(" ".join(found.split()))
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage


def _readable(path: Path) -> sqlite3.Connection:
    # Not mode=ro, which leaves an empty log behind. Where nothing can be written SQLite sees that itself.
    db = _open(_writable(path))
    try:
        db.execute("PRAGMA query_only = ON")
        db.execute("SELECT count(*) FROM sqlite_schema")
    except sqlite3.Error as error:
        db.close()
        # A log cannot be kept beside it on a read-only disk. None is needed either: nobody can write there.
        log = Path(f"{path.resolve()}-wal")
        if _kind(error) not in _UNWRITABLE or (log.exists() and log.stat().st_size):
            raise
        return _open(f"{path.resolve().as_uri()}?mode=ro&immutable=1")
    return db
