{
    "name": "Key Account CRM",
    "summary": "Key account files, organisation, scope, bills and life-cycle",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Key Account Suite contributors",
    "website": "https://github.com/key-account-suite/key-account-suite",
    "license": "LGPL-3",
    "depends": ["mail", "web_hierarchy"],
    "data": [
        "security/key_account_crm_groups.xml",
        "security/ir.model.access.csv",
        "security/key_account_security.xml",
        "data/ir_sequence_data.xml",
        "data/key_account_unit_data.xml",
        "views/res_partner_views.xml",
        "views/key_account_menus.xml",
    ],
    "demo": [
        "demo/key_account_demo.xml",
    ],
    "application": True,
}
