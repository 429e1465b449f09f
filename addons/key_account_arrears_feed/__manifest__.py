{
    "name": "Key Account Arrears and Feed",
    "summary": "Dunning waits for the branch's bills; suspensions go there by file",
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "author": "Key Account Suite contributors",
    "website": "https://github.com/key-account-suite/key-account-suite",
    "license": "LGPL-3",
    "depends": ["key_account_arrears", "key_account_feed"],
    "data": [
        "security/ir.model.access.csv",
        "security/key_account_suspension_export_security.xml",
        "views/key_account_suspension_export_views.xml",
    ],
    "auto_install": True,
}
