{
    "name": "Key Account Managers and Service",
    "summary": "What of service travels when customers change hands",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Key Account Suite contributors",
    "website": "https://github.com/key-account-suite/key-account-suite",
    "license": "LGPL-3",
    "depends": ["key_account_manager", "key_account_service"],
    "auto_install": True,
}
