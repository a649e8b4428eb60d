from collections.abc import Iterator

import pytest
from models.model_server import Server, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server of 300 kB; a proxy that this machine may have is not asked."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving(Server(body=bytes(range(250)) * 1200)) as running:
        yield running
