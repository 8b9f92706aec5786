# Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0
# shellcheck shell=bash

maven_version=3.9.16
maven_home=$tools/apache-maven-$maven_version

# need_maven: any installed Maven fetches the one that Tycho needs, as an artifact from where that Maven is
# configured to look. A Maven wrapper would write a registry's address into the repository.
need_maven() {
    [ -x "$maven_home/bin/mvn" ] && return
    need_packages "$needs_build"
    progress "taking Maven $maven_version"
    local fresh=$tools/maven.$$
    mkdir -p "$fresh"
    # Away from the checkout: an older Maven could not read the project's own pom.
    (cd "$fresh" && mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack \
        -Dartifact=org.apache.maven:apache-maven:$maven_version:tar.gz:bin -DoutputDirectory=. </dev/null >&2) \
        || die "Maven $maven_version could not be taken as org.apache.maven:apache-maven:$maven_version:tar.gz:bin"
    rm -rf "$maven_home"
    mv "$fresh/apache-maven-$maven_version" "$maven_home"
    rm -rf "$fresh"
}

# maven ARGUMENT...: batch mode, without download progress, at low priority so that the machine stays usable.
# $maven_wrapper is what to run it under.
maven_wrapper=()
maven() { ${maven_wrapper[@]+"${maven_wrapper[@]}"} nice "$maven_home/bin/mvn" -B -ntp "$@" </dev/null; }

# logged_maven LOG COMMAND...: the output goes to the log, the names of the modules to the person; the errors to both.
logged_maven() {
    local log=$1 module; shift
    "$@" 2>&1 | tee "$log" | sed -un 's/^\[INFO\] Building \([^ ]*\) .*\[\([0-9/]*\)\]$/\2 \1/p' \
        | while read -r module; do progress "    $module"; done && return
    grep -E '^\[ERROR\]' "$log" | head -40 >&2
    return 1
}
