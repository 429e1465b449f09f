# shellcheck shell=bash
# The commands, one function each; the line marked `#:` above it is its line in the help.

main() {
    local command=${1:-help}
    shift || true
    case $command in -h | --help) command=help ;; esac
    if ! declare -F "cmd_$command" >/dev/null; then
        printf 'unknown command: %s (./dev help lists them)\n' "$command" >&2
        exit 2
    fi
    "cmd_$command" "$@"
}

# Everything a command needs before it starts; a second when it is already there.
prepare() {
    umask 022
    mkdir -p "$KA_DEV" "$KA_LOG" "$KA_CACHE"
    ensure_system
    choose_run_user
    watch_signals
    fetch_and_build
    ensure_postgres
    write_odoo_conf
}

# One ./dev at a time; the others wait for what it builds.
fetch_and_build() {
    local turn
    exec {turn}>>"$KA_CACHE/setup.turn"
    flock "$turn"
    ensure_odoo
    ensure_python
    exec {turn}>&-
}

#: run       sets up everything and serves the suite with demo data: [--port N] [--lang zh_CN] [--fresh]
cmd_run() {
    local port=8069 lang='' fresh=''
    while (($# > 0)); do
        case $1 in
            --port) port=${2:?--port needs a number} && shift ;;
            --lang) lang=${2:?--lang needs a language} && shift ;;
            --fresh) fresh=1 ;;
            *) usage "unknown option $1" "./dev run [--port N] [--lang zh_CN] [--fresh]" ;;
        esac
        shift
    done
    prepare
    if [[ -n $fresh ]]; then drop_database "$KA_DEMO"; fi
    ensure_demo_database
    if [[ -n $lang ]]; then set_demo_language "$lang"; fi
    port=$(choose_port "$port")
    serve "$port"
}

