# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The resources a report may show, read as the person who prints would see them.

The addresses are those of Odoo's own routes for style sheets, pictures, files and bar
codes. They are answered from the same transaction: a picture that was changed a moment
ago is printed as it is now, and no second request waits for a free worker.
"""

import base64

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, RequestRedirect, Rule

from odoo.exceptions import UserError
from odoo.http import root
from odoo.tools.image import image_guess_size_from_field_name, image_process

from . import barcode

RECORDS = (
    "<string:xmlid>",
    "<int:id>",
    "<int:id>-<string:unique>",
    "<string:model>/<int:id>/<string:field>",
)
SIZE = "<int:width>x<int:height>"
FILE = "<string:filename>"


def _rules(prefix, endpoint, endings):
    yield Rule(prefix, endpoint=endpoint)
    for record in RECORDS:
        for ending in endings:
            yield Rule(f"{prefix}/{record}{ending}", endpoint=endpoint)


ROUTES = Map(
    [
        Rule("/web/assets/<string:unique>/<string:filename>", endpoint="style"),
        Rule("/report/barcode/<barcode_type>/<path:value>", endpoint="barcode"),
        Rule("/report/barcode", endpoint="barcode"),
        Rule("/web/binary/company_logo", endpoint="logo"),
        Rule("/logo.png", endpoint="logo"),
        Rule("/logo", endpoint="logo"),
        *_rules("/web/content", "content", ("", f"/{FILE}")),
        *_rules("/web/image", "image", ("", f"/{FILE}", f"/{SIZE}", f"/{SIZE}/{FILE}")),
    ]
)


class Resources:
    """Reads for one person; what he may not read is an AccessError, not a picture."""

    def __init__(self, env):
        self.env = env

    def read(self, path, query):
        """The bytes at a path of this Odoo, or None where there is no such resource."""
        static = root.get_static_file(path)
        if static:
            with open(static, "rb") as file:
                return file.read()
        try:
            endpoint, values = ROUTES.bind("").match(path.rstrip("/"))
        except (NotFound, RequestRedirect):
            return None
        return getattr(self, f"_read_{endpoint}")(**{**query, **values})

    def _read_style(self, unique="", filename="", **_others):
        # sudo: style sheets are public files of the addons, kept as attachments
        env = self.env(su=True)
        if not filename.endswith(".css"):
            return None
        url = env["ir.asset"]._get_asset_bundle_url(filename, unique, {})
        domain = [("url", "=", url), ("public", "=", True), ("res_id", "=", 0)]
        attachment = env["ir.attachment"].search(domain, limit=1)
        if not attachment:
            attachment = self._build_style(env, filename)
        return attachment.raw

    def _build_style(self, env, filename):
        name, rtl, _kind, prefixed = env["ir.asset"]._parse_bundle_name(filename, False)
        bundle = env["ir.qweb"]._get_asset_bundle(
            name, css=True, js=False, rtl=rtl, autoprefix=prefixed
        )
        return bundle.css()

    def _read_barcode(self, barcode_type=None, value=None, **options):
        if not barcode_type or not value:
            return None
        return barcode.draw(barcode_type, value, **options)

    def _read_logo(self, **_others):
        logo = self.env.company.logo
        return base64.b64decode(logo) if logo else None

    def _read_content(
        self,
        xmlid=None,
        model="ir.attachment",
        id=None,  # noqa: A002 - named by the address
        field="raw",
        access_token=None,
        **_others,
    ):
        record = self.env["ir.binary"]._find_record(
            xmlid, model, id and int(id), access_token, field=field
        )
        definition = record._fields.get(field)
        if definition is None or definition.type != "binary":
            raise UserError(self.env._("%(field)s is no file.", field=field))
        record._check_field_access(definition, "read")
        if record._name == "ir.attachment":
            return self._read_attachment(record, field)
        # With the size in the context the field would give its size for its content.
        content = record.with_context(bin_size=False)[field]
        return base64.b64decode(content) if content else None

    def _read_attachment(self, attachment, field):
        if attachment.type == "url":
            static = root.get_static_file(attachment.url or "")
            return self.read(attachment.url, {}) if static else None
        content = attachment.with_context(bin_size=False)[field]
        return content if field == "raw" else base64.b64decode(content or b"")

    def _read_image(self, width=0, height=0, crop=False, **address):
        content = self._read_content(**address)
        size = (int(width), int(height))
        if size == (0, 0):
            size = image_guess_size_from_field_name(address.get("field", "raw"))
        if not content or size == (0, 0):
            return content
        return image_process(content, size=size, crop=crop)
