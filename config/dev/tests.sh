# shellcheck shell=bash
# ./dev test: which jobs a call means, and how a job runs. A job is a process with a
# database of its own; a few run at a time. jobs.sh starts them and adds up the results.
#
#   static          ruff, pylint-odoo and the tests that need no database
#   addon NAME      an addon's tests, on a clone of the addon's own template
#   folder NAME     tests/NAME, on a clone of the whole suite with demo data
#   core test_lint  Odoo's own checks of our addons

KA_TEST_LOG=$KA_LOG/test
KA_TEST_TIMEOUT=${KA_TEST_TIMEOUT:-2400}
KA_PYTEST_OPTIONS=()     # what the caller passes on to pytest
KA_TEST_JOBS=()          # "kind target", in the order they start
declare -A KA_TEST_PATHS=()

test_folders() {
    local folder
    for folder in "$KA_ROOT"/tests/*/; do
        folder=$(basename -- "$folder")
        [[ $folder == benchmarks || $folder == __pycache__ ]] || ! has_tests "$KA_ROOT/tests/$folder" || echo "$folder"
    done
}

has_tests() { [[ -n $(find "$1" -name 'test_*.py' -print -quit 2>/dev/null) ]]; }

# add_job "KIND TARGET" [PATH]: a job once, with every path it is asked to run.
add_job() {
    [[ -n ${KA_TEST_PATHS[$1]+known} ]] || KA_TEST_JOBS+=("$1")
    KA_TEST_PATHS[$1]+="${2:-}"$'\n'
}

add_all_jobs() {
    local name folder
    add_job static
    if [[ -n $(list_addons) ]]; then add_job "template suite"; fi
    while IFS=$'\t' read -r name folder; do
        if has_tests "$folder/tests"; then add_job "addon $name" "$folder/tests"; fi
    done < <(addons_py paths)
    for folder in $(test_folders); do add_job "folder $folder" "$KA_ROOT/tests/$folder"; done
    if [[ -n $(list_addons) ]]; then add_job "core test_lint"; fi
    longest_first
}

# What is left at the end would run alone.
KA_LONGEST=(static "template suite" "folder journeys" "folder security" "folder lifecycle" "addon key_account_crm"
    "folder scenarios" "addon key_account_service" "folder real_data")

longest_first() {
    local job ordered=()
    for job in "${KA_LONGEST[@]}"; do
        [[ -z ${KA_TEST_PATHS[$job]+known} ]] || ordered+=("$job")
    done
    for job in "${KA_TEST_JOBS[@]}"; do
        [[ " ${KA_LONGEST[*]} " == *" $job "* ]] || ordered+=("$job")
    done
    KA_TEST_JOBS=("${ordered[@]}")
}

# A path, or path::Class::test, tells by where it is which database it needs.
add_jobs_of_path() {
    local given path relative folder
    given=$(absolute_path "$1")
    path=${given%%::*}
    relative=${path#"$KA_ROOT"/}
    case $relative in
        "$KA_ROOT" | addons) add_jobs_below "$path" ;;
        tests)
            add_job static
            for folder in $(test_folders); do add_job "folder $folder" "$path/$folder"; done
            ;;
        tests/benchmarks*) die "benchmarks are run by ./dev bench" ;;
        tests/*)
            folder=${relative#tests/}
            if [[ $folder == */* || -d $path ]]; then folder="folder ${folder%%/*}"; else folder=static; fi
            add_job "$folder" "$given"
            ;;
        *) add_job "addon $(addon_of_path "$path")" "$given" ;;
    esac
}

