"""A server of files on this machine, with the faults that servers have."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class FileServer:
    """What a server has, how it behaves, and what it was asked."""

    files: Mapping[str, bytes]
    cut_after: int | None = None
    """Bytes after which a connection ends, whatever length was promised; None for never."""
    tells_length: bool = True
    address: str = ""
    requests: list[str] = field(default_factory=list)
    """The name of each file that was asked for."""


@contextmanager
def serving(server: FileServer) -> Iterator[FileServer]:
    """Serve at `server.address` while the context lasts."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(server)) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        server.address = f"http://127.0.0.1:{http.server_port}"
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()


def _handler(server: FileServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            server.requests.append(name)
            content = server.files.get(name)
            if content is None:
                self.send_error(404)
                return
            self.send_response(200)
            if server.tells_length:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: server.cut_after])

        def log_message(self, *_: object) -> None:
            pass

    return Handler
