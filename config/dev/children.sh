# shellcheck shell=bash
# Long commands run as children in process groups of their own, so that Ctrl-C, a
# closed terminal or a failing step ends them and everything they started.

declare -A KA_CHILDREN=()
KA_TEMPORARY=()      # databases to drop when we end

watch_signals() {
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap clean_up EXIT
}

KA_IN_CHILD=''       # set in a child, whose own long commands belong to its group

# start_child COMMAND…: runs it beside us; its id is then in KA_CHILD.
start_child() {
    set -m
    { KA_IN_CHILD=1; "$@"; } </dev/null &
    KA_CHILD=$!
    set +m
    KA_CHILDREN[$KA_CHILD]=1
}

# child COMMAND…: runs it and waits, in a way that a signal can interrupt.
child() {
    local status=0
    if [[ -n $KA_IN_CHILD ]]; then
        "$@" </dev/null
        return
    fi
    start_child "$@"
    wait "$KA_CHILD" || status=$?
    unset "KA_CHILDREN[$KA_CHILD]"
    return $status
}

end_children() {
    local pid tries
    for pid in "${!KA_CHILDREN[@]}"; do kill -TERM -- "-$pid" 2>/dev/null || true; done
    for pid in "${!KA_CHILDREN[@]}"; do
        for ((tries = 0; tries < 50; tries++)); do
            kill -0 -- "-$pid" 2>/dev/null || break
            sleep 0.2
        done
        kill -KILL -- "-$pid" 2>/dev/null || true
    done
    KA_CHILDREN=()
}

clean_up() {
    local database
    trap '' HUP INT TERM
    end_children
    for database in "${KA_TEMPORARY[@]}"; do drop_database "$database" 2>/dev/null || true; done
    release_postgres
}
