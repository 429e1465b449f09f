# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner import KINDS

TEXTS = {"char", "text", "selection"}
NUMBERS = {"integer", "float", "monetary"}
OTHERS = {"many2one", "date", "datetime"}


class KeyAccountCompletenessItem(models.Model):
    """A fact that belongs into a complete file, and how much it counts (COL-07).

    A row of a version of the completeness rule. The score as a query and fact by fact
    are here; they follow the version in force today.
    """

    _name = "key.account.completeness.item"
    _description = "Completeness Item"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "rule_id, weight desc, sequence, id"
    _rec_name = "field_name"
    _rule_parent = "rule_id"

    rule_id = fields.Many2one(
        comodel_name="key.account.completeness.rule",
        required=True,
        index=True,
        ondelete="cascade",
    )

    field_name = fields.Selection(
        selection="_selection_field_name", string="Fact", required=True
    )
    weight = fields.Integer(default=1, required=True, help="How useful the fact is.")
    sequence = fields.Integer(
        default=10, help="Which of two facts of the same weight is asked for first."
    )
    is_group = fields.Boolean(string="Groups", default=True)
    is_professional = fields.Boolean(string="Professional Customers", default=True)
    is_individual = fields.Boolean(string="Individuals", default=True)

    _field_name_uniq = models.UniqueIndex(
        "(rule_id, field_name)", "This fact is in the list already."
    )
    _weight_positive = models.Constraint(
        "CHECK (weight > 0)", "A fact counts at least 1: remove what does not count."
    )

    @api.model
    def _selection_field_name(self):
        """The facts of a customer file, in the reader's language."""
        partner = self.env["res.partner"]
        found = [
            (name, field._description_string(self.env))
            for name, field in partner._fields.items()
            if self._is_eligible(field)
        ]
        return sorted(found, key=lambda item: (item[1] or "", item[0]))

    @api.model
    def _is_eligible(self, field):
        if field.name in self.env["res.partner"]._key_account_private_fields():
            return True
        if field.type == "one2many":
            inverse = self.env[field.comodel_name]._fields.get(field.inverse_name)
            return bool(inverse and inverse.store)
        is_plain = field.store and not field.company_dependent and not field.translate
        return is_plain and field.type in TEXTS | NUMBERS | OTHERS

    @api.constrains("field_name")
    def _check_field_name(self):
        known = self.env["res.partner"]._fields
        for item in self:
            field = known.get(item.field_name)
            if field is None or not self._is_eligible(field):
                raise ValidationError(
                    self.env._(
                        "%(field)s is no fact a customer file can miss: choose "
                        "another one.",
                        field=item.field_name,
                    )
                )

    @api.model
    def _get_rule(self):
        """The facts as (field name, weight, kinds), the most useful first, by the
        version in force today."""
        return self._get_rule_on(fields.Date.context_today(self))

    @api.model
    @tools.ormcache("day")
    def _get_rule_on(self, day):
        # sudo: the rule holds for every writer of a customer, whatever he may read.
        return (
            self.env["key.account.completeness.rule"]
            .sudo()
            ._get_in_force(day)
            ._get_facts()
        )

    def _get_kinds(self):
        return tuple(kind for kind, _label in KINDS if self[f"is_{kind}"])

    @api.model
    def _get_relations(self):
        """Names of the models whose rows are themselves facts of a file."""
        return self._get_relations_of(self._get_rule())

    @api.model
    @tools.ormcache("rule")
    def _get_relations_of(self, rule):
        partner = self.env["res.partner"]
        private = partner._key_account_private_fields()
        names = set()
        for name, _weight, _kinds in rule:
            if name in private:
                names.add("key.account.person")
            elif partner._fields[name].type == "one2many":
                names.add(partner._fields[name].comodel_name)
        return frozenset(names)

    @api.model
    def _refresh_for(self, model_name, partner_ids):
        """Rows of a model came or went: measure the files of these partners."""
        if partner_ids and model_name in self._get_relations():
            self.env["key.account.standing"]._refresh_completeness(partner_ids)

    @api.model
    def _get_score_query(self, partner_ids, rule=None) -> SQL:
        """Rows of (partner id, completeness): the rule as one statement.

        :param rule: facts as ``_get_rule`` gives them, when not those in force today
        """
        if rule is None:
            rule = self._get_rule()
        got = [
            SQL(
                "CASE WHEN partner.key_account_kind IN %s AND %s THEN %s ELSE 0 END",
                kinds,
                self._get_filled_condition(name),
                weight,
            )
            for name, weight, kinds in rule
            if kinds
        ]
        totals = [
            SQL(
                "WHEN %s THEN %s",
                kind,
                sum(weight for _name, weight, kinds in rule if kind in kinds),
            )
            for kind, _label in KINDS
        ]
        return SQL(
            """
            SELECT id, CASE WHEN total = 0 THEN 100 ELSE 100 * got / total END AS score
              FROM (
                SELECT partner.id, %(got)s AS got,
                       CASE partner.key_account_kind %(totals)s END AS total
                  FROM res_partner AS partner
                 WHERE partner.key_account_kind IS NOT NULL AND %(restriction)s
              ) AS file
            """,
            got=SQL(" + ").join(got) if got else SQL("0"),
            totals=SQL(" ").join(totals),
            restriction=SQL("TRUE")
            if partner_ids is None
            else SQL("partner.id = ANY(%s)", list(partner_ids)),
        )

    @api.model
    def _get_filled_condition(self, name) -> SQL:
        """Whether a file has a fact, in SQL; ``_is_filled`` says it in Python."""
        partner = self.env["res.partner"]
        column = partner._key_account_private_fields().get(name)
        if column:
            return SQL(
                "EXISTS (SELECT FROM key_account_person AS person "
                "WHERE person.partner_id = partner.id AND %s)",
                self._get_not_empty(
                    self.env["key.account.person"]._fields[column],
                    SQL.identifier("person", column),
                ),
            )
        field = partner._fields[name]
        if field.type == "one2many":
            # sudo: rows of other companies' lines complete the file as well.
            comodel = self.env[field.comodel_name].sudo()
            query = comodel._search(Domain(field.get_comodel_domain(partner)))
            owner = comodel._field_to_sql(query.table, field.inverse_name, query)
            query.add_where(SQL("%s = partner.id", owner))
            # Not IN: for a few customers PostgreSQL then looks them up by the index,
            # for all of them it reads the table once.
            return SQL("EXISTS (%s)", query.select(SQL("1")))
        return self._get_not_empty(field, SQL.identifier("partner", name))

    @api.model
    def _get_not_empty(self, field, column) -> SQL:
        if field.type in TEXTS:
            return SQL("COALESCE(%s, '') <> ''", column)
        if field.type in NUMBERS:
            return SQL("COALESCE(%s, 0) <> 0", column)
        return SQL("%s IS NOT NULL", column)

    @api.model
    def _is_filled(self, partner, name):
        """Whether a file has a fact."""
        # sudo: rows of other companies' lines count, private data too; nothing but
        # whether there are any comes out.
        partner = partner.sudo()
        column = partner._key_account_private_fields().get(name)
        if column:
            has_it = [("partner_id", "=", partner.id), (column, "!=", False)]
            return bool(partner.env["key.account.person"].search_count(has_it))
        return bool(partner[name])

    @api.model
    def _get_missing(self, partner):
        """Names of the facts a file misses, the most useful first."""
        return [
            name
            for name, _weight, kinds in self._get_rule()
            if partner.key_account_kind in kinds and not self._is_filled(partner, name)
        ]

    @api.model
    def _get_score(self, partner):
        """Completeness of one file, fact by fact."""
        kind = partner.key_account_kind
        rule = [(n, weight) for n, weight, kinds in self._get_rule() if kind in kinds]
        total = sum(weight for _name, weight in rule)
        got = sum(weight for name, weight in rule if self._is_filled(partner, name))
        return 100 * got // total if total else 100
