# shellcheck shell=bash
# The commands, one function each; the comment above a function is its line in `./dev help`.

main() {
    local command=${1:-help}
    shift || true
    if [[ $command == -h || $command == --help ]]; then command=help; fi
    if ! declare -F "cmd_$command" >/dev/null; then
        printf 'unknown command: %s (./dev help lists them)\n' "$command" >&2
        exit 2
    fi
    "cmd_$command" "$@"
}

# Everything a command needs before it starts; seconds when it is already there.
prepare() {
    umask 022
    mkdir -p "$KA_DEV" "$KA_LOG" "$KA_CACHE"
    ensure_system tests
    choose_run_user
    trap release_postgres EXIT
    ensure_odoo
    ensure_python
    ensure_postgres
    write_odoo_conf
}

#: setup     fetches and builds everything in .dev/, starts nothing that stays
cmd_setup() {
    prepare
    step "ready"
}

#: start     keeps PostgreSQL running until `./dev stop`, which saves seconds per command
cmd_start() {
    mkdir -p "$KA_CACHE"
    touch "$KA_CACHE/keep-postgres"
    prepare
}

#: stop      stops PostgreSQL
cmd_stop() {
    rm -f -- "$KA_CACHE/keep-postgres"
    prepare
    stop_postgres
}

#: odoo      runs Odoo with the suite's settings: ./dev odoo -d mine -i key_account_crm --stop-after-init
cmd_odoo() {
    prepare
    odoo "$@"
}

#: shell     opens Odoo's Python shell on a database: ./dev shell [database] [< script.py]
cmd_shell() {
    local database=${1:-key_account_demo}
    shift || true
    prepare
    odoo shell -d "$database" --no-http "$@"
}

#: pytest    runs pytest-odoo on a database that has the addon: ./dev pytest database path [-k expr]
cmd_pytest() {
    local database=${1:?usage: ./dev pytest DATABASE PATH [pytest options]}
    shift
    prepare
    pytest_odoo "$database" "$@"
}

#: psql      opens psql on a database: ./dev psql [database] [psql options]
cmd_psql() {
    prepare
    as_run "$KA_PG_BIN/psql" "$@"
}

#: help      this list
cmd_help() {
    echo "usage: ./dev COMMAND [arguments]"
    echo
    sed -n 's/^#: /  /p' "$KA_ROOT/config/dev/commands.sh"
}
