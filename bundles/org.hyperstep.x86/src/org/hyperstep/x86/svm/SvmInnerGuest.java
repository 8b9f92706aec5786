/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.event.BoundaryExits;
import org.hyperstep.x86.event.Interruptibility;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.memory.TranslationContext;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.svm.VmcbField.Group;
import org.hyperstep.x86.virtualization.ContextStack;
import org.hyperstep.x86.virtualization.DeliveryObserver;
import org.hyperstep.x86.virtualization.InnerContext;
import org.hyperstep.x86.virtualization.Interception;
import org.hyperstep.x86.virtualization.VmExit;

/** A guest that software on this processor has entered by VMRUN: its VMCB and its host's state lie in memory. */
final class SvmInnerGuest extends SvmGuest implements InnerContext {
	/** Fields of the control area that #VMEXIT writes. */
	private static final VmcbField[] WRITTEN = { VIRTUAL_INTERRUPT, INTERRUPT_SHADOW, EXITCODE, EXITINFO1, EXITINFO2,
			EXITINTINFO, EVENTINJ, NRIP, INSTRUCTION_BYTES_LOW, INSTRUCTION_BYTES_HIGH };

	private static final int TSC_RATIO = 0xc000_0104;

	private final ContextStack contexts;
	private final PhysicalMemory memory;
	private final HostSaveArea host;
	/** hostPhysical addresses of the VMCB and of the host save area. */
	private long vmcbPage;
	private long hostPage;
	/** Blocking by NMI of the host, while the guest has virtual NMIs. */
	private boolean hostBlockedByNmi;

	SvmInnerGuest(Processor processor) {
		super(processor, new Vmcb(), VmExit.INNER);
		contexts = processor.contexts();
		memory = processor.mmu().physical();
		vmcb.linearAddressBits = processor.model().linearAddressBits();
		host = new HostSaveArea(state, memory, vmcb.linearAddressBits);
	}

	/**
	 * VMRUN, behind its intercept. Throws VmExit.INNER_ENTRY; returns when the VMCB is refused, with the state as behind
	 * #VMEXIT(INVALID).
	 *
	 * @param vmcbHostPhysical the VMCB
	 * @param areaHostPhysical the host save area
	 */
	void enter(long vmcbHostPhysical, long areaHostPhysical, long nextRip) {
		vmcbPage = vmcbHostPhysical;
		hostPage = areaHostPhysical;
		host.save(hostPage, nextRip);
		vmcb.readFrom(memory, vmcbPage, Group.CONTROL);
		vmcb.readFrom(memory, vmcbPage, Group.VMRUN);
		if (VmrunCheck.firstBroken(vmcb, processor.model()) != null) {
			refuse();
			return;
		}
		Interruptibility events = state.interruptibility;
		hostBlockedByNmi = events.blockingByNmi;
		events.shadow = Interruptibility.Shadow.NONE;
		events.pendingDebugExceptions = 0;
		processor.mmu().suspendLevel(TranslationContext.GUEST_HYPERVISOR);
		StateSaveArea.load(vmcb, state);
		EventState.load(vmcb, state);
		if (virtualizesBranchRecords()) {
			BranchRecords.load(vmcb, state);
		}
		refresh(DeliveryObserver.NONE);
		contexts.enter(this);
		evaluateVirtualInterrupts();
		boundary().armNmiWindow((vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_NMI) != 0);
		processor.levelSwitched(vmcb.read(TLB_CONTROL) == 0 ? translationContext() : null);
		processor.events().unblocked();
		throw VmExit.INNER_ENTRY;
	}

	private void refuse() {
		exit(SvmExitCode.INVALID.number(), 0, 0);
		vmcb.write(EVENTINJ, 0);
		writeControl();
		loadHost();
		processor.stateReplaced();
		processor.jump(state.rip);
	}

	@Override
	public void begin() {
		if (paePaging()) {
			processor.system().controlRegisters.reloadPdptes();
		}
		injectEvent();
	}

	private boolean paePaging() {
		return (state.cr0 & CpuState.CR0_PG) != 0 && (state.cr4 & CpuState.CR4_PAE) != 0 && !state.longModeActive();
	}

	@Override
	public void leave() {
		processor.mmu().suspendLevel(translationContext());
		state.rflags |= processor.events().resumeFlagBetweenIterations();
		StateSaveArea.save(state, vmcb);
		EventState.save(state, vmcb);
		if (virtualizesBranchRecords()) {
			BranchRecords.save(state, vmcb);
		}
		vmcb.writeTo(memory, vmcbPage, Group.VMRUN);
		writeControl();
		if ((vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_NMI_ENABLE) != 0) {
			state.interruptibility.blockingByNmi = hostBlockedByNmi;
		}
		loadHost();
		processor.levelSwitched(TranslationContext.GUEST_HYPERVISOR);
		if (virtualizesBranchRecords()) {
			host.loadBranchRecords();
		}
	}

