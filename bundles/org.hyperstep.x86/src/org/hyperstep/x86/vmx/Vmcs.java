/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import java.util.EnumSet;
import java.util.Set;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.RegisterResidence;

/**
 * A virtual-machine control structure: the values of all {@link VmcsField}s, and the launch state. Mutable, on the
 * machine's thread.
 */
public final class Vmcs {
	/** What VM entry checks together. */
	enum Checks {
		CONTROLS, INJECTION, HOST_STATE, GUEST_STATE, GUEST_POSITION, GUEST_INJECTION, GUEST_SEGMENTS
	}

	private static final int ALL = (1 << Checks.values().length) - 1;
	private static final int POSITION = bit(Checks.GUEST_POSITION) | bit(Checks.GUEST_INJECTION);
	private static final int GUEST = POSITION | bit(Checks.GUEST_STATE) | bit(Checks.GUEST_SEGMENTS);
	/** Controls that change at run time and that no check looks at, whatever they are. */
	private static final Set<VmcsField> UNCHECKED = EnumSet.of(VmcsField.EXCEPTION_BITMAP, VmcsField.TSC_OFFSET,
			VmcsField.CR0_READ_SHADOW, VmcsField.CR4_READ_SHADOW);
	/** Supported primary controls that no check looks at. */
	private static final long UNCHECKED_PRIMARY = VmxControl.bits(VmxControl.INTERRUPT_WINDOW_EXITING,
			VmxControl.MONITOR_TRAP_FLAG, VmxControl.UNCONDITIONAL_IO_EXITING, VmxControl.USE_TSC_OFFSETTING,
			VmxControl.MOV_DR_EXITING, VmxControl.PAUSE_EXITING, VmxControl.HLT_EXITING);
	private static final Set<VmcsField> INJECTION = EnumSet.of(VmcsField.VM_ENTRY_INTERRUPTION_INFORMATION,
			VmcsField.VM_ENTRY_EXCEPTION_ERROR_CODE, VmcsField.VM_ENTRY_INSTRUCTION_LENGTH);

	/** What each field holds; by ordinal. */
	private static final long[] MASK = new long[VmcsField.values().length];
	/** Controls that hold for more than one entry; by ordinal. */
	private static final boolean[] LASTING_CONTROL = new boolean[VmcsField.values().length];
	static {
		for (VmcsField field : VmcsField.values()) {
			MASK[field.ordinal()] = field.width().mask();
			LASTING_CONTROL[field.ordinal()] = field.group() == VmcsField.Group.CONTROL && !INJECTION.contains(field);
		}
	}

	/** Launch state (Intel SDM, "Launch State"): VMLAUNCH wants clear, VMRESUME launched. */
	public boolean launched;

	/**
	 * Whether the guest may itself be in VMX operation: its VMX instructions are executed, and CR0.NE and CR4.VMXE are its
	 * own, as they are for software on a processor without a hypervisor. A property of the bottom's VMCS, which no field
	 * and no capability tells of: to the guest there is nobody below.
	 */
	public boolean nesting;
	/** Bits of a linear address on the processor: 48, or 57 where it has five-level paging. */
	public int linearAddressBits = 48;
	/** The region's revision identifier says that this is a shadow VMCS: VMREAD and VMWRITE only. */
	boolean shadow;
	/** Whether the software that enters is in IA-32e mode, as that of the bottom is. */
	boolean entersFromLongMode = true;

	private final long[] values = new long[VmcsField.values().length];
	private final RegisterResidence residence = new RegisterResidence(
			registers -> GuestStateArea.save(registers, this, this::store));
	/** Counts the changes of controls, so that what follows from them need not be found out at each entry. */
	private int controlChanges;
	/** Checks that look at something that software changed since they were made; one bit each. */
	private int due = ALL;

	public Vmcs() {
		store(VmcsField.VMCS_LINK_POINTER, -1L);
	}

	public long read(VmcsField field) {
		CpuState registers = residence.unsaved();
		return registers == null || !GuestStateArea.saves(field) ? values[field.ordinal()]
				: readUnsaved(registers, field);
	}

	/** What checks ask between exit and entry is answered from the registers; anything else has all of them saved. */
	private long readUnsaved(CpuState registers, VmcsField field) {
		return switch (field) {
			case GUEST_RIP -> registers.rip;
			case GUEST_RFLAGS -> registers.rflags;
			case GUEST_CR0 -> registers.cr0;
			case GUEST_CS_ACCESS_RIGHTS -> registers.segments[CpuState.CS].accessRights;
			case GUEST_SS_ACCESS_RIGHTS -> registers.segments[CpuState.SS].accessRights;
			case GUEST_INTERRUPTIBILITY_STATE -> GuestStateArea.blocking(registers);
			case GUEST_PENDING_DEBUG_EXCEPTIONS -> registers.interruptibility.pendingDebugExceptions;
			case GUEST_ACTIVITY_STATE -> registers.activity.ordinal();
			case GUEST_IA32_DEBUGCTL -> registers.debugControl;
			default -> {
				residence.save();
				yield values[field.ordinal()];
			}
		};
	}

