# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A gateway on the loopback that keeps what it is asked and answers as it is told."""

import json
import socket
import struct
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict
    body: bytes
    moment: float = field(default_factory=time.monotonic)

    @property
    def query(self):
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))

    @property
    def form(self):
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self):
        return json.loads(self.body)


def ok(number=[0]):  # noqa: B006 counts up
    number[0] += 1
    return 200, {"code": 0, "msgid": f"m{number[0]}"}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length)
        self.server.asked.append(Asked(self.command, self.path, headers, body))
        self.close_connection = True
        plan = self.server.plan
        step = plan.popleft() if plan else ok
        step = step() if step is ok else step
        if callable(step):
            step(self)
        else:
            self.say(*step)

    do_GET = do_PUT = do_POST

    def say(self, status, content, headers=()):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        headers = dict(headers)
        headers.setdefault("Content-Type", "application/json")
        headers.setdefault("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


def slow(handler):
    time.sleep(2.0)
    handler.say(*ok())


def dripping(handler):
    """A byte now and then: no single wait is long, the whole never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _turn in range(40):
        handler.wfile.write(b" ")
        time.sleep(0.1)


def reset(handler):
    """The connection ends with RST after the request was read."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    raise ConnectionResetError


def truncated(handler):
    handler.say(200, b'{"code": 0', {"Content-Length": "500"})


def huge(handler):
    handler.say(200, b'{"code": 0, "x": "' + b"x" * 400_000 + b'"}')


def malformed(handler):
    handler.say(200, b"{code 0")


def no_http(handler):
    handler.wfile.write(b"220 mail.example ESMTP\r\n")


def html(handler):
    handler.say(200, b"<html>Login</html>", {"Content-Type": "text/html"})


def redirect(handler):
    handler.say(302, b"", {"Location": "http://169.254.169.254/latest/meta-data"})


class Gateway(ThreadingHTTPServer):
    """``plan`` holds the answers to come; without one a message is accepted."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.plan = [], deque()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/send"

    def handle_error(self, *_args):
        pass  # a client that had enough

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.shutdown()
        self.server_close()
