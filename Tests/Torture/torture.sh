#!/bin/bash
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
#
# Kills the processes of a desk at random moments and compares what is left with a replay that
# nobody disturbed: same commits, same ledger, a sound repository, no process and no lock behind.
#
#   Tests/Torture/torture.sh [path of loopdesk]
#
# Variables:
#   LOOPDESK  the program, when it is not given as an argument   (.build/release/loopdesk)
#   KILLS     how many kills must hit, for each role             (50)
#   ROLES     who is killed
#   THROUGH   the last day of the replays                        (2004-06-30)
#   DESK      a desk whose main is used instead of a new desk's
#   SEED      starts the random numbers; timing still differs    (drawn, and printed)
#   SCRATCH   where the desks are made                           (a new temporary folder)

set -euo pipefail

LOOPDESK=${1:-${LOOPDESK:-.build/release/loopdesk}}
KILLS=${KILLS:-50}
ROLES=${ROLES:-ingestor researcher backtester verifier executor risk gateway supervisor}
THROUGH=${THROUGH:-2004-06-30}
SEED=${SEED:-$RANDOM}
RANDOM=$SEED

# A role that can hardly be hit must not keep this going for ever.
readonly ROUNDS_MAX=60
# How long processes may outlive their supervisor, in steps of 20 ms.
readonly ORPHAN_STEPS=250

total_kills=0
total_failures=0
supervisor=
scratch=

die() {
    echo "torture: $*" >&2
    exit 2
}

# The supervisor is ours, so it may be ended by its id; its children end with it.
clean_up() {
    [[ -z $supervisor ]] || kill -9 "$supervisor" 2>/dev/null || true
    if [[ -n $scratch && $total_failures -eq 0 ]]; then rm -rf "$scratch"; fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# --- Processes of a desk ---------------------------------------------------------------------

# Prints "pid start-time" of a process that lives; a zombie does not.
identity() {
    local stat
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    # The name in parentheses may hold anything, so fields count from behind it.
    local -a fields
    read -ra fields <<<"${stat##*) }"
    [[ ${fields[0]} != [ZX] ]] || return 1
    echo "$1 ${fields[19]}"
}

# The ids of the gateway of a desk.
gateways() {
    local file id
    local -a words
    for file in $(grep -lszxF -e "$1" /proc/[0-9]*/cmdline || true); do
        id=${file#/proc/} id=${id%/*}
        mapfile -d '' -t words 2>/dev/null <"$file" || continue
        [[ ${words[*]:1:3} == "gateway --desk $1" ]] && echo "$id"
    done
    return 0
}

# The ids of the processes of one agent of a desk, or of all with the name ".*".
agents() {
    local file id
    for file in $(grep -lszxE -e "LOOPDESK_AGENT=$2" /proc/[0-9]*/environ || true); do
        id=${file#/proc/} id=${id%/*}
        [[ $(readlink "/proc/$id/cwd" 2>/dev/null) == "$1/worktrees/"* ]] && echo "$id"
    done
    return 0
}

# The identities of all children of a desk.
children() {
    local id
    for id in $(agents "$1" '.*') $(gateways "$1"); do identity "$id" || true; done
}

# The process to kill for a role; nothing when there is none at this moment.
victim() {
    case $2 in
        supervisor) identity "$supervisor" >/dev/null && echo "$supervisor" ;;
        gateway) gateways "$1" | head -n 1 ;;
        *) agents "$1" "$2" | head -n 1 ;;
    esac
}

# --- Failures --------------------------------------------------------------------------------

role_failures=0

fail() {
    echo "  FAILED: $*"
    role_failures=$((role_failures + 1))
    total_failures=$((total_failures + 1))
}

# Says which children of a dead supervisor are still there after a while.
expect_gone() {
    local step id start alive=
    for ((step = 0; step < ORPHAN_STEPS; step++)); do
        alive=
        while read -r id start; do
            [[ -n $id && $(identity "$id") == "$id $start" ]] && alive+=" $id"
        done <<<"$1"
        [[ -n $alive ]] || return 0
        sleep 0.02
    done
    fail "processes outlive their supervisor:$alive"
    for id in $alive; do kill -9 "$id" 2>/dev/null || true; done
}

# --- Replays ---------------------------------------------------------------------------------

start_replay() {
    "$LOOPDESK" replay --json --desk "$1" --through "$THROUGH" >"$1.json" 2>"$1.err" &
    supervisor=$!
}

# Waits for the replay and prints its status; the shell's own words about a kill are not wanted.
finish_replay() {
    local status=0
    wait "$supervisor" 2>/dev/null || status=$?
    supervisor=
    return $status
}

# Compares the figures of two replays; says which members differ.
compare() {
    python3 - "$1" "$2" <<'PYTHON'
import json, sys

def load(path):
    with open(path) as file:
        figures = json.load(file)
    figures.pop("wall_seconds", None)
    return figures

want, have = load(sys.argv[1]), load(sys.argv[2])
differences = []
for name in sorted(want.keys() | have.keys()):
    left, right = want.get(name), have.get(name)
    if left == right:
        continue
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(left.keys() | right.keys()):
            if left.get(key) != right.get(key):
                differences.append(f"{name} {key}: {left.get(key)} became {right.get(key)}")
    else:
        differences.append(f"{name}: {left} became {right}")
if have.get("dead_letters"):
    differences.append(f"dead letters: {have['dead_letters']}")
print("\n".join(differences))
PYTHON
}

