/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.VirtualizationOptions;
import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.DeliveryObserver;
import org.hyperstep.x86.vmx.VmExitReason;
import org.hyperstep.x86.vmx.Vmcs;
import org.hyperstep.x86.vmx.VmcsField;
import org.hyperstep.x86.vmx.Vmx;
import org.hyperstep.x86.vmx.VmxCapability;
import org.hyperstep.x86.vmx.VmxControl;

/** A virtual CPU under a VMCS. */
final class VmxMode implements GuestMode {
	private static final int[] EXITING_MSRS_LOW = { 0x1b, 0x3b, 0x6e0 };
	/** Reads of it do not exit: the processor itself adds up the offsets of all levels. */
	private static final int TIME_STAMP_COUNTER = 0x10;
	/** Of the bitmap for writes of low MSRs, behind that for reads. */
	private static final int WRITE_BITMAP = 0x800;
	private static final int FIRST_X2APIC = 0x800, X2APIC_MSRS = 0x100;
	private static final int ECX = 2, LEAF1_VMX = 1 << 5;
	private static final VmxControl[] CONTROLS = { EXTERNAL_INTERRUPT_EXITING, NMI_EXITING, VIRTUAL_NMIS, HLT_EXITING,
			MWAIT_EXITING,
			CR8_LOAD_EXITING, CR8_STORE_EXITING, USE_MSR_BITMAPS, USE_TSC_OFFSETTING,
			ACTIVATE_SECONDARY_CONTROLS, ENABLE_EPT, ENABLE_VPID, UNRESTRICTED_GUEST, ENABLE_RDTSCP, ENABLE_INVPCID,
			ENABLE_XSAVES,
			SAVE_DEBUG_CONTROLS, HOST_ADDRESS_SPACE_SIZE, SAVE_IA32_PAT, SAVE_IA32_EFER, LOAD_HOST_IA32_EFER,
			LOAD_DEBUG_CONTROLS, LOAD_GUEST_IA32_PAT, LOAD_GUEST_IA32_EFER };

	private final CpuState state;
	private final Vmx vmx;
	private final Vmcs vmcs = new Vmcs();
	private final SecondLevel secondLevel;
	private final InterruptDelivery interruptDelivery;

	VmxMode(Processor processor, HostArea area, LocalApic apic, VirtualizationOptions options) {
		int cpu = apic.cpu();
		vmcs.nesting = options.nested();
		vmcs.linearAddressBits = processor.model().linearAddressBits();
		state = processor.state();
		vmx = new Vmx(processor);
		secondLevel = new SecondLevel(area, SecondLevel.Format.EPT, cpu);
		setControls(area, cpu);
		setHostState();
		interruptDelivery = options.virtualApic()
				? new VmxInterruptDelivery(vmcs, vmx, apic, area, vmcs.read(ADDRESS_OF_MSR_BITMAPS))
				: InterruptDelivery.BY_HYPERVISOR;
	}

	private void setControls(HostArea area, int cpu) {
		for (VmcsField field : new VmcsField[] { PIN_BASED_CONTROLS, PRIMARY_PROCESSOR_BASED_CONTROLS,
				SECONDARY_PROCESSOR_BASED_CONTROLS, VM_EXIT_CONTROLS, VM_ENTRY_CONTROLS }) {
			vmcs.write(field, VmxControl.allowedZero(field));
		}
		for (VmxControl control : CONTROLS) {
			vmcs.set(control, true);
		}
		vmcs.write(VIRTUAL_PROCESSOR_IDENTIFIER, cpu + 1);
		// Write-back, a walk of four levels.
		vmcs.write(EPT_POINTER, secondLevel.root() | 6 | 3 << 3);
		if (!vmcs.nesting) {
			vmcs.write(CR0_GUEST_HOST_MASK, CpuState.CR0_NE);
			vmcs.write(CR4_GUEST_HOST_MASK, CpuState.CR4_VMXE);
		}
		vmcs.write(ADDRESS_OF_MSR_BITMAPS, msrBitmaps(area));
	}

	private long msrBitmaps(HostArea area) {
		long bitmaps = area.take(1);
		for (int msr : EXITING_MSRS_LOW) {
			exits(area, bitmaps, msr);
		}
		writesExit(area, bitmaps, TIME_STAMP_COUNTER);
		for (int msr = FIRST_X2APIC; msr < FIRST_X2APIC + X2APIC_MSRS; msr++) {
			exits(area, bitmaps, msr);
		}
		for (VmxCapability capability : VmxCapability.values()) {
			area.setBit(bitmaps, capability.msr(), !vmcs.nesting);
		}
		return bitmaps;
	}

