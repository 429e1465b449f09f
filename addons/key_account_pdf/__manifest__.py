{
    "name": "Key Account PDF",
    "summary": "Papers as PDF without wkhtmltopdf, by WeasyPrint",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Key Account Suite contributors",
    "website": "https://github.com/key-account-suite/key-account-suite",
    "license": "LGPL-3",
    "depends": ["web"],
    "external_dependencies": {"python": ["weasyprint"]},
    "data": ["data/ir_config_parameter_data.xml"],
}
