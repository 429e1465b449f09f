# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

from odoo import api, models
from odoo.tools import SQL

from .key_account_audit_table import REQUIRED, UNIT_COLUMNS


class KeyAccountAudit(models.Model):
    """Entries about what hangs on a record in tables of others: attachments and
    messages. What is in them never comes here."""

    _inherit = "key.account.audit"

    @api.model
    def _get_label_of_others(self, name):
        return {
            "attachment": self.env._("Attachment"),
            "message": self.env._("Message"),
        }.get(name)

    def _get_label(self, name):
        return self._get_label_of_others(name) or super()._get_label(name)

    @api.model
    def _get_owner(self, model, res_id):
        """The logged record something hangs on, as superuser; empty if it is none."""
        nothing = self.env["res.partner"]
        if not res_id or model not in self.env or model == "res.users":
            return nothing
        if not self.env[model]._key_account_is_logged():
            return nothing
        # sudo: whose record it is decides who reads the entry; no value comes out.
        owner = self.env[model].sudo().browse(res_id).exists()
        required = REQUIRED.get(model)
        return nothing if required and not owner[required] else owner

    @api.model
    def _note(self, owner, name, old, new):
        """Append an entry: on this record, something went from old to new."""
        if not owner:
            return
        columns = self._get_partner_columns(owner)
        values = [int(owner[column] or 0) for column in columns]
        unit = UNIT_COLUMNS.get(owner._name, "unit_id")
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_audit (
                    model, res_id, partner_id, unit_id, action, user_id, date, origin,
                    run_id, txid, changes, names
                )
                SELECT %(model)s, %(id)s, %(partner)s, %(unit)s, 'write', %(uid)s,
                       clock_timestamp() AT TIME ZONE 'UTC',
                       COALESCE(
                           NULLIF(current_setting('key_account.batch', true), ''),
                           %(origin)s),
                       NULLIF(current_setting('key_account.run', true), '')::int,
                       pg_current_xact_id()::text, %(changes)s::jsonb, ARRAY[%(name)s]
                """,
                model=owner._name,
                id=owner.id,
                partner=next(filter(None, values), None),
                unit=int(owner[unit]) or None if unit in owner._fields else None,
                uid=self.env.uid,
                origin=self._key_account_get_origin(),
                changes=json.dumps({name: [old, new]}),
                name=name,
            )
        )
