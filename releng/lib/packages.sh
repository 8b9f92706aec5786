# Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0
# System packages: found by what they bring, installed with apt where that is allowed, named where it is not.
# shellcheck shell=bash

# One row a need: the test, what is tested, the Debian package that brings it.
needs_build='
command mvn maven
command xz xz-utils
command flock util-linux
'
needs_display='
command Xvfb xvfb
command xauth xauth
command dbus-run-session dbus
library libgtk-3.so.0 libgtk-3-0
library libwebkit2gtk-4.1.so.0 libwebkit2gtk-4.1-0
library libXtst.so.6 libxtst6
path /usr/share/fonts/truetype/dejavu fonts-dejavu-core
path /usr/share/icons/Adwaita adwaita-icon-theme
'
needs_guests='
command gcc gcc
path /usr/include/linux/kvm.h linux-libc-dev
path /usr/lib/x86_64-linux-gnu/libc.a libc6-dev
command objdump binutils
command make make
path /bin/busybox busybox-static
command mke2fs e2fsprogs
command qemu-img qemu-utils
command iasl acpica-tools
command babeltrace2 babeltrace2
path /usr/share/seabios/bios-256k.bin seabios
command grub-mkrescue grub-common
path /usr/lib/grub/i386-pc grub-pc-bin
command xorriso xorriso
command mformat mtools
path /usr/lib/ipxe/ipxe.iso ipxe
path /boot/memtest86+x64.bin memtest86+
'
# What nightly runs boot besides; its name changes with Debian's releases, so they do without where it is unknown.
needs_nightly='
path /boot/xen-4.17-amd64.gz xen-hypervisor-4.17-amd64
'
# What the bench compares with; without them it does without.
needs_peers='
command qemu-system-x86_64 qemu-system-x86
command bochs bochs
path /usr/lib/x86_64-linux-gnu/bochs/plugins/libbx_term_gui.so bochs-term
path /usr/share/vgabios/vgabios.bin vgabios
command grub-mkrescue grub-common
path /usr/lib/grub/i386-pc grub-pc-bin
command xorriso xorriso
command mformat mtools
'

has() {
    case $1 in
        command) command -v "$2" >/dev/null ;;
        # Not grep -q: it ends early, and pipefail would take ldconfig's broken pipe for an answer.
        library) /sbin/ldconfig -p 2>/dev/null | grep "^[[:space:]]*$2 " >/dev/null ;;
        path) [ -e "$2" ] ;;
        *) die "no such kind of need: $1" ;;
    esac
}

lacking() { # lacking NEEDS: prints the packages that are missing
    local kind what package
    while read -r kind what package; do
        [ -n "$kind" ] || continue
        has "$kind" "$what" || printf '%s\n' "$package"
    done <<<"$1"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1; fi
}

install_packages() { # install_packages PACKAGE...: false where apt or the right to use it is lacking
    command -v apt-get >/dev/null || return 1
    as_root true || return 1
    progress "installing with apt: $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update >&2 || say "apt-get update failed; going on with the lists that are here"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends "$@" </dev/null >&2
}

need_packages() { # need_packages NEEDS
    local missing
    mapfile -t missing < <(lacking "$1")
    [ ${#missing[@]} -gt 0 ] || return 0
    install_packages "${missing[@]}" || true
    mapfile -t missing < <(lacking "$1")
    [ ${#missing[@]} -eq 0 ] || die "these system packages are missing and could not be installed from here: ${missing[*]} (Debian: apt-get install ${missing[*]})"
}

want_packages() { # want_packages NEEDS: as need_packages, but goes on without what cannot be had
    local missing
    mapfile -t missing < <(lacking "$1")
    [ ${#missing[@]} -gt 0 ] || return 0
    install_packages "${missing[@]}" || true
    mapfile -t missing < <(lacking "$1")
    [ ${#missing[@]} -eq 0 ] || say "going on without these system packages: ${missing[*]}"
}
