/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;

/**
 * A processor over flat RAM in one of the modes that code runs in, set as software would have left it. In 64-bit mode
 * the first gigabyte is mapped by itself with paging structures at 0x1000 to 0x3fff.
 */
@SuppressWarnings("nls")
final class FlatMachine {
	static final int CODE = 0x10_0000, STACK = 0x9_0000;

	final PhysicalMemory memory = new PhysicalMemory();
	final Processor processor;
	final CpuState state;

	FlatMachine(long ram) {
		this(ram, ProcessorModel.of(Vendor.INTEL, Level.V3, 0, 1));
	}

	FlatMachine(long ram, ProcessorModel model) {
		memory.addRam(0, ram);
		processor = new Processor(model, memory);
		state = processor.state();
	}

	/** 64-bit mode, CPL 0. */
	static FlatMachine in64BitMode(long ram) {
		return in64BitMode(new FlatMachine(ram));
	}

	/** A machine, put into 64-bit mode, CPL 0. */
	static FlatMachine in64BitMode(FlatMachine machine) {
		machine.memory.write(0x1000, 8, 0x2003);
		machine.memory.write(0x2000, 8, 0x3003);
		for (int i = 0; i < 512; i++) {
			machine.memory.write(0x3000 + 8L * i, 8, (long) i << 21 | 0x83);
		}
		CpuState state = machine.state;
		state.cr0 = CpuState.CR0_PE | CpuState.CR0_PG | 0x30;
		state.cr4 = CpuState.CR4_PAE | CpuState.CR4_OSFXSR | CpuState.CR4_OSXMMEXCPT;
		state.cr3 = 0x1000;
		state.efer = CpuState.EFER_LME | CpuState.EFER_LMA;
		machine.flat(0xa09b);
		return machine;
	}

	/** 32-bit protected mode without paging, CPL 0. */
	static FlatMachine in32BitMode(long ram) {
		FlatMachine machine = new FlatMachine(ram);
		machine.state.cr0 = CpuState.CR0_PE | 0x30;
		machine.flat(0xc09b);
		return machine;
	}

	/** Real mode with all segment bases zero but that of CS, which is such that CS:0 is {@link #CODE} less 0xff0f0. */
	static FlatMachine inRealMode(long ram) {
		FlatMachine machine = new FlatMachine(ram);
		CpuState state = machine.state;
		state.cr0 = 0x30;
		state.rflags = 2;
		for (int i = CpuState.ES; i <= CpuState.GS; i++) {
			state.segments[i].set(0, 0, 0xffff, i == CpuState.CS ? 0x9b : 0x93);
		}
		state.rip = 0x1000;
		state.general[CpuState.RSP] = 0x8000;
		machine.processor.stateReplaced();
		return machine;
	}

	private void flat(int codeRights) {
		state.rflags = 2;
		state.segments[CpuState.CS].set(8, 0, 0xffff_ffffL, codeRights);
		for (int i : new int[] { CpuState.ES, CpuState.SS, CpuState.DS, CpuState.FS, CpuState.GS }) {
			state.segments[i].set(16, 0, 0xffff_ffffL, 0xc093);
		}
		state.rip = CODE;
		state.general[CpuState.RSP] = STACK;
		processor.stateReplaced();
	}

	/** Stores bytes, written in hexadecimal with any spaces, at RIP. */
	FlatMachine code(String hex) {
		byte[] bytes = java.util.HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
		memory.copyIn(state.rip, bytes, 0, bytes.length);
		return this;
	}

	/** Runs so many instructions. */
	FlatMachine run(int instructions) {
		processor.setDeadline(processor.retired() + instructions);
		processor.run();
		return this;
	}
}
