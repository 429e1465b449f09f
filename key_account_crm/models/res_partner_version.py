# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, time

import pytz

from odoo import fields, models


class ResPartner(models.Model):
    """The file of a past day, read back from the changes since (COL-05)."""

    _inherit = "res.partner"

    def _key_account_get_version(self, date):
        """Rows (field_label, then, now, is_changed) of the key fields at the end of a
        day; none where the file did not exist yet."""
        self.ensure_one()
        end = self._key_account_get_day_end(date)
        if not end or not self.create_date or self.create_date >= end:
            return []
        changes = self.env["key.account.change"]
        since = changes.search(
            [
                ("partner_id", "=", self.id),
                ("kind", "=", "field"),
                ("state", "=", "applied"),
                ("former_code", "=", False),
                ("date_decided", ">=", end),
            ],
            order="date_decided desc, id desc",
        )
        # The earliest change after the day knows what was there before.
        then = {change.field_name: change.old_value for change in since}
        names = dict.fromkeys([*changes._get_key_fields(), *then])
        return [
            self._key_account_prepare_version_row(name, then)
            for name in names
            if name in self._fields
        ]

    def _key_account_prepare_version_row(self, name, then):
        changes = self.env["key.account.change"]
        field = self._fields[name]
        now, _res_id = changes._to_text(field, self[name])
        text = then.get(name, now)
        return {
            "field_label": field._description_string(self.env),
            "then": changes._render(field, text),
            "now": changes._render(field, now),
            "is_changed": text != now,
        }

    def _key_account_get_day_end(self, date):
        """The end of the user's day, as the database keeps instants."""
        if not date:
            return False
        zone = pytz.timezone(self.env.user.tz or "UTC")
        midnight = datetime.combine(fields.Date.add(date, days=1), time.min)
        return zone.localize(midnight).astimezone(pytz.utc).replace(tzinfo=None)

    def action_key_account_version(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Versions"),
            "res_model": "key.account.version",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.id},
        }
