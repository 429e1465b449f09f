# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import io
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import zxingcpp
from PIL import Image
from pypdfium2 import PdfDocument

from odoo.tests import new_test_user, tagged

from .common import PaperCommon

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{}</svg>'
)


class Listener(BaseHTTPRequestHandler):
    """A server of the internal network, which nobody should reach."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args):
        pass


def picture(color="red"):
    file = io.BytesIO()
    Image.new("RGB", (8, 8), color).save(file, "PNG")
    return file.getvalue()


@tagged("post_install", "-at_install")
class TestResource(PaperCommon):
    """A paper shows resources of this Odoo, as its reader may see them, alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.internal = HTTPServer(("127.0.0.1", 0), Listener)
        cls.internal.asked = []
        thread = threading.Thread(target=cls.internal.serve_forever, daemon=True)
        thread.start()
        cls.addClassCleanup(cls.internal.server_close)
        cls.addClassCleanup(cls.internal.shutdown)
        cls.address = f"http://127.0.0.1:{cls.internal.server_port}"
        cls.reader = new_test_user(cls.env, "pdf_resource", groups="base.group_user")
        cls.attachment = cls.env["ir.attachment"].create(
            {"name": "own.png", "raw": picture(), "public": True}
        )
        cls.secret = cls.env["ir.attachment"].create(
            {"name": "secret.png", "raw": picture("blue")}
        )

    def _show(self, address, user=None):
        """Pictures on a paper that shows an address."""
        return self._pictures(self._render(body=f'<img src="{address}"/>', user=user))

    def test_own_pictures_are_shown(self):
        base = self.env["ir.config_parameter"].get_param("web.base.url")
        data = base64.b64encode(picture()).decode()
        addresses = (
            f"/web/image/{self.attachment.id}",
            f"{base}/web/image/{self.attachment.id}/32x32/own.png?unique=1",
            f"/web/content/{self.attachment.id}",
            "/web/static/img/logo.png",
            f"/web/image?model=ir.attachment&amp;id={self.attachment.id}",
            f"data:image/png;base64,{data}",
        )
        shown = [len(self._show(address)) for address in addresses]
        self.assertEqual(shown, [1] * len(addresses), addresses)

    def test_bar_codes_can_be_read(self):
        addresses = (
            "/report/barcode/Code128/8800-0100?width=600&amp;height=150",
            "/report/barcode/?barcode_type=QR&amp;value=QR-0200&amp;height=300&amp;width=300",
            "/report/barcode/EAN13/4006381333931?humanreadable=1",
        )
        style = "display: block; height: 25mm; margin: 10mm"
        body = "".join(f"<img src='{url}' style='{style}'/>" for url in addresses)
        page = PdfDocument(self._render(body=body))[0].render(scale=4).to_pil()
        read = {code.text for code in zxingcpp.read_barcodes(page)}
        self.assertEqual(read, {"8800-0100", "QR-0200", "4006381333931"})

    def test_the_network_is_never_asked(self):
        port = self.internal.server_port
        hidden = SVG.format(f'<image xlink:href="{self.address}/svg" width="9"/>')
        bodies = (
            f'<img src="{self.address}/img"/>',
            f'<img src="//127.0.0.1:{port}/relative"/>',
            f'<img src="http://localhost:8069@127.0.0.1:{port}/user"/>',
            f'<link rel="stylesheet" href="{self.address}/sheet.css"/>',
            f'<style>@import url("{self.address}/import.css");</style>',
            f"<div style=\"background: url('{self.address}/back')\">x</div>",
            f'<link rel="attachment" href="{self.address}/attached"/>',
            f'<object data="{self.address}/object"></object>',
            f'<embed src="{self.address}/embed"/>',
            f'<img src="data:image/svg+xml;base64,'
            f'{base64.b64encode(hidden.encode()).decode()}"/>',
            f'<svg xmlns:xlink="http://www.w3.org/1999/xlink">'
            f'<use xlink:href="{self.address}/use#a"/></svg>',
            f"<style>@font-face {{ font-family: F; src: url({self.address}/f.woff) }}"
            "</style><p style='font-family: F'>x</p>",
        )
        content = self._render(body="".join(bodies))
        self.assertEqual(self.internal.asked, [])
        self.assertEqual(self._pictures(content), [])

    def test_an_attachment_that_is_an_address_is_not_followed(self):
        remote = self.env["ir.attachment"].create(
            {"name": "x", "type": "url", "url": f"{self.address}/url", "public": True}
        )
        local = self.env["ir.attachment"].create(
            {
                "name": "y",
                "type": "url",
                "url": "/web/static/img/logo.png",
                "public": True,
            }
        )
        self.assertEqual(self._show(f"/web/image/{remote.id}"), [])
        self.assertEqual(self.internal.asked, [])
        self.assertEqual(len(self._show(f"/web/image/{local.id}")), 1)

    def test_files_of_the_server_are_never_read(self):
        addresses = (
            "file:///etc/passwd",
            "file:/etc/passwd",
            "/etc/passwd",
            "/web/static/../../../../../../etc/passwd",
            "/web/static/%2e%2e/%2e%2e/__manifest__.py",
            "../../../etc/passwd",
        )
        content = self._render(
            body="".join(
                f'<link rel="attachment" href="{address}"/>'
                f'<object data="{address}"></object><img src="{address}"/>'
                for address in addresses
            )
        )
        self.assertNotIn("/EmbeddedFiles", self._read(content).trailer["/Root"])
        self.assertNotIn("root:", "".join(self._texts(content)))
        self.assertEqual(self._pictures(content), [])

    def test_a_file_disguised_as_a_picture_is_not_opened(self):
        """Not by what it calls itself: other formats start programs to be read."""
        disguised = self.env["ir.attachment"].create(
            {
                "name": "x.png",
                "raw": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
                "mimetype": "image/png",
                "public": True,
            }
        )
        self.assertEqual(self._show(f"/web/image/{disguised.id}"), [])

    def test_pictures_are_those_the_person_may_see(self):
        address = f"/web/image/{self.secret.id}"
        self.assertEqual(len(self._show(address)), 1)
        self.assertEqual(self._show(address, self.reader), [])
        own = f"/web/image/res.users/{self.reader.id}/password"
        self.assertEqual(self._show(own), [])

    def test_a_paper_rendered_for_a_portal_shows_no_more(self):
        """Portals render as superuser for the person logged in."""
        self.view.arch = self.view.arch.replace(
            "<h2", f'<img src="/web/image/{self.secret.id}"/><h2'
        )
        report = self.env["ir.actions.report"].with_user(self.reader).sudo()
        report = report.with_context(force_report_rendering=True)
        content, _kind = report._render_qweb_pdf(self.report.id, self.partners[0].ids)
        self.assertEqual(self._pictures(content), [])
