/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** What firmware is told about the machine, and what it would leave in memory: fw_cfg, SMBIOS, multiprocessor table. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine.firmware;
