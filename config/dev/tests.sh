# shellcheck shell=bash
# Running tests.

# The kernel's choice: free now, and not handed out again soon.
free_port() {
    "$KA_PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# pytest_odoo DATABASE ARGUMENTS…: tests of installed addons, browser tests included.
pytest_odoo() {
    local database=$1 conf=$KA_DEV/run/test-$$.conf
    shift
    sed "s/^http_port = .*/http_port = $(free_port)/" "$KA_DEV/odoo.conf" >"$conf"
    chmod a+r "$conf"
    as_odoo KA_DB="$database" ODOO_RC="$conf" "$KA_PYTHON" -m pytest -p no:cacheprovider \
        --odoo-config="$conf" --odoo-database="$database" --odoo-http "$@"
}
