# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..masking import HIDDEN
from .key_account_trace_mixin import TraceMany2one

ACTIONS = [("create", "Created"), ("write", "Changed"), ("unlink", "Deleted")]
READERS = (
    "key_account_crm.group_key_account_company,key_account_crm.group_key_account_centre"
)


class KeyAccountAudit(models.Model):
    """One change of one record: who, when, from where, what (ORG-13, ORG-14, LOG-01).

    Written by triggers of the tables (``audit_trigger.py``), so that screens, imports,
    interfaces and set-based batches all leave the same trace.
    """

    _name = "key.account.audit"
    _description = "Change Log"
    _inherit = ["key.account.trace.mixin"]
    _log_access = False
    _order = "id desc"
    _rec_name = "date"

    model = fields.Char(string="Technical Model", readonly=True)
    model_label = fields.Char(
        string="Kind of Record", compute="_compute_model_label", search="_search_label"
    )
    res_id = fields.Many2oneReference(
        string="Record", model_field="model", readonly=True, index=True
    )
    record_name = fields.Char(compute="_compute_record_name")
    action = fields.Selection(selection=ACTIONS, readonly=True)
    origin = fields.Char(
        readonly=True,
        help="screen, import, rpc, cron, system, or the name of the batch.",
    )
    run_id = TraceMany2one(
        comodel_name="key.account.run", string="Batch", readonly=True
    )
    changes = fields.Json(
        readonly=True,
        groups=READERS,
        help="Old and new value of every column that changed.",
    )
    field_names = fields.Char(
        string="Field",
        compute="_compute_changes",
        search="_search_field_names",
        help="Search by the technical name or the label.",
    )
    change_text = fields.Text(string="Change", compute="_compute_changes")

    _partner_idx = models.Index("(partner_id)")
    # Every index is paid for by every row of every batch. These two cost it least: a
    # batch has one person and one moment, so that its entries come one after the other
    # in them and are kept together.
    _date_idx = models.Index("(date)")
    _user_idx = models.Index("(user_id, date)")

    def init(self):
        super().init()
        # The ORM knows no arrays. Names of the changed columns, apart from their
        # values: an index of these alone costs a batch little.
        self.env.cr.execute(
            """
            ALTER TABLE key_account_audit ADD COLUMN IF NOT EXISTS names text[];
            CREATE INDEX IF NOT EXISTS key_account_audit_names_idx
                ON key_account_audit USING gin (names);
            """
        )

    @api.model
    def _set_origin(self, name, run_id=None):
        """Name the batch that works until the end of this transaction.

        Set-based statements that follow are logged under this name and the present
        user; what the screen or the interface is called does not matter to them.
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT set_config('key_account.batch', %s, true),
                       set_config('key_account.run', %s, true),
                       set_config('key_account.uid', %s, true)
                """,
                name,
                str(run_id or ""),
                str(self.env.uid),
            )
        )

    @api.depends("model")
    @api.depends_context("lang")
    def _compute_model_label(self):
        models = self.env["ir.model"]
        for log in self:
            log.model_label = models._get(log.model).name or log.model

    def _search_label(self, operator, value):
        if operator not in ("in", "ilike", "like", "=ilike"):
            return NotImplemented
        # sudo: the names of models are no secret.
        names = self.env["ir.model"].sudo().search([("name", operator, value)])
        return Domain("model", "in", names.mapped("model"))

    @api.depends("model", "res_id")
    def _compute_record_name(self):
        for name, logs in self.grouped("model").items():
            names = logs._get_names(name, logs.mapped("res_id"))
            for log in logs:
                log.record_name = names.get(log.res_id, f"#{log.res_id}")

    def _get_names(self, model, ids):
        """Map ids to the names of those records the user may read."""
        records = self.env.get(model)
        if records is None or not records.has_access("read"):
            return {}
        found = records.with_context(active_test=False).search([("id", "in", ids)])
        return {record.id: record.display_name for record in found}

    @api.depends("changes", "model")
    @api.depends_context("lang", "uid")
    def _compute_changes(self):
        is_open = self._has_field_access(self._fields["changes"], "read")
        for log in self:
            # sudo: without the right to the values only the names of fields come out.
            changes = log.sudo().changes or {}
            labels = {name: log._get_label(name) for name in changes}
            log.field_names = ", ".join(labels.values())
            log.change_text = "\n".join(
                f"{labels[name]}: {log._get_text(name, pair) if is_open else HIDDEN}"
                for name, pair in changes.items()
            )

    def _get_field(self, name):
        model = self.env.get(self.model)
        return None if model is None else model._fields.get(name)

    def _get_label(self, name):
        field = self._get_field(name)
        return field._description_string(self.env) if field else name

    def _get_text(self, name, pair):
        """Old and new value as a person would write them."""
        old, new = (self._format_value(self._get_field(name), value) for value in pair)
        return f"{old} → {new}"

    def _format_value(self, field, value):
        if value in (None, False, [], {}) and (not field or field.type != "boolean"):
            return "–"
        if field is None:
            return str(value)
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.relational:
            return self._format_link(field, value)
        if isinstance(value, dict):  # a translated text
            return value.get(self.env.lang) or value.get("en_US") or str(value)
        return str(value)

    def _format_link(self, field, value):
        ids = value if isinstance(value, list) else [value]
        names = self._get_names(field.comodel_name, ids)
        return ", ".join(names.get(id_, f"#{id_}") for id_ in ids)

    def _search_field_names(self, operator, value):
        if operator not in ("in", "ilike", "like", "=ilike"):
            return NotImplemented
        wanted = [("name", operator, value)]
        labelled = [("field_description", operator, value)]
        # sudo: the names of fields are no secret.
        found = (
            self.env["ir.model.fields"]
            .sudo()
            .search(
                Domain("model", "in", self._get_logged_models())
                & (Domain(wanted) | Domain(labelled))
            )
        )
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s && %s::text[]",
                SQL.identifier(alias, "names"),
                sorted(set(found.mapped("name"))),
            )
        )
