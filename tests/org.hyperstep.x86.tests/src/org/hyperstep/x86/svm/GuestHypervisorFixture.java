/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.svm.VmcbField.Group;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.virtualization.LongModeMemory;

/**
 * A guest hypervisor, and the guest that it enters by VMRUN. Its code runs in plain operation or, with a VMCB below, in
 * a guest of the software below; both are mapped one to one, so that linear addresses are those of memory.
 */
@SuppressWarnings("nls")
final class GuestHypervisorFixture {
	static final String VMRUN = "0f01d8", HLT = "f4", VMRUN_HLT = VMRUN + HLT;
	/** Where the inner guest's code, its stack, the VMCB, the host save area and nested tables are. */
	static final long INNER_CODE = 0x6_0000, INNER_STACK = 0x7_0000, VMCB = 0x5_0000, SAVE_AREA = 0x5_1000,
			TABLES = 0x20_4000;
	private static final int VM_HSAVE_PA = 0xc001_0117;

	final LongModeMemory memory;
	final Processor processor;
	final CpuState state;
	final Svm svm;
	/** That of the software below. */
	final Vmcb below = new Vmcb(true);
	/** What goes to memory before, and comes from it behind, each run. */
	final Vmcb vmcb = new Vmcb();

	GuestHypervisorFixture(String hostCode, String innerCode) {
		memory = new LongModeMemory(hostCode);
		processor = new Processor(ProcessorModel.amd(0, 1), memory.physical);
		state = processor.state();
		svm = new Svm(processor);
		memory.load(state);
		enable();
		StateSaveArea.save(state, vmcb);
		vmcb.write(RIP, INNER_CODE);
		vmcb.write(RSP, INNER_STACK);
		vmcb.write(GUEST_ASID, 1);
		for (SvmExitCode code : new SvmExitCode[] { SvmExitCode.VMRUN, SvmExitCode.HLT, SvmExitCode.VMMCALL }) {
			vmcb.intercept(code, true);
		}
		memory.put(INNER_CODE, innerCode);
		processor.stateReplaced();
	}

	/** What a hypervisor does before its first VMRUN. */
	void enable() {
		state.efer |= CpuState.EFER_SVME;
		processor.system().modelSpecificRegisters.write(VM_HSAVE_PA, SAVE_AREA);
		state.general[CpuState.RAX] = VMCB;
	}

	/** Intercepts of the software below, beside those it needs. */
	GuestHypervisorFixture below(SvmExitCode... codes) {
		for (SvmExitCode code : codes) {
			below.intercept(code, true);
		}
		for (SvmExitCode code : new SvmExitCode[] { SvmExitCode.INTR, SvmExitCode.HLT, SvmExitCode.SHUTDOWN }) {
			below.intercept(code, true);
		}
		below.write(GUEST_ASID, 1);
		below.write(VIRTUAL_INTERRUPT, Vmcb.V_GIF_ENABLE | Vmcb.V_GIF | Vmcb.V_INTR_MASKING);
		svm.saveGuestState(below);
		return this;
	}

	GuestHypervisorFixture intercept(SvmExitCode... codes) {
		for (SvmExitCode code : codes) {
			vmcb.intercept(code, true);
		}
		return this;
	}

	/** Nested paging of the inner guest: the first 2 MBytes one to one. */
	GuestHypervisorFixture nestedPaging() {
		memory.physical.write(TABLES, 8, TABLES + 0x1000 | 7);
		memory.physical.write(TABLES + 0x1000, 8, TABLES + 0x2000 | 7);
		memory.physical.write(TABLES + 0x2000, 8, TABLES + 0x3000 | 7);
		for (int page = 0; page < 512; page++) {
			mapNested((long) page << 12, (long) page << 12 | 7);
		}
		state.efer |= CpuState.EFER_NXE;
		vmcb.write(NP_ENABLE, Vmcb.NESTED_PAGING);
		vmcb.write(N_CR3, TABLES);
		vmcb.write(G_PAT, state.pat);
		return this;
	}

	void mapNested(long page, long entry) {
		memory.physical.write(TABLES + 0x3000 + (page >> 12) * 8, 8, entry);
	}

	private void writeVmcb() {
		for (Group group : new Group[] { Group.CONTROL, Group.VMRUN, Group.VMLOAD }) {
			vmcb.writeTo(memory.physical, VMCB, group);
		}
	}

	void readVmcb() {
		for (Group group : new Group[] { Group.CONTROL, Group.VMRUN, Group.VMLOAD }) {
			vmcb.readFrom(memory.physical, VMCB, group);
		}
	}

	/** Runs in plain operation up to a HLT that nobody intercepts. */
	void runToHalt() {
		writeVmcb();
		assertEquals(RunOutcome.HALTED, processor.run());
		readVmcb();
	}

	/** Enters from below; the exit to the software below must have this code. */
	void runBelow(SvmExitCode code) {
		writeVmcb();
		resumeBelow(code);
	}

	void resumeBelow(SvmExitCode code) {
		assertEquals(Svm.Outcome.VM_EXIT, svm.run(below));
		assertEquals(code, SvmExitCode.of(below.read(EXITCODE)),
				() -> "RIP " + Long.toHexString(state.rip) + " " + svm.brokenRule());
		readVmcb();
	}

	/** The exit that the guest hypervisor sees. */
	SvmExitCode exitCode() {
		return SvmExitCode.of(vmcb.read(EXITCODE));
	}

	/** RIP as an offset in the guest hypervisor's code. */
	long offset() {
		return state.rip - LongModeMemory.CODE;
	}

	/** The inner guest's RIP as an offset in its code. */
	long innerOffset() {
		return vmcb.read(RIP) - INNER_CODE;
	}
}