	private static void exits(HostArea area, long bitmaps, int msr) {
		area.setBit(bitmaps, msr, true);
		writesExit(area, bitmaps, msr);
	}

	private static void writesExit(HostArea area, long bitmaps, int msr) {
		area.setBit(bitmaps + WRITE_BITMAP, msr, true);
	}

	/** A 64-bit host that nothing ever executes in. */
	private void setHostState() {
		vmcs.write(HOST_CR0, CpuState.CR0_PE | CpuState.CR0_NE | CpuState.CR0_PG);
		vmcs.write(HOST_CR4, CpuState.CR4_VMXE | CpuState.CR4_PAE);
		vmcs.write(HOST_IA32_EFER, CpuState.EFER_LME | CpuState.EFER_LMA);
		vmcs.write(HOST_CS_SELECTOR, 0x8);
		vmcs.write(HOST_TR_SELECTOR, 0x10);
	}

	@Override
	public Entered enter() {
		return switch (vmx.enter(vmcs)) {
			case VM_EXIT -> failed() ? Entered.REFUSED : Entered.EXIT;
			case VM_FAIL -> Entered.REFUSED;
			case OBSERVED -> Entered.MARK;
		};
	}

	private boolean failed() {
		return (vmcs.read(EXIT_REASON) & VmExitReason.VM_ENTRY_FAILURE) != 0;
	}

	@Override
	@SuppressWarnings("nls")
	public String refusal() {
		return "VM entry failed: the rule \"" + vmx.brokenRule() + "\" is broken";
	}

	@Override
	public RunOutcome emulateOne() {
		return vmx.emulateOne(vmcs);
	}

	@Override
	public void storeState() {
		vmx.saveGuestState(vmcs);
	}

	@Override
	public void storePosition() {
		vmx.savePosition(vmcs);
	}

	@Override
	public @Nullable String brokenRule() {
		storeState();
		return vmx.check(vmcs);
	}

	@Override
	public void inject(int vector, int type, int errorCode, int instructionLength) {
		boolean pushes = errorCode >= 0 && (state.cr0 & CpuState.CR0_PE) != 0;
		vmcs.write(VM_ENTRY_INTERRUPTION_INFORMATION, 1L << 31 | type << 8 | vector | (pushes ? 1 << 11 : 0));
		vmcs.write(VM_ENTRY_EXCEPTION_ERROR_CODE, pushes ? errorCode : 0);
		vmcs.write(VM_ENTRY_INSTRUCTION_LENGTH, instructionLength);
	}

	@Override
	public void requestInterruptWindow(boolean wanted) {
		vmcs.set(INTERRUPT_WINDOW_EXITING, wanted);
	}

	@Override
	public void requestNmiWindow(boolean wanted) {
		vmcs.set(NMI_WINDOW_EXITING, wanted);
	}

	@Override
	public void setMonitorTrap(boolean on) {
		vmcs.set(MONITOR_TRAP_FLAG, on);
	}

	@Override
	public boolean hasMonitorTrapFlag() {
		return true;
	}

	@Override
	public void interceptExceptions(int bitmap) {
		if (vmcs.read(EXCEPTION_BITMAP) != (bitmap & 0xffff_ffffL)) {
			vmcs.write(EXCEPTION_BITMAP, bitmap);
		}
	}

	@Override
	public void interceptDebugRegisters(boolean on) {
		vmcs.set(MOV_DR_EXITING, on);
	}

	@Override
	public void interceptPause(boolean on) {
		vmcs.set(PAUSE_EXITING, on);
	}

	@Override
	public void interceptMsrs(boolean on) {
		throw new IllegalStateException("VMX leaves EFER to the guest"); //$NON-NLS-1$
	}

	@Override
	public void passTaskSwitch() {
		vmx.passTaskSwitch(vmcs);
	}

	@Override
	public void setTimeStampOffset(long offset) {
		vmcs.write(TSC_OFFSET, offset);
	}

	@Override
	public long timeStampOffset() {
		return vmcs.read(TSC_OFFSET);
	}

	@Override
	public void mapLocalApic(long guestPhysical) {
		secondLevel.mapLocalApic(guestPhysical);
		vmx.invalidateTranslations();
	}

