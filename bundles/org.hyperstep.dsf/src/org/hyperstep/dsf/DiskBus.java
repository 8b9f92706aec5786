/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

/** What a launch attaches its disks to. */
public enum DiskBus {
	/** virtio-blk. */
	VIRTIO("virtio"), //$NON-NLS-1$
	/** The PC's IDE channels. */
	IDE("ide"); //$NON-NLS-1$

	private final String key;

	DiskBus(String key) {
		this.key = key;
	}

	/** Its name for the engine. */
	public String key() {
		return key;
	}
}
