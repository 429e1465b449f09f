// Copyright 2026 Key Account Suite contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { patch } from "@web/core/utils/patch";
import { exprToBoolean } from "@web/core/utils/strings";
import { KanbanController } from "@web/views/kanban/kanban_controller";

// Cards that say they are not exported offer no export of chosen ones, as lists do.
patch(KanbanController.prototype, {
    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems(...arguments);
        const isExported = this.env.config.viewArch?.getAttribute("export_xlsx");
        if (items.export && !exprToBoolean(isExported, true)) {
            items.export.isAvailable = () => false;
        }
        return items;
    },
});
