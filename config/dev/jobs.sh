# shellcheck shell=bash
# Runs the jobs of ./dev test, a few side by side, and says how each ended.

KA_JOBS=${KA_JOBS:-$(n=$(nproc); echo $((n > 4 ? 4 : n)))}
declare -A KA_JOB_OF=() KA_JOB_START=()     # by process id
KA_FAILED_JOBS=()

run_jobs() {
    rm -rf -- "$KA_TEST_LOG"
    as_odoo mkdir -p -- "$KA_TEST_LOG"
    rm -f -- "$KA_DEV"/run/test_*.conf
    if ((${#KA_TEST_JOBS[@]} == 1)); then
        run_single_job "${KA_TEST_JOBS[0]}"
    else
        run_side_by_side
    fi
    summary
}

job_file() { echo "$KA_TEST_LOG/${1// /-}"; }
job_database() { echo "test_${1##* }_$$"; }

# One job talks to the terminal directly.
run_single_job() {
    local start=$SECONDS status=0 database
    database=$(job_database "$1")
    KA_TEMPORARY+=("$database")
    child run_job "$1" "$database" "$(job_file "$1").xml" || status=$?
    record_job "$1" $status $((SECONDS - start))
}

run_side_by_side() {
    local job
    for job in "${KA_TEST_JOBS[@]}"; do
        while ((${#KA_JOB_OF[@]} >= KA_JOBS)); do wait_for_job; done
        start_job "$job"
    done
    while ((${#KA_JOB_OF[@]} > 0)); do wait_for_job; done
}

start_job() {
    local database
    database=$(job_database "$1")
    KA_TEMPORARY+=("$database")
    step "$1 …"
    start_child run_job_to_log "$1" "$database"
    KA_JOB_OF[$KA_CHILD]=$1
    KA_JOB_START[$KA_CHILD]=$SECONDS
}

# Progress of templates goes to the terminal (2 is kept as 3), the tests' own to the log.
run_job_to_log() { run_job "$1" "$2" "$(job_file "$1").xml" >"$(job_file "$1").log" 2>&1; }

wait_for_job() {
    local pid='' status=0 job
    wait -n -p pid "${!KA_JOB_OF[@]}" || status=$?
    job=${KA_JOB_OF[$pid]}
    unset "KA_JOB_OF[$pid]" "KA_CHILDREN[$pid]"
    record_job "$job" $status $((SECONDS - KA_JOB_START[$pid]))
    drop_database "$(job_database "$job")" 2>/dev/null || true
}

record_job() {
    printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$KA_TEST_LOG/jobs.tsv"
    if (($2 == 0)); then
        step "$1: ${GREEN}passed${PLAIN} in $3 s"
    else
        KA_FAILED_JOBS+=("$1")
        step "$1: ${RED}failed${PLAIN} after $3 s"
        [[ ! -e $(job_file "$1").log ]] || tail -n 60 "$(job_file "$1").log" >&2
    fi
}

summary() {
    "$KA_PYTHON" "$KA_ROOT/config/dev/summary.py" "$KA_TEST_LOG"
    ((${#KA_FAILED_JOBS[@]} == 0))
}
