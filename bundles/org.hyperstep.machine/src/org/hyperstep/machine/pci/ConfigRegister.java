/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

/** One declared register of a configuration space. */
public final class ConfigRegister {
	private final ConfigSpace space;
	private final String name;
	private final int offset;
	private final int size;

	ConfigRegister(ConfigSpace space, String name, int offset, int size) {
		this.space = space;
		this.name = name;
		this.offset = offset;
		this.size = size;
	}

	/** Its name in the specification. */
	public String name() {
		return name;
	}

	public int offset() {
		return offset;
	}

	/** Bytes: 1, 2 or 4. */
	public int size() {
		return size;
	}

	/** Its value, zero-extended. */
	public long get() {
		return space.read(offset, size);
	}

	/** Sets the value from the device's side: read-only bits too, and nobody is told. */
	public void set(long value) {
		space.set(offset, size, value);
	}

	/** What the register holds after a reset, from now on; the present value is set to it. */
	public ConfigRegister resetsTo(long value) {
		space.setInitial(offset, size, value);
		set(value);
		return this;
	}

	/** Says what is to be done after a write of the guest that touched the register. */
	public ConfigRegister onWrite(Runnable action) {
		space.onWrite(this, action);
		return this;
	}
}
