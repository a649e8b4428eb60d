"""A download that can break off at any byte and goes on from there next time."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import requests

from voicecramp.errors import VoiceCrampError

__all__ = ["Progress", "discard", "download"]

Progress = Callable[[int, int | None], None]
"""Is told the bytes that are there, and how many it will be (None: the server does not say)."""

_TIMEOUT = (10.0, 30.0)
"""Seconds to wait for a connection, and for the next bytes: weak Wi-Fi pauses for seconds, not for minutes."""

_CHUNK = 1 << 16
"""Bytes written at a time: a few hundred steps of a progress bar for a small model."""

_BROKEN_OFF = "The download broke off; run the same command again to go on."


def download(url: str, file: Path, limit: int, progress: Progress) -> None:
    """Fetch `url` into `file`, going on from what an earlier try left there.

    What is there is continued only while the server says that it is still the same thing, by its ETag
    or date, kept in `FILE.validator`. A server that cannot do that sends everything again.

    Args:
        url: what to fetch, over http or https.
        file: where to; its folder exists.
        limit: bytes; anything larger is refused.
        progress: told at the start and after every chunk.

    Raises:
        VoiceCrampError: the server cannot be reached or refuses, or what it sends is too large, or the
            download broke off; then the bytes so far stay for the next try.
        OSError: `file` cannot be written, as when the disk is full.
    """
    had = file.stat().st_size if file.exists() and _validator_of(file).exists() else 0
    answer = _ask(url, file, had)
    if had and answer.status_code == requests.codes.requested_range_not_satisfiable:
        answer.close()
        if answer.headers.get("Content-Range") == f"bytes */{had}":
            progress(had, had)
            return
        had = 0
        answer = _ask(url, file, had)
    with answer:
        done, total = _extent(answer, url, had)
        try:
            with file.open("ab" if done else "wb") as out:
                if not done:
                    _remember(answer, file)
                progress(done, total)
                for chunk in _chunks(answer):
                    out.write(chunk)
                    done += len(chunk)
                    if done > limit:
                        break
                    progress(done, total)
        except OSError:
            discard(file)
            raise
    if done > limit:
        discard(file)
        raise VoiceCrampError(
            f"{url}: it is larger than the {limit / 1e6:,.0f} MB it may be; it is something else."
        )
    if total is not None and done < total:
        raise VoiceCrampError(_BROKEN_OFF)


def discard(file: Path) -> None:
    """Remove a download, whole or not, and what is kept about it."""
    file.unlink(missing_ok=True)
    _validator_of(file).unlink(missing_ok=True)


def _ask(url: str, file: Path, had: int) -> requests.Response:
    headers = {"Accept-Encoding": "identity"}  # the bytes as they are stored, so that they can be counted
    if had:
        headers |= {"Range": f"bytes={had}-", "If-Range": _validator_of(file).read_text(encoding="latin-1")}
    host = urlsplit(url).hostname
    try:
        return requests.get(url, headers=headers, stream=True, timeout=_TIMEOUT)
    except requests.exceptions.SSLError as error:
        # A Raspberry Pi has no battery for its clock, and on a wrong date every certificate is invalid.
        raise VoiceCrampError(
            f"The connection to {host} is not safe: its certificate is refused; check this machine's date."
        ) from error
    except requests.RequestException as error:
        raise VoiceCrampError(
            f"{host} cannot be reached; connect to the network and try again, or use --from FILE.zip."
        ) from error


def _extent(answer: requests.Response, url: str, had: int) -> tuple[int, int | None]:
    """Return at which byte the answer begins, and how many bytes the whole has (None: unknown)."""
    if answer.status_code == requests.codes.ok:
        length = answer.headers.get("Content-Length", "")
        return 0, int(length) if length.isdecimal() else None
    if answer.status_code == requests.codes.partial_content:
        extent = re.fullmatch(rf"bytes {had}-\d+/(\d+|\*)", answer.headers.get("Content-Range", ""))
        if extent:
            return had, int(extent[1]) if extent[1].isdecimal() else None
    raise VoiceCrampError(
        f"{url}: the server answered {answer.status_code} {answer.reason}; try again later, or use --from FILE.zip."
    )


def _validator_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.validator")


def _remember(answer: requests.Response, file: Path) -> None:
    """Keep what tells this version from another; a weak ETag (W/) does not tell the bytes apart."""
    tag = answer.headers.get("ETag", "")
    kept = tag if tag and not tag.startswith("W/") else answer.headers.get("Last-Modified", "")
    validator = _validator_of(file)
    if kept:
        validator.write_text(kept, encoding="latin-1")
    else:
        validator.unlink(missing_ok=True)


def _chunks(answer: requests.Response) -> Iterator[bytes]:
    try:
        yield from answer.iter_content(_CHUNK)
    except requests.RequestException as error:
        raise VoiceCrampError(_BROKEN_OFF) from error