add_jobs_below() {
    local name folder
    while IFS=$'\t' read -r name folder; do
        [[ $folder/ != "$1"/* ]] || ! has_tests "$folder/tests" || add_job "addon $name" "$folder/tests"
    done < <(addons_py paths)
}

addon_of_path() {
    local folder=$1
    while [[ $folder == "$KA_ROOT"/* ]]; do
        if [[ -e $folder/__manifest__.py ]]; then
            basename -- "$folder"
            return
        fi
        folder=$(dirname -- "$folder")
    done
    die "$1 belongs to no addon and not to tests/"
}

# With `-k one_word` a job whose tests do not contain the word need not build a database.
drop_jobs_without() {
    local job path kept=()
    for job in "${KA_TEST_JOBS[@]}"; do
        path=${KA_TEST_PATHS[$job]%%$'\n'*}
        case $job in
            static) path=$KA_ROOT/tests ;;
            template* | core*) continue ;;
        esac
        if grep -rqi --include='*.py' -e "$1" -- "${path%%::*}" || [[ -n $(find "${path%%::*}" -iname "*$1*" -print -quit) ]]; then
            kept+=("$job")
        fi
    done
    KA_TEST_JOBS=("${kept[@]}")
}

# run_job "KIND TARGET" DATABASE JUNIT-FILE
run_job() {
    local kind=${1%% *} target=${1#* } database=$2 junit=$3 paths=()
    mapfile -t paths < <(sed '/^$/d' <<<"${KA_TEST_PATHS[$1]}")
    case $kind in
        static) run_static "$junit" "${paths[@]}" ;;
        template) clone_set "$target" "$database" ;;
        addon) clone_set "$target" "$database" && pytest_odoo "$database" "$junit" "${paths[@]}" ;;
        folder) clone_set suite "$database" && run_folder "$database" "$junit" "$target" "${paths[@]}" ;;
        core) clone_set suite "$database" && run_core_lint "$database" "$junit" ;;
    esac
}

run_static() {
    local junit=$1 status=0
    shift
    # Asked for a file or an expression, the linters are not what is meant.
    if (($# == 0 && ${#KA_PYTEST_OPTIONS[@]} == 0)); then run_linters || status=1; fi
    if (($# == 0)); then set -- "$KA_ROOT"/tests/test_*.py; fi
    if [[ -e $1 || $1 == *::* ]]; then plain_pytest "$junit" "$@" || status=1; fi
    return $status
}

# Tests that import Odoo run inside it; the others get the database by name.
run_folder() {
    local database=$1 junit=$2 folder=$3
    shift 3
    if grep -rqE --include='test_*.py' --include=conftest.py '^(from|import) odoo' -- "$KA_ROOT/tests/$folder"; then
        pytest_odoo "$database" "$junit" "$@"
    else
        KA_TEST_DB=$database plain_pytest "$junit" "$@"
    fi
}

# The tests of core's test_lint that can be told to look at our addons only.
KA_CORE_LINT=(pylint manifests naming i18n jstranslate index onchange_domains override_signatures
    routes docstring dunderinit orm_import test_holes)

run_core_lint() {
    local folder=$KA_ODOO_LIB/odoo/addons/test_lint/tests files=() name
    [[ -d $folder ]] || folder=${KA_ODOO_CORE##*,}/test_lint/tests
    for name in "${KA_CORE_LINT[@]}"; do files+=("$folder/test_$name.py"); done
    KA_PYTHONPATH=$KA_ROOT/config/dev pytest_odoo "$1" "$2" -p lint_only_ours "${files[@]}"
}

# pytest_odoo DATABASE JUNIT-FILE PATH…: pytest with Odoo loaded and its web server at hand.
pytest_odoo() {
    local database=$1 junit=$2
    shift 2
    write_test_conf "$database"
    run_pytest as_odoo "$junit" --odoo-database="$database" --odoo-http "$@"
}

# Without Odoo in the process; with a database to work on when KA_TEST_DB names one.
plain_pytest() {
    local junit=$1 as=suite_env
    shift
    if [[ -n ${KA_TEST_DB:-} ]]; then
        write_test_conf "$KA_TEST_DB"
        as=as_odoo
    fi
    run_pytest "$as" "$junit" -p no:odoo "$@"
}

run_pytest() {
    local as=$1 junit=$2 status=0
    shift 2
    cd -- "$KA_ROOT" || return 1
    "$as" env KA_DB="${KA_TEST_DB:-${database:-}}" KA_CONF="${KA_TEST_CONF:-}" KA_PORT="${KA_TEST_PORT:-}" \
        ODOO_RC="${KA_TEST_CONF:-}" PYTHONPATH="${KA_PYTHONPATH:-}" HYPOTHESIS_STORAGE_DIRECTORY="$KA_DEV/run/hypothesis" \
        timeout --foreground --kill-after=30 "$KA_TEST_TIMEOUT" "$KA_PYTHON" -m pytest \
        -p no:cacheprovider --rootdir="$KA_ROOT" --junitxml="$junit" "$@" "${KA_PYTEST_OPTIONS[@]}" || status=$?
    # 5: nothing collected, which is no failure when a part was asked for.
    if ((status == 5 && ${#KA_PYTEST_OPTIONS[@]} > 0)); then status=0; fi
    if ((status == 124)); then warn "stopped after $KA_TEST_TIMEOUT s"; fi
    return $status
}

# Each database is served at a port of its own, so that jobs may run side by side.
write_test_conf() {
    KA_TEST_PORT=$(free_port)
    KA_TEST_CONF=$KA_DEV/run/$1-$BASHPID.conf
    {
        sed "/^http_port\|^max_cron_threads/d" "$KA_DEV/odoo.conf"
        printf 'http_port = %s\nmax_cron_threads = 0\ndb_name = %s\ndbfilter = ^%s$\n' "$KA_TEST_PORT" "$1" "$1"
    } >"$KA_TEST_CONF"
    chmod a+r -- "$KA_TEST_CONF"
}

# The kernel's choice: free now, and not handed out again soon.
free_port() {
    "$KA_PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
