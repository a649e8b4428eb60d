import socket
from pathlib import Path

import pytest
from models.model_server import Server

from voicecramp.download import discard, download
from voicecramp.errors import VoiceCrampError

LIMIT = 10**6


class Log(list[tuple[int, int | None]]):
    """A progress bar that remembers."""

    def __call__(self, done: int, total: int | None) -> None:
        self.append((done, total))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "model.zip.part"


def break_off(server: Server, file: Path, after: int) -> None:
    """Leave the first bytes of a download, as a broken connection does."""
    server.cut_after = after
    with pytest.raises(VoiceCrampError, match=r"^The download broke off"):
        download(server.url, file, LIMIT, Log())
    server.cut_after = None


def test_it_fetches_the_file_and_tells_how_far_it_is(server: Server, file: Path) -> None:
    log = Log()
    download(server.url, file, LIMIT, log)
    assert file.read_bytes() == server.body
    assert log[0] == (0, len(server.body))
    assert log[-1] == (len(server.body), len(server.body))
    assert log == sorted(set(log))


def test_a_length_that_nobody_tells_is_unknown(server: Server, file: Path) -> None:
    server.tells_length = False
    log = Log()
    download(server.url, file, LIMIT, log)
    assert file.read_bytes() == server.body
    assert {total for _, total in log} == {None}


@pytest.mark.parametrize(
    ("tag", "date"), [('"one"', ""), ("", "Sat, 21 Nov 2026 02:00:00 GMT"), ('W/"one"', "today")]
)
def test_a_broken_download_goes_on_where_it_broke_off(
    server: Server, file: Path, tag: str, date: str
) -> None:
    server.tag, server.date = tag, date
    break_off(server, file, after=65_536)
    assert file.read_bytes() == server.body[:65_536]
    log = Log()
    download(server.url, file, LIMIT, log)
    assert server.asked == ["", "bytes=65536-"]
    assert log[0] == (65_536, len(server.body))
    assert file.read_bytes() == server.body


def test_it_may_break_off_again_and_again(server: Server, file: Path) -> None:
    for _ in range(3):
        break_off(server, file, after=65_536)
    download(server.url, file, LIMIT, Log())
    assert server.asked == ["", "bytes=65536-", "bytes=131072-", "bytes=196608-"]
    assert file.read_bytes() == server.body


def test_a_server_without_ranges_sends_it_all_again(server: Server, file: Path) -> None:
    server.ranges = False
    break_off(server, file, after=65_536)
    log = Log()
    download(server.url, file, LIMIT, log)
    assert log[0] == (0, len(server.body))
    assert file.read_bytes() == server.body


def test_what_has_changed_meanwhile_is_fetched_anew(server: Server, file: Path) -> None:
    break_off(server, file, after=65_536)
    server.body, server.tag = b"something new" * 20_000, '"two"'
    download(server.url, file, LIMIT, Log())
    assert server.asked == ["", "bytes=65536-"]
    assert file.read_bytes() == server.body


@pytest.mark.parametrize("tag", ["", 'W/"one"'])
def test_without_anything_to_know_it_by_it_starts_again(server: Server, file: Path, tag: str) -> None:
    server.tag = tag
    break_off(server, file, after=65_536)
    download(server.url, file, LIMIT, Log())
    assert server.asked == ["", ""]
    assert file.read_bytes() == server.body


def test_what_is_whole_already_is_not_fetched_again(server: Server, file: Path) -> None:
    download(server.url, file, LIMIT, Log())
    log = Log()
    download(server.url, file, LIMIT, log)
    assert server.asked == ["", f"bytes={len(server.body)}-"]
    assert log == [(len(server.body), len(server.body))]
    assert file.read_bytes() == server.body


def test_what_is_longer_than_it_should_be_is_fetched_anew(server: Server, file: Path) -> None:
    download(server.url, file, LIMIT, Log())
    file.write_bytes(server.body + b"more")
    download(server.url, file, LIMIT, Log())
    assert file.read_bytes() == server.body


@pytest.mark.parametrize("tells_length", [True, False])
def test_something_too_large_is_refused_and_not_kept(server: Server, file: Path, tells_length: bool) -> None:
    server.tells_length = tells_length
    log = Log()
    with pytest.raises(VoiceCrampError, match="larger than the 0 MB it may be"):
        download(server.url, file, 100_000, log)
    assert max(done for done, _ in log) <= 100_000
    assert list(file.parent.iterdir()) == []


@pytest.mark.parametrize(("status", "reason"), [(404, "Not Found"), (500, "Internal Server Error")])
def test_a_server_that_refuses_is_quoted(server: Server, file: Path, status: int, reason: str) -> None:
    break_off(server, file, after=65_536)
    server.status, server.tag = status, '"two"'
    with pytest.raises(VoiceCrampError, match=f"^{server.url}: the server answered {status} {reason}; try"):
        download(server.url, file, LIMIT, Log())
    assert file.stat().st_size == 65_536


def test_no_network_is_told(file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]  # closed again: nobody answers there
    with pytest.raises(VoiceCrampError, match=r"^127\.0\.0\.1 cannot be reached; connect to the network"):
        download(f"http://127.0.0.1:{port}/model.zip", file, LIMIT, Log())
    assert list(file.parent.iterdir()) == []


def test_a_connection_that_is_not_safe_is_told(server: Server, file: Path) -> None:
    with pytest.raises(VoiceCrampError, match=r"^The connection to 127\.0\.0\.1 is not safe"):
        download(server.url.replace("http:", "https:"), file, LIMIT, Log())


def test_a_full_disk_leaves_nothing(server: Server, file: Path) -> None:
    file.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left on device"):
        download(server.url, file, LIMIT, Log())
    assert list(file.parent.iterdir()) == []


def test_discarding_removes_all_of_it(server: Server, file: Path) -> None:
    break_off(server, file, after=65_536)
    discard(file)
    assert list(file.parent.iterdir()) == []
    discard(file)
