# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import ormcache


class KeyAccountOperation(models.Model):
    """A business operation that account managers may be allowed to do (ORG-12).

    What counts as the operation is data: the kinds of record that doing it makes, and,
    where these are of several kinds (requests), which of them.
    """

    _name = "key.account.operation"
    _description = "Business Operation"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="What files and interfaces call it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    note = fields.Text(string="Remarks", translate=True)
    model_names = fields.Char(
        string="Records",
        help="Technical names of what doing it enters, separated by commas: "
        "key.account.card. Those of addons that are not installed do not matter.",
    )
    term_ids = fields.Many2many(
        comodel_name="key.account.term",
        relation="key_account_operation_term_rel",
        column1="operation_id",
        column2="term_id",
        string="Kinds",
        help="Only such records (of these kinds of request); empty: all.",
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "Another operation has this code.")

    @api.model
    @ormcache()
    def _get_covered(self):
        """Map the names of models to the operations that enter their records:
        {model: ((operation id, ids of the kinds or ()), ...)}."""
        covered = {}
        # sudo: what is an operation is no secret.
        for operation in self.sudo().search([]):
            kinds = tuple(operation.term_ids.ids)
            for name in (operation.model_names or "").split(","):
                rows = covered.setdefault(name.strip(), [])
                rows.append((operation.id, kinds))
        return {name: tuple(rows) for name, rows in covered.items()}

    @api.model
    def _find_needed(self, model_name, vals_list):
        """Ids of the operations that entering these records would be."""
        return {
            operation_id
            for operation_id, kinds in self._get_covered().get(model_name, ())
            if not kinds
            or any(not set(kinds).isdisjoint(self._get_term_ids(v)) for v in vals_list)
        }

    def _get_term_ids(self, vals):
        return {value for value in vals.values() if type(value) is int}

    @api.model_create_multi
    def create(self, vals_list):
        operations = super().create(vals_list)
        self.env.registry.clear_cache()
        return operations

    def write(self, vals):
        result = super().write(vals)
        self.env.flush_all()
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
