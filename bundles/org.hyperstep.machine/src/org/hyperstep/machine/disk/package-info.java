/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Contents of disks and CDs: image files, and changes to them that are kept in memory. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine.disk;
