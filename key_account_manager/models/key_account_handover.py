# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

KINDS = [
    ("handover", "Hand over All of a Manager"),
    ("assign", "Assign Chosen Customers"),
    ("swap", "Swap Two Managers"),
    ("reclaim", "Reclaim to the Unit"),
    ("rule", "Assign by Rule"),
    ("file", "Assign by File"),
    ("return", "Give back"),
]
STATES = [
    ("draft", "Choose"),
    ("prepared", "Preview"),
    ("planned", "Planned"),
    ("waiting", "Waiting"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
OPEN_STATES = ("draft", "prepared")


class KeyAccountHandover(models.Model):
    """One decision that changes who is responsible for customers: a few or thousands
    (ASG-01 to ASG-03, ASG-07).

    Chosen, looked at (who gets what, what travels, against which limit), confirmed for
    a day, done in a few statements, acknowledged by those it concerns; taken back by a
    counter-order, at once or by itself where it was for a time.
    """

    _name = "key.account.handover"
    _description = "Hand-over"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_effective desc, id desc"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    kind = fields.Selection(selection=KINDS, default="handover", required=True)
    role = fields.Selection(
        selection=[
            ("main", "Main Manager"),
            ("assistant", "Assistant"),
            ("release", "No Longer Assistant"),
        ],
        string="As",
        default="main",
        required=True,
        help="Assistants help; the main manager answers for the customer.",
    )
    state = fields.Selection(
        selection=STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user.key_account_unit_id,
        help="The unit that decides; it and those above it see the order.",
    )
    from_user_id = fields.Many2one(
        comodel_name="res.users",
        string="From",
        ondelete="restrict",
        tracking=True,
        domain=[("key_account_role", "=", "manager")],
    )
    to_user_id = fields.Many2one(
        comodel_name="res.users",
        string="To",
        ondelete="restrict",
        tracking=True,
        domain=[("key_account_role", "=", "manager")],
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="key_account_handover_partner_rel",
        column1="order_id",
        column2="partner_id",
        string="Customers",
        domain=[("key_account_kind", "!=", False)],
        copy=False,
        help="Empty: all of the manager.",
    )
    rule_id = fields.Many2one(
        comodel_name="key.account.assignment.rule",
        string="Rule",
        ondelete="restrict",
        domain=[("phase", "=", "in_force")],
        help="Empty: whichever is in force for the unit.",
    )
    is_unassigned_only = fields.Boolean(
        string="Only Customers without Manager",
        default=True,
        help="Otherwise the rule moves customers of managers too.",
    )
    date_effective = fields.Date(
        string="Effective on",
        required=True,
        tracking=True,
        copy=False,
        default=lambda self: self.env["key.account.unit"]._get_today(),
        help="A later day: carried out in the night before it.",
    )
    date_end = fields.Date(
        string="Stand-in until",
        copy=False,
        tracking=True,
        help="The last day of a stand-in; then everything goes back by itself. Empty: "
        "for good.",
    )
    is_moving_unit = fields.Boolean(
        string="Customers Follow to the Unit",
        default=True,
        help="Where the new manager belongs to another unit, customers move there.",
    )
    is_former_assistant = fields.Boolean(
        string="Former Manager Stays as Assistant",
        help="Who developed the customer supports who maintains it from now on.",
    )
    reason = fields.Char(tracking=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Ordered by",
        default=lambda self: self.env.user,
        required=True,
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date_done = fields.Datetime(string="Done on", readonly=True, copy=False)
    line_ids = fields.One2many(
        comodel_name="key.account.handover.line",
        inverse_name="order_id",
        string="What Changes Hands",
        copy=False,
    )
    party_ids = fields.One2many(
        comodel_name="key.account.handover.party",
        inverse_name="order_id",
        string="Managers",
        copy=False,
    )
    origin_id = fields.Many2one(
        comodel_name="key.account.handover",
        string="Takes back",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    reversal_ids = fields.One2many(
        comodel_name="key.account.handover",
        inverse_name="origin_id",
        string="Taken back by",
    )
    run_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Batch",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    progress = fields.Float(related="run_id.progress")
    message = fields.Text(readonly=True, copy=False)
    line_count = fields.Integer(string="Rows", readonly=True, copy=False)
    moved_count = fields.Integer(string="Moved", readonly=True, copy=False)
    skipped_count = fields.Integer(string="Left out", readonly=True, copy=False)
    refused_count = fields.Integer(string="Refused", readonly=True, copy=False)
    refused_file = fields.Binary(string="Refused Rows", readonly=True, copy=False)
    refused_name = fields.Char(readonly=True, copy=False)
    is_taken_back = fields.Boolean(compute="_compute_is_taken_back")

    _end_after = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_effective)",
        "A stand-in ends on its first day or later.",
    )
    _due_idx = models.Index("(state, date_effective)")

    @api.depends("reversal_ids.state")
    def _compute_is_taken_back(self):
        for order in self:
            order.is_taken_back = any(
                one.state not in ("cancelled", "failed") for one in order.reversal_ids
            )

    @api.constrains("kind", "from_user_id", "to_user_id", "role", "date_end")
    def _check_who(self):
        for order in self:
            problem = order._get_problem()
            if problem:
                raise ValidationError(problem)

    def _get_problem(self):
        """What is missing in what was chosen, or nothing."""
        giver, taker = self.from_user_id, self.to_user_id
        if giver and giver == taker:
            return self.env._("Choose two different managers.")
        if self.kind in ("handover", "swap") and not giver:
            return self.env._("Choose the manager who gives the customers.")
        if self.kind in ("handover", "swap", "assign") and not taker:
            return self.env._("Choose the manager who takes the customers.")
        if self.role != "main" and self.kind != "assign":
            return self.env._("Assistants are set for chosen customers.")
        if self.role != "main" and self.date_end:
            return self.env._("An assistant needs no stand-in: leave the end empty.")
        return None

    @api.ondelete(at_uninstall=False)
    def _unlink_except_drafts(self):
        if any(order.state not in (*OPEN_STATES, "cancelled") for order in self):
            raise UserError(self.env._("Orders that were given are a log: they stay."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                # sudo: nobody but the system draws numbers.
                sequence = self.env["ir.sequence"].sudo()
                vals["name"] = sequence.next_by_code("key.account.handover")
        orders = super().create(vals_list)
        orders._check_reach()
        return orders

    def write(self, vals):
        if not self.env.su:
            is_given = any(order.state not in OPEN_STATES for order in self)
            if is_given and vals.keys() - {"reason"}:
                raise UserError(
                    self.env._("The order is given: take it back, or make a new one.")
                )
        result = super().write(vals)
        if {"unit_id", "to_user_id", "from_user_id"} & vals.keys():
            self._check_reach()
        return result

    def _check_reach(self):
        """Whoever assigns does so inside his own units (domain 3.2)."""
        user = self.env.user
        if self.env.su or user.key_account_write_reach == "all":
            return
        for order in self:
            units = order.unit_id
            units |= (order.from_user_id | order.to_user_id).key_account_unit_id
            if not units <= user.key_account_unit_ids:
                raise AccessError(
                    self.env._(
                        "You hand over between managers of your own units only: ask "
                        "the level above."
                    )
                )

    def action_prepare(self):
        """Collect what changes hands, and show what that means."""
        self.check_access("write")
        for order in self:
            order._check_open()
            order._check_reach()
            # sudo: rows of the preview are written by the system; which customers it
            # takes was selected in the reach of the present user.
            order.sudo()._fill(order._collect())
        return True

    def _check_open(self):
        if self.state not in OPEN_STATES:
            raise UserError(self.env._("The order was given already: reload the page."))

    def action_confirm(self):
        """Give the order: today's at once, a later one in the night before its day."""
        self.check_access("write")
        today = self.env["key.account.unit"]._get_today()
        for order in self:
            order._check_open()
            order._check_reach()
            if order.state == "draft":
                raise UserError(self.env._("Look at the preview first."))
            if not order.line_count:
                raise UserError(
                    self.env._("Nothing changes hands: choose other customers.")
                )
            if order.date_effective < today:
                raise UserError(
                    self.env._("The day is over: choose today or a later one.")
                )
            # sudo: what is done was selected in his reach and looked at.
            order.sudo()._plan()
        return True

    def action_cancel(self):
        self.check_access("write")
        for order in self:
            # sudo: the log of the batch is written by the system.
            if order.state == "running":
                order.sudo().run_id.is_cancel_requested = True
            elif order.state in (*OPEN_STATES, "planned", "waiting"):
                order.sudo()._finish("cancelled")
            else:
                raise UserError(
                    self.env._("What is done is taken back, not cancelled.")
                )
        return True

    def action_change(self):
        """Back to choosing, also of what is planned for a later day."""
        self.check_access("write")
        for order in self.filtered(lambda one: one.state in ("prepared", "planned")):
            order.sudo().state = "draft"  # sudo: given orders are the system's
        return True

    def action_take_back(self):
        """One click: everything that is still where the order put it goes back."""
        self.check_access("write")
        self._check_reach()
        for order in self:
            if order.state != "done" or order.is_taken_back or order.role != "main":
                raise UserError(
                    self.env._("Only what is done, once, can be taken back.")
                )
            # sudo: he may give this order, so he may take it back.
            back = order.sudo()._make_reversal(self.env.user)
            back._plan()
        return back._get_form_action()

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_view_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_manager.key_account_handover_line_action"
        )
        return {**action, "domain": [("order_id", "=", self.id)], "context": {}}