	private boolean virtualizesBranchRecords() {
		return (vmcb.read(LBR_VIRTUALIZATION_ENABLE) & Vmcb.LBR_VIRTUALIZATION) != 0;
	}

	private void writeControl() {
		for (VmcbField field : WRITTEN) {
			memory.write(vmcbPage + field.offset(), field.bytes(), vmcb.read(field));
		}
	}

	/** "#VMEXIT": GIF is clear; a trace trap of a VMRUN with RFLAGS.TF set comes behind it. */
	private void loadHost() {
		host.load(hostPage);
		Interruptibility events = state.interruptibility;
		events.globalInterruptFlag = false;
		events.shadow = Interruptibility.Shadow.NONE;
		events.pendingDebugExceptions = (state.rflags & CpuState.TF) != 0 ? Interruptibility.BS : 0;
		if (HostStateCheck.broken(state, processor.model())
				|| paePaging() && !processor.system().controlRegisters.reloadPdptes()) {
			state.activity = Activity.SHUTDOWN;
		}
	}

	/** "TLB Control": ASIDs tag translations; the host's own paging decides about the format of nested tables. */
	private TranslationContext translationContext() {
		long format = hostCr4() & 0xffff_ffffL | hostEfer() << 32;
		long nested = (vmcb.read(NP_ENABLE) & Vmcb.NESTED_PAGING) != 0 ? vmcb.read(N_CR3) | 1 : 0;
		return new TranslationContext(vmcb.read(GUEST_ASID), nested, format, avic().registers());
	}

	// ---- what lies below ----

	@Override
	Interception below() {
		return contexts.bottom();
	}

	@Override
	BoundaryExits boundary() {
		return processor.events().inner;
	}

	@Override
	long hostCr0() {
		return host.saved(CR0);
	}

	@Override
	long hostCr4() {
		return host.saved(CR4);
	}

	@Override
	long hostEfer() {
		return host.saved(EFER);
	}

	/** The attention of the software below everything is not this guest's business. */
	@Override
	public @Nullable VmExit hostInterrupt() {
		return null;
	}

	/** "TSC Ratio MSR": the host's counter, which is the one below with its offset, is scaled before the offset is added. */
	@Override
	public long timeStampOffset() {
		long ratio = processor.system().modelSpecificRegisters.read(TSC_RATIO);
		long counter = processor.timeStampCounter() + contexts.bottom().timeStampOffset();
		long scaled = Math.unsignedMultiplyHigh(counter, ratio) << 32 | counter * ratio >>> 32;
		return scaled - counter + super.timeStampOffset();
	}

	// ---- the machine's events ----

	/** The flag of the host: where the guest has one of its own, the host's is set while the guest runs. */
	private boolean hostGlobalInterruptFlag() {
		return (vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_GIF_ENABLE) != 0
				|| state.interruptibility.globalInterruptFlag;
	}

	/** "V_INTR_MASKING": whose RFLAGS.IF masks the machine's interrupts. */
	private boolean interruptFlag() {
		return (vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_INTR_MASKING) != 0 ? host.interruptFlag()
				: (state.rflags & CpuState.IF) != 0;
	}

	@Override
	public boolean admitsInterrupts(boolean own) {
		return hostGlobalInterruptFlag() && interruptFlag();
	}

	@Override
	public boolean interruptExits() {
		return vmcb.intercepts(SvmExitCode.INTR) && admitsInterrupts(true);
	}

	@Override
	public boolean virtualInterruptDue() {
		return avic().enabled() && processor.events().admission.interruptible() && avic().takes();
	}

	@Override
	public boolean acknowledgesInterrupt() {
		return false;
	}

	@Override
	public void noteInterrupt(int vector) {
		exit(SvmExitCode.INTR.number(), 0, 0);
	}

	@Override
	public boolean nmiExits() {
		boolean blocked = (vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_NMI_ENABLE) != 0 ? hostBlockedByNmi
				: state.interruptibility.blockingByNmi;
		return vmcb.intercepts(SvmExitCode.NMI) && hostGlobalInterruptFlag() && !blocked;
	}

	@Override
	public boolean acknowledgesNmi() {
		return false;
	}

	@Override
	public void noteNmi() {
		exit(SvmExitCode.NMI.number(), 0, 0);
	}

	@Override
	public boolean acknowledgesInit() {
		return false;
	}

	@Override
	public boolean smiExits() {
		boolean exits = vmcb.intercepts(SvmExitCode.SMI) && hostGlobalInterruptFlag();
		if (exits) {
			exit(SvmExitCode.SMI.number(), 0, 0);
		}
		return exits;
	}

	@Override
	public boolean initExits() {
		boolean exits = vmcb.intercepts(SvmExitCode.INIT) && hostGlobalInterruptFlag();
		if (exits) {
			exit(SvmExitCode.INIT.number(), 0, 0);
		}
		return exits;
	}
}
