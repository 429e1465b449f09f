{
    "name": "Key Account Service Feed",
    "summary": "Daily files of a branch: the log of complaints",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Key Account Suite contributors",
    "website": "https://github.com/key-account-suite/key-account-suite",
    "license": "LGPL-3",
    "depends": ["key_account_feed", "key_account_service"],
    "auto_install": True,
}
