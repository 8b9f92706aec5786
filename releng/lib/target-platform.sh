# Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0
# What the product is built against and what it is installed into, made once and kept outside the checkout:
#   $target_platform/cdt        p2 repository of the CDT bundles
#   $target_platform/platform   an Eclipse with the platform only
#   $target_platform/ide        an Eclipse with the platform and CDT
#   $cdt_site                   where CDT comes from: that repository, or Eclipse's own release site
# shellcheck shell=bash

# Not empty: CDT comes from Eclipse's own release site, which the profile eclipse-sites of the root pom names.
eclipse_sites=

cdt_source=eclipse-cdt_9.9.0.orig.tar.xz
cdt_source_sha256=72930352c55ef4beb8ae25cae62c708d37e9cf3663c21d9c1f0c23613d034f93

need_target_platform() {
    target_platform=$cache/target-platform/$(content_hash target-platform)${eclipse_sites:+-eclipse-sites}
    cdt_site=file://$target_platform/cdt
    [ -z "$eclipse_sites" ] || cdt_site=$(sed -n 's|.*<cdt.site>\(https.*\)</cdt.site>.*|\1|p' "$root/pom.xml")
    [ -e "$target_platform/complete" ] || exclusively target-platform build_target_platform
}

build_target_platform() {
    [ ! -e "$target_platform/complete" ] || return 0
    need_maven
    local work=$target_platform.work
    rm -rf "$work" "$target_platform"
    mkdir -p "$work"
    # Maven keeps bundles by their version: other content must have another one.
    local options=(-DforceContextQualifier="hyperstep-$(basename "$target_platform")")
    if [ -n "$eclipse_sites" ]; then
        cp -r "$root/target-platform/reactor/." "$root/target-platform/platform.target" "$work"
        options+=(-Declipse.sites="$cdt_site")
    else
        need_cdt_source
        progress "unpacking and preparing CDT's bundles"
        java "$root/target-platform/cdt/PrepareCdt.java" "$sources/$cdt_source" "$root/target-platform" "$work"
    fi
    progress "building the CDT target platform and the IDE (one to five minutes, once)"
    logged_maven "$cache/target-platform.log" maven -f "$work/pom.xml" verify "${options[@]}" \
        || die "the target platform did not build: $cache/target-platform.log"
    local fresh=$target_platform.fresh products=$work/product/target/products
    rm -rf "$fresh"; mkdir -p "$fresh"
    [ -n "$eclipse_sites" ] || mv "$work/repository/target/repository" "$fresh/cdt"
    mv "$products/org.hyperstep.platform/linux/gtk/x86_64" "$fresh/platform"
    mv "$products/org.hyperstep.ide/linux/gtk/x86_64" "$fresh/ide"
    install -m 755 "$root/target-platform/reactor/product/eclipse" "$fresh/platform"
    install -m 755 "$root/target-platform/reactor/product/eclipse" "$fresh/ide"
    touch "$fresh/complete"
    mv "$fresh" "$target_platform"
    rm -rf "$work"
    progress "the target platform is ready: $target_platform"
}

sources=$cache/sources

need_cdt_source() {
    mkdir -p "$sources"
    cdt_source_is_right && return
    if [ -n "${HYPERSTEP_CDT_SOURCE:-}" ]; then
        cp "$HYPERSTEP_CDT_SOURCE" "$sources/$cdt_source"
    else
        take_cdt_source_with_apt
    fi
    cdt_source_is_right || die "CDT's source package $cdt_source (sha256 $cdt_source_sha256) could not be had with apt. Give the file in HYPERSTEP_CDT_SOURCE, or build with --eclipse-sites."
}

cdt_source_is_right() {
    [ -s "$sources/$cdt_source" ] && sha256sum --status -c <<<"$cdt_source_sha256  $sources/$cdt_source"
}

# The source package stands in Debian's suite sid. The machine's own Debian archive and key serve it,
# with lists of our own, so that the machine's package lists stay as they are.
take_cdt_source_with_apt() {
    command -v apt-get >/dev/null || return 0
    local apt=$cache/apt uri
    uri=$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null | sed -n 's/^Debian //p' | grep -v -- '-security' | sed -n 1p) || true
    [ -n "$uri" ] || uri=$(sed -n 's/^URIs: *\([^ ]*debian\/\{0,1\}\)$/\1/p' /etc/apt/sources.list.d/*.sources 2>/dev/null | sed -n 1p) || true
    [ -n "$uri" ] || uri=$(awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /debian\/?$/) { print $i; exit } }' /etc/apt/sources.list 2>/dev/null) || true
    [ -n "$uri" ] || return 0
    progress "taking CDT's source package with apt (33 MB)"
    rm -rf "$apt"; mkdir -p "$apt/lists/partial" "$apt/archives/partial"
    printf 'Types: deb-src\nURIs: %s\nSuites: sid\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' "$uri" >"$apt/sid.sources"
    local options=(-qq -o APT::Sandbox::User= -o Dir::Etc::sourcelist="$apt/sid.sources" -o Dir::Etc::sourceparts=/dev/null
        -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt")
    apt-get "${options[@]}" update >&2 || return 0
    # What counts is the file's hash, which the caller checks.
    (cd "$sources" && apt-get "${options[@]}" source --download-only --tar-only eclipse-cdt >&2) || true
    rm -rf "$apt"
}
