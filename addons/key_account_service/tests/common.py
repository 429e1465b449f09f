# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.addons.key_account_crm.tests.common import KeyAccountCommon


class ServiceCommon(KeyAccountCommon):
    """The small city, with two customers and a way to register requests at a moment.

    ``acme`` is ka_manager's in post_1, ``far`` is ka_manager_b's in parcel_1.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls._create_customer("Acme", cls.manager)
        cls.far = cls._create_customer("Far", cls.manager_b)
        cls.fault = cls._term("request_kind", "fault")
        cls.installation = cls._term("request_kind", "installation")
        cls.absent = cls._term("pause_reason", "customer_answer")
        cls.solved = cls._term("request_result", "solved")
        cls.post_1.head_id = cls.head

    @classmethod
    def _term(cls, category, code):
        return cls.env["key.account.term"].search(
            [("category", "=", category), ("code", "=", code)]
        )

    @classmethod
    def _standard(cls, kind, **vals):
        """A standard in force since 2020, of 24 hours around the clock."""
        standard = cls.env["key.account.standard"].create(
            {
                "name": kind.name,
                "kind_id": kind.id,
                "date_from": "2020-01-01",
                "limit": 24,
                "limit_unit": "hour",
                **vals,
            }
        )
        standard.action_approve()
        return standard

    @classmethod
    def _request(cls, at="2026-01-15 08:00:00", customer=None, **vals):
        """A fault of 24 hours around the clock, unless another kind is given."""
        with freeze_time(at):
            return cls.env["key.account.request"].create(
                {
                    "subject": "No tone",
                    "partner_id": (customer or cls.acme).id,
                    "kind_id": cls.fault.id,
                    **vals,
                }
            )

    @classmethod
    def _alarm(cls, at):
        """What the scheduled action does at a moment."""
        with freeze_time(at):
            return cls.env["key.account.request"]._clock_raise_alarms()
