/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import java.util.EnumSet;
import java.util.Set;

import org.hyperstep.x86.state.CpuState;

/**
 * A virtual-machine control structure: the values of all {@link VmcsField}s, and the launch state. Mutable, on the
 * machine's thread.
 */
public final class Vmcs {
	/** Launch state (Intel SDM, "Launch State"): VMLAUNCH wants clear, VMRESUME launched. */
	public boolean launched;

	/**
	 * Whether the guest may itself be in VMX operation: its VMX instructions are executed, and CR0.NE and CR4.VMXE are its
	 * own, as they are for software on a processor without a hypervisor. A property of the bottom's VMCS, which no field
	 * and no capability tells of: to the guest there is nobody below.
	 */
	public boolean nesting;
	/** The region's revision identifier says that this is a shadow VMCS: VMREAD and VMWRITE only. */
	boolean shadow;
	/** Whether the software that enters is in IA-32e mode, as that of the bottom is. */
	boolean entersFromLongMode = true;

	private final long[] values = new long[VmcsField.values().length];

	/** What VM entry checks together. */
	enum Checks {
		CONTROLS, HOST_STATE, GUEST_STATE, GUEST_SEGMENTS
	}

	private static final int ALL = (1 << Checks.values().length) - 1;
	private static final int GUEST = bit(Checks.GUEST_STATE) | bit(Checks.GUEST_SEGMENTS);
	/** Guest state that no check on segment registers looks at, RFLAGS but for its VM bit included. */
	private static final Set<VmcsField> BESIDE_SEGMENTS = EnumSet.of(VmcsField.GUEST_RIP, VmcsField.GUEST_RSP,
			VmcsField.GUEST_RFLAGS, VmcsField.GUEST_INTERRUPTIBILITY_STATE, VmcsField.GUEST_PENDING_DEBUG_EXCEPTIONS,
			VmcsField.GUEST_ACTIVITY_STATE, VmcsField.GUEST_INTERRUPT_STATUS, VmcsField.GUEST_DR7, VmcsField.GUEST_IA32_DEBUGCTL);

	/** Controls that change with each injected event; no check on segment registers looks at them. */
	private static final Set<VmcsField> INJECTION = EnumSet.of(VmcsField.VM_ENTRY_INTERRUPTION_INFORMATION,
			VmcsField.VM_ENTRY_EXCEPTION_ERROR_CODE, VmcsField.VM_ENTRY_INSTRUCTION_LENGTH);

	/** Checks that look at something that software changed since they were made; one bit each. */
	private int due = ALL;

	public Vmcs() {
		store(VmcsField.VMCS_LINK_POINTER, -1L);
	}

	public long read(VmcsField field) {
		return values[field.ordinal()];
	}

	/** Writes a field; bits beyond its width are dropped. */
	public void write(VmcsField field, long value) {
		long kept = value & field.width().mask();
		due |= concerned(field, values[field.ordinal()] ^ kept);
		values[field.ordinal()] = kept;
	}

	/** Which checks look at bits of a field. Most controls matter to the guest's checks, too. */
	private static int concerned(VmcsField field, long changed) {
		if (changed == 0) {
			return 0;
		}
		return switch (field.group()) {
			case CONTROL -> INJECTION.contains(field) ? bit(Checks.CONTROLS) | bit(Checks.GUEST_STATE)
					: field == VmcsField.PRIMARY_PROCESSOR_BASED_CONTROLS
							&& !VmxControl.ACTIVATE_SECONDARY_CONTROLS.in(changed) ? bit(Checks.CONTROLS) : ALL;
			case HOST_STATE -> bit(Checks.HOST_STATE);
			case GUEST_STATE -> BESIDE_SEGMENTS.contains(field)
					&& (field != VmcsField.GUEST_RFLAGS || (changed & CpuState.VM) == 0) ? bit(Checks.GUEST_STATE)
							: GUEST;
			case EXIT_INFORMATION -> 0;
		};
	}

	private static int bit(Checks checks) {
		return 1 << checks.ordinal();
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

	/** Whether software changed something that these checks look at since {@link #checked}. */
	boolean due(Checks checks) {
		return (due & bit(checks)) != 0;
	}

	void checked() {
		due = 0;
	}

	/** All fields are new. */
	void replaced() {
		due = ALL;
	}

	/** Whether the software that enters is in IA-32e mode. */
	void entersFromLongMode(boolean longMode) {
		if (longMode != entersFromLongMode) {
			entersFromLongMode = longMode;
			due |= bit(Checks.HOST_STATE);
		}
	}

	/** Bits of CR0 that must be 1 in the guest. */
	long guestCr0Ones() {
		return nesting ? 0
				: has(VmxControl.UNRESTRICTED_GUEST)
						? Architecture.CR0_FIXED_0 & ~(Architecture.CR0_PE | Architecture.CR0_PG)
						: Architecture.CR0_FIXED_0;
	}

	/** Bits of CR4 that must be 1 in the guest. */
	long guestCr4Ones() {
		return nesting ? 0 : Architecture.CR4_FIXED_0;
	}
}
