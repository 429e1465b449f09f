# shellcheck shell=bash
# Template databases: one per set of addons, built once and cloned for every use.
# Which there are and on which each stands is worked out by addons.py.

KA_LANGUAGES=en_US,zh_CN

addons_py() {
    local stamp
    stamp="$KA_ODOO_LIB $(stat -c %Y -- "$KA_ODOO_LIB/odoo/release.py")"
    suite_env KA_ODOO_STAMP="$stamp" "$KA_PYTHON" "$KA_ROOT/config/dev/addons.py" "$@"
}

# clone_set SET DATABASE: a fresh database with the addons of the set.
clone_set() {
    local plan name parent modules demo last
    plan=$(addons_py plan "$1") || return 1
    while IFS=$'\t' read -r name parent modules demo; do
        ensure_template "$name" "$parent" "$modules" "$demo" || return 1
        last=$name
    done <<<"$plan"
    clone_database "$last" "$2"
}

# Two ./dev at once build a template once: the second waits for the first.
ensure_template() {
    local lock
    exec {lock}>>"$KA_CACHE/template-${1%_*}.lock"
    flock "$lock"
    local status=0
    database_exists "$1" || build_template "$@" || status=1
    exec {lock}>&-
    return $status
}

build_template() {
    local name=$1 parent=$2 modules=$3 demo=$4 new=$1_building start=$SECONDS
    local log=$KA_LOG/$1.log options=()
    step "building $name: $modules"
    drop_database "$new"
    if [[ $parent == - ]]; then
        options+=(--load-language="$KA_LANGUAGES")
        [[ $demo == no ]] || options+=(--with-demo)
    else
        clone_database "$parent" "$new"
    fi
    if [[ -n $modules ]]; then install_in_template || return 1; fi
    if [[ $name == tpl_suite_* ]]; then build_assets "$new" "$log"; fi
    drop_older_templates "${name%_*}" "$new"
    rename_database "$new" "$name"
    step "built $name in $((SECONDS - start)) s"
}

install_in_template() {
    quietly "$log" child odoo -d "$new" -i "$modules" "${options[@]}" --stop-after-init --no-http \
        --log-level=warn --max-cron-threads=0 || {
        warn "$modules could not be installed"
        return 1
    }
    fail_on_logged_errors "$log" && fail_on_absent_modules
}

# Odoo warns of a module it does not find, and goes on without it.
fail_on_absent_modules() {
    local absent
    absent=$(psql_value -d "$new" -c "SELECT string_agg(name, ', ') FROM unnest(string_to_array('$modules', ',')) AS name
        WHERE name NOT IN (SELECT name FROM ir_module_module WHERE state = 'installed')")
    [[ -z $absent ]] || {
        warn "Odoo did not install $absent, see $log"
        return 1
    }
}

# Odoo goes on after some errors (a view that does not validate in a demo file …).
fail_on_logged_errors() {
    if grep -E '^[0-9: ,-]+ [0-9]+ (ERROR|CRITICAL) ' "$1" >&2; then
        warn "Odoo logged errors while installing, see $1"
        return 1
    fi
}

# Asset bundles take a browser test 40 to 80 seconds the first time: build them beforehand.
build_assets() {
    quietly "$2.assets" child build_assets_of "$1" || warn "the asset bundles could not be built beforehand"
}

build_assets_of() {
    odoo shell -d "$1" --no-http --log-level=warn --max-cron-threads=0 <"$KA_ROOT/config/dev/build_assets.py"
}

drop_older_templates() {
    local old
    for old in $(psql_value -d postgres -c \
        "SELECT datname FROM pg_database WHERE datname ~ '^$1_[0-9a-f]{10}\$'"); do
        drop_database "$old"
    done
}

# Templates, half-built ones, and what killed test runs have left.
drop_templates() {
    local name
    for name in $(psql_value -d postgres -c \
        "SELECT datname FROM pg_database WHERE datname ~ '^(tpl|test)_'"); do
        drop_database "$name"
    done
}
