import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const PAGE = 30;

class Customer extends models.Model {
    _name = "customer";

    name = fields.Char();

    _records = [
        { id: 1, name: "Acme" },
        { id: 2, name: "Quiet" },
        { id: 3, name: "Busy" },
    ];
}

class Timeline extends models.Model {
    _name = "key.account.timeline";

    date = fields.Date();
    kind = fields.Selection({
        selection: [
            ["bill", "Bill"],
            ["payment", "Payment"],
            ["message", "Message"],
        ],
    });
    partner_id = fields.Many2one({ relation: "customer" });
    line_id = fields.Many2one({ relation: "line" });
    user_id = fields.Many2one({ relation: "res.users" });
    currency_id = fields.Many2one({ relation: "res.currency" });
    summary = fields.Char();
    amount = fields.Float();
    res_model = fields.Char();
    res_id = fields.Integer();

    _records = [
        {
            id: 1,
            date: "2026-02-12",
            kind: "message",
            partner_id: 1,
            summary: "Called about the rest",
            res_model: "res.partner",
            res_id: 1,
        },
        {
            id: 2,
            date: "2026-02-10",
            kind: "payment",
            partner_id: 1,
            summary: "P00001",
            amount: 40,
            currency_id: 1,
            line_id: 1,
            res_model: "key.account.payment",
            res_id: 12,
        },
        {
            id: 3,
            date: "2026-01-31",
            kind: "bill",
            partner_id: 1,
            summary: "B00001",
            amount: 100,
            currency_id: 1,
            res_model: "key.account.bill",
            res_id: 11,
        },
        ...Array.from({ length: PAGE + 5 }, (_, index) => ({
            id: 100 + index,
            date: "2026-03-01",
            kind: index % 2 ? "bill" : "payment",
            partner_id: 3,
            summary: `Row ${index}`,
            res_model: "key.account.bill",
            res_id: index,
        })),
    ];

    /** The mock server's own cannot pick attributes. */
    fields_get() {
        return { kind: this._fields.kind };
    }
}

class Line extends models.Model {
    _name = "line";

    name = fields.Char();

    _records = [{ id: 1, name: "Letters" }];
}

defineMailModels();
defineModels([Customer, Timeline, Line]);

function mountForm(resId, resIds) {
    return mountView({
        type: "form",
        resModel: "customer",
        resId,
        resIds,
        arch: `<form><field name="name"/><widget name="key_account_timeline"/></form>`,
    });
}

test("what the server tells, under the month it happened in", async () => {
    await mountForm(1);
    expect(queryAllTexts(".o_key_account_timeline_month")).toEqual([
        "February 2026",
        "January 2026",
    ]);
    expect(queryAllTexts(".o_key_account_timeline_kind")).toEqual([
        "Message",
        "Payment",
        "Bill",
    ]);
    expect(".o_key_account_timeline_row:eq(1)").toHaveText(/Letters/);
    expect(".o_key_account_timeline_amount").toHaveCount(2); // a message has none
});

test("a customer of whom nothing is known says so", async () => {
    await mountForm(2);
    expect(".o_key_account_timeline_row").toHaveCount(0);
    expect(".o_key_account_timeline p").toHaveText(
        "Nothing has happened with this customer yet."
    );
});

test("kinds filter, together and off again", async () => {
    await mountForm(1);
    await contains(".btn[data-kind=bill]").click();
    expect(queryAllTexts(".o_key_account_timeline_kind")).toEqual(["Bill"]);
    expect(".btn[data-kind=bill]").toHaveAttribute("aria-pressed", "true");
    await contains(".btn[data-kind=payment]").click();
    expect(queryAllTexts(".o_key_account_timeline_kind")).toEqual(["Payment", "Bill"]);
    await contains(".btn[data-kind=bill]").click();
    await contains(".btn[data-kind=payment]").click();
    expect(".o_key_account_timeline_row").toHaveCount(3);
});

test("a row opens what it tells of; a message stands for itself", async () => {
    mockService("action", {
        doAction(action) {
            expect.step([action.res_model, action.res_id]);
        },
    });
    await mountForm(1);
    await contains(".o_key_account_timeline_row[data-kind=payment]").click();
    expect.verifySteps([["key.account.payment", 12]]);
    expect(".o_key_account_timeline_row[data-kind=message]").toHaveAttribute("disabled");
});

test("a page at a time, until all is shown", async () => {
    onRpc("key.account.timeline", "web_search_read", ({ kwargs }) => {
        expect.step([kwargs.offset, kwargs.limit]);
    });
    await mountForm(3);
    expect(".o_key_account_timeline_row").toHaveCount(PAGE);
    expect(".o_key_account_timeline_more").toHaveText("Show more (30 of 35)");
    await contains(".o_key_account_timeline_more").click();
    expect(".o_key_account_timeline_row").toHaveCount(PAGE + 5);
    expect(".o_key_account_timeline_more").toHaveCount(0);
    expect.verifySteps([
        [0, PAGE],
        [PAGE, PAGE],
    ]);
});

test("the next customer brings its own story", async () => {
    await mountForm(1, [1, 2]);
    expect(".o_key_account_timeline_row").toHaveCount(3);
    await contains(".o_pager_next").click();
    expect(".o_key_account_timeline_row").toHaveCount(0);
});