	/** Writes a field; bits beyond its width are dropped. */
	public void write(VmcsField field, long value) {
		if (residence.held() && GuestStateArea.saves(field)) {
			residence.release();
		}
		long kept = value & MASK[field.ordinal()];
		long changed = values[field.ordinal()] ^ kept;
		if (changed != 0) {
			due |= concerned(field, changed);
			controlChanges += LASTING_CONTROL[field.ordinal()] ? 1 : 0;
			values[field.ordinal()] = kept;
		}
	}

	/** Which checks look at bits of a field. Most controls matter to the guest's checks, too. */
	private static int concerned(VmcsField field, long changed) {
		return switch (field.group()) {
			case CONTROL -> ofControl(field, changed);
			case HOST_STATE -> bit(Checks.HOST_STATE);
			case GUEST_STATE -> switch (field) {
				case GUEST_RSP, GUEST_INTERRUPT_STATUS -> 0;
				case GUEST_RIP, GUEST_INTERRUPTIBILITY_STATE, GUEST_PENDING_DEBUG_EXCEPTIONS, GUEST_ACTIVITY_STATE ->
					POSITION;
				case GUEST_RFLAGS -> (changed & CpuState.VM) == 0 ? POSITION : GUEST;
				case GUEST_DR7, GUEST_IA32_DEBUGCTL -> POSITION | bit(Checks.GUEST_STATE);
				default -> GUEST;
			};
			case EXIT_INFORMATION -> 0;
		};
	}

	private static int ofControl(VmcsField field, long changed) {
		if (INJECTION.contains(field)) {
			return bit(Checks.INJECTION) | bit(Checks.GUEST_INJECTION);
		}
		if (UNCHECKED.contains(field)
				|| field == VmcsField.PRIMARY_PROCESSOR_BASED_CONTROLS && (changed & ~UNCHECKED_PRIMARY) == 0) {
			return 0;
		}
		return field == VmcsField.PRIMARY_PROCESSOR_BASED_CONTROLS
				&& !VmxControl.ACTIVATE_SECONDARY_CONTROLS.in(changed) ? bit(Checks.CONTROLS) : ALL;
	}

	private static int bit(Checks checks) {
		return 1 << checks.ordinal();
	}

	/** Another number after each change of a control by software. */
	int controlChanges() {
		return controlChanges;
	}

	/** Guest state that exits leave in the registers, with controls that save and load all of it. */
	RegisterResidence registers() {
		return residence;
	}

	/** Software changed RIP, RSP, RFLAGS but for VM, or the non-register state, in the registers. */
	void positionChanged(CpuState registers) {
		residence.leave(registers);
		due |= POSITION;
	}

	/** The processor's own update at VM exit: what it saves it can load again, so no check is due for it. */
	void store(VmcsField field, long value) {
		values[field.ordinal()] = value & MASK[field.ordinal()];
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
		return control.in(values[control.field().ordinal()])
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
		return secondaryActive() ? values[VmcsField.SECONDARY_PROCESSOR_BASED_CONTROLS.ordinal()] : 0;
	}

	private boolean secondaryActive() {
		return VmxControl.ACTIVATE_SECONDARY_CONTROLS
				.in(values[VmcsField.PRIMARY_PROCESSOR_BASED_CONTROLS.ordinal()]);
	}

	/** Whether an event is to be injected. */
	boolean injects() {
		return (int) read(VmcsField.VM_ENTRY_INTERRUPTION_INFORMATION) < 0;
	}

	/** Whether any check is due. */
	boolean anyDue() {
		return due != 0;
	}

	/** Whether no check is due but those of the position and of the event to inject. */
	boolean onlyPositionDue() {
		return (due & ~(POSITION | bit(Checks.INJECTION))) == 0;
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
		controlChanges++;
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

	/** Whether the processor can hold the linear address: whatever CR4.LA57 is, the largest width counts. */
	boolean canonical(long linear) {
		int unused = 64 - linearAddressBits;
		return linear << unused >> unused == linear;
	}

	/** Bits that CR4 can have in VMX operation. */
	long cr4Allowed() {
		return linearAddressBits > 48 ? Architecture.CR4_FIXED_1 | CpuState.CR4_LA57 : Architecture.CR4_FIXED_1;
	}
}
