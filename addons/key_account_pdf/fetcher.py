# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a paper may contain: this database's own resources, read in this process.

A report shows what people have typed, an address of a picture among it. Nothing is
therefore fetched from the network or from the disk: an address is looked up among the
few kinds of resources a report needs, with the rights of the person who prints, and
any other is refused. Whoever draws on the file system or on the internal network with
a picture's address gets a paper without the picture.
"""

import logging
import re
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

from odoo.tools.mimetypes import guess_mimetype

_logger = logging.getLogger(__name__)

# Never by what it calls itself: another format could start a program to be read.
IMAGES = {
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/bmp",
    "image/svg+xml",
}
FONTS = {
    b"wOF2": "font/woff2",
    b"wOFF": "font/woff",
    b"OTTO": "font/otf",
    b"\x00\x01\x00\x00": "font/ttf",
}
FONT = re.compile(r"\.(woff2?|ttf|otf|eot)([?#]|$)")


class Refused(ValueError):
    """The resource is none of ours, or not for this person."""


class OdooFetcher(URLFetcher):
    """Asks ``read(path, query)`` for the bytes of an address of this Odoo."""

    def __init__(self, base_url, read):
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)
        self.base_url = base_url.rstrip("/") + "/"
        self.read = read
        self.host = urlsplit(base_url).netloc

    def fetch(self, url, headers=None):
        try:
            return self._fetch(url, headers)
        except Refused as error:
            # Odoo's own style sheets name fonts on the network, for other scripts.
            level = logging.DEBUG if FONT.search(url) else logging.INFO
            _logger.log(level, "not printed: %.200s (%s)", url, error)
            raise

    def read_style(self, url):
        """The text of a style sheet, or nothing where it is refused."""
        try:
            return self.fetch(urljoin(self.base_url, url)).read().decode()
        except Refused:
            return None

    def _fetch(self, url, headers):
        if url[:5].lower() == "data:":
            response = super().fetch(url, headers)
            return self._respond(url, response.read())
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.netloc != self.host:
            raise Refused("an address outside of this Odoo")
        path = unquote(parts.path)
        content = self.read(path, dict(parse_qsl(parts.query)))
        if content is None:
            raise Refused("no resource of a report")
        return self._respond(url, content, path)

    def _respond(self, url, content, path=""):
        kind = _get_kind(content, path)
        return URLFetcherResponse(url, content, {"Content-Type": kind})


def _get_kind(content, path):
    if path.endswith(".css"):
        return "text/css; charset=utf-8"
    kind = FONTS.get(content[:4]) or guess_mimetype(content)
    if kind not in IMAGES and kind not in FONTS.values():
        raise Refused(f"{kind} is no picture")
    return kind
