"""An HTTP proxy that answers CONNECT by being the host that was asked for, over real TLS."""

import contextlib
import gzip
import socket
import socketserver
import ssl
import sys
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

import trustme

from tests.sheets_server.answer import Answer, Request
from tests.sheets_server.server import SheetsServer

#: Clients send a body only once the head is acknowledged, and a system may take its time for that (Linux: 40 ms).
QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)
GOOGLE = ("sheets.googleapis.com", "www.googleapis.com", "oauth2.googleapis.com")


class Proxy(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine; a thread for each connection."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 50

    def __init__(self, google: SheetsServer, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.google = google
        self.context = context
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def keep(self, connection: socket.socket) -> None:
        with self._guard:
            self._open.add(connection)

    def forget(self, connection: socket.socket) -> None:
        with self._guard:
            self._open.discard(connection)
        connection.close()

    def hang_up(self) -> None:
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news; anything else is a mistake of the server's and must be seen."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    host = ""

    def do_CONNECT(self) -> None:
        proxy = cast("Proxy", self.server)
        host = self.path.partition(":")[0]
        if host not in GOOGLE:
            self.send_error(HTTPStatus.BAD_GATEWAY, f"{host} is not part of this test")
            return
        self.send_response_only(HTTPStatus.OK, "Connection established")
        self.end_headers()
        self.wfile.flush()
        secured = proxy.context.wrap_socket(self.connection, server_side=True)
        proxy.keep(secured)
        self.host, self.connection, self.request = host, secured, secured
        self.rfile, self.wfile = secured.makefile("rb"), secured.makefile("wb")
        self.close_connection = False

    def _serve(self) -> None:
        proxy = cast("Proxy", self.server)
        if QUICK_ACK is not None:
            self.connection.setsockopt(socket.IPPROTO_TCP, QUICK_ACK, 1)
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        query = parse_qs(address.query, keep_blank_values=True)
        headers = {name.lower(): text for name, text in self.headers.items()}
        self._send(proxy.google.handle(Request(self.command, self.host, address.path, query, headers, body)))

    do_GET = do_POST = do_PUT = do_DELETE = _serve

    def _send(self, answer: Answer) -> None:
        if answer.hang:
            self.connection.recv(1)  # the client gives up and closes
        if answer.drop or answer.hang:
            self.close_connection = True
            return
        body = answer.body
        self.send_response_only(answer.status)
        self.send_header("Date", self.date_time_string())
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 500:
            body = gzip.compress(body, 1, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if answer.cut else body)
        self.wfile.flush()
        self.close_connection = self.close_connection or answer.cut

    def finish(self) -> None:
        for stream in (self.wfile, self.rfile):
            with contextlib.suppress(OSError, ValueError):
                stream.close()
        if isinstance(self.connection, ssl.SSLSocket):
            cast("Proxy", self.server).forget(self.connection)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextlib.contextmanager
def running(google: SheetsServer, folder: Path) -> Iterator[dict[str, str]]:
    """Run a proxy in front of `google`; gives the environment in which a program reaches it. Certificates lie in
    `folder`."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*GOOGLE).configure_cert(context)
    bundle = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    with Proxy(google, context) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield {"HTTPS_PROXY": proxy.url, "REQUESTS_CA_BUNDLE": str(bundle), "NO_GCE_CHECK": "true"}
        finally:
            proxy.shutdown()
            thread.join()
            proxy.hang_up()
