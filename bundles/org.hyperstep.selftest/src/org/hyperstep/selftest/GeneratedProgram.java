/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;


import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.selftest.guest.StepCase;

/**
 * A random program that leans on everything a debugger's step can disturb: flags pushed and popped, shadows, software
 * interrupts, faults, the guest's own single-step and breakpoints, repeated string instructions, time and devices. It
 * always ends, at the debug-exit port.
 */
@SuppressWarnings("nls")
final class GeneratedProgram {
	private static final String[] SNIPPETS = {
			// PUSHFQ; POP RAX; ADD RBX, RAX: what the guest reads of its flags
			"9c 58 4801c3",
			// PUSHF (16 bits); POP AX; ADD BX, AX
			"669c 6658 6601c3",
			// PUSH 2; POPFQ   PUSH 102h; POPFQ   PUSH 202h; POPFQ   PUSH 302h; POPFQ
			"6a02 9d", "6802010000 9d", "6802020000 9d", "6802030000 9d",
			// STI   CLI   STI; STI   STI; CLI
			"fb", "fa", "fbfb", "fbfa",
			// MOV AX, SS; MOV SS, AX   twice   MOV SS, AX; PUSHFQ; POP RAX
			"8cd0 8ed0", "8cd0 8ed0 8ed0", "8cd0 8ed0 9c 58 4801c3",
			// MOV SS, AX; INT 80h   MOV SS, AX; INT1   MOV SS, AX; CPUID   MOV SS, AX; UD2
			"8cd0 8ed0 cd80", "8cd0 8ed0 f1", "31c0 50 8cd0 8ed0 0fa2 58", "8cd0 8ed0 0f0b",
			// INT 80h   INT3   INT1
			"cd80", "cc", "f1",
			// UD2   DIV ECX with ECX = 0   WRMSR of no MSR   MOV EAX, [unmapped]
			"0f0b", "31c9 f7f1", "b9ffffff0f 0f30", "8b042500000050",
			// SYSCALL
			"0f05",
			// MOV ECX, 5; MOV EDI, 200100h; REP STOSB   REPNE SCASB   REP MOVSQ
			"b905000000 bf00012000 f3aa", "b903000000 bf00012000 f2ae",
			"b903000000 be00012000 bf04012000 f348a5",
			// REP STOSB into watched memory
			"b909000000 bffaff1f00 f3aa",
			// MOV DX, 80h; MOV ECX, 3; MOV ESI or EDI, memory; REP OUTSB or REP INSB; OUTSB alone
			"66ba8000 b903000000 be00012000 f36e", "66ba8000 b903000000 bffeff1f00 f36c", "66ba8000 be00012000 6e",
			// CPUID and RDTSC into the sum
			"31c0 0fa2 90", "0f31 4801c3",
			// MOV EAX, [FEE00390h]: the timer's current count, into the sum
			"a19003e0fe00000000 4801c3",
			// NMI to self; interrupt 90h to self
			"b800040400 a30003e0fe00000000", "b890000400 a30003e0fe00000000",
			// IN AL, 80h; OUT 80h, AL
			"e480", "e680",
			// ADD to watched memory; LOCK INC of it; read it
			"4883042500002000 07", "f048ff042500002000", "480304 2500002000",
			// MOV CR8 both ways
			"b801000000 440f22c0 440f20c0 31c0 440f22c0",
			// read DR6 and DR7 into the sum
			"0f21f0 4801c3", "0f21f8 4801c3",
			// watch the data by DR1; nothing watched
			"b800002000 0f23c8 b80404d000 0f23f8", "b800040000 0f23f8",
			// IRETQ to the next instruction with TF or IF
			"488d050d000000 6a18 54 6802030000 6a10 50 48cf", "90", "4883c301", "48d1c3" };
	/** STI; HLT: only where a timer may wake the guest. */
	private static final String HALT = "fb f4";
	/** MOV RAX, address; MOV DR0, RAX; MOV EAX, 402h; MOV DR7, RAX. */
	private static final String BREAK_AT = "48b8%s 0f23c0 b802040000 0f23f8";
	private static final String END = "fa b000 e6f4 ebfe";
	/** Enables the APIC and starts a periodic timer of vector 30h; SYSCALL's target and mask. */
	private static final String START = "b8ff010000 a3f000e0fe00000000 b830000200 a32003e0fe00000000"
			+ "b80b000000 a3e003e0fe00000000 b8%s a38003e0fe00000000"
			+ "b9820000c0 b800000500 31d2 0f30 b9840000c0 b800070000 31d2 0f30 b9810000c0 31c0 ba10001000 0f30"
			+ "b9800000c0 0f32 83c801 0f30 31db 31c0 31c9 31d2";

