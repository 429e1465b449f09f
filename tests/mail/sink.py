# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A mail server on the loopback that keeps what it is given (RFC 5321, as far as a
client that sends mails needs it)."""

import email
import email.policy
import re
import socketserver
import threading
import time
from dataclasses import dataclass

ADDRESS = re.compile(r"<([^>]*)>")


@dataclass
class Delivery:
    """A mail as it came: who is to get it, whatever its headers say."""

    sender: str
    recipients: list
    message: email.message.EmailMessage

    @property
    def text(self):
        """Subject and every readable part, decoded."""
        parts = [str(self.message["Subject"])]
        for part in self.message.walk():
            if part.get_content_maintype() == "text":
                parts.append(part.get_content())
        return "\n".join(parts)


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.say(220, "sink")
        sender, recipients = None, []
        while line := self.rfile.readline():
            text = line.decode("utf-8", "replace").strip()
            verb = text[:4].upper()
            if verb in ("EHLO", "HELO"):
                self.wfile.write(b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
            elif verb == "MAIL":
                sender, recipients = ADDRESS.search(text).group(1), []
                self.say(250, "ok")
            elif verb == "RCPT":
                address = ADDRESS.search(text).group(1)
                if address in self.server.refused:
                    self.say(550, "5.1.1 no such user here")
                else:
                    recipients.append(address)
                    self.say(250, "ok")
            elif verb == "DATA":
                self.say(354, "go on")
                self.server.keep(sender, recipients, self.read_data())
                self.say(250, "kept")
            elif verb == "QUIT":
                self.say(221, "bye")
                return
            else:
                self.say(250, "ok")

    def read_data(self):
        lines = []
        for line in self.rfile:
            if line in (b".\r\n", b".\n"):
                break
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def say(self, code, text):
        self.wfile.write(f"{code} {text}\r\n".encode())


class Sink(socketserver.ThreadingTCPServer):
    """Deliveries are in ``box``; started and stopped as a context. Mail to addresses
    in ``refused`` is not taken."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.box = []
        self.refused = set()

    @property
    def port(self):
        return self.server_address[1]

    def keep(self, sender, recipients, data):
        message = email.message_from_bytes(data, policy=email.policy.default)
        self.box.append(Delivery(sender, recipients, message))

    def to(self, address, seconds=10):
        """What was sent to an address, waited for."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = [one for one in self.box if address in one.recipients]
            if found:
                return found
            time.sleep(0.05)
        return []

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.shutdown()
        self.server_close()
