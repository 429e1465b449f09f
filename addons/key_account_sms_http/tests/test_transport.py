# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import socket
import time
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from .. import transport
from ..request import Request
from . import server


@tagged("post_install", "-at_install")
class TestTransport(BaseCase):
    """Every misbehaviour is one of two: certainly nothing sent, or nobody knows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(server.Gateway())

    def setUp(self):
        super().setUp()
        self.server.asked.clear()
        self.server.plan.clear()

    def _send(self, step=None, url=None, timeout=0.6, is_internal=True):
        if step:
            self.server.plan.append(step)
        asked = Request("POST", url or self.server.url, (), b"a=1")
        return transport.send(asked, timeout, is_internal)

    def test_an_answer_is_read(self):
        found = self._send(
            (200, "款".encode("gb18030"), {"Content-Type": "text/plain; charset=GBK"})
        )
        self.assertEqual((found.status, found.text), (200, "款"))

    def test_what_goes_wrong_after_sending_is_lost(self):
        for step in (
            server.slow,
            server.dripping,
            server.reset,
            server.truncated,
            server.huge,
            server.no_http,
        ):
            with self.subTest(step=step.__name__):
                start = time.monotonic()
                with self.assertRaises(transport.Lost) as caught:
                    self._send(step)
                self.assertLess(time.monotonic() - start, 1.5)
                self.assertNotIn("127.0.0.1", str(caught.exception))

    def test_redirects_are_answers(self):
        found = self._send(server.redirect)
        self.assertEqual(found.status, 302)
        self.assertEqual(len(self.server.asked), 1)

    def test_nothing_is_sent_without_a_connection(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            closed = f"http://127.0.0.1:{free.getsockname()[1]}/"
        for url in (closed, "http://no-such-host.invalid/"):
            with self.subTest(url=url), self.assertRaises(transport.Unreached):
                self._send(url=url)

    def test_tls_that_is_none_is_not_sent_to(self):
        url = self.server.url.replace("http:", "https:")
        with self.assertRaises(transport.Unreached):
            self._send(url=url)
        self.assertFalse(self.server.asked)

    def test_private_networks_want_permission(self):
        with self.assertRaises(transport.Unreached):
            self._send(is_internal=False)
        self.assertFalse(self.server.asked)

    def test_what_the_host_resolves_to_is_judged_and_used(self):
        """A name that stands for the metadata service, alone or among others."""
        for addresses in (["169.254.169.254"], ["93.184.216.34", "::ffff:10.0.0.1"]):
            found = [(2, 1, 6, "", (address, 80)) for address in addresses]
            with patch.object(socket, "getaddrinfo", return_value=found):
                with self.assertRaisesRegex(transport.Unreached, "not allowed"):
                    self._send(url="http://gateway.example/", is_internal=False)

    def test_metadata_is_refused_inside_too(self):
        with self.assertRaisesRegex(transport.Unreached, "not allowed"):
            self._send(url="http://169.254.169.254/latest", is_internal=True)
