# Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0
# The product's own reactor.
# shellcheck shell=bash

site=$root/releng/org.hyperstep.repository/target/repository
# All that the update site is made of.
site_sources=(bundles features target-platform releng/org.hyperstep.repository releng/jdt pom.xml .mvn)
# Options that every Maven build of the product gets; the scripts add to them.
maven_options=()

reactor() { # reactor MAVEN-ARGUMENT...
    maven -f "$root/pom.xml" -Dcdt.site="$cdt_site" ${maven_options[@]+"${maven_options[@]}"} "$@"
}

# What the update site is made from, as one hash; and the note in the built site that says which that was.
site_content() { content_hash "${site_sources[@]}"; }
site_note=$site/../built-from
mark_site() { printf '%s\n' "$1" >"$site_note"; }

# need_site: the update site, built when the sources differ from those it was built from.
need_site() {
    need_target_platform
    site_built_from=$(site_content)
    if [ -d "$site" ] && [ "$(cat "$site_note" 2>/dev/null)" = "$site_built_from" ]; then return 0; fi
    need_maven
    progress "building the update site"
    local log=$cache/site.log
    rm -f "$site_note"
    logged_maven "$log" reactor package -Dsite.only || die "the update site did not build: $log"
    mark_site "$site_built_from"
}

# copy_eclipse FROM TO: bundles are never changed in place, so their files are shared; p2's own records are copied.
copy_eclipse() {
    mkdir -p "$2"
    (cd "$1" && for entry in *; do
        if [ "$entry" = plugins ]; then cp -al "$entry" "$2" 2>/dev/null || { rm -rf "${2:?}/$entry"; cp -a "$entry" "$2"; }; else cp -a "$entry" "$2"; fi
    done)
}