	/** Handlers: what the vector wants done before IRETQ. */
	private static final String IRETQ = "48cf", COUNT = "48ff042508002000 48cf",
			// adds DR6 to memory, clears it, sets RF in the frame
			DEBUG = "50 0f21f0 4801042510002000 b8f00fffff 0f23f0 58 4881 4c2410 00000100 48cf",
			SKIP_2 = "4883042402 48cf", SKIP_2_WITH_CODE = "4883c408 4883042402 48cf",
			SKIP_7_WITH_CODE = "4883c408 4883042407 48cf",
			TICK = "50 48ff042518002000 31c0 a3b000e0fe00000000 58 48cf",
			// PUSH R11; POPFQ; JMP RCX
			SYSCALL = "4153 9d ffe1";

	private static final int BREAK_AT_LENGTH = 21, AHEAD = 12, RARE = 12;
	private static final int SHORTEST_PERIOD = 60, PERIODS = 400;

	private final List<Piece> pieces;
	private final int period;

	/** A piece of code; {@code ahead} is what a breakpoint's address adds to the piece's end, or -1. */
	record Piece(String hex, int ahead) {
		private Piece(String hex) {
			this(hex, -1);
		}
	}

	/** A program of so many pieces, determined by the seed. */
	GeneratedProgram(long seed, int length, boolean halts) {
		// Neighbouring seeds give neighbouring first numbers.
		Random random = new Random(seed * 0x9e3779b97f4a7c15L);
		period = SHORTEST_PERIOD + random.nextInt(PERIODS);
		List<Piece> all = new ArrayList<>();
		for (int i = 0; i < length; i++) {
			if (random.nextInt(RARE) == 0) {
				all.add(new Piece(BREAK_AT, random.nextInt(AHEAD)));
			} else if (halts && random.nextInt(RARE) == 0) {
				all.add(new Piece(HALT));
			} else {
				all.add(new Piece(SNIPPETS[random.nextInt(SNIPPETS.length)]));
			}
		}
		pieces = List.copyOf(all);
	}

	private GeneratedProgram(List<Piece> pieces, int period) {
		this.pieces = List.copyOf(pieces);
		this.period = period;
	}

	/** Pieces of code between the common beginning and end. */
	int length() {
		return pieces.size();
	}

	/** The program without the pieces from one number up to before another. */
	GeneratedProgram without(int from, int to) {
		List<Piece> rest = new ArrayList<>(pieces.subList(0, from));
		rest.addAll(pieces.subList(to, pieces.size()));
		return new GeneratedProgram(rest, period);
	}

	/** The code in hexadecimal. */
	private String code() {
		StringBuilder code = new StringBuilder(plain(String.format(START, littleEndian(period, 4))));
		for (Piece piece : pieces) {
			long ahead = BareGuest.CODE + code.length() / 2 + BREAK_AT_LENGTH + piece.ahead;
			code.append(plain(piece.ahead < 0 ? piece.hex : String.format(piece.hex, littleEndian(ahead, 8))));
		}
		return code.append("90".repeat(16)).append(plain(END)).toString();
	}

	private static String plain(String hex) {
		return hex.replace(" ", "");
	}

	/** The pieces, for a report. */
	@Override
	public String toString() {
		return "timer period " + period + ", code " + pieces.stream().map(piece -> piece.hex).toList();
	}

	private static String littleEndian(long value, int bytes) {
		StringBuilder hex = new StringBuilder();
		for (int i = 0; i < bytes; i++) {
			hex.append(String.format("%02x", value >>> 8 * i & 0xff));
		}
		return hex.toString();
	}

	/** Loads it into a guest. */
	BareGuest load(StepCase column) {
		BareGuest guest = new BareGuest(column, code());
		handler(guest, 0, SKIP_2);
		handler(guest, 1, DEBUG);
		handler(guest, 2, COUNT);
		handler(guest, 3, COUNT);
		handler(guest, 6, SKIP_2);
		handler(guest, 13, SKIP_2_WITH_CODE);
		handler(guest, 14, SKIP_7_WITH_CODE);
		handler(guest, 0x30, TICK);
		handler(guest, 0x90, TICK);
		handler(guest, 0x80, IRETQ);
		guest.put(0x5_0000, SYSCALL);
		return guest;
	}

	/** Handlers longer than a slot live in pages of their own. */
	private static void handler(BareGuest guest, int vector, String hex) {
		long address = 0x6_0000 + vector * 64L;
		guest.put(address, hex);
		guest.put(BareGuest.handler(vector),
				"e9" + littleEndian(address - BareGuest.handler(vector) - 5 & 0xffff_ffffL, 4));
	}
}
