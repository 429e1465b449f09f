# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from ..layout import CONTACT

ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id")


class KeyAccountFeedInterfaceCustomer(models.AbstractModel):
    """Writes contacts and what is private to them; they follow their customer."""

    _inherit = "key.account.feed.interface.customer"

    @api.model
    def _get_person_defaults(self):
        """Columns that other addons want of new private data, as SQL. Hook."""
        return {}

    @api.model
    def _inherited_columns(self, parent):
        """What a contact takes over from its customer, as the ORM copies it."""
        names = set(self.env["res.partner"]._commercial_fields()) | {
            "lang",
            "user_id",
            "key_account_scope_id",
        }
        columns = {
            name: SQL("%s.%s", parent, SQL.identifier(name))
            for name in sorted(names)
            if self.env["res.partner"]._fields[name].column_type
        }
        return columns | {
            "commercial_company_name": SQL(
                "CASE WHEN %(parent)s.is_company THEN %(parent)s.name END",
                parent=parent,
            )
        }

    @api.model
    def _address_columns(self, parent):
        """The customer's address where it has one: a contact has the same."""
        return {name: SQL("%s.%s", parent, SQL.identifier(name)) for name in ADDRESS}

    @api.model
    def _update_contacts_of_customers(self):
        """Contacts follow the name, address, unit and manager of their customer."""
        parent = SQL("parent")
        columns = self._inherited_columns(parent) | self._address_columns(parent)
        del columns["lang"], columns["user_id"]
        columns["complete_name"] = SQL("trim(concat(parent.name, ', ', target.name))")
        new = SQL(", ").join(columns.values())
        old = SQL(", ").join(SQL("target.%s", SQL.identifier(name)) for name in columns)
        self._update(
            "res_partner",
            columns,
            SQL(
                """
                  FROM res_partner AS parent, feed_known AS known
                 WHERE known.id = parent.id AND target.parent_id = parent.id
                   AND NOT target.is_company AND target.type = 'contact'
                   AND (%s) IS DISTINCT FROM (%s)
                """,
                new,
                old,
            ),
            key=SQL("target.id"),
        )

    @api.model
    def _write_contacts(self):
        names = {name: SQL.identifier("new", name) for name in self._targets(CONTACT)}
        names |= {
            "active": SQL("new.active"),
            "complete_name": SQL("trim(concat(parent.name, ', ', new.name))"),
            "email_normalized": SQL("mail.clean"),
            "phone_sanitized": SQL("phone.clean"),
        }
        parent = SQL("parent")
        columns = names | self._inherited_columns(parent) | self._stamps()
        columns |= self._address_columns(parent) | {
            "id": SQL("new.id"),
            "ref": SQL("new.code"),
            "parent_id": SQL("new.partner_id"),
            "commercial_partner_id": SQL("new.partner_id"),
            "partner_share": SQL("TRUE"),
            "is_company": SQL("FALSE"),
        }
        columns = self._get_defaults(columns) | columns
        self._insert("res_partner", columns, self._contact_source("created"))
        self._update("res_partner", names, self._contact_source("changed"))
        self._write_persons()

    @api.model
    def _contact_source(self, outcome):
        return SQL(
            """
              FROM feed_contact AS new
              JOIN res_partner AS parent ON parent.id = new.partner_id
              LEFT JOIN feed_phone AS phone ON phone.raw = new.phone
              LEFT JOIN feed_email AS mail ON mail.raw = new.email
             WHERE new.outcome = %s
            """,
            outcome,
        )

    @api.model
    def _write_persons(self):
        """What is private to a person goes where its reading is logged."""
        given = SQL(
            "new.mobile IS NOT NULL OR new.birthday IS NOT NULL OR new.sex IS NOT NULL"
        )
        names = ("mobile", "birthday", "sex")
        columns = {
            "partner_id": SQL("new.id"),
            "unit_id": SQL("parent.key_account_unit_id"),
            "manager_id": SQL("parent.key_account_manager_id"),
        } | {name: SQL.identifier("new", name) for name in names}
        columns |= self._get_person_defaults()
        updates = SQL(", ").join(
            SQL("%s = COALESCE(excluded.%s, key_account_person.%s)", name, name, name)
            for name in map(SQL.identifier, names)
        )
        self._insert(
            "key_account_person",
            columns | self._stamps(),
            SQL(
                """
                  FROM feed_contact AS new
                  JOIN res_partner AS parent ON parent.id = new.partner_id
                 WHERE new.outcome IN ('created', 'changed') AND (%s)
                    ON CONFLICT (partner_id) DO UPDATE
                   SET %s, write_uid = excluded.write_uid,
                       write_date = excluded.write_date
                """,
                given,
                updates,
            ),
        )
