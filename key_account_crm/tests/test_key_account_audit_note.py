# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from .common import KeyAccountCommon

SECRET = b"The secret of the letter"


@tagged("post_install", "-at_install")
class TestKeyAccountAuditNote(KeyAccountCommon):
    """Attachments and messages of customers in the log, without their content
    (ORG-14, LOG-01)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Acme", cls.manager)
        cls.other = cls._create_customer("Other", cls.manager)
        cls.supplier = cls.env["res.partner"].create({"name": "Supplier"})
        cls.env.flush_all()
        cls.last = cls.env["key.account.audit"].search([], limit=1).id

    def _attach(self, record, **vals):
        vals = {"name": "letter.txt", "raw": SECRET, "mimetype": "text/plain", **vals}
        if record:
            vals |= {"res_model": record._name, "res_id": record.id}
        return self.env["ir.attachment"].with_env(record.env).create(vals)

    def _changes(self, name):
        """(record, old, new) of the entries since the set-up, oldest first."""
        self.env.flush_all()
        entries = self.env["key.account.audit"].search(
            [("id", ">", self.last)], order="id"
        )
        self.assertNotIn("secret", str(entries.mapped("changes")))
        return [
            (entry.res_id, *entry.changes[name])
            for entry in entries
            if name in (entry.changes or {})
        ]

    def test_added_replaced_renamed_and_removed(self):
        letter = self._attach(self.customer.with_user(self.manager))
        letter.raw = SECRET * 100
        letter.name = "contract.txt"
        letter.description = "nothing of this is logged"
        letter.unlink()
        customer = self.customer.id
        self.assertEqual(
            self._changes("attachment"),
            [
                (customer, None, "letter.txt (24.00 bytes)"),
                (customer, "letter.txt (24.00 bytes)", "letter.txt (2.34 Kb)"),
                (customer, "letter.txt (2.34 Kb)", "contract.txt (2.34 Kb)"),
                (customer, "contract.txt (2.34 Kb)", None),
            ],
        )
        entry = self.env["key.account.audit"].search([], limit=1)
        self.assertRecordValues(
            entry,
            [
                {
                    "user_id": self.manager.id,
                    "partner_id": customer,
                    "unit_id": self.post_1.id,
                    "origin": "system",
                    "field_names": "Attachment",
                }
            ],
        )
        found = self.env["key.account.audit"].with_user(self.company)
        self.assertIn("contract.txt", found.browse(entry.id).change_text)

    def test_moved_to_another_record(self):
        letter = self._attach(self.customer.with_user(self.manager))
        letter.res_id = self.other.id
        self.assertEqual(
            self._changes("attachment")[1:],
            [
                (self.customer.id, "letter.txt (24.00 bytes)", None),
                (self.other.id, None, "letter.txt (24.00 bytes)"),
            ],
        )

    def test_of_records_of_the_suite(self):
        letter = self._attach(self.supplier.browse().with_user(self.manager))
        proposal = self.customer.with_user(self.manager)._key_account_propose_move(
            "churned", reason="Closed", attachments=letter
        )
        entries = self._changes("attachment")
        self.assertEqual([entry[0] for entry in entries], [proposal.id])

    def test_files_of_others_are_none_of_our_business(self):
        self._attach(self.supplier).unlink()
        self.customer.image_1920 = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
            "awAAAABJRU5ErkJggg=="
        )
        self.assertEqual(self._changes("attachment"), [])

    def test_messages_deleted_or_reworded(self):
        message = self.customer.with_user(self.manager).message_post(
            body="The secret", message_type="comment"
        )
        other = self.supplier.message_post(body="The secret")
        self.env.flush_all()
        message.sudo().body = "Less"
        message.sudo().unlink()
        other.sudo().unlink()
        entries = self._changes("message")
        self.assertEqual([entry[0] for entry in entries], [self.customer.id] * 2)
        self.assertIn(self.manager.name, entries[0][1])
        self.assertIn("(11 characters)", entries[0][2])  # with its paragraph
        self.assertIsNone(entries[1][2])
