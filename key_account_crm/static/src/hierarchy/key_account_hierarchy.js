import { registry } from "@web/core/registry";
import { HierarchyModel } from "@web_hierarchy/hierarchy_model";
import { hierarchyView } from "@web_hierarchy/hierarchy_view";

/** Starts with the groups that have others below them: customers alone are no tree. */
export class KeyAccountHierarchyModel extends HierarchyModel {
    get defaultDomain() {
        return [...super.defaultDomain, [this.childFieldName, "!=", false]];
    }
}

export const keyAccountHierarchyView = {
    ...hierarchyView,
    Model: KeyAccountHierarchyModel,
};

registry.category("views").add("key_account_hierarchy", keyAccountHierarchyView);
