# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

# A context value no client can send: the write already has its row in the log.
LOGGED = object()


class KeyAccountChange(models.Model):
    """One change of one key field of a customer: from what to what, on whose word and
    by whose decision (COL-02, COL-03, COL-05, COL-06).

    Proposed by one person, decided by another, then it stays as it is. A change of a
    key field that needs no decision (an interface, a potential customer) has its row
    too, so that the file of any past day can be read from these rows. So have a
    verification of the file and a merge.
    """

    _name = "key.account.change"
    _description = "Change of a Customer File"
    _inherit = ["key.account.fact.mixin", "key.account.proposal.mixin"]
    _order = "date_proposed desc, id desc"
    _rec_name = "field_label"
    _rec_names_search = ["field_name", "partner_id"]

    kind = fields.Selection(
        selection=[
            ("field", "Key Field"),
            ("verify", "Verification"),
            ("merge", "Merge"),
        ],
        default="field",
        required=True,
        readonly=True,
    )
    field_name = fields.Char(string="Technical Field", required=True, readonly=True)
    field_label = fields.Char(string="Field", compute="_compute_texts")
    old_value = fields.Text(
        readonly=True, help="As text; of a choice its code, of a record its name."
    )
    new_value = fields.Text(readonly=True)
    old_res_id = fields.Integer(
        string="Old Record", readonly=True, help="Of a field that names a record."
    )
    new_res_id = fields.Integer(string="New Record", readonly=True)
    old_text = fields.Text(string="From", compute="_compute_texts")
    new_text = fields.Text(string="To", compute="_compute_texts")
    channel_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Source Channel",
        domain=[("category", "=", "channel")],
        readonly=True,
        ondelete="restrict",
    )
    method_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Collection Method",
        domain=[("category", "=", "method")],
        readonly=True,
        ondelete="restrict",
    )
    reason = fields.Text(readonly=True)
    is_outdated = fields.Boolean(
        string="Changed Meanwhile",
        readonly=True,
        help="The value was another one when the proposal was made: decide again.",
    )
    former_code = fields.Char(
        readonly=True, help="Of the merged file this change belongs to."
    )
    run_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Batch",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _waiting_uniq = models.UniqueIndex(
        "(partner_id, field_name) WHERE state = 'proposed'",
        "A change of this field is waiting for a decision: decide or withdraw it "
        "first.",
    )
    _version_idx = models.Index("(partner_id, date_decided) WHERE state = 'applied'")

    @api.depends("field_name", "old_value", "new_value")
    @api.depends_context("lang")
    def _compute_texts(self):
        known = self.env["res.partner"]._fields
        for change in self:
            field = known.get(change.field_name)
            label = field and field._description_string(self.env)
            change.field_label = label or change.field_name
            change.old_text = self._render(field, change.old_value)
            change.new_text = self._render(field, change.new_value)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("Changes of a customer file are a log: they stay."))

    def action_approve(self):
        """Apply the changes; those whose value moved on meanwhile wait once more."""
        outdated = self._approve()
        if not outdated:
            return True
        message = self.env._(
            "%(fields)s changed after the proposal was made: look at the present value "
            "and decide again.",
            fields=", ".join(outdated.mapped("field_label")),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _get_key_fields(self):
        """Names of the fields of res.partner that change by decision only."""
        return list(self.env["key.account.key.field"]._get_names())

    def _approve(self):
        """Apply what may be applied; return the changes that became outdated."""
        self._check_decider()
        outdated = self.browse()
        for change in self:
            if change._is_overtaken():
                change._take_present_value()
                outdated |= change
            else:
                change._apply()
        return outdated

    def _apply(self):
        self.ensure_one()
        # sudo: the right to decide was checked; key fields are closed to direct writes.
        partner = self.partner_id.sudo()
        field = partner._fields[self.field_name]
        value = self._to_write(field, self.new_value, self.new_res_id)
        self._decide("applied")
        partner.with_context(key_account_change=LOGGED).write({field.name: value})

    def _decide(self, state, **vals):
        super()._decide(state, is_outdated=False, **vals)

    @api.model
    def _get_decided_fields(self):
        return [*super()._get_decided_fields(), "old_value", "old_res_id"]

    def _is_overtaken(self):
        """Whether the file no longer says what the proposer saw."""
        text, res_id = self._get_present_value()
        if res_id or self.old_res_id:
            return res_id != self.old_res_id
        return text != self.old_value

    def _take_present_value(self):
        text, res_id = self._get_present_value()
        # sudo: the log is written by the system; the decider was checked.
        self.sudo().write(
            {"old_value": text, "old_res_id": res_id, "is_outdated": True}
        )

    def _get_present_value(self):
        # sudo: the change itself is readable, and it shows this very value.
        partner = self.partner_id.sudo()
        return self._to_text(partner._fields[self.field_name], partner[self.field_name])

    @api.model
    def _to_text(self, field, value):
        """The (text, record id) that stand for a value of the file in a change."""
        if field.type == "many2one":
            return value.display_name or False, value.id or 0
        if field.type == "monetary":
            return f"{value:.2f}" if value else False, 0
        return str(value) if value else False, 0

    @api.model
    def _to_write(self, field, text, res_id):
        """The value to write for the (text, record id) of a change."""
        if field.type == "many2one":
            return res_id or False
        if field.type == "boolean":
            return text == "True"
        if field.type == "integer":
            return int(text or 0)
        if field.type in ("float", "monetary"):
            return float(text or 0)
        return text or False

    @api.model
    def _render(self, field, text):
        """The text of a change in the reader's language."""
        if field is not None and field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return labels.get(text, text)
        if field is not None and field.type == "boolean":
            return self.env._("Yes") if text == "True" else self.env._("No")
        return text