# Everything that must be true of a desk that has come to rest.
check_desk() {
    local desk=$1 found line
    if ! found=$(compare "$reference.json" "$desk.json" 2>&1); then
        fail "$desk.json cannot be compared: $found"
    elif [[ -n $found ]]; then
        while read -r line; do fail "$line"; done <<<"$found"
    fi
    found=$(git -C "$desk" fsck --strict --no-dangling --no-progress 2>&1) || found+=" (status $?)"
    [[ -z $found ]] || fail "git fsck: $found"
    # Git's locks are files that exist; the one of ours there is a file that stays, locked by flock.
    found=$(find "$desk/.git" -name '*.lock' ! -name 'loopdesk-worktrees.lock')
    [[ -z $found ]] || fail "locks are left behind: $found"
    found=$(git -C "$desk" count-objects -v | sed -n 's/^garbage: //p')
    [[ $found == 0 ]] || fail "$found files of garbage among the objects"
    for line in "$desk" "$desk"/worktrees/*/; do
        found=$(git -C "$line" status --porcelain)
        [[ -z $found ]] || fail "$line is not clean: $found"
    done
    expect_gone "$(children "$desk")"
}

# --- Kills -----------------------------------------------------------------------------------

# Half of the moments come soon after the start, when a process is sure to be at work.
random_pause() {
    local limit=$1
    ((RANDOM % 2)) || limit=$((limit / 10))
    local milliseconds=$((RANDOM % (limit + 1)))
    sleep "$((milliseconds / 1000)).$(printf '%03d' $((milliseconds % 1000)))"
}

# Kills one process of the role; false when the replay ended before there was one to kill.
kill_once() {
    local desk=$1 role=$2 id orphans status=0
    while [[ -z $(victim "$desk" "$role") ]]; do
        identity "$supervisor" >/dev/null || return 1
        sleep 0.01
    done
    # One request to the gateway survives 20 kills in a row, so most lives must be long enough.
    case $role in
        supervisor) random_pause 1500 ;;
        gateway) random_pause 500 ;;
        *) random_pause 150 ;;
    esac
    id=$(victim "$desk" "$role")
    [[ -n $id ]] || return 0
    if [[ $role != supervisor ]]; then
        kill -9 "$id" 2>/dev/null && hits=$((hits + 1))
        return 0
    fi
    orphans=$(children "$desk")
    kill -9 "$id" 2>/dev/null || return 0
    finish_replay || status=$?
    # It may have come to its end between the look and the kill.
    [[ $status -eq 137 ]] || return 1
    hits=$((hits + 1))
    # The next one starts at once, while children of the last may still be there.
    start_replay "$desk"
    expect_gone "$orphans"
}

# One replay in a new copy of the desk, with kills of one role until there were enough.
disturbed_replay() {
    local desk=$1 role=$2 status=0
    cp -a "$fresh" "$desk"
    start_replay "$desk"
    while ((hits < KILLS)) && kill_once "$desk" "$role"; do :; done
    if [[ -n $supervisor ]]; then finish_replay || status=$?; fi
    if ((status != 0)); then
        fail "the replay ended with status $status: $(head -c 2000 "$desk.err")"
        return
    fi
    check_desk "$desk"
}

torture_role() {
    local role=$1 round desk before hits_before
    local replays=0
    hits=0 role_failures=0
    for ((round = 1; round <= ROUNDS_MAX && hits < KILLS; round++)); do
        desk=$scratch/$role-$round
        before=$role_failures hits_before=$hits
        replays=$round
        disturbed_replay "$desk" "$role"
        if ((role_failures > before)); then
            echo "  kept for a look: $desk"
        else
            rm -rf "$desk" "$desk.json" "$desk.err"
        fi
        # A role that had no process in a whole replay will have none in the next.
        ((hits > hits_before)) || break
    done
    ((hits >= KILLS)) || fail "only $hits of $KILLS kills hit; try a later THROUGH"
    total_kills=$((total_kills + hits))
    printf '%-12s %3d kills in %d replays, %d failures\n' \
        "$role" "$hits" "$replays" "$role_failures"
}

# --- The run ---------------------------------------------------------------------------------

make_fresh_desk() {
    if [[ -z ${DESK:-} ]]; then
        "$LOOPDESK" init "$fresh" >/dev/null || die "loopdesk init failed"
    else
        # Only main: the branches of agents are what the replays make.
        git init --quiet --initial-branch main "$fresh"
        git -C "$fresh" fetch --quiet "$(realpath "$DESK")" main || die "cannot copy $DESK"
        git -C "$fresh" reset --quiet --hard FETCH_HEAD
    fi
}

for program in git python3 grep find; do
    command -v "$program" >/dev/null || die "$program is not installed; run make setup"
done
[[ -x $LOOPDESK ]] || die "there is no program $LOOPDESK; run make build"
[[ $KILLS =~ ^[1-9][0-9]*$ ]] || die "KILLS: expected a number above 0, found '$KILLS'"
LOOPDESK=$(realpath "$LOOPDESK")
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8
scratch=$(realpath "${SCRATCH:-$(mktemp -d "${TMPDIR:-/tmp}/loopdesk-torture-XXXXXX")}")
fresh=$scratch/fresh
reference=$scratch/reference

echo "torture: seed $SEED, $KILLS kills for each role, replays through $THROUGH"
make_fresh_desk
cp -a "$fresh" "$reference"
start_replay "$reference"
finish_replay || die "the undisturbed replay failed: $(cat "$reference.err")"
check_desk "$reference"
((total_failures == 0)) || die "the undisturbed replay is not sound; see $reference"

for role in $ROLES; do torture_role "$role"; done

echo "torture: $total_kills kills, $total_failures failures"
((total_failures == 0)) || exit 1
