import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The figures a grade rests on, each a link to the rows it is made of.
 */
export class KeyAccountGradeFigures extends Component {
    static template = "key_account_crm.KeyAccountGradeFigures";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get figures() {
        return this.props.record.data[this.props.name] || [];
    }

    async open(figure) {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, "action_view_key_account_grade_figure", [
            [resId],
            figure.code,
        ]);
        if (action) {
            await this.action.doAction(action);
        }
    }
}

export const keyAccountGradeFigures = {
    component: KeyAccountGradeFigures,
    supportedTypes: ["json"],
};

registry.category("fields").add("key_account_grade_figures", keyAccountGradeFigures);
