# Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0
# Eclipses with the plug-in installed from the built update site, one per content, kept outside the checkout.
# shellcheck shell=bash

feature=org.hyperstep.feature
demo_bundle=org.hyperstep.ui.demo

p2_director() { # p2_director ECLIPSE ARGUMENT...: needs no workspace of anybody's
    local eclipse=$1 data status=0; shift
    data=$(mktemp -d)
    "$eclipse/eclipse" -nosplash -consoleLog -data "$data" -application org.eclipse.equinox.p2.director "$@" || status=$?
    rm -rf "$data"
    return $status
}

# need_ide: sets $ide to an Eclipse with the platform, CDT and the plug-in.
need_ide() {
    need_site
    ide=$(ide_home "$site_built_from" ide)
    [ -e "$ide/complete" ] || exclusively ide build_ide
}
build_ide() {
    [ ! -e "$ide/complete" ] || return 0
    progress "installing the plug-in from the update site"
    begin_eclipse "$target_platform/ide"
    p2_director "$fresh" -repository "file:$site" -installIU $feature.feature.group >"$cache/install.log" 2>&1 \
        || die "the plug-in could not be installed: $cache/install.log"
    finish_eclipse "$ide"
}

# need_demo_ide: sets $ide to the same with the demo's driver, which is no part of the feature.
need_demo_ide() {
    need_ide
    local plain=$ide
    ide=$(ide_home "$site_built_from-$(content_hash tests/$demo_bundle)" demo)
    [ -e "$ide/complete" ] || exclusively demo build_demo_ide "$plain"
}
build_demo_ide() {
    [ ! -e "$ide/complete" ] || return 0
    local log=$cache/demo.log repository jar
    progress "building the demo's driver"
    need_maven
    logged_maven "$log" reactor package -Dsite.only -Ddemo.only || die "the demo's driver did not build: $log"
    repository=$(mktemp -d)
    jar=$(ls "$root/tests/$demo_bundle/target/$demo_bundle"-*-SNAPSHOT.jar)
    begin_eclipse "$1"
    "$fresh/eclipse" -nosplash -consoleLog -data "$repository/data" -application org.eclipse.equinox.p2.publisher.FeaturesAndBundlesPublisher \
        -metadataRepository "file:$repository/p2" -artifactRepository "file:$repository/p2" -bundles "$jar" -publishArtifacts >"$log" 2>&1 \
        && p2_director "$fresh" -repository "file:$repository/p2" -installIU $demo_bundle >>"$log" 2>&1 \
        || die "the demo's driver could not be installed: $log"
    rm -rf "$repository"
    finish_eclipse "$ide"
}

ide_home() { printf '%s/ide/%s-%s-%s\n' "$cache" "$(printf %s "$root" | sha256sum | cut -c1-8)" "$2" "$(sha256sum <<<"$1" | cut -c1-16)"; }
begin_eclipse() {
    fresh=$ide.fresh
    rm -rf "$fresh" "$ide"
    copy_eclipse "$1" "$fresh"
    rm -f "$fresh/complete"
}
finish_eclipse() { # finish_eclipse HOME: older ones of the same checkout go, but for those that are running
    touch "$fresh/complete"
    mv "$fresh" "$1"
    local old
    for old in "${1%-*}"-*; do
        [ "$old" = "$1" ] || is_running "$old" || rm -rf "$old"
    done
}
is_running() { [ -s "$1/pid" ] && kill -0 "$(cat "$1/pid")" 2>/dev/null; }

# need_workspace DIRECTORY: a workspace with the example project; one that exists stays as it is.
need_workspace() {
    [ -d "$1/.metadata" ] && return
    progress "making the workspace $1"
    mkdir -p "$1"
    if ! "$ide/eclipse" -nosplash -consoleLog -data "$1" -application org.hyperstep.ui.importExampleProject >"$cache/workspace.log" 2>&1; then
        rm -rf "$1/.metadata"
        die "the example project could not be imported: $cache/workspace.log"
    fi
    workspace_settings "$1"
}
# F11 debugs the sample at once: it stands as the last launch, and F11 means the last launch.
workspace_settings() {
    local settings=$1/.metadata/.plugins/org.eclipse.core.runtime/.settings debug=$1/.metadata/.plugins/org.eclipse.debug.ui
    local memento='&lt;?xml version=&quot;1.0&quot; encoding=&quot;UTF-8&quot;?&gt;&#10;&lt;launchConfiguration local=&quot;false&quot; path=&quot;/hyperstep-samples/ticker.launch&quot;/&gt;&#10;'
    mkdir -p "$settings" "$debug"
    printf '%s\n' 'eclipse.preferences.version=1' 'org.eclipse.debug.ui.UseContextualLaunch=false' >>"$settings/org.eclipse.debug.ui.prefs"
    printf '%s\n' 'eclipse.preferences.version=1' 'defaultPerspectiveId=org.eclipse.debug.ui.DebugPerspective' 'showIntro=false' >>"$settings/org.eclipse.ui.prefs"
    {
        printf '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<launchHistory>\n'
        printf '<launchGroup id="org.eclipse.debug.ui.launchGroup.debug">\n<mruHistory>\n<launch memento="%s"/>\n</mruHistory>\n<favorites/>\n</launchGroup>\n' "$memento"
        printf '</launchHistory>\n'
    } >"$debug/launchConfigurationHistory.xml"
}
