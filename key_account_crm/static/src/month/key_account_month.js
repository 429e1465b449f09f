import { Component, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A day that stands for its month, always with the year: Oct 2026, 2026年10月. */
export class KeyAccountMonth extends Component {
    static template = xml`<span t-esc="text" />`;
    static props = { ...standardFieldProps };

    get text() {
        const day = this.props.record.data[this.props.name];
        return day ? day.toLocaleString({ year: "numeric", month: "short" }) : "";
    }
}

export const keyAccountMonth = {
    component: KeyAccountMonth,
    displayName: _t("Month"),
    supportedTypes: ["date"],
    listViewWidth: [90, 110],
};

registry.category("fields").add("key_account_month", keyAccountMonth);
