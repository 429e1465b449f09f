# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_complaint import ComplaintCommon


@tagged("post_install", "-at_install")
class TestKeyAccountComplaintApi(ComplaintCommon):
    """The call centre registers by codes and looks up (COL-04, CMP-01)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme.key_account_code = "T-ACME"
        cls.complaints = cls.env["key.account.complaint"].with_user(cls.agent)

    def test_register_and_look_up(self):
        number = self.env["key.account.number"].create(
            {"name": "0755001", "partner_id": self.acme.id}
        )
        incident = self.env["key.account.incident"].create({"name": "Cable cut"})
        answer = self.complaints.register(
            "T-ACME",
            "network_outage",
            " No tone ",
            channel="call_centre",
            number="0755001",
            incident=incident.code,
            reference="000123",
        )
        complaint = self.complaints.browse(answer["id"])
        self.assertRecordValues(
            complaint,
            [
                {
                    "partner_id": self.acme.id,
                    "subject": "No tone",
                    "type_id": self.outage.id,
                    "number_id": number.id,
                    "incident_id": incident.id,
                    "reference": "000123",
                    "registrant_id": self.agent.id,
                }
            ],
        )
        self.assertEqual(complaint.channel_id.code, "call_centre")
        self.assertTrue(answer["date_due"] and answer["date_feedback_due"])
        again = self.complaints.register("T-ACME", "network_outage", "Again")
        self.assertEqual(again["repeat_of"], answer["name"])
        complaint._reply("Mended")
        found = self.complaints.look_up(answer["name"])
        self.assertEqual((found["state"], found["reply"]), ("replied", "Mended"))

    def test_what_is_not_known_is_named(self):
        calls = (
            ("customer", ("T-NOBODY", "network_outage", "x")),
            ("complaint_type", ("T-ACME", "nothing", "x")),
            ("subject", ("T-ACME", "network_outage", " ")),
            ("channel", ("T-ACME", "network_outage", "x", "", "smoke")),
            ("number", ("T-ACME", "network_outage", "x", "", None, "999")),
            ("incident", ("T-ACME", "network_outage", "x", "", None, None, "E1")),
        )
        for name, arguments in calls:
            with self.subTest(name), self.assertRaisesRegex(UserError, name):
                self.complaints.register(*arguments)
        with self.assertRaisesRegex(UserError, "name"):
            self.complaints.look_up("C0")

    def test_others_are_refused(self):
        for user in (self.office, self.finance, self.operator):
            with self.assertRaises(UserError):
                self.complaints.with_user(user).register("T-ACME", "other", "x")
