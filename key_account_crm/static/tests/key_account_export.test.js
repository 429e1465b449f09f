import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { keyDown, keyUp, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    toggleActionMenu,
} from "@web/../tests/web_test_helpers";

class Customer extends models.Model {
    _name = "customer";

    name = fields.Char();

    _records = [
        { id: 1, name: "Group" },
        { id: 2, name: "Branch" },
    ];
}

defineMailModels();
defineModels([Customer]);

async function offeredForACard(attributes) {
    onRpc("has_group", () => true);
    await mountView({
        type: "kanban",
        resModel: "customer",
        arch: `
            <kanban ${attributes}>
                <templates><t t-name="card"><field name="name"/></t></templates>
            </kanban>`,
        actionMenus: {},
    });
    await keyDown("alt");
    await animationFrame();
    await contains(".o_kanban_record:nth-of-type(1)").click();
    await keyUp("alt");
    await animationFrame();
    await toggleActionMenu();
    return queryAllTexts(".o-dropdown--menu .o_menu_item");
}

test("cards offer the export of chosen ones", async () => {
    expect(await offeredForACard("")).toInclude("Export");
});

test("cards that are not exported do not offer it (ORG-21)", async () => {
    const offered = await offeredForACard('export_xlsx="0"');
    expect(offered).not.toInclude("Export");
    expect(offered).toInclude("Delete");
});
