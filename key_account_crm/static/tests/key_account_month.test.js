import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

class Ledger extends models.Model {
    _name = "ledger";

    month = fields.Date();

    _records = [{ id: 1, month: "2026-10-01" }, { id: 2, month: "2025-01-01" }, { id: 3 }];
}

defineMailModels();
defineModels([Ledger]);

test("a month is told with its year, and no day", async () => {
    await mountView({
        type: "list",
        resModel: "ledger",
        arch: `<list><field name="month" widget="key_account_month"/></list>`,
    });
    expect(queryAllTexts(".o_data_cell")).toEqual(["Oct 2026", "Jan 2025", ""]);
});
