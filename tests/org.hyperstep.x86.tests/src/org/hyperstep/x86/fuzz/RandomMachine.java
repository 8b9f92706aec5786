/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.fuzz;

import static org.hyperstep.x86.fuzz.RandomImage.*;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.fuzz.RandomImage.Mode;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.memory.RamBank;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.state.SegmentState;
import org.hyperstep.x86.system.ProcessorModel;

/**
 * A processor over a little RAM, loaded with a {@link RandomImage} and with registers from its seed. One machine is
 * loaded again and again, so that what it remembers of earlier streams (blocks, translations) is there to be mistaken for
 * the present.
 */
final class RandomMachine {
	private static final int LEGACY_GATES = 256 * 8;

	private final PhysicalMemory memory = new PhysicalMemory();
	private final Processor processor;
	private final CpuState state;
	private SplittableRandom random = new SplittableRandom(0);

	RandomMachine(ProcessorModel model) {
		memory.addRam(0, RAM);
		processor = new Processor(model, memory);
		state = processor.state();
	}

	/** Loads the machine and executes so many instructions at most; returns what came of it. */
	String run(RandomImage image, int instructions) {
		// Registers of their own: the image's numbers are used up when they are loaded a second time.
		random = new SplittableRandom(~image.seed());
		Mode mode = image.mode();
		memory.copyIn(0, image.bytes, 0, RAM);
		loadRegisters(mode);
		processor.stateReplaced();
		processor.events().clearHostInterrupt();
		processor.setTimeStampCounter(1 << 20);
		long start = processor.retired();
		processor.setDeadline(start + instructions);
		String outcome = processor.run().toString();
		return mode + " " + outcome + " " + (processor.retired() - start) + " " //$NON-NLS-1$ //$NON-NLS-2$ //$NON-NLS-3$
				+ Long.toHexString(RegisterImage.hash(state));
	}

	/** Whether both machines' memory holds the same. */
	boolean memoryEquals(RandomMachine other) {
		return Arrays.equals(bank().bytes, other.bank().bytes);
	}

	private RamBank bank() {
		return Objects.requireNonNull(memory.bankAt(0));
	}

	/** The registers as the last run left them. */
	CpuState state() {
		return state;
	}

	private int code() {
		return RANDOM + random.nextInt(RAM - RANDOM - 0x1000);
	}

	// ---- registers ----

	private void loadRegisters(Mode mode) {
		processor.reset();
		boolean wide = mode == Mode.LONG || mode == Mode.COMPATIBILITY;
		state.randomState = random.nextLong();
		state.cr0 = CpuState.CR0_ET | (mode == Mode.REAL ? 0 : CpuState.CR0_PE) | random.nextLong() & (CpuState.CR0_MP
				| CpuState.CR0_NE | CpuState.CR0_WP | CpuState.CR0_AM)
				| (random.nextInt(8) == 0 ? CpuState.CR0_TS : 0);
		state.cr4 = random.nextLong() & (CpuState.CR4_VME | CpuState.CR4_PVI | CpuState.CR4_DE | CpuState.CR4_PGE
				| CpuState.CR4_OSFXSR | CpuState.CR4_OSXMMEXCPT | CpuState.CR4_FSGSBASE);
		state.cr3 = TABLES;
		if (wide || mode == Mode.PAGED_32) {
			state.cr0 |= CpuState.CR0_PG;
		}
		if (wide) {
			state.cr4 |= CpuState.CR4_PAE;
			state.efer = CpuState.EFER_LME | CpuState.EFER_LMA | CpuState.EFER_SCE | CpuState.EFER_NXE;
		}
		if (random.nextBoolean() && (state.cr4 & CpuState.CR4_OSFXSR) != 0) {
			state.cr4 |= CpuState.CR4_OSXSAVE;
			state.xcr0 = CpuState.XCR0_X87 | CpuState.XCR0_SSE | CpuState.XCR0_AVX;
		}
		loadSegments(mode);
		loadGeneral();
		loadDebug();
		state.lstar = code();
		state.star = 0x0010_0008L << 32;
		state.sysenterCs = 8;
		state.sysenterEip = code();
		state.sysenterEsp = RAM - 0x800;
		state.activity = Activity.ACTIVE;
	}

	private void loadSegments(Mode mode) {
		boolean user = mode != Mode.REAL && random.nextInt(3) == 0;
		int level = user ? 3 << 5 : 0;
		int codeRights = switch (mode) {
			case REAL, PROTECTED_16 -> 0x9b;
			case LONG -> 0xa09b;
			default -> 0xc09b;
		};
		int dataRights = mode == Mode.REAL || mode == Mode.PROTECTED_16 ? 0x93 : 0xc093;
		long limit = mode == Mode.REAL || random.nextInt(8) == 0 ? 0xffff : 0xffff_ffffL;
		for (int i = CpuState.ES; i <= CpuState.GS; i++) {
			SegmentState segment = state.segments[i];
			boolean code = i == CpuState.CS;
			int selector = mode == Mode.REAL ? 0 : (code ? CODES[mode == Mode.LONG ? 1 : 0] : 0x20) | (user ? 3 : 0);
			segment.set(selector, 0, limit, (code ? codeRights : dataRights) | level);
		}
		state.cpl = user ? 3 : 0;
		state.segments[CpuState.TR].set(0x48, TSS, 0x67, 0x8b);
		state.segments[CpuState.LDTR].set(0, 0, 0, SegmentState.UNUSABLE);
		state.gdtrBase = GDT;
		state.gdtrLimit = 8 * DESCRIPTORS.length - 1;
		state.idtrBase = mode == Mode.REAL ? 0 : IDT;
		state.idtrLimit = mode == Mode.REAL ? 0x3ff : LEGACY_GATES * 2 - 1;
	}

	private void loadGeneral() {
		for (int i = 0; i < 16; i++) {
			state.general[i] = switch (random.nextInt(8)) {
				case 0 -> random.nextLong();
				case 1 -> random.nextInt();
				case 2 -> random.nextInt(64);
				default -> RANDOM + random.nextInt(RAM - RANDOM);
			};
		}
		state.general[CpuState.RSP] = RAM - 0x1000 + random.nextInt(0xff0);
		state.rip = code();
		long flags = CpuState.CF | CpuState.PF | CpuState.AF | CpuState.ZF | CpuState.SF | CpuState.OF | CpuState.IF
				| CpuState.IOPL | CpuState.ID;
		state.rflags = 2 | random.nextLong() & flags
				| (random.nextInt(8) == 0 ? random.nextLong() & (CpuState.TF | CpuState.DF | CpuState.AC | CpuState.NT
						| CpuState.RF) : 0);
		for (int i = 0; i < 32; i++) {
			state.extended.xmm[i] = random.nextLong();
		}
	}

	private void loadDebug() {
		for (int i = 0; i < 4; i++) {
			state.breakpointAddress[i] = code();
		}
		state.dr7 = random.nextInt(8) == 0 ? 0x400 | random.nextLong() & 0xffff_00ffL : 0x400;
	}
}
