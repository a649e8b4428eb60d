"""Moments as the diary keeps them: seconds since 1970, and how far the clock on the wall was from UTC then."""

from datetime import UTC, date, datetime, timedelta, timezone

__all__ = ["days_from", "local", "stamp"]


def stamp(moment: datetime) -> tuple[int, int]:
    """Return a moment as (seconds since 1970 in UTC, seconds the local clock was ahead of UTC).

    Fractions of a second are dropped.
    """
    ahead = moment.utcoffset() or timedelta(0)
    return int(moment.timestamp() // 1), int(ahead.total_seconds())


def local(at: int, offset: int) -> datetime:
    """Return the moment of a stamp, as the clock on the wall showed it wherever the person was."""
    zone = timezone(timedelta(seconds=offset))
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at)).astimezone(zone)


def days_from(day: date) -> int:
    """Return the midnight with which `day` begins; to be compared with `at + offset`, so for any time zone."""
    return (day - date(1970, 1, 1)).days * 86_400
