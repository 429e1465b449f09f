# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from .common import ServiceCommon


class ComplaintCommon(ServiceCommon):
    """The small city with ways to register and settle complaints at a moment.

    Limits are simple here: 48 hours around the clock, first feedback 24.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rules = cls.env["key.account.complaint.rule"]
        cls.rule = rules._get_in_force("2026-01-15")
        ref = cls.env.ref
        prefix = "key_account_service.key_account_complaint"
        cls.outage = ref(f"{prefix}_type_network_outage")
        cls.speed = ref(f"{prefix}_type_network_speed")
        cls.bill = ref(f"{prefix}_type_fee_bill")
        cls.suggestion = ref(f"{prefix}_type_suggestion_service")
        cls.equipment = ref(f"{prefix}_cause_equipment_failure")
        cls.refund = cls._term("compensation_kind", "refund")
        cls.gift_points = cls._term("compensation_kind", "points")

    @classmethod
    def _complaint(cls, at="2026-01-15 08:00:00", customer=None, user=None, **vals):
        """A complaint about an outage, whose limit is 48 hours around the clock."""
        complaints = cls.env["key.account.complaint"]
        if user:
            complaints = complaints.with_user(user)
        with freeze_time(at):
            return complaints.create(
                {
                    "subject": "No connection",
                    "partner_id": (customer or cls.acme).id,
                    "type_id": cls.outage.id,
                    **vals,
                }
            )

    @classmethod
    def _settle(cls, complaint, at="2026-01-15 12:00:00", mark=None, **kwargs):
        """Replied to, and called back about when a mark is given."""
        with freeze_time(at):
            complaint._reply("It works again.")
            if mark:
                complaint._call_back(mark, **kwargs)
