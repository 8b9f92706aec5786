# Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0
# What every script of releng/ shares: where things are, named and timed steps, content hashes.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hyperstep
tools=$cache/tools
version=0.1.0

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# progress TEXT: one line that carries the seconds since the script started.
progress() { printf '[%4d s] %s\n' "$SECONDS" "$*" >&2; }

# stage NAME COMMAND...: runs a named stage, keeps its time and result for stage_table, returns its status.
stage_rows=()
stage() {
    local name=$1 begin=$SECONDS status=0; shift
    progress "$name…"
    # A status is wanted, not an abort: the table at the end must name every stage that failed.
    "$@" || status=$?
    local result=ok; [ "$status" -eq 0 ] || result="FAILED ($status)"
    stage_rows+=("$(printf '%-44s %5d s  %s' "$name" "$((SECONDS - begin))" "$result")")
    return "$status"
}
skipped() { # skipped NAME REASON
    progress "SKIPPED: $1: $2"
    stage_rows+=("$(printf '%-44s %5s    SKIPPED: %s' "$1" - "$2")")
}
stage_table() {
    printf '\n%-44s %7s  %s\n' stage time result
    printf '%s\n' "${stage_rows[@]}"
    printf '%-44s %5d s\n' total "$SECONDS"
}

# content_hash PATH...: one hash of the names and contents of files and directories under the root, build output left out.
content_hash() {
    (cd "$root" && find "$@" \( -name target -o -name bin \) -type d -prune -o -type f -print0 \
        | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -c1-16)
}

# exclusively NAME COMMAND...: while it runs, no other script of this user builds the same thing.
exclusively() {
    local lock=$cache/$1.lock; shift
    mkdir -p "$(dirname "$lock")"
    (
        if ! flock -n 9; then progress "waiting for another build that holds $lock"; flock 9; fi
        "$@"
    ) 9>"$lock" || exit 1
}

# usage SCRIPT: prints the comment that a script begins with, and ends.
usage() {
    sed -n '2,/^[^#]/{/^# Copyright/d;s/^# \{0,1\}//p}' "$1" >&2
    exit 2
}
