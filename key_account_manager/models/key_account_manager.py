# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

KINDS = [("comprehensive", "Comprehensive"), ("professional", "Professional")]
STATES = [("active", "Active"), ("leave", "On Leave"), ("left", "Left")]
# What a manager keeps himself of his own file; the rest he proposes.
OWN_FIELDS = {"phone", "mobile", "email", "image_1920", "personal_note"}


class KeyAccountManager(models.Model):
    """The file of an account manager (MGR-01 to MGR-08), beside the employee.

    What the suite decides about a manager stands here, with a scope of its own; the
    person is an employee, whose private data stay with human resources: nobody reads
    more of an employee for having a role of the suite.
    """

    _name = "key.account.manager"
    _description = "Account Manager"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "unit_id, name, id"
    _rec_names_search = ["name", "number"]

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="User",
        required=True,
        ondelete="restrict",
        domain=[("key_account_role", "=", "manager")],
    )
    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The employee of the user; made when there is none.",
    )
    name = fields.Char(related="user_id.name", store=True)
    unit_id = fields.Many2one(
        related="user_id.key_account_unit_id", store=True, index=True
    )
    active = fields.Boolean(default=True, tracking=True)
    state = fields.Selection(
        selection=STATES,
        string="Status",
        default="active",
        required=True,
        tracking=True,
    )
    number = fields.Char(string="Personnel Number", tracking=True)
    kind = fields.Selection(
        selection=KINDS,
        default="comprehensive",
        required=True,
        tracking=True,
        help="Comprehensive: the customer as a whole. Professional: business lines.",
    )
    line_ids = fields.Many2many(
        comodel_name="key.account.line",
        relation="key_account_manager_line_rel",
        column1="manager_id",
        column2="line_id",
        string="Business Lines",
    )
    grade_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Grade",
        domain=[("category", "=", "manager_grade")],
        ondelete="restrict",
        tracking=True,
    )
    date_from = fields.Date(
        string="Account Manager since", default=fields.Date.context_today
    )
    date_to = fields.Date(string="Left on", tracking=True)
    load_max = fields.Integer(
        string="Most Customers",
        default=100,
        tracking=True,
        help="How many customers, or files of a line, the manager can look after.",
    )
    operation_ids = fields.Many2many(
        comodel_name="key.account.operation",
        relation="key_account_manager_operation_rel",
        column1="manager_id",
        column2="operation_id",
        string="Allowed Operations",
        default=lambda self: self.env["key.account.operation"].search([]),
        help="The rest is refused where it is done.",
    )
    deputy_id = fields.Many2one(
        comodel_name="res.users",
        string="Usual Substitute",
        domain=[("key_account_role", "=", "manager")],
        ondelete="restrict",
        tracking=True,
        help="The B role: proposed when the manager is away.",
    )
    phone = fields.Char(string="Office Phone")
    mobile = fields.Char(string="Office Mobile")
    email = fields.Char(string="Office E-mail")
    image_1920 = fields.Image(
        string="Photo", max_width=512, max_height=512, store=True, attachment=True
    )
    personal_note = fields.Text(
        string="About Me", help="What customers and colleagues may like to know."
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _user_uniq = models.Constraint(
        "UNIQUE (user_id)", "This user has a manager file already."
    )
    _load_positive = models.Constraint(
        "CHECK (load_max >= 0)", "The most customers is zero or more."
    )
    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_from <= date_to)",
        "A manager leaves after he began.",
    )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for file in self:
            file.is_mine = file.user_id == self.env.user

    @api.constrains("user_id", "deputy_id")
    def _check_deputy(self):
        for file in self:
            if file.deputy_id == file.user_id:
                raise ValidationError(
                    self.env._("Nobody stands in for himself: choose a colleague.")
                )
            if file.deputy_id and file.deputy_id.key_account_role != "manager":
                raise ValidationError(
                    self.env._(
                        "%(user)s is no account manager: choose one of those.",
                        user=file.deputy_id.name,
                    )
                )

    @api.constrains("user_id")
    def _check_user(self):
        for file in self:
            if file.user_id.key_account_role != "manager":
                raise ValidationError(
                    self.env._(
                        "%(user)s has another role than account manager: a file of "
                        "one is for account managers.",
                        user=file.user_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_responsible(self):
        # sudo: the ledger of every unit counts; only whether there is any is used.
        ledger = self.env["key.account.assignment"].sudo()
        for file in self:
            if ledger.search_count([("user_id", "=", file.user_id.id)], limit=1):
                raise UserError(
                    self.env._(
                        "%(manager)s is or was responsible for customers: set the "
                        "status to Left and archive the file instead.",
                        manager=file.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("employee_id") and vals.get("user_id"):
                user = self.env["res.users"].browse(vals["user_id"])
                vals["employee_id"] = self._get_employee(user).id
        files = super().create(vals_list)
        files._fill_from_employee()
        return files

    @api.model
    def _get_employee(self, user):
        """The employee of the user, made when there is none."""
        # sudo: heads keep managers' files and not employees; of those only the link.
        employees = self.env["hr.employee"].sudo().with_context(active_test=False)
        company = user.sudo().key_account_unit_id.company_id
        found = employees.search([("user_id", "=", user.id)], limit=1)
        vals = {"name": user.name, "user_id": user.id, "company_id": company.id}
        return (found or employees.create(vals)).sudo(False)

    def _fill_from_employee(self):
        """Office numbers and photo of the employee, where the file has none yet."""
        for file in self:
            # sudo: what the directory of employees shows to everybody.
            employee = file.sudo().employee_id
            known = {
                "phone": employee.work_phone,
                "mobile": employee.mobile_phone,
                "email": employee.work_email,
                "image_1920": employee.image_1920,
            }
            missing = {n: v for n, v in known.items() if v and not file[n]}
            if missing:
                file.sudo().write(missing)

    def write(self, vals):
        if not self.env.su:
            self._check_own(vals)
        result = super().write(vals)
        self._tell_employee(vals)
        if "operation_ids" in vals:
            self.env.flush_all()
        return result

    def _check_own(self, vals):
        """A manager keeps part of his own file; the rest is decided by his head."""
        if self.env.user.key_account_role != "manager":
            return
        closed = vals.keys() - OWN_FIELDS
        if closed:
            labels = [self._fields[n]._description_string(self.env) for n in closed]
            raise AccessError(
                self.env._(
                    "You change your phones, e-mail, photo and what you say about "
                    "yourself; propose the change of %(fields)s to your head.",
                    fields=", ".join(sorted(labels)),
                )
            )

    def _tell_employee(self, vals):
        """Office numbers and photo are those of the directory of employees too."""
        names = {
            "phone": "work_phone",
            "mobile": "mobile_phone",
            "email": "work_email",
            "image_1920": "image_1920",
        }
        told = {names[name]: vals[name] for name in names if name in vals}
        if told:
            # sudo: the manager's own entries in the directory; nothing private.
            self.sudo().employee_id.write(told)

    @api.model
    def _check_operation(self, model_name, vals_list):
        """Refuse what the file of the present user does not allow him (ORG-12)."""
        user = self.env.user
        if self.env.su or user.key_account_role != "manager":
            return
        needed = self.env["key.account.operation"]._find_needed(model_name, vals_list)
        if not needed:
            return
        # sudo: archived files count too, and only what is allowed comes out.
        files = self.sudo().with_context(active_test=False)
        file = files.search([("user_id", "=", user.id)])
        missing = self.env["key.account.operation"].browse(needed) - file.operation_ids
        if file and missing:
            raise AccessError(
                self.env._(
                    "Your file does not allow you: %(operations)s. Ask your head to "
                    "do it, or propose that he allows you.",
                    operations=", ".join(missing.sudo().mapped("name")),
                )
            )

    def action_propose(self):
        """Open what the manager asks his head to change."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose a Change"),
            "res_model": "key.account.manager.proposal",
            "view_mode": "form",
            "target": "new",
            "context": {"default_file_id": self.id},
        }
