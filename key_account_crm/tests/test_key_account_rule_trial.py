# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .point_common import PointCommon

RULES = {
    "key.account.card.rule",
    "key.account.completeness.rule",
    "key.account.grade.rule",
    "key.account.point.rule",
    "key.account.qualification.rule",
}


@tagged("post_install", "-at_install")
class TestKeyAccountRuleTrial(PointCommon):
    """Every rule of this addon is tried before it takes effect (GRD-17, RULE-04); what
    a dry run of each says is tested with the rule."""

    def _rules(self):
        mixin = self.env.registry["key.account.rule.mixin"]
        return {
            name
            for name, model in self.env.registry.items()
            if issubclass(model, mixin) and not model._abstract
            if model._original_module == "key_account_crm"
        }

    def test_there_is_no_rule_without_a_dry_run(self):
        self.assertEqual(self._rules(), RULES)
        customer = self._create_customer("Acme", self.manager)
        self._create_bill(customer, 100, self.letter)
        for name in sorted(RULES):
            with self.subTest(name):
                rule = self.env[name].search([("state", "=", "approved")], limit=1)
                self.assertTrue(rule.can_try)
                for version in (rule, rule.copy({"unit_id": False})):
                    action = version.with_user(self.director).action_try()
                    trial = self.env[action["res_model"]].browse(action["res_id"])
                    self.assertRecordValues(
                        trial, [{"res_model": name, "res_id": version.id}]
                    )
                    self.assertLessEqual(trial.moved_count, trial.examined_count)
                with self.assertRaises(AccessError):
                    rule.with_user(self.manager).action_try()
