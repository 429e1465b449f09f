// Copyright 2026 Key Account Suite contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { patch } from "@web/core/utils/patch";
import { ListController } from "@web/views/list/list_controller";

// A list that says it is not exported offers no export of chosen rows either.
patch(ListController.prototype, {
    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems(...arguments);
        if (items.export && !this.archInfo.activeActions.exportXlsx) {
            items.export.isAvailable = () => false;
        }
        return items;
    },
});
