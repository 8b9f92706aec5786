# Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0
# shellcheck shell=bash

java_major() { "$1/bin/java" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p'; }

jdk_candidates() {
    local home found
    if [ -n "${JAVA_HOME:-}" ]; then printf '%s\n' "$JAVA_HOME"; fi
    if found=$(command -v javac); then dirname "$(dirname "$(readlink -f "$found")")"; fi
    for home in /usr/lib/jvm/*; do printf '%s\n' "$home"; done
}

jdk_of_21() { # prints the home of the first JDK that is new enough
    local home major
    while read -r home; do
        [ -x "$home/bin/javac" ] || continue
        major=$(java_major "$home")
        if [ "${major:-0}" -ge 21 ]; then printf '%s\n' "$home"; return 0; fi
    done < <(jdk_candidates)
    return 1
}

# need_jdk: sets and exports JAVA_HOME. The default java of a system may be too old for the Eclipse platform.
need_jdk() {
    local home
    if ! home=$(jdk_of_21); then
        install_packages openjdk-21-jdk || true
        home=$(jdk_of_21) || die "no JDK of version 21 or newer: looked at JAVA_HOME (${JAVA_HOME:-not set}), at javac on the PATH ($(command -v javac || echo none)) and under /usr/lib/jvm. Install one (Debian 13: openjdk-21-jdk, elsewhere: Temurin 21 or newer) or set JAVA_HOME."
    fi
    export JAVA_HOME=$home
    export PATH=$JAVA_HOME/bin:$PATH
}

# heap_option: the option that lets Java have so much of the host's memory that guests of any sensible size fit.
heap_option() {
    awk '/^MemTotal:/ { printf "-Xmx%dm", $2 * 6 / 10 / 1024 }' /proc/meminfo 2>/dev/null || true
}
