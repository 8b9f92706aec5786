# Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0
# shellcheck shell=bash
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$root/releng/lib/packages.sh"
source "$root/releng/lib/java.sh"
source "$root/releng/lib/maven.sh"
source "$root/releng/lib/target-platform.sh"
source "$root/releng/lib/display.sh"
source "$root/releng/lib/build.sh"
source "$root/releng/lib/ide.sh"
