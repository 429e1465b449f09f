import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const { DateTime } = luxon;

const MODEL = "key.account.timeline";
const PAGE = 30;
const SPECIFICATION = {
    date: {},
    kind: {},
    summary: {},
    amount: {},
    currency_id: { fields: {} },
    line_id: { fields: { display_name: {} } },
    user_id: { fields: { display_name: {} } },
    res_model: {},
    res_id: {},
};
const ICONS = {
    bill: "fa-file-text-o",
    payment: "fa-money",
    allocation: "fa-exchange",
    points: "fa-diamond",
    message: "fa-comment-o",
    card: "fa-id-card-o",
    move: "fa-flag-o",
    change: "fa-pencil",
    grade: "fa-star-o",
};

/**
 * Everything that happened with a customer, newest first, a page at a time. Nothing is
 * read before somebody opens the page of the form it stands on.
 */
export class KeyAccountTimeline extends Component {
    static template = "key_account_crm.KeyAccountTimeline";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ rows: [], total: 0, kinds: [], wanted: [] });
        onWillStart(async () => {
            const { kind } = await this.orm.call(MODEL, "fields_get", [["kind"], ["selection"]]);
            this.labels = Object.fromEntries(kind.selection);
            this.state.kinds = kind.selection.map(([value, label]) => ({ value, label }));
            await this.load(this.props.record.resId);
        });
        onWillUpdateProps(async ({ record }) => {
            if (record.resId !== this.loadedId) {
                await this.load(record.resId);
            }
        });
    }

    get hasMore() {
        return this.state.rows.length < this.state.total;
    }

    /** The rows under the month they belong to. */
    get months() {
        const months = [];
        for (const row of this.state.rows) {
            const key = row.date.slice(0, 7);
            if (months.at(-1)?.key !== key) {
                months.push({ key, label: this.formatMonth(row.date), rows: [] });
            }
            months.at(-1).rows.push(row);
        }
        return months;
    }

    async load(resId) {
        this.loadedId = resId;
        const { records, length } = await this.read(resId, 0);
        Object.assign(this.state, { rows: records, total: length });
    }

    async loadMore() {
        const { records, length } = await this.read(this.loadedId, this.state.rows.length);
        this.state.rows.push(...records);
        this.state.total = length;
    }

    async read(resId, offset) {
        if (!resId) {
            return { records: [], length: 0 };
        }
        const domain = [["partner_id", "=", resId]];
        if (this.state.wanted.length) {
            domain.push(["kind", "in", this.state.wanted]);
        }
        return this.orm.webSearchRead(MODEL, domain, {
            specification: SPECIFICATION,
            offset,
            limit: PAGE,
        });
    }

    isWanted(kind) {
        return this.state.wanted.includes(kind);
    }

    async toggle(kind) {
        this.state.wanted = this.isWanted(kind)
            ? this.state.wanted.filter((wanted) => wanted !== kind)
            : [...this.state.wanted, kind];
        await this.load(this.loadedId);
    }

    open(row) {
        if (row.res_model === "res.partner") {
            return;
        }
        this.action.doAction({
            type: "ir.actions.act_window",
            name: this.labels[row.kind],
            res_model: row.res_model,
            res_id: row.res_id,
            views: [[false, "form"]],
        });
    }

    icon(row) {
        return ICONS[row.kind] || "fa-circle-o";
    }

    formatDay(date) {
        return DateTime.fromISO(date).toLocaleString({ month: "short", day: "numeric" });
    }

    formatMonth(date) {
        return DateTime.fromISO(date).toLocaleString({ year: "numeric", month: "long" });
    }

    formatAmount(row) {
        return formatMonetary(row.amount, { currencyId: row.currency_id?.id });
    }

    get moreLabel() {
        return _t("Show more (%(shown)s of %(total)s)", {
            shown: this.state.rows.length,
            total: this.state.total,
        });
    }
}

export const keyAccountTimeline = { component: KeyAccountTimeline };

registry.category("view_widgets").add("key_account_timeline", keyAccountTimeline);
