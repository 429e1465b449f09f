# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One HTTP request and its answer: no redirect, an end in time, a limit of size.

Not ``requests``: its errors and its debug log name the address with the query, in which
many gateways want the password; and what it resolves twice could differ. Here the host
is resolved once, judged, and that very address is connected to.

What matters most is said by the kind of failure: ``Unreached`` certainly sent nothing,
after ``Lost`` nobody knows.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

MAX_BYTES = 256 * 1024
CONNECT_SECONDS = 5.0


class Unreached(Exception):
    """Nothing of the request can have arrived."""


class Lost(Exception):
    """The request may have arrived; what became of it is not known."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        charset = "utf-8"
        for part in self.headers.get("content-type", "").split(";")[1:]:
            name, _equals, value = part.strip().partition("=")
            if name.lower() == "charset":
                charset = value.strip('"').lower()
        if charset in ("gbk", "gb2312"):
            charset = "gb18030"
        try:
            return self.body.decode(charset)
        except (LookupError, UnicodeDecodeError):
            return self.body.decode("utf-8", "replace")


def is_allowed(address, is_internal):
    """Whether a server of ours may be sent to this address.

    >>> is_allowed("8.8.8.8", False), is_allowed("10.0.0.7", False)
    (True, False)
    >>> is_allowed("10.0.0.7", True), is_allowed("169.254.169.254", True)
    (True, False)
    >>> is_allowed("::ffff:127.0.0.1", False), is_allowed("64:ff9b::a9fe:a9fe", True)
    (False, False)
    """
    ip = ipaddress.ip_address(address)
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip.is_multicast or ip.is_unspecified or ip.is_link_local:
        return False
    if ip.is_loopback or (ip.is_private and not _translates(ip)):
        return is_internal
    return ip.is_global and not _translates(ip)


def _translates(ip):
    """IPv6 that stands for an IPv4 address which would have to be judged."""
    networks = ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
    return ip.version == 6 and any(ip in ipaddress.ip_network(n) for n in networks)


def resolve(host, port, is_internal):
    """The first address of the host, when all of them are allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreached("the host name is not known") from error
    addresses = [entry[4][0] for entry in found]
    if not all(is_allowed(address, is_internal) for address in addresses):
        raise Unreached("the host stands in a network that is not allowed")
    return addresses[0]


def send(request, timeout=10.0, is_internal=False):
    """The answer to the request, or ``Unreached`` or ``Lost``, which name no URL."""
    url = urlsplit(request.url)
    connection = _connect(url, min(CONNECT_SECONDS, timeout), is_internal)
    watch = threading.Timer(timeout, _cut, (connection.sock,))
    watch.daemon = True
    watch.start()
    try:
        connection.sock.settimeout(timeout)
        return _exchange(connection, request, url)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Lost(f"no answer ({type(error).__name__})") from None
    finally:
        watch.cancel()
        connection.close()


def _connect(url, timeout, is_internal):
    is_secure = url.scheme == "https"
    host, port = url.hostname or "", url.port or (443 if is_secure else 80)
    address = resolve(host, port, is_internal)
    kind = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
    connection = kind(host, port)
    deadline = time.monotonic() + timeout
    try:
        sock = socket.create_connection((address, port), timeout)
        if is_secure:
            sock.settimeout(max(deadline - time.monotonic(), 0.1))
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except OSError as error:
        raise Unreached(f"no connection ({type(error).__name__})") from None
    connection.sock = sock
    return connection


def _cut(sock):
    """The time is over: whatever is being read or written ends with an error."""
    with suppress(OSError):  # it may have ended by itself
        sock.shutdown(socket.SHUT_RDWR)


def _exchange(connection, request, url):
    target = f"{url.path or '/'}{'?' + url.query if url.query else ''}"
    connection.putrequest(request.method, target, skip_accept_encoding=True)
    connection.putheader("Accept", "application/json, */*")
    connection.putheader("User-Agent", "key-account-suite")
    for name, value in request.headers:
        connection.putheader(name, value)
    if request.method != "GET":
        connection.putheader("Content-Length", str(len(request.body)))
    connection.endheaders(request.body or None)
    response = connection.getresponse()
    body = response.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise ValueError("the answer is larger than any gateway's")
    if response.length:
        raise http.client.IncompleteRead(body, response.length)
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, body)
