# shellcheck shell=bash
# The demo database and the server that ./dev run starts on it.

KA_DEMO=key_account_demo
KA_HOST=127.0.0.1

# Created from the suite's template, then kept; later runs update the addons that changed.
ensure_demo_database() {
    [[ -n $(list_addons) ]] || die "there is no addon in $KA_ROOT yet"
    if ! database_exists "$KA_DEMO"; then
        clone_set suite "$KA_DEMO"
        addons_py sums >"$KA_CACHE/demo.sums"
        return
    fi
    local changed
    changed=$(changed_addons)
    [[ -z $changed ]] || update_demo "$changed"
}

changed_addons() {
    touch "$KA_CACHE/demo.sums"
    # grep ends with 1 when nothing changed, which is no failure
    addons_py sums | { grep -vxFf "$KA_CACHE/demo.sums" || true; } | cut -f1 | paste -sd,
}

# -i for those that are new, -u for the others; Odoo takes both in one start.
update_demo() {
    step "updating $1 in $KA_DEMO"
    quietly "$KA_LOG/update.log" child odoo -d "$KA_DEMO" -i "$1" -u "$1" --with-demo --stop-after-init \
        --no-http --max-cron-threads=0 --log-level=warn || die "the update failed"
    fail_on_logged_errors "$KA_LOG/update.log" || true
    addons_py sums >"$KA_CACHE/demo.sums"
}

port_is_free() { ! (exec 3<>"/dev/tcp/$KA_HOST/$1") 2>/dev/null; }

# choose_port WANTED: the port, or the first free one above it, and says so.
choose_port() {
    local port
    for ((port = $1; port < $1 + 50; port++)); do
        if port_is_free "$port"; then
            ((port == $1)) || warn "port $1 is busy, taking $port"
            echo "$port"
            return
        fi
    done
    die "no free port between $1 and $port"
}

set_demo_language() {
    psql_value -d "$KA_DEMO" -v lang="$1" <<'SQL'
UPDATE res_partner SET lang = :'lang' WHERE id IN (SELECT partner_id FROM res_users);
SQL
}

# serve PORT: until it is stopped or ends by itself.
serve() {
    local url=http://$KA_HOST:$1 log=$KA_LOG/odoo.log
    : >"$log"
    step "starting Odoo, its log is $log"
    start_child serve_to_log "$1" "$log"
    wait_until_healthy "$url" "$log"
    print_logins "$url"
    wait "$KA_CHILD" || die "Odoo ended, see $log"
}

serve_to_log() {
    odoo -d "$KA_DEMO" --db-filter="^$KA_DEMO\$" --http-interface="$KA_HOST" --http-port="$1" >"$2" 2>&1
}

wait_until_healthy() {
    local tries
    for ((tries = 0; tries < 600; tries++)); do
        if curl --silent --fail --max-time 5 "$1/web/health" >/dev/null; then return; fi
        kill -0 "$KA_CHILD" 2>/dev/null || break
        sleep 0.2
    done
    tail -n 30 "$2" >&2
    die "Odoo does not answer at $1"
}

print_logins() {
    local file=$KA_ROOT/config/dev/logins.csv
    printf '\n  %sKey Account Suite: %s%s   (Ctrl-C stops it)\n\n' "$BOLD" "$1" "$PLAIN"
    if [[ -e $file ]]; then
        "$KA_PYTHON" "$KA_ROOT/config/dev/logins.py" "$file"
    else
        printf '  login admin, password admin\n'
    fi
    echo
}
