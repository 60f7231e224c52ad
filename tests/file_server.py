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
    knows_ranges: bool = True
    cut_after: int | None = None
    """Bytes after which a connection ends, whatever length was promised; None for never."""
    shift: int = 0
    """By how much the bytes of a range are others than those asked for."""
    tells_length: bool = True
    address: str = ""
    ranges: list[str] = field(default_factory=list)
    """The range that each request asked for; empty for the whole file."""


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
            asked = self.headers.get("Range", "")
            server.ranges.append(asked)
            content = server.files.get(self.path.lstrip("/"))
            if content is None:
                self.send_error(404)
                return
            start = int(asked.removeprefix("bytes=").rstrip("-") or 0) if asked else 0
            if start and server.knows_ranges:
                if start >= len(content):
                    self.send_error(416)
                    return
                start += server.shift
                self.send_response(206)
                self.send_header(
                    "Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}"
                )
                content = content[start:]
            else:
                self.send_response(200)
            if server.tells_length:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: server.cut_after])

        def log_message(self, *_: object) -> None:
            pass

    return Handler
