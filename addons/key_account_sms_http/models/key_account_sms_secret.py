# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from .. import vault

NAME = re.compile(r"[a-z][a-z0-9_]*")
MAX_LENGTH = 4096


class KeyAccountSmsSecret(models.Model):
    """A password or key of a gateway: written by people, read by requests only.

    What it is worth stands in the column ``content``, which is no field: no form, no
    export, no search, no call from outside and no log of changes can come by it; and
    encrypted, where the server has a key (``vault``), so that a copy of the database
    alone is worth nothing. ``value`` takes what is typed and is always empty.
    """

    _name = "key.account.sms.secret"
    _description = "Secret of an SMS Gateway"
    _order = "code"
    _rec_name = "code"

    gateway_id = fields.Many2one(
        comodel_name="key.account.sms.gateway",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="gateway_id.company_id", store=True)
    code = fields.Char(
        string="Name",
        required=True,
        help="Used as {secret:name}. The one named report belongs to delivery reports.",
    )
    value = fields.Char(
        compute="_compute_value",
        readonly=False,
        help="Write a new one; it is not shown.",
    )
    is_set = fields.Boolean(string="Set", readonly=True, copy=False)
    date_set = fields.Datetime(string="Set On", readonly=True, copy=False)

    _code_uniq = models.UniqueIndex(
        "(gateway_id, code)", "The gateway has a secret of this name already."
    )

    def init(self):
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s ADD COLUMN IF NOT EXISTS content text",
                SQL.identifier(self._table),
            )
        )
        # At every update, so that a key which was added or replaced takes effect.
        self.search([])._seal()

    def _compute_value(self):
        self.value = False

    @api.constrains("code")
    def _check_code(self):
        for secret in self:
            if not NAME.fullmatch(secret.code):
                raise ValidationError(
                    self.env._(
                        "The name of a secret is written in small letters, digits and "
                        "underscores."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        values = [vals.get("value") for vals in vals_list]
        secrets = super().create([_without(vals) for vals in vals_list])
        for secret, value in zip(secrets, values, strict=True):
            secret._keep(value)
        return secrets

    def write(self, vals):
        result = super().write(_without(vals))
        for secret in self:
            secret._keep(vals.get("value"))
        return result

    def _keep(self, value):
        """Store a new value; nothing typed leaves the old one."""
        if not value:
            return
        is_odd = not isinstance(value, str) or vault.is_sealed(value)
        if is_odd or len(value) > MAX_LENGTH:
            raise ValidationError(self.env._("This is no password or key."))
        self.check_access("write")
        super().write({"is_set": True, "date_set": fields.Datetime.now()})
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET content = %s WHERE id = %s",
                SQL.identifier(self._table),
                vault.seal(value, vault.get_keys()),
                self.id,
            )
        )

    @api.private
    def _reveal(self):
        """Name and worth of the secrets, for a request that is about to be made; those
        that no key of the server opens are worth nothing."""
        keys = vault.get_keys()
        return {
            code: vault.unseal(content, keys) or ""
            for _id, code, content in self._read_contents()
        }

    def _check_readable(self):
        """Nothing is sent with an empty password because a key is missing."""
        keys = vault.get_keys()
        closed = [
            code
            for _id, code, content in self._read_contents()
            if vault.unseal(content, keys) is None and content
        ]
        if closed:
            raise UserError(
                self.env._(
                    "The server has no key for the secrets %(names)s: restore "
                    "%(option)s in its configuration, or write them anew.",
                    names=", ".join(sorted(closed)),
                    option=vault.OPTION,
                )
            )

    def _seal(self):
        """Encrypt with the server's first key what stands here otherwise."""
        keys = vault.get_keys()
        for secret_id, _code, content in self._read_contents() if keys else ():
            value = vault.unseal(content, keys)
            if value:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET content = %s WHERE id = %s",
                        SQL.identifier(self._table),
                        vault.seal(value, keys),
                        secret_id,
                    )
                )

    def _read_contents(self):
        """(id, name, what is stored)"""
        self.flush_model(["code"])
        return self.env.execute_query(
            SQL(
                "SELECT id, code, content FROM %s WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                self.ids,
            )
        )


def _without(vals):
    return {name: value for name, value in vals.items() if name != "value"}
