{
    "name": "Key Account Arrears and Feed",
    "summary": "Nobody is dunned before the bills of the branch are loaded",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Key Account Suite contributors",
    "website": "https://github.com/key-account-suite/key-account-suite",
    "license": "LGPL-3",
    "depends": ["key_account_arrears", "key_account_feed"],
    "auto_install": True,
}
