import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

const FULL = { width: 360, bars: 84, labels: 18 };
const SMALL = { width: 108, bars: 26, labels: 0 };

/**
 * Twelve bars: what a customer brought month by month. In a form each bar has its
 * month below and opens that month's bills; in lists and cards it is a small picture.
 */
export class KeyAccountChart extends Component {
    static template = "key_account_crm.KeyAccountChart";
    static props = { ...standardFieldProps, isSmall: { type: Boolean, optional: true } };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get size() {
        return this.props.isSmall ? SMALL : FULL;
    }

    get months() {
        return this.props.record.data[this.props.name] || [];
    }

    /** Why there is nothing to draw: another currency's bills are in no bar. */
    get emptyText() {
        return this.props.record.data.key_account_other_money
            ? _t("Nothing has been billed in the currency of the ledger, see In Other Currencies.")
            : _t("Nothing has been billed yet.");
    }

    /** The rectangles to draw; what is below zero hangs under the base line. */
    get bars() {
        const amounts = this.months.map(({ amount }) => amount);
        const top = Math.max(0, ...amounts);
        const span = top - Math.min(0, ...amounts) || 1;
        const step = this.size.width / (this.months.length || 1);
        const scale = (amount) => (Math.abs(amount) / span) * (this.size.bars - 2);
        const base = 1 + scale(top);
        return this.months.map(({ month, amount }, index) => ({
            month,
            x: index * step,
            step,
            y: amount < 0 ? base : base - scale(amount),
            width: step * 0.7,
            height: Math.max(scale(amount), 1),
            isBelow: amount < 0,
            label: DateTime.fromISO(month).toFormat("LLL"),
            title: `${this.formatMonth(month)}: ${this.formatAmount(amount)}`,
        }));
    }

    get title() {
        const total = this.months.reduce((sum, { amount }) => sum + amount, 0);
        return _t("Revenue of 12 months: %(total)s", { total: this.formatAmount(total) });
    }

    formatMonth(month) {
        return DateTime.fromISO(month).toLocaleString({ year: "numeric", month: "long" });
    }

    formatAmount(amount) {
        const currency = this.props.record.data.key_account_currency_id;
        return formatMonetary(amount, { currencyId: currency && currency.id });
    }

    async onBarClick(month) {
        const { resModel, resId } = this.props.record;
        this.action.doAction(
            await this.orm.call(resModel, "action_view_key_account_bills", [[resId]], {
                period: month,
            })
        );
    }
}

export const keyAccountChart = {
    component: KeyAccountChart,
    displayName: _t("Revenue by Month"),
    supportedTypes: ["json"],
    fieldDependencies: ({ viewType }) => [
        { name: "key_account_currency_id", type: "many2one", relation: "res.currency" },
        ...(viewType === "form" ? [{ name: "key_account_other_money", type: "char" }] : []),
    ],
    extractProps: ({ viewType }) => ({ isSmall: viewType !== "form" }),
};

registry.category("fields").add("key_account_chart", keyAccountChart);
