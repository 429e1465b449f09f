# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

from odoo import api, fields, models
from odoo.http import request
from odoo.tools import SQL

from ..masking import HIDDEN
from .key_account_trace_mixin import TraceMany2one
from .res_partner_person import SHOWN

KINDS = [
    ("login", "Login"),
    ("refused", "Refused Login"),
    ("locked", "Login While Locked"),
    ("unlock", "Unlocked"),
    ("password", "Password Set"),
    ("reset", "Password Mail"),
    ("export", "Export"),
    ("settings", "Security Settings"),
]
# Nobody is logged in then.
REFUSED = ("refused", "locked")
# An attacker shall not fill the disk: refused logins of one address in a minute.
MOST_REFUSED = 20
PRIVATE_NAMES = set(SHOWN) | set(SHOWN.values())


class KeyAccountEvent(models.Model):
    """What a user did beside changing data: logged in, was refused, set a password,
    exported (ORG-13, ORG-20, ORG-21).

    Changes stand in the change log, readings of private data in theirs.
    """

    _name = "key.account.event"
    _description = "Login or Export"
    _inherit = ["key.account.trace.mixin"]
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "date"

    kind = fields.Selection(selection=KINDS, readonly=True)
    account_id = TraceMany2one(
        comodel_name="res.users",
        string="Account",
        readonly=True,
        help="Whose login or password it is.",
    )
    address = fields.Char(readonly=True, help="From where, as the server saw it.")
    model = fields.Char(string="Technical Model", readonly=True)
    model_label = fields.Char(string="What", compute="_compute_labels")
    field_names = fields.Char(string="Technical Names", readonly=True)
    field_labels = fields.Char(string="Fields", compute="_compute_labels")
    row_count = fields.Integer(string="Rows", readonly=True, aggregator="sum")
    condition = fields.Char(
        readonly=True,
        help="The filter that was exported, private values hidden; or the settings.",
    )

    _date_idx = models.Index("(date)")
    _user_idx = models.Index("(user_id, date)")
    _account_idx = models.Index("(account_id, date)")
    _unit_idx = models.Index("(unit_id, date)")

    @api.depends("model", "field_names")
    @api.depends_context("lang")
    def _compute_labels(self):
        for event in self:
            model = self.env.get(event.model) if event.model else None
            names = (event.field_names or "").split(",")
            if model is None:
                event.model_label, event.field_labels = event.model, event.field_names
                continue
            event.model_label = self.env["ir.model"]._get(event.model).name
            event.field_labels = ", ".join(self._label(model, name) for name in names)

    @api.model
    def _label(self, model, path):
        labels = []
        for name in path.split("/"):
            field = None if model is None else model._fields.get(name)
            labels.append(field._description_string(self.env) if field else name)
            comodel = field.comodel_name if field and field.relational else None
            model = self.env[comodel] if comodel else None
        return " / ".join(labels)

    @api.model
    def _log_export(self, model, field_names, count, condition=None):
        """Log an export of the suite's data, or of anything by one with a role."""
        if self.env.su:
            return
        is_ours = model == "res.partner" or model.startswith("key.account.")
        if is_ours or self.env.user.key_account_role:
            self._insert(
                "export",
                self.env.user,
                model=model,
                field_names=",".join(field_names),
                row_count=count,
                condition=condition or self._get_condition(),
            )

    @api.model
    def _get_condition(self):
        """The filter of the list that the running request exports."""
        if not request or not request.httprequest.path.startswith("/web/export/"):
            return None
        try:
            params = json.loads(request.params.get("data") or "{}")
        except ValueError:
            return None
        if params.get("ids"):
            return None  # chosen rows
        return json.dumps(self._hide(params.get("domain") or []))

    @api.model
    def _hide(self, domain):
        """The domain without the private values that were asked for."""
        return [
            [leaf[0], leaf[1], HIDDEN]
            if isinstance(leaf, (list, tuple))
            and len(leaf) == 3
            and PRIVATE_NAMES & set(str(leaf[0]).split("."))
            else leaf
            for leaf in domain
        ]

    @api.model
    def _insert(self, kind, account, separately=False, **vals):
        """Append one event of the present user.

        :param bool separately: at once and for good, whatever becomes of the
            transaction: it is about to be rolled back
        """
        actor = self.env.user if kind not in ("login", *REFUSED) else account
        row = {
            "kind": kind,
            "user_id": actor.id or None,
            "account_id": account.id or None,
            # sudo: where an account belongs; at a login nobody is logged in yet.
            "unit_id": account.sudo().key_account_unit_id.id or None,
            "address": request.httprequest.environ["REMOTE_ADDR"] if request else None,
            **vals,
        }
        query = SQL(
            """
            INSERT INTO key_account_event (date, txid, %(names)s)
            SELECT clock_timestamp() AT TIME ZONE 'UTC', pg_current_xact_id()::text,
                   %(values)s
             WHERE %(condition)s
            """,
            names=SQL(", ").join(map(SQL.identifier, row)),
            values=SQL(", ").join(SQL("%s", value) for value in row.values()),
            condition=self._get_limit(row),
        )
        self._execute_insert(query, separately)

    @api.model
    def _get_limit(self, row):
        if row["kind"] not in REFUSED:
            return SQL("TRUE")
        return SQL(
            """
            (SELECT COUNT(*) FROM key_account_event
              WHERE kind IN %s AND address IS NOT DISTINCT FROM %s
                AND date > now() AT TIME ZONE 'UTC' - interval '1 minute') < %s
            """,
            REFUSED,
            row["address"],
            MOST_REFUSED,
        )
