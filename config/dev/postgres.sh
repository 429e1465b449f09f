# shellcheck shell=bash
# A private PostgreSQL in .dev/, on a Unix socket only. The system's clusters are not touched.

KA_DB_USER=odoo
KA_PG_MIN=15
KA_PG_BIN=''
KA_PG_USED='' KA_PG_TURN=''      # file descriptors of the locks we hold

find_postgres() {
    local bin
    for bin in $(printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin | sort -t/ -k5 -rn) \
        "$(command -v postgres 2>/dev/null | xargs -r dirname)"; do
        [[ -x $bin/initdb && -x $bin/postgres ]] || continue
        (($("$bin/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/') >= KA_PG_MIN)) || continue
        echo "$bin"
        return
    done
    return 1
}

# A socket path is limited to 107 bytes by the kernel: a deep checkout gets a short one.
socket_folder() {
    local folder=$KA_STATE/run
    if ((${#folder} > 85)); then
        folder=/tmp/key-account-$(short_hash "$KA_ROOT")
    fi
    echo "$folder"
}

make_socket_folder() {
    KA_PGHOST=$(socket_folder)
    [[ -d $KA_PGHOST ]] || mkdir -m 700 -- "$KA_PGHOST"
    if ((EUID == 0)); then chown "$KA_RUN_USER:" "$KA_PGHOST"; fi
    chmod 700 -- "$KA_PGHOST"
    [[ $(stat -c %U -- "$KA_PGHOST") == "$KA_RUN_USER" ]] || die "$KA_PGHOST belongs to somebody else"
}

postgres_answers() { as_run "$KA_PG_BIN/pg_isready" -q; }

ensure_postgres() {
    KA_PG_BIN=$(find_postgres) || die "PostgreSQL $KA_PG_MIN or later is needed" "as root: apt-get install postgresql"
    make_socket_folder
    lock_turn
    # Held shared as long as this ./dev lives: who leaves last puts the light out.
    exec {KA_PG_USED}>>"$KA_CACHE/postgres.used"
    flock --shared "$KA_PG_USED"
    [[ -e $KA_STATE/pg/PG_VERSION ]] || create_cluster
    postgres_answers || start_postgres
    end_turn
}

# One ./dev at a time starts or stops the server; never held for longer than that.
lock_turn() {
    [[ -z $KA_PG_TURN ]] || return 0
    exec {KA_PG_TURN}>>"$KA_CACHE/postgres.turn"
    flock "$KA_PG_TURN"
}

end_turn() {
    exec {KA_PG_TURN}>&-
    KA_PG_TURN=''
}

create_cluster() {
    step "creating the private PostgreSQL cluster"
    local new=$KA_STATE/pg.new
    rm -rf -- "$new"
    install -d -m 700 -o "$KA_RUN_USER" -- "$new"
    quietly "$KA_LOG/initdb.log" as_run "$KA_PG_BIN/initdb" --pgdata="$new" --username="$KA_DB_USER" \
        --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync
    as_run tee "$new/postgresql.auto.conf" <"$KA_ROOT/config/postgresql.dev.conf" >/dev/null
    replace_folder "$new" "$KA_STATE/pg"
}

start_postgres() {
    step "starting PostgreSQL"
    # It must not inherit our locks, nor die of the Ctrl-C that ends us.
    (
        exec {KA_PG_USED}>&- {KA_PG_TURN}>&-
        as_run setsid "$KA_PG_BIN/pg_ctl" start --silent --wait --timeout=60 --pgdata="$KA_STATE/pg" \
            --log="$KA_STATE/pg/server.log" -o "-c unix_socket_directories='$KA_PGHOST'"
    ) >/dev/null </dev/null ||
        die "PostgreSQL does not start, see $KA_STATE/pg/server.log" "to begin again: ./dev clean --all"
}

# Stopped by the last ./dev that uses it, unless `./dev start` asked for it to stay.
release_postgres() {
    [[ -n $KA_PG_USED && ! -e $KA_CACHE/keep-postgres ]] || return 0
    lock_turn
    if flock --exclusive --nonblock "$KA_PG_USED"; then stop_postgres; fi
}

stop_postgres() {
    as_run "$KA_PG_BIN/pg_ctl" stop --silent --mode=fast --pgdata="$KA_STATE/pg" >/dev/null 2>&1 || true
}

psql_value() { as_run "$KA_PG_BIN/psql" -XAtq -v ON_ERROR_STOP=1 "$@"; }
database_exists() { [[ $(psql_value -d postgres -c "SELECT 1 FROM pg_database WHERE datname = '$1'") == 1 ]]; }
