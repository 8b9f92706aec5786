/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** IDE: a controller with two channels, disks and CD drives. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine.ata;
