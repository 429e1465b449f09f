import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAll, queryAllAttributes, queryAllTexts } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const BARS = [
    { month: "2025-11-01", amount: 50 },
    { month: "2025-12-01", amount: 0 },
    { month: "2026-01-01", amount: -25 },
    { month: "2026-02-01", amount: 100 },
];

class Customer extends models.Model {
    _name = "customer";

    name = fields.Char();
    chart = fields.Json();
    key_account_currency_id = fields.Many2one({ relation: "res.currency" });
    key_account_other_money = fields.Char();

    _records = [
        { id: 1, name: "Acme", chart: BARS, key_account_currency_id: 1 },
        { id: 2, name: "New", chart: false, key_account_currency_id: 1 },
        {
            id: 3,
            name: "Overseas",
            chart: false,
            key_account_currency_id: 1,
            key_account_other_money: "EUR: 70.00 in 12 months",
        },
    ];
}

defineMailModels();
defineModels([Customer]);

function mountForm(resId) {
    return mountView({
        type: "form",
        resModel: "customer",
        resId,
        arch: `<form><field name="chart" widget="key_account_chart"/></form>`,
    });
}

const height = (bar) => Number(bar.getAttribute("height"));
const top = (bar) => Number(bar.getAttribute("y"));

test("a bar for each month, as high as its amount", async () => {
    await mountForm(1);
    const bars = queryAll(".o_key_account_chart_bar");
    expect(queryAllAttributes(".o_key_account_chart_month", "data-month")).toEqual(
        BARS.map(({ month }) => month)
    );
    expect(queryAllTexts(".o_key_account_chart text")).toEqual(["Nov", "Dec", "Jan", "Feb"]);
    expect(height(bars[3])).toBeCloseTo(2 * height(bars[0]), { margin: 0.01 });
    expect(height(bars[2])).toBeCloseTo(height(bars[0]) / 2, { margin: 0.01 });
    expect(height(bars[1])).toBe(1); // nothing is still seen as a month
});

test("what is below zero hangs under the line the others stand on", async () => {
    await mountForm(1);
    const bars = queryAll(".o_key_account_chart_bar");
    expect(".o_key_account_chart_below").toHaveCount(1);
    expect(bars[2]).toHaveClass("o_key_account_chart_below");
    const base = top(bars[0]) + height(bars[0]);
    expect(top(bars[3]) + height(bars[3])).toBeCloseTo(base, { margin: 0.01 });
    expect(top(bars[2])).toBeCloseTo(base, { margin: 0.01 });
});

test("its title says the sum of all months", async () => {
    await mountForm(1);
    expect(".o_key_account_chart").toHaveAttribute("aria-label", /125\.00/);
});

test("a bar opens the bills of its month", async () => {
    onRpc("customer", "action_view_key_account_bills", ({ args, kwargs }) => {
        expect.step([args, kwargs.period]);
        return { type: "ir.actions.act_window_close" };
    });
    mockService("action", {
        doAction(action) {
            expect.step(action.type);
        },
    });
    await mountForm(1);
    await contains(".o_key_account_chart_month:eq(2)").click();
    expect.verifySteps([[[[1]], "2026-01-01"], "ir.actions.act_window_close"]);
});

test("without bills the form says so, and draws nothing", async () => {
    await mountForm(2);
    expect(".o_key_account_chart").toHaveCount(0);
    expect(".o_field_key_account_chart").toHaveText("Nothing has been billed yet.");
});

test("who is billed in another currency is not said to have no bills", async () => {
    await mountForm(3);
    expect(".o_field_key_account_chart").toHaveText(
        "Nothing has been billed in the currency of the ledger, see In Other Currencies."
    );
});

test("in a list it is a small picture without months, which opens nothing", async () => {
    onRpc("customer", "action_view_key_account_bills", () => expect.step("opened"));
    await mountView({
        type: "list",
        resModel: "customer",
        arch: `<list><field name="name"/><field name="chart" widget="key_account_chart"/></list>`,
    });
    expect(".o_key_account_chart").toHaveCount(1);
    expect(".o_key_account_chart").toHaveClass("o_key_account_chart_small");
    expect(".o_key_account_chart text").toHaveCount(0);
    expect(".o_data_row:eq(1) .o_field_key_account_chart").toHaveText("");
    await contains(".o_key_account_chart_month:eq(0)").click();
    expect.verifySteps([]);
});
