import { _t } from "@web/core/l10n/translation";
import { registerMessageAction } from "@mail/core/common/message_actions";
import { user } from "@web/core/user";

let mayLog = false;
Promise.all(
    ["staff", "agent"].map((group) =>
        user.hasGroup(`key_account_crm.group_key_account_${group}`)
    )
).then((found) => {
    mayLog = found.includes(true);
});

registerMessageAction("key-account-log-contact", {
    condition: ({ message, thread }) =>
        mayLog &&
        thread?.model === "res.partner" &&
        ["comment", "email", "email_outgoing"].includes(message.message_type),
    icon: "fa fa-handshake-o",
    name: _t("Log as a contact"),
    onSelected: async ({ message, store }) => {
        const { is_new } = await store.env.services.orm.call(
            "key.account.contact.event",
            "log_message",
            [message.id]
        );
        store.env.services.notification.add(
            is_new ? _t("Logged as a contact") : _t("It was logged before"),
            { type: is_new ? "success" : "info" }
        );
    },
    sequence: 66,
});
