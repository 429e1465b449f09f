{
    "name": "Key Account Feed",
    "summary": "Daily files of a branch: customer files, bills and payments",
    "version": "19.0.1.2.0",
    "category": "Sales/CRM",
    "author": "Key Account Suite contributors",
    "website": "https://github.com/key-account-suite/key-account-suite",
    "license": "LGPL-3",
    "depends": ["key_account_crm"],
    "data": [
        "security/ir.model.access.csv",
        "security/key_account_feed_security.xml",
        "data/ir_cron_data.xml",
        "wizard/key_account_feed_upload_views.xml",
        "views/key_account_feed_views.xml",
    ],
}
