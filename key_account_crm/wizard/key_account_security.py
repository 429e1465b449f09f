# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.http import get_session_max_inactivity

SESSION = "sessions.max_inactivity_seconds"
HOUR = 3600
# Odoo renews a session every three hours of work: a shorter one would end at work.
LEAST_HOURS = 4
MOST_HOURS = 24 * 31


class KeyAccountSecurity(models.TransientModel):
    """Asks when an account is locked and when somebody idle is logged out (ORG-20).

    The values are system parameters, which only Odoo's own administrator writes
    otherwise.
    """

    _name = "key.account.security"
    _description = "Security Settings"

    lock_after = fields.Integer(
        string="Failures Before Locking",
        default=lambda self: self._get_lock_settings()[0],
        help="Wrong passwords in a day. 0: accounts are never locked.",
    )
    lock_minutes = fields.Integer(
        string="Minutes Locked", default=lambda self: self._get_lock_settings()[1]
    )
    session_hours = fields.Integer(
        string="Hours Until Logged Out",
        default=lambda self: get_session_max_inactivity(self.env) // HOUR,
        help="Whoever did nothing for so long logs in again.",
    )

    @api.model
    def _get_lock_settings(self):
        return self.env["res.users"]._key_account_get_lock_settings()

    @api.constrains("lock_after", "lock_minutes", "session_hours")
    def _check_ranges(self):
        for settings in self:
            for name, least, most in (
                ("lock_after", 0, 100),
                ("lock_minutes", 1, 24 * 60),
                ("session_hours", LEAST_HOURS, MOST_HOURS),
            ):
                if not least <= settings[name] <= most:
                    raise ValidationError(
                        self.env._(
                            "%(field)s: enter a number from %(least)s to %(most)s.",
                            field=self._fields[name]._description_string(self.env),
                            least=least,
                            most=most,
                        )
                    )

    def action_apply(self):
        self.ensure_one()
        self.check_access("write")
        values = {
            "key_account_crm.lock_after": self.lock_after,
            "key_account_crm.lock_minutes": self.lock_minutes,
            SESSION: self.session_hours * HOUR,
        }
        # sudo: three named parameters of the suite's administrator, in safe ranges.
        parameters = self.env["ir.config_parameter"].sudo()
        for name, value in values.items():
            parameters.set_param(name, value)
        self.env["key.account.event"]._insert(
            "settings",
            self.env.user,
            condition=", ".join(f"{name} = {value}" for name, value in values.items()),
        )
        return {"type": "ir.actions.act_window_close"}
