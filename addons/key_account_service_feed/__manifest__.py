{
    "name": "Key Account Service Feed",
    "summary": "Daily files of a branch: the log of services and complaints",
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "author": "Key Account Suite contributors",
    "website": "https://github.com/key-account-suite/key-account-suite",
    "license": "LGPL-3",
    "depends": ["key_account_feed", "key_account_service"],
    "data": [
        "security/ir.model.access.csv",
        "security/key_account_service_feed_security.xml",
        "views/key_account_service_log_views.xml",
        "views/key_account_month_views.xml",
        "views/key_account_service_feed_menus.xml",
    ],
    "demo": ["demo/key_account_service_log_demo.xml"],
    "auto_install": True,
}
