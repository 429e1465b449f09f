# shellcheck shell=bash
# Style and static checks: ruff, pylint-odoo, shellcheck.

run_linters() {
    local status=0
    cd -- "$KA_ROOT" || return 1
    "$KA_VENV/bin/ruff" check --cache-dir="$KA_CACHE/ruff" "$@" . || status=1
    if [[ ${1:-} == --fix ]]; then
        "$KA_VENV/bin/ruff" format --cache-dir="$KA_CACHE/ruff" . || status=1
    else
        "$KA_VENV/bin/ruff" format --cache-dir="$KA_CACHE/ruff" --diff . || status=1
    fi
    lint_addons || status=1
    lint_shell || status=1
    return $status
}

lint_addons() {
    local folders=()
    mapfile -t folders < <(addons_py paths | cut -f2)
    ((${#folders[@]} == 0)) ||
        # a cache of its own: test_lint runs pylint as the unprivileged user
        suite_env env PYLINTHOME="$KA_DEV/cache/pylint-$(id -u)" "$KA_PYTHON" -m pylint --rcfile="$KA_ROOT/setup.cfg" "${folders[@]}"
}

lint_shell() {
    # 2034: variables are used by another file; 2030/2031: meant, a child is a subshell.
    "$KA_VENV/bin/shellcheck" --exclude=SC2034,SC2030,SC2031 --external-sources "$KA_ROOT/dev" "$KA_ROOT"/config/dev/*.sh "$KA_ROOT/.ci/run"
}
