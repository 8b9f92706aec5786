/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

/**
 * A virtual-machine control structure: the values of all {@link VmcsField}s, and the launch state. Mutable, on the
 * machine's thread.
 */
public final class Vmcs {
	/** Launch state (Intel SDM, "Launch State"): VMLAUNCH wants clear, VMRESUME launched. */
	public boolean launched;

	private final long[] values = new long[VmcsField.values().length];
	/** Areas that software wrote since they were checked; by {@link VmcsField.Group}, one bit each. */
	private int written = -1;

	public Vmcs() {
		store(VmcsField.VMCS_LINK_POINTER, -1L);
	}

	public long read(VmcsField field) {
		return values[field.ordinal()];
	}

	/** Writes a field; bits beyond its width are dropped. */
	public void write(VmcsField field, long value) {
		long kept = value & field.width().mask();
		written |= concerns(field, values[field.ordinal()] ^ kept);
		values[field.ordinal()] = kept;
	}

	/** Which areas' checks look at a field. The guest's look at most controls, too. */
	private static int concerns(VmcsField field, long changed) {
		int own = bit(field.group());
		if (field.group() != VmcsField.Group.CONTROL) {
			return own;
		}
		boolean switches = field == VmcsField.PRIMARY_PROCESSOR_BASED_CONTROLS
				&& !VmxControl.ACTIVATE_SECONDARY_CONTROLS.in(changed);
		return switches ? own : own | bit(VmcsField.Group.HOST_STATE) | bit(VmcsField.Group.GUEST_STATE);
	}

	private static int bit(VmcsField.Group group) {
		return 1 << group.ordinal();
	}

	/** The processor's own update at VM exit: what it saves it can load again, so no check is due for it. */
	void store(VmcsField field, long value) {
		values[field.ordinal()] = value & field.width().mask();
	}

	/** Reads by encoding, high access to the upper half of a 64-bit field included. */
	public long read(int encoding) {
		long value = read(VmcsField.of(encoding));
		return (encoding & 1) != 0 ? value >>> 32 : value;
	}

	/** Writes by encoding, high access to the upper half of a 64-bit field included. */
	public void write(int encoding, long value) {
		VmcsField field = VmcsField.of(encoding);
		boolean high = (encoding & 1) != 0;
		write(field, high ? read(field) & 0xffff_ffffL | value << 32 : value);
	}

	public boolean has(VmxControl control) {
		return control.in(read(control.field()))
				&& (control.field() != VmcsField.SECONDARY_PROCESSOR_BASED_CONTROLS || secondaryActive());
	}

	public void set(VmxControl control, boolean on) {
		long bit = 1L << control.bit();
		long value = read(control.field());
		long changed = on ? value | bit : value & ~bit;
		if (changed != value) {
			write(control.field(), changed);
		}
	}

	/** Secondary controls in force: zero unless activated. */
	long secondaryControls() {
		return secondaryActive() ? read(VmcsField.SECONDARY_PROCESSOR_BASED_CONTROLS) : 0;
	}

	private boolean secondaryActive() {
		return VmxControl.ACTIVATE_SECONDARY_CONTROLS.in(read(VmcsField.PRIMARY_PROCESSOR_BASED_CONTROLS));
	}

	/** Whether software wrote a field that the checks of an area look at since {@link #checked}. */
	boolean needsChecks(VmcsField.Group area) {
		return (written & bit(area)) != 0;
	}

	void checked() {
		written = 0;
	}
}
