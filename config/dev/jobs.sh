# shellcheck shell=bash
# Runs the jobs of ./dev test, a few side by side, and says how each ended.

# One more than there are cores: each waits now and then for a browser or for the disk.
KA_JOBS=${KA_JOBS:-$(n=$(nproc); echo $((n > 4 ? 5 : n + 1)))}
KA_JOB_BUDGET=${KA_JOB_BUDGET:-30}          # percent of the processor time one job may take
declare -A KA_JOB_OF=() KA_JOB_START=()     # by process id
declare -A KA_JOB_PLAN=() KA_BEGUN=()       # templates of a set; those that some job builds
KA_FAILED_JOBS=()
KA_PICKED='' KA_TEMPLATES=''

run_jobs() {
    rm -rf -- "$KA_TEST_LOG"
    as_odoo mkdir -p -- "$KA_TEST_LOG"
    rm -f -- "$KA_DEV"/run/test_*.conf
    KA_RUN_START=$SECONDS KA_POSTGRES_START=$(postgres_ticks)
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
    child run_timed_job "$1" "$database" || status=$?
    record_job "$1" $status $((SECONDS - start))
}

run_side_by_side() {
    local waiting=("${KA_TEST_JOBS[@]}")
    while ((${#waiting[@]} > 0)); do
        while ((${#KA_JOB_OF[@]} >= KA_JOBS)); do wait_for_job; done
        pick_job
        start_job "$KA_PICKED"
    done
    while ((${#KA_JOB_OF[@]} > 0)); do wait_for_job; done
}

# Takes the first job that need not wait for a template, else the first one.
pick_job() {
    local index
    for index in "${!waiting[@]}"; do
        if is_ready "${waiting[index]}"; then break; fi
        index=''
    done
    [[ -n $index ]] || index=$(printf '%s\n' "${!waiting[@]}" | head -n 1)
    KA_PICKED=${waiting[index]}
    unset "waiting[$index]"
    local name
    read_templates "$KA_PICKED"
    for name in $KA_TEMPLATES; do KA_BEGUN[$name]=1; done
}

# A template that some job has begun and that is not there is still being built.
is_ready() {
    local name
    read_templates "$1"
    for name in $KA_TEMPLATES; do
        [[ -z ${KA_BEGUN[$name]:-} ]] || database_exists "$name" || return 1
    done
}

# The templates a job needs, asked for once per set of addons: in KA_TEMPLATES.
read_templates() {
    local set=suite
    KA_TEMPLATES=''
    case $1 in
        static) return ;;
        addon*) set=${1#* } ;;
    esac
    [[ -n ${KA_JOB_PLAN[$set]:-} ]] || KA_JOB_PLAN[$set]=$(addons_py plan "$set" | cut -f1)
    KA_TEMPLATES=${KA_JOB_PLAN[$set]}
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
run_job_to_log() { run_timed_job "$1" "$2" >"$(job_file "$1").log" 2>&1; }

# Runs in a shell of its own, so that `times` is what this job took.
run_timed_job() {
    local status=0
    run_job "$1" "$2" "$(job_file "$1").xml" || status=$?
    times >"$(job_file "$1").times"
    return $status
}

# What PostgreSQL has taken of the processor since it started, in ticks of the kernel.
postgres_ticks() {
    local pid
    pid=$(head -n 1 -- "$KA_STATE/pg/postmaster.pid" 2>/dev/null) || return 0
    awk -v pid="$pid" '{ sub(/\(.*\)/, "name") }
        $1 == pid { ticks += $14 + $15 + $16 + $17 }
        $4 == pid { ticks += $14 + $15 }
        END { print ticks + 0 }' /proc/[0-9]*/stat 2>/dev/null || true
}

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
    local ticks
    ticks=$(($(postgres_ticks) - KA_POSTGRES_START))
    "$KA_PYTHON" "$KA_ROOT/config/dev/summary.py" "$KA_TEST_LOG" --budget "$KA_JOB_BUDGET" \
        --wall $((SECONDS - KA_RUN_START)) --postgres $((ticks / $(getconf CLK_TCK)))
    ((${#KA_FAILED_JOBS[@]} == 0))
}
