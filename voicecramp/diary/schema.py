"""The tables, and how an older file comes by them."""

import sqlite3

__all__ = ["APPLICATION", "MIGRATIONS", "ForeignError", "NewerError", "migrate", "version"]

APPLICATION = 0x564F4352
"""`PRAGMA application_id` ("VOCR"), by which a diary is told from any other program's database."""


def _moment(name: str) -> str:
    """Two columns: seconds since 1970 in UTC (to the year 9892), and seconds the wall clock was ahead of UTC."""
    return (
        f"{name} INTEGER NOT NULL CHECK ({name} BETWEEN 0 AND 250000000000), "
        "offset INTEGER NOT NULL CHECK (offset BETWEEN -86399 AND 86399)"
    )


MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        f"""CREATE TABLE episodes (
            id INTEGER PRIMARY KEY, {_moment("began")},
            ended INTEGER,  -- seconds since 1970; nothing while it goes on, or where nobody knows
            muscle TEXT NOT NULL, side TEXT NOT NULL,
            how TEXT CHECK (how IN ('gone', 'stopped', 'unresolved'))  -- nothing while it goes on
        ) STRICT""",
        f"""CREATE TABLE holds (
            {_moment("at")}, step TEXT NOT NULL, seconds INTEGER NOT NULL,
            episode INTEGER REFERENCES episodes ON DELETE CASCADE  -- nothing for a stretch without a cramp
        ) STRICT""",
        f"CREATE TABLE answers ({_moment('at')}, question TEXT NOT NULL, answer TEXT NOT NULL) STRICT",
        f"CREATE TABLE notes ({_moment('at')}, text TEXT NOT NULL) STRICT",
        "CREATE TABLE preferences (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT",
        "CREATE TABLE timers (name TEXT PRIMARY KEY, due INTEGER NOT NULL) STRICT",  # seconds since 1970
        "CREATE INDEX episodes_began ON episodes (began)",
        "CREATE INDEX holds_episode ON holds (episode)",
    ),
)
"""The statements that lead from each version (`PRAGMA user_version`) to the next. Never change one: add one."""


class ForeignError(Exception):
    """It is a database, but no diary."""


class NewerError(Exception):
    """It is the diary of a later version of this program."""


def version(db: sqlite3.Connection) -> int:
    """Return the version of the tables; 0 for an empty file.

    Raises:
        ForeignError, NewerError: It must not be touched.
        sqlite3.Error: It cannot be read.
    """
    (found,) = db.execute("PRAGMA user_version").fetchone()
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if application != APPLICATION and (application or found or tables):
        raise ForeignError
    if found > len(MIGRATIONS):
        raise NewerError(f"version {found}, and this one knows {len(MIGRATIONS)}")
    return int(found)


def migrate(db: sqlite3.Connection) -> None:
    """Bring the tables up to the present version, inside the transaction that is going on."""
    for number in range(version(db), len(MIGRATIONS)):
        for statement in MIGRATIONS[number]:
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {number + 1}")
    db.execute(f"PRAGMA application_id = {APPLICATION}")
