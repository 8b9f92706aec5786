# Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0
# shellcheck shell=bash

screen=1600x1000

# on_virtual_display COMMAND...: on a screen of its own, with a session bus, so that nothing a person does disturbs it.
on_virtual_display() {
    GDK_BACKEND=x11 NO_AT_BRIDGE=1 xvfb-run -a -s "-screen 0 ${screen}x24" dbus-run-session -- "$@"
}

# on_display COMMAND...: on the person's display where there is one.
on_display() {
    if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then "$@"; else on_virtual_display "$@"; fi
}