#: test      all tests, or a part: [static] [test_lint] [PATH[::CLASS[::METHOD]]…] [-k EXPR] [--fresh]
KA_TEST_USAGE='./dev test [static] [test_lint] [PATH[::CLASS[::METHOD]]…] [-k EXPR] [--fresh] [--pytest-option=value…]'
cmd_test() {
    local paths=() fresh='' word=''
    while (($# > 0)); do
        case $1 in
            --fresh) fresh=1 ;;
            -k) word=${2:?-k needs an expression} && KA_PYTEST_OPTIONS+=(-k "$2") && shift ;;
            -*) KA_PYTEST_OPTIONS+=("$1") ;;
            static) add_job static ;;
            test_lint) add_job "core test_lint" ;;
            *) is_path "$1" || usage "there is no ${1%%::*}" "$KA_TEST_USAGE" && paths+=("$1") ;;
        esac
        shift
    done
    ensure_system tests
    prepare
    if [[ -n $fresh ]]; then drop_templates; fi
    local path
    for path in "${paths[@]}"; do add_jobs_of_path "$path"; done
    if ((${#KA_TEST_JOBS[@]} == 0)); then add_all_jobs; fi
    if [[ $word =~ ^[A-Za-z0-9_]+$ ]]; then drop_jobs_without "$word"; fi
    ((${#KA_TEST_JOBS[@]} > 0)) || die "no test matches"
    run_jobs
}

is_path() { [[ -e $(absolute_path "${1%%::*}") ]]; }

# path::Class::test, the path seen from where ./dev was called, else from the checkout.
absolute_path() {
    local path
    path=$(cd -- "$KA_CALLED_FROM" && readlink -m -- "${1%%::*}")
    [[ -e $path ]] || path=$(cd -- "$KA_ROOT" && readlink -m -- "${1%%::*}")
    echo "$path${1#"${1%%::*}"}"
}

#: pytest    tests on a database of yours that has the addon: DATABASE PATH… [-k EXPR]
cmd_pytest() {
    (($# >= 2)) || usage "a database and a path are needed" "./dev pytest DATABASE PATH… [pytest options]"
    local database=$1 argument arguments=()
    shift
    for argument in "$@"; do
        if is_path "$argument"; then argument=$(absolute_path "$argument"); fi
        arguments+=("$argument")
    done
    prepare
    child pytest_odoo "$database" "$KA_DEV/run/pytest-$$.xml" "${arguments[@]}"
}

#: lint      ruff, pylint-odoo, shellcheck; --fix corrects what ruff can
cmd_lint() {
    prepare
    run_linters "$@"
}

#: setup     fetches and builds everything in .dev/, starts nothing that stays
cmd_setup() {
    ensure_system tests
    prepare
    step "ready"
}

#: start     keeps PostgreSQL running until `./dev stop`, which saves a second per command
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

#: new       a database with addons, from the templates: NAME [all | suite | ADDON]
cmd_new() {
    local name=${1:-} set=${2:-suite}
    [[ -n $name ]] || usage "a name is needed" "./dev new NAME [all | suite | ADDON]"
    prepare
    ! database_exists "$name" || die "database $name exists" "to drop it: ./dev drop $name"
    clone_set "$set" "$name"
    step "database $name is there"
}

#: drop      drops databases: NAME…
cmd_drop() {
    prepare
    local name
    for name in "$@"; do drop_database "$name"; done
}

#: update    updates all our addons in the demo database
cmd_update() {
    prepare
    database_exists "$KA_DEMO" || die "there is no demo database yet: ./dev run makes it"
    update_demo "$(list_addons | paste -sd,)"
}

#: shell     Odoo's Python shell: [DATABASE] [< script.py]
cmd_shell() {
    local database=${1:-$KA_DEMO}
    shift || true
    prepare
    odoo shell -d "$database" --no-http "$@"
}

#: psql      psql on a database: [DATABASE] [psql options]
cmd_psql() {
    prepare
    if (($# == 0)); then set -- "$KA_DEMO"; fi
    as_run "$KA_PG_BIN/psql" "$@"
}

#: odoo      Odoo with the suite's settings: -d NAME -i ADDON --stop-after-init, or any other arguments
cmd_odoo() {
    prepare
    odoo "$@"
}

#: load      loads real data into the demo database: online-retail | accounts-receivable | complaints
cmd_load() {
    local loader=$KA_ROOT/tests/real_data/load.py
    [[ -e $loader ]] || die "there is no loader yet ($loader)"
    (($# > 0)) || usage "what is to be loaded?" "./dev load online-retail | accounts-receivable | complaints"
    prepare
    ensure_demo_database
    as_odoo env KA_DB="${KA_DB:-$KA_DEMO}" "$KA_PYTHON" "$loader" "$@"
}

#: bench     measures speed, in databases of its own: [arguments of tests/benchmarks]
cmd_bench() {
    local folder=$KA_ROOT/tests/benchmarks
    [[ -d $folder ]] || die "there are no benchmarks yet ($folder)"
    prepare
    cd -- "$KA_ROOT" || return 1
    if [[ -e $folder/__main__.py ]]; then
        as_odoo env KA_DB="${KA_DB:-key_account_bench}" "$KA_PYTHON" "$folder" "$@"
    else
        child plain_pytest "$KA_DEV/run/bench.xml" "$folder" "$@"
    fi
}

#: i18n      exports .pot and updates zh_CN.po of every addon; --check only says what is missing
cmd_i18n() {
    prepare
    update_translations "$@"
}

#: paths     where everything is
cmd_paths() {
    printf '%s\t%s\n' checkout "$KA_ROOT" state "$KA_DEV" odoo "${ODOO_HOME:-$KA_DEV/odoo}" \
        python "$KA_PYTHON" filestore "$KA_DEV/data/filestore" logs "$KA_LOG"
}

#: clean     drops test databases and templates; --all removes .dev/ (demo database included)
cmd_clean() {
    if [[ ${1:-} == --all ]]; then
        clean_all
        return
    fi
    prepare
    drop_templates
    rm -rf -- "$KA_LOG"
}

clean_all() {
    if [[ -e $KA_STATE/pg ]]; then prepare && stop_postgres; fi
    trap - EXIT
    rm -rf -- "$KA_DEV" "$KA_STATE"
    step "removed $KA_DEV"
}

#: help      this list
cmd_help() {
    printf 'usage: ./dev COMMAND [arguments]\n\n'
    sed -n 's/^#: /  /p' "$KA_ROOT/config/dev/commands.sh"
}

usage() {
    printf '%s\nusage: %s\n' "$1" "$2" >&2
    exit 2
}