	@Override
	public InterruptDelivery interruptDelivery() {
		return interruptDelivery;
	}

	@Override
	public long visibleCr0() {
		long mask = vmcs.read(CR0_GUEST_HOST_MASK);
		return state.cr0 & ~mask | vmcs.read(CR0_READ_SHADOW) & mask;
	}

	@Override
	public long visibleCr4() {
		return vmcs.nesting ? state.cr4 : state.cr4 & ~CpuState.CR4_VMXE;
	}

	@Override
	public long visibleEfer() {
		return state.efer;
	}

	@Override
	public void loadCr0(long value) {
		vmcs.write(CR0_READ_SHADOW, value);
		state.cr0 = vmcs.nesting ? value : value | CpuState.CR0_NE;
	}

	@Override
	public void loadCr4(long value) {
		state.cr4 = vmcs.nesting ? value : value | CpuState.CR4_VMXE;
	}

	@Override
	public void loadEfer(long value) {
		state.efer = value;
	}

	@Override
	public void hideFeatures(int leaf, int[] registers) {
		if (leaf == 1 && !vmcs.nesting) {
			registers[ECX] &= ~LEAF1_VMX;
		}
	}

	@Override
	public boolean exceptionWritesDr6() {
		return false;
	}

	@Override
	public String exitName(long number) {
		return VmxExits.name(number);
	}

	@Override
	public void observe(DeliveryObserver observer) {
		vmx.observe(observer);
	}

	// ---- exits ----

	@Override
	public void decode(Exit exit) {
		VmExitReason reason = VmExitReason.of((int) vmcs.read(EXIT_REASON) & 0xffff);
		long qualification = vmcs.read(EXIT_QUALIFICATION);
		exit.number = reason.number();
		exit.information = qualification;
		exit.length = (int) vmcs.read(VM_EXIT_INSTRUCTION_LENGTH);
		exit.kind = VmxExits.kind(reason);
		switch (exit.kind) {
			case EXCEPTION -> decodeException(exit, qualification);
			case CONTROL_REGISTER -> decodeControlRegister(exit, qualification);
			case DEBUG_REGISTER -> {
				exit.register = (int) qualification & 7;
				exit.write = (qualification & 1 << 4) == 0;
				exit.general = (int) (qualification >> 8) & 15;
			}
			case APIC_WRITE -> exit.payload = qualification & 0xff0;
			case END_OF_INTERRUPT -> exit.vector = (int) qualification & 0xff;
			case SECOND_LEVEL -> exit.payload = vmcs.read(GUEST_PHYSICAL_ADDRESS);
			default -> {
				// number and length say all
			}
		}
		decodeVectoring(exit);
	}

	private void decodeException(Exit exit, long qualification) {
		int information = (int) vmcs.read(VM_EXIT_INTERRUPTION_INFORMATION);
		int type = information >> 8 & 7;
		exit.vector = information & 0xff;
		exit.errorCode = (information & 1 << 11) != 0 ? (int) vmcs.read(VM_EXIT_INTERRUPTION_ERROR_CODE) : -1;
		exit.payload = qualification;
		exit.software = type == EventType.SOFTWARE_EXCEPTION || type == EventType.PRIVILEGED_SOFTWARE_EXCEPTION;
	}

	/** CR0.NE and CR4.VMXE are the host's: a write of NE goes to the read shadow; VMXE the guest does not have. */
	private void decodeControlRegister(Exit exit, long qualification) {
		exit.register = (int) qualification & 15;
		exit.write = (qualification >> 4 & 3) == 0;
		exit.general = (int) (qualification >> 8) & 15;
		if (exit.register == 0) {
			vmcs.write(CR0_READ_SHADOW, vmcs.read(CR0_READ_SHADOW) ^ CpuState.CR0_NE);
			exit.kind = Exit.Kind.RETRY;
		} else if (exit.register == 4) {
			exit.kind = Exit.Kind.FORBIDDEN;
		}
	}

	private void decodeVectoring(Exit exit) {
		int information = (int) vmcs.read(IDT_VECTORING_INFORMATION);
		exit.vectoringVector = information < 0 ? information & 0xff : -1;
		exit.vectoringType = information >> 8 & 7;
		exit.vectoringErrorCode = (information & 1 << 11) != 0 ? (int) vmcs.read(IDT_VECTORING_ERROR_CODE) : -1;
		exit.vectoringLength = exit.length;
	}
}
