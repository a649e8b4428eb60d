"""A web server with one file, and the habits and accidents of real ones."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

__all__ = ["Server", "serving"]


@dataclass
class Server:
    """What the server does; a test may change it between requests."""

    body: bytes
    url: str = ""
    tag: str = '"one"'
    """Its ETag; none when empty."""
    date: str = ""
    """Its Last-Modified; none when empty."""
    ranges: bool = True
    """Whether it can send a part."""
    cut_after: int | None = None
    """Bytes of the answer after which the connection breaks."""
    tells_length: bool = True
    status: int = 200
    asked: list[str] = field(default_factory=list)
    """The Range header of each request, empty where it had none."""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        wanted = handler.headers.get("Range", "")
        self.asked.append(wanted)
        assert handler.headers.get("Accept-Encoding") == "identity"  # else bytes could not be counted
        start, status = 0, self.status
        if self.ranges and wanted and handler.headers.get("If-Range") in {self.tag, self.date} - {""}:
            part = re.fullmatch(r"bytes=(\d+)-", wanted)
            assert part
            start = int(part[1])
            status = 206 if start < len(self.body) else 416
        handler.send_response(status)
        content = self.body[start:]
        if status == 206:
            handler.send_header("Content-Range", f"bytes {start}-{len(self.body) - 1}/{len(self.body)}")
        if status == 416:
            handler.send_header("Content-Range", f"bytes */{len(self.body)}")
        for name, value in (("ETag", self.tag), ("Last-Modified", self.date)):
            if value:
                handler.send_header(name, value)
        if self.tells_length:
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[: self.cut_after])


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Serve on a free port of this machine; `server.url` says where."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.answer(self)

        def log_message(self, *_: object) -> None:
            """Keep the tests quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        server.url = f"http://127.0.0.1:{http.server_port}/model.zip"
        try:
            yield server
        finally:
            http.shutdown()
