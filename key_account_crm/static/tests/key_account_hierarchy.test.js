import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import "@web_hierarchy/../tests/hierarchy_mock_server";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Customer extends models.Model {
    _name = "customer";

    name = fields.Char();
    parent_id = fields.Many2one({ relation: "customer" });
    child_ids = fields.One2many({ relation: "customer", relation_field: "parent_id" });

    _records = [
        { id: 1, name: "Group", child_ids: [2] },
        { id: 2, name: "Branch", parent_id: 1 },
        { id: 3, name: "Alone" },
    ];

    _views = {
        hierarchy: /* xml */ `
            <hierarchy js_class="key_account_hierarchy" child_field="child_ids">
                <templates>
                    <t t-name="hierarchy-box"><field name="name"/></t>
                </templates>
            </hierarchy>
        `,
    };
}

defineMailModels();
defineModels([Customer]);

test("starts with groups that have others below them", async () => {
    onRpc("customer", "hierarchy_read", ({ args }) => {
        expect.step(args[0]);
    });
    await mountView({ type: "hierarchy", resModel: "customer" });
    expect.verifySteps([
        [
            ["parent_id", "=", false],
            ["child_ids", "!=", false],
        ],
    ]);
    expect(".o_hierarchy_view").toHaveCount(1);
});
