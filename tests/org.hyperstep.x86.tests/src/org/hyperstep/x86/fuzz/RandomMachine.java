/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.fuzz;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.state.SegmentState;
import org.hyperstep.x86.system.ProcessorModel;

/**
 * A processor over a little RAM, loaded from a seed: mode, privilege, registers, descriptor tables, page tables and
 * bytes to execute. Handlers of events are more of the random code. One machine is loaded again and again, so that what
 * it remembers of earlier streams (blocks, translations) is there to be mistaken for the present.
 */
final class RandomMachine {
	private static final int RAM = 0x1_0000, GDT = 0x1000, IDT = 0x2000, TABLES = 0x3000, TSS = 0x7000, RANDOM = 0x8000;
	private static final int LEGACY_GATES = 256 * 8, LONG_GATE = 16;
	private static final long PRESENT_WRITABLE_USER = 7;
	private static final int[] CODES = { 0x8, 0x10, 0x18 };
	private static final long[] DESCRIPTORS = { 0, 0x00cf9b000000ffffL, 0x00af9b000000ffffL, 0x000f9b000000ffffL,
			0x00cf93000000ffffL, 0x00cffb000000ffffL, 0x00affb000000ffffL, 0x00cff3000000ffffL, 0x000093000000ffffL };

	/** Modes that streams begin in. */
	private enum Mode {
		REAL, PROTECTED_16, PROTECTED_32, PAGED_32, LONG, COMPATIBILITY
	}

	private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private final PhysicalMemory memory = new PhysicalMemory();
	private final Processor processor;
	private final CpuState state;
	private final byte[] bytes = new byte[RAM];
	private final byte[] after = new byte[RAM];
	private SplittableRandom random = new SplittableRandom(0);

	RandomMachine(ProcessorModel model) {
		memory.addRam(0, RAM);
		processor = new Processor(model, memory);
		state = processor.state();
	}

	/** Loads the machine and executes so many instructions at most; returns what came of it. */
	String run(long seed, int instructions) {
		random = new SplittableRandom(seed);
		Mode mode = Mode.values()[random.nextInt(Mode.values().length)];
		fillMemory(mode);
		memory.copyIn(0, bytes, 0, RAM);
		loadRegisters(mode);
		processor.stateReplaced();
		processor.events().clearHostInterrupt();
		processor.setTimeStampCounter(1 << 20);
		long start = processor.retired();
		processor.setDeadline(start + instructions);
		String outcome = processor.run().toString();
		memory.copyOut(0, after, 0, RAM);
		return mode + " " + outcome + " " + (processor.retired() - start) + " " //$NON-NLS-1$ //$NON-NLS-2$ //$NON-NLS-3$
				+ Long.toHexString(RegisterImage.hash(state)) + " " + Integer.toHexString(Arrays.hashCode(after)); //$NON-NLS-1$
	}

	/** The registers as the last run left them. */
	CpuState state() {
		return state;
	}

	// ---- memory ----

	private void fillMemory(Mode mode) {
		Arrays.fill(bytes, 0, RANDOM, (byte) 0);
		for (int at = RANDOM; at < RAM; at += 8) {
			WORDS.set(bytes, at, random.nextLong());
		}
		if (random.nextInt(4) != 0) {
			makePlausible();
		}
		for (int i = 0; i < DESCRIPTORS.length; i++) {
			put(GDT + 8 * i, 8, DESCRIPTORS[i]);
		}
		boolean wide = mode == Mode.LONG || mode == Mode.COMPATIBILITY;
		for (int vector = 0; vector < 256; vector++) {
			fillGate(mode, wide, vector);
		}
		fillPageTables(wide);
		for (int i = 4; i < 0x68; i += 8) {
			put(TSS + i, 8, RAM - 0x1000 + random.nextInt(0x1000));
		}
	}

	private void put(int at, int size, long value) {
		for (int i = 0; i < size; i++) {
			bytes[at + i] = (byte) (value >>> 8 * i);
		}
	}

	/** Opcodes that software uses, at odd places: plain random bytes are exceptions for the most part. */
	private void makePlausible() {
		for (int at = RANDOM; at < RAM - 16; at += 1 + random.nextInt(12)) {
			switch (random.nextInt(8)) {
				case 0 -> bytes[at] = (byte) (random.nextInt(8) << 3 | random.nextInt(6));
				case 1 -> bytes[at] = (byte) (0x80 + random.nextInt(16));
				case 2 -> bytes[at] = (byte) (0x50 + random.nextInt(16));
				case 3 -> bytes[at] = (byte) (0x70 + random.nextInt(16));
				case 4 -> put(at, 2, 0x0f | random.nextInt(256) << 8);
				case 5 -> put(at, 2, (random.nextBoolean() ? 0xf3 : 0xf2) | 0xa4 + random.nextInt(12) << 8);
				case 6 -> put(at, 3, 0x48 | 0x01_0000L * random.nextInt(256) | random.nextInt(0x40) << 8);
				default -> bytes[at] = (byte) (0xc0 + random.nextInt(64));
			}
		}
	}

	private int code() {
		return RANDOM + random.nextInt(RAM - RANDOM - 0x1000);
	}

	private void fillGate(Mode mode, boolean wide, int vector) {
		long handler = code();
		long type = random.nextInt(16) == 0 ? random.nextInt(256) : 0x8e | random.nextInt(2) | random.nextInt(4) << 5;
		if (wide) {
			put(IDT + LONG_GATE * vector, 8, handler & 0xffff | 0x10 << 16 | type << 40 | handler >>> 16 << 48);
		} else if (mode == Mode.REAL) {
			put(4 * vector, 4, handler & 15 | handler >>> 4 << 16);
		} else {
			put(IDT + 8 * vector, 8, handler & 0xffff | (long) CODES[random.nextInt(2) * 2] << 16 | type << 40
					| handler >>> 16 << 48);
		}
	}

	private void fillPageTables(boolean wide) {
		int entry = wide ? 8 : 4;
		if (wide) {
			put(TABLES, 8, TABLES + 0x1000 | PRESENT_WRITABLE_USER);
			put(TABLES + 0x1000, 8, TABLES + 0x2000 | PRESENT_WRITABLE_USER);
			put(TABLES + 0x2000, 8, TABLES + 0x3000 | PRESENT_WRITABLE_USER);
		} else {
			put(TABLES, 4, TABLES + 0x3000 | PRESENT_WRITABLE_USER);
		}
		for (int page = 0; page < 64; page++) {
			boolean odd = random.nextInt(12) == 0 && page >= RANDOM >> 12;
			long frame = odd ? random.nextInt(20) : page & 15;
			long permissions = odd ? random.nextInt(8) | random.nextInt(2) << 8 : PRESENT_WRITABLE_USER;
			put(TABLES + 0x3000 + entry * page, entry, frame << 12 | permissions);
		}
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
