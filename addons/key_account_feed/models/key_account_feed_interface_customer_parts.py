# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from ..layout import CONTACT, LINE_FILE, NUMBER
from ..reader import CLEARED


class KeyAccountFeedInterfaceCustomer(models.AbstractModel):
    """Contacts, numbers and line files of the customers that interface 01001 brings."""

    _inherit = "key.account.feed.interface.customer"

    @api.model
    def _resolve_part(self, record, key, joins, extra, columns=None):
        """Make ``feed_<record>`` of a record that belongs to a customer.

        :param joins: the join that finds the ``old`` row, and those the rest needs
        :param extra: conditions and codes besides those of the fields
        :param columns: further columns
        """
        model = self.env[self._get_models()[record.letter]]
        values = [
            self._target(record, column)
            for column in record.columns
            if column.target and column.type != "contact"
        ]
        resolved = SQL(
            """
            SELECT stage.row, known.id AS partner_id, old.id AS old_id,
                   %(columns)s, %(values)s, %(errors)s AS errors
              FROM (%(numbered)s) AS stage
              LEFT JOIN feed_known AS known ON known.code = stage.customer
              %(lookups)s %(joins)s
            """,
            columns=columns or SQL("NULL AS nothing"),
            values=SQL(", ").join(values),
            errors=self._errors(record, self._customer_errors() + extra),
            numbered=self._numbered(record, key),
            lookups=self._lookup_joins(record),
            joins=joins,
        )
        self._create_table(
            self._resolved_table(record),
            SQL(
                "SELECT checked.*, %s AS outcome FROM (%s) AS checked "
                "LEFT JOIN %s AS was ON was.id = checked.old_id",
                self._outcome(record, SQL("was"), self._part_extra(record)),
                resolved,
                SQL.identifier(model._table),
            ),
        )

    @api.model
    def _part_extra(self, record) -> SQL:
        """What else makes a row count as changed. Hook."""
        if record is CONTACT:
            return SQL(
                """was.active IS DISTINCT FROM checked.active OR EXISTS (
                    SELECT FROM (SELECT 1) AS one
                      LEFT JOIN key_account_person AS person
                        ON person.partner_id = checked.old_id
                     WHERE checked.mobile <> COALESCE(person.mobile, '')
                        OR checked.sex <> COALESCE(person.sex, '')
                        OR checked.birthday
                           <> COALESCE(person.birthday, '-infinity'))"""
            )
        if record is NUMBER:
            return SQL(
                "was.holder_id IS DISTINCT FROM checked.holder_id "
                "OR was.partner_id IS DISTINCT FROM checked.partner_id"
            )
        return SQL("FALSE")

    @api.model
    def _outside(self, feed):
        return (
            SQL("known.unit_id <> ALL(%s)", feed.unit_id._get_below().ids),
            "other_branch customer",
        )

    @api.model
    def _resolve_line_files(self, feed, is_load):
        outside, error = self._outside(feed)
        units = feed.unit_id._get_below().ids
        self._resolve_part(
            LINE_FILE,
            ["owner", "line_id"],
            SQL(
                "LEFT JOIN key_account_line_file AS old ON old.partner_id = known.id "
                "AND old.line_id = by_line_id.id"
            ),
            [
                self._error_twin("line_id"),
                (SQL("stage.change = 'D'"), "no_delete change"),
                (
                    SQL(
                        "%s AND (old.id IS NULL OR old.unit_id <> ALL(%s))",
                        outside,
                        units,
                    ),
                    error,
                ),
                (
                    SQL("NOT (%s) AND old.unit_id <> ALL(%s)", outside, units),
                    "line_other_branch line_id",
                ),
            ],
        )

    @api.model
    def _resolve_contacts(self, feed, is_load):
        self._resolve_part(
            CONTACT,
            ["owner", "code"],
            SQL(
                "LEFT JOIN LATERAL (SELECT * FROM res_partner AS contact "
                "WHERE contact.parent_id = known.id AND contact.ref = stage.code "
                "ORDER BY contact.id LIMIT 1) AS old ON TRUE"
            ),
            [
                self._error_twin("code"),
                self._outside(feed),
                (SQL("stage.mobile ~ '[*•]'"), "masked mobile"),
            ],
            SQL(
                "stage.code, stage.change <> 'D' AS active, "
                "COALESCE(old.id, %(new)s) AS id, %(private)s",
                new=self._new_id("res_partner", is_load),
                private=SQL(", ").join(
                    SQL(
                        "%s AS %s", self._parse(CONTACT.get(name)), SQL.identifier(name)
                    )
                    for name in ("mobile", "birthday", "sex")
                ),
            ),
        )

    @api.model
    def _resolve_numbers(self, feed, is_load):
        self._resolve_part(
            NUMBER,
            ["name", "line_id"],
            SQL(
                """
                LEFT JOIN LATERAL (
                    SELECT * FROM key_account_number AS number
                     WHERE number.name = stage.name
                       AND COALESCE(number.line_id, 0) = COALESCE(by_line_id.id, 0)
                       AND (number.state <> 'closed' OR number.partner_id = known.id)
                     ORDER BY number.state = 'closed', number.id DESC LIMIT 1
                ) AS old ON TRUE
                LEFT JOIN feed_contact AS holder_row
                  ON holder_row.partner_id = known.id
                 AND holder_row.code = stage.holder_id AND holder_row.errors IS NULL
                LEFT JOIN LATERAL (
                    SELECT id FROM res_partner AS contact
                     WHERE contact.parent_id = known.id
                       AND contact.ref = stage.holder_id
                     ORDER BY contact.id LIMIT 1
                ) AS holder ON stage.holder_id IS NOT NULL
                """
            ),
            [
                self._error_twin("name"),
                self._outside(feed),
                (SQL("old.partner_id <> known.id"), "number_other name"),
                (
                    SQL(
                        "stage.holder_id <> %s AND holder_row.id IS NULL "
                        "AND holder.id IS NULL",
                        CLEARED,
                    ),
                    "contact holder_id",
                ),
            ],
            SQL(
                "CASE WHEN stage.holder_id IS NULL THEN old.holder_id "
                "ELSE COALESCE(holder_row.id, holder.id) END AS holder_id"
            ),
        )

    @api.model
    def _example_label(self, record) -> SQL:
        stage = SQL(
            "(SELECT %s FROM %s AS stage WHERE stage.row = checked.row)",
            {
                "C": SQL("concat_ws(' ', stage.code, stage.name)"),
                "K": SQL("concat_ws(' ', stage.customer, stage.name)"),
                "N": SQL("concat_ws(' ', stage.customer, stage.name)"),
                "L": SQL("concat_ws(' ', stage.customer, stage.line_id)"),
            }[record.letter],
            self._stage_table(record),
        )
        return stage
