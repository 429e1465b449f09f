import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const MODEL = "key.account.contact.event";
let kinds;

/**
 * A button for each kind of contact: a tap logs that it took place now. What came of it
 * may be added afterwards, from the message that says it is logged.
 */
export class KeyAccountContactLog extends Component {
    static template = "key_account_service.KeyAccountContactLog";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.state = useState({ kinds: [], isBusy: false });
        onWillStart(async () => {
            kinds ||= await this.orm.call(MODEL, "get_log_kinds");
            this.state.kinds = kinds;
        });
    }

    async log(kind) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const { record } = this.props;
            if ((await record.isDirty()) && !(await record.save())) {
                return;
            }
            const logged = await this.orm.call(MODEL, "log", [record.resId, kind.id]);
            await record.load();
            this.tell(logged);
        } finally {
            this.state.isBusy = false;
        }
    }

    tell(logged) {
        const close = this.notification.add(_t("%s logged", logged.name), {
            type: "success",
            autocloseDelay: 10000,
            buttons: [
                {
                    name: _t("Add What Came of It"),
                    primary: true,
                    onClick: () => {
                        close();
                        this.open(logged.id);
                    },
                },
            ],
        });
    }

    open(eventId) {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Customer Contact"),
                res_model: MODEL,
                res_id: eventId,
                views: [[false, "form"]],
                target: "new",
            },
            { onClose: () => this.props.record.load() }
        );
    }

    plan() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Plan a Contact"),
            res_model: MODEL,
            views: [[false, "form"]],
            context: {
                default_partner_id: this.props.record.resId,
                default_date: luxon.DateTime.now()
                    .plus({ days: 1 })
                    .toUTC()
                    .toFormat("yyyy-MM-dd HH:mm:00"),
            },
        });
    }
}

registry.category("view_widgets").add("key_account_contact_log", {
    component: KeyAccountContactLog,
});
