/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import org.hyperstep.hypervisor.GuestRegister;
import org.hyperstep.machine.image.InitialState.Mode;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.x86.memory.PhysicalMemory;

/**
 * What a generated program finds around it: descriptor tables, a task state segment with the stack of ring 0, page
 * tables, and handlers. Faults go on eight bytes behind; the one at the program's end leaves by the debug-exit port.
 * INT 82h watches the data by DR1, INT 83h ends all watching, INT 84h breaks (E)AX bytes behind itself by DR0.
 */
@SuppressWarnings("nls")
final class ProgramEnvironment {
	private static final long GDT = 0x1000, IDT = 0x2000, TASK = 0x3000, DIRECTORY = 0x8000;
	/** Handlers of gates, 64 bytes each; behind them the entries of SYSCALL and its relatives, and the end's address. */
	private static final long HANDLERS = 0x9_0000, LSTAR = 0x9_5000, CSTAR = 0x9_5040, SYSENTER = 0x9_5080,
			GATE = 0x9_50c0, END = 0x9_5100;
	/** The segment of real mode's handlers, and the offset of the end's address in it. */
	private static final long REAL_HANDLERS = 0x6_0000, REAL_END = 0x6_7f00;
	private static final int SLOT = 64, VECTORS = 256;
	private static final long RING_0_STACK = 0x7_8000;
	private static final int KERNEL_CODE = 0x10, KERNEL_DATA = 0x18, USER_BASE = 0x20;
	/** Entries of the GDT, and the number of the call gate's. */
	private static final int DESCRIPTORS = 14, CALL_GATE = 12;
	private static final int TICK = 0x30, SELF = 0x90, CALLED = 0x80, WATCH = 0x82, UNWATCH = 0x83, BREAK = 0x84;
	/** Offset of the I/O permission map, which lets all ports below 100h through; behind the redirection map of VME. */
	private static final int REDIRECTION = 0x68, PORT_MAP = 0x88, PORT_BYTES = 0x20;

	// Handlers of 64-bit, 32-bit and 16-bit code.
	private static final String[] FAULT = { "50 488b442408 483b042500510900 58 7506 b000 e6f4 ebfe 4883042408 48cf",
			"50 8b442404 363b0500510900 58 7506 b000 e6f4 ebfe 83042408 cf",
			"55 89e5 50 8b4602 2e3b06007f 58 7506 b000 e6f4 ebfe 83460208 5d cf" };
	private static final String[] DROP = { "4883c408", "83c404", "" };
	/** Adds DR6 up and clears it; sets RF in the frame, or where a frame has none, ends all watching. */
	private static final String[] DEBUG = {
			"50 0f21f0 01042510002000 b8f00fffff 0f23f0 58 814c241000000100 48cf",
			"50 0f21f0 36010510002000 b8f00fffff 0f23f0 58 814c240800000100 cf",
			"6650 0f21f0 2e0106107f 66b8f00fffff 0f23f0 66b800040000 0f23f8 6658 cf" };
	private static final String[] COUNT = { "ff042508002000 48cf", "36ff0508002000 cf", "2eff06087f cf" };
	private static final String[] TICKS = { "50 51 ff042518002000 31c0 b9b000e0fe 8901 59 58 48cf",
			"50 36ff0518002000 31c0 36a3b000e0fe 58 cf",
			"6650 6651 6652 2eff06187f 66b90b080000 6631c0 6631d2 0f30 665a 6659 6658 cf" };
	private static final String[] WATCHES = { "50 b800002000 0f23c8 b80404d000 0f23f8 58 48cf",
			"50 b8%s 0f23c8 b80404d000 0f23f8 58 cf", "6650 66b800000200 0f23c8 66b80404d000 0f23f8 6658 cf" };
	private static final String[] UNWATCHES = { "50 b800040000 0f23f8 58 48cf", "50 b800040000 0f23f8 58 cf",
			"6650 66b800040000 0f23f8 6658 cf" };
	private static final String[] BREAKS = { "50 83e00f 4803442408 0f23c0 b802040000 0f23f8 58 48cf",
			"50 83e00f 03442404 05%s 0f23c0 b802040000 0f23f8 58 cf",
			"6650 55 89e5 83e00f 034606 660fb7c0 660500000300 0f23c0 66b802040000 0f23f8 5d 6658 cf" };

	private final BareGuest guest;
	private final PhysicalMemory memory;
	private final ProgramKind kind;

	private ProgramEnvironment(BareGuest guest, ProgramKind kind) {
		this.guest = guest;
		this.kind = kind;
		memory = guest.machine.physicalMemory();
	}

	/** Builds it in the memory of a guest that has not run yet. */
	static void build(BareGuest guest, ProgramKind kind) {
		ProgramEnvironment environment = new ProgramEnvironment(guest, kind);
		if (kind.narrow()) {
			environment.vectors();
		}
		if (kind.mode() != Mode.REAL_16) {
			environment.descriptors();
			environment.gates();
			environment.task();
			environment.systemCalls();
		}
	}

	/** Brings a guest that has not run yet to it: {@code end} is the address of the program's last instruction. */
	static void enter(BareGuest guest, ProgramKind kind, long end) {
		ProgramEnvironment environment = new ProgramEnvironment(guest, kind);
		environment.memory.write(END, 4, kind.narrow() ? end - BareGuest.REAL_CODE : end);
		environment.memory.write(REAL_END, 2, end - BareGuest.REAL_CODE);
		if (kind.mode() != Mode.REAL_16) {
			environment.registers();
		}
	}

	private boolean wide() {
		return kind.mode() == Mode.LONG_64;
	}

	// ---- tables ----

