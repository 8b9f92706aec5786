/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

/** What becomes of what the guest writes to its disks. */
public enum DiskChanges {
	/** It is kept in memory and gone at the guest's end. */
	IN_MEMORY,
	/** It goes into the image files. */
	IN_FILES
}
