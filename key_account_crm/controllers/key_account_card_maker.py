# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import tempfile

from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from odoo.exceptions import AccessError, MissingError
from odoo.http import Controller, Response, content_disposition, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 1 << 20


class KeyAccountCardMakerController(Controller):
    """The list for the card maker: one's own choice of cards, streamed."""

    @route("/key_account/card/maker_list/<int:maker_id>", auth="user", type="http")
    def maker_list(self, maker_id):
        maker = request.env["key.account.card.maker"].browse(maker_id).exists()
        if not maker or maker.create_uid != request.env.user:
            raise NotFound
        file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 sent and closed
        try:
            maker.card_ids._write_maker_list(file)
        except (AccessError, MissingError) as error:
            file.close()
            raise NotFound from error
        size = file.tell()
        file.seek(0)
        name = request.env._("Cards for the card maker")
        headers = [
            ("Content-Type", XLSX),
            ("Content-Length", str(size)),
            ("Content-Disposition", content_disposition(f"{name}.xlsx")),
        ]
        body = wrap_file(request.httprequest.environ, file)
        return Response(body, headers=headers, direct_passthrough=True)