	private void descriptors() {
		long code = wide() ? 0x00af9b000000ffffL : 0x00cf9b000000ffffL;
		long user = 3L << 45;
		long data = 0x00cf93000000ffffL;
		long[] table = new long[DESCRIPTORS];
		long[] first = { 0, 0, code, data, 0x00cf9b000000ffffL | user, data | user, code | user, data | user,
				descriptor(TASK, PORT_MAP + PORT_BYTES, 0x89) };
		System.arraycopy(first, 0, table, 0, first.length);
		table[CALL_GATE] = GATE & 0xffff | KERNEL_CODE << 16 | 0xecL << 40 | (GATE >>> 16) << 48;
		for (int i = 0; i < table.length; i++) {
			memory.write(GDT + 8L * i, 8, table[i]);
		}
		for (int i = 0; !wide() && i < 1024; i++) {
			// What 64-bit page tables leave out below 4 GBytes is not there here either.
			boolean present = i < 0x100 || i >= 0x300;
			memory.write(DIRECTORY + 4L * i, 4, present ? (long) i << 22 | 0x87 : 0);
		}
	}

	private static long descriptor(long base, long limit, long type) {
		return limit & 0xffff | (base & 0xff_ffff) << 16 | type << 40 | (base >>> 24 & 0xff) << 56;
	}

	private void gates() {
		int size = wide() ? 16 : 8;
		for (int vector = 0; vector < VECTORS; vector++) {
			long handler = HANDLERS + (long) vector * SLOT;
			boolean called = vector == 3 || vector == 4 || vector >= CALLED && vector <= BREAK;
			long access = called ? 0xee : 0x8e;
			memory.write(IDT + (long) vector * size, 8,
					handler & 0xffff | KERNEL_CODE << 16 | access << 40 | (handler >>> 16) << 48);
			if (wide()) {
				memory.write(IDT + (long) vector * size + 8, 8, 0);
			}
			guest.put(handler, handler(vector, wide() ? 0 : 1));
		}
	}

	/** Real mode's table, which is that of VME's redirection, too. */
	private void vectors() {
		for (int vector = 0; vector < VECTORS; vector++) {
			memory.write(4L * vector, 4, (REAL_HANDLERS >>> 4) << 16 | (long) vector * SLOT);
			guest.put(REAL_HANDLERS + (long) vector * SLOT, handler(vector, 2));
		}
	}

	private void task() {
		if (wide()) {
			memory.write(TASK + 4, 8, RING_0_STACK);
		} else {
			memory.write(TASK + 4, 4, RING_0_STACK);
			memory.write(TASK + 8, 2, KERNEL_DATA);
		}
		// The services by software interrupt are not redirected.
		memory.write(TASK + REDIRECTION + WATCH / 8, 1, 1 << WATCH % 8 | 1 << UNWATCH % 8 | 1 << BREAK % 8);
		memory.write(TASK + 0x66, 2, PORT_MAP);
		memory.write(TASK + PORT_MAP + PORT_BYTES, 1, 0xff);
	}

	private void systemCalls() {
		boolean kernel = kind.halts();
		// ADD RBX, R11; SYSRETQ
		guest.put(LSTAR, "4c01db 480f07");
		// ADD RBX, R11; SYSRETL in a 64-bit kernel; in a 32-bit one SYSRET, or JMP ECX where the caller is in ring 0
		guest.put(CSTAR, wide() ? "4c01db 0f07" : kernel ? "ffe1" : "0f07");
		// STI; SYSEXIT, or MOV ESP, ECX; JMP EDX
		guest.put(SYSENTER, kernel ? "89cc ffe2" : kind == ProgramKind.LONG_USER ? "fb 480f35" : "fb 0f35");
		guest.put(GATE, wide() ? "48cb" : "cb");
	}

	private void registers() {
		guest.cpu.write(GuestRegister.GDTR_LIMIT, 8L * DESCRIPTORS - 1);
		guest.cpu.write(GuestRegister.IDTR_BASE, IDT);
		guest.cpu.write(GuestRegister.IDTR_LIMIT, (long) VECTORS * (wide() ? 16 : 8) - 1);
		guest.cpu.write(GuestRegister.SYSENTER_CS, kind.virtual8086() ? 0 : KERNEL_CODE);
		guest.cpu.write(GuestRegister.SYSENTER_ESP, RING_0_STACK);
		guest.cpu.write(GuestRegister.SYSENTER_EIP, SYSENTER);
		guest.cpu.write(GuestRegister.STAR, (long) USER_BASE << 48 | (long) KERNEL_CODE << 32 | CSTAR);
		guest.cpu.write(GuestRegister.LSTAR, LSTAR);
		guest.cpu.write(GuestRegister.CSTAR, CSTAR);
		guest.cpu.write(GuestRegister.SFMASK, 0x700);
		if (!kind.virtual8086()) {
			guest.cpu.write(GuestRegister.EFER, guest.cpu.read(GuestRegister.EFER) | 1);
		}
	}

	// ---- handlers ----

	private String handler(int vector, int width) {
		return switch (vector) {
			case 0, 5, 6 -> FAULT[width];
			case 1 -> DEBUG[width];
			case 10, 11, 12, 13, 14, 17 -> DROP[width] + FAULT[width];
			case TICK, SELF -> TICKS[width];
			case WATCH ->
				String.format(WATCHES[width], littleEndian(kind.narrow() ? BareGuest.REAL_DATA : BareGuest.DATA));
			case UNWATCH -> UNWATCHES[width];
			case BREAK -> String.format(BREAKS[width], littleEndian(kind.narrow() ? BareGuest.REAL_CODE : 0));
			default -> COUNT[width];
		};
	}

	private static String littleEndian(long value) {
		return String.format("%08x", Integer.reverseBytes((int) value));
	}
}
