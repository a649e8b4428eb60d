"""Deleting, so that nothing is left in the file."""

from datetime import date
from pathlib import Path

from voicecramp.diary.moment import days_from
from voicecramp.diary.store import connect, connect_to_read, telling, transaction
from voicecramp.errors import VoiceCrampError

__all__ = ["forget"]


def forget(path: Path, before: date | None = None) -> int:
    """Delete cramps, stretches, answers and notes: all, or those from before the day `before`. Settings stay.

    What is deleted is overwritten in the file and in its log. Copies of the file are not found, nor what a disk may
    keep of its own.

    Returns:
        How many entries were deleted, the stretches not counted; 0 where there is no file, and none is made.

    Raises:
        VoiceCrampError: It cannot be deleted, or, told as such, not yet be overwritten.
    """
    existing = connect_to_read(path)
    if existing is None:
        return 0
    existing.close()
    end = days_from(before) if before else 1 << 62
    db = connect(path)
    try:
        with telling(path):
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA temp_store = MEMORY")  # nothing of it in another file
            with transaction(db):
                db.execute("DELETE FROM holds WHERE at + offset < ?", [end])
                deleted = sum(
                    db.execute(f"DELETE FROM {table} WHERE {moment} + offset < ?", [end]).rowcount  # noqa: S608
                    for table, moment in (("episodes", "began"), ("answers", "at"), ("notes", "at"))
                )
            db.execute("VACUUM")
            (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        db.close()
    if busy:
        raise VoiceCrampError(
            f"The diary {path} is being read by another program: it is deleted, but traces remain in {path}-wal; "
            "end that program, then do this again."
        )
    return deleted
