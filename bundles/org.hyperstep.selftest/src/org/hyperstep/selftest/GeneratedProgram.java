/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.hyperstep.selftest.NestedProgram.Wishes;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.selftest.guest.StepCase;

/**
 * A random program that leans on everything a debugger's step can disturb: flags pushed and popped, shadows, software
 * interrupts, faults, the guest's own single-step and breakpoints, repeated string instructions, time and devices. It
 * always ends, at the debug-exit port.
 */
@SuppressWarnings("nls")
final class GeneratedProgram {
	/** STI; HLT: only where a timer may wake the guest. */
	private static final String HALT = "fb f4";
	/** MOV RAX, address; MOV DR0, RAX; MOV EAX, 402h; MOV DR7, RAX. */
	private static final String BREAK_AT = "48b8%s 0f23c0 b802040000 0f23f8";
	/** CLI; MOV AL, 0; OUT F4h, AL; JMP $. */
	private static final String KERNEL_END = "fa b000 e6f4 ebfe";
	/** UD2: the handler knows its address. */
	private static final String END = "0f0b ebfe";

	private static final int BREAK_AT_LENGTH = 21, AHEAD = 12, RARE = 12;
	private static final int SHORTEST_PERIOD = 60, PERIODS = 400;
	/** A guest hypervisor that traps each instruction makes handlers so much longer. */
	private static final int NESTED_PERIOD = 400;

	private final ProgramKind kind;
	private final List<Piece> pieces;
	private final int period;
	/** Of the guest hypervisor, where there is one. */
	private final Wishes wishes;

	/** A piece of code; {@code ahead} is what a breakpoint's address adds to the piece's end, or -1. */
	record Piece(String hex, int ahead) {
		private Piece(String hex) {
			this(hex, -1);
		}
	}

	/** A program of so many pieces, determined by the seed. */
	GeneratedProgram(ProgramKind kind, long seed, int length, boolean halts) {
		this.kind = kind;
		// Neighbouring seeds give neighbouring first numbers.
		Random random = new Random(seed * 0x9e3779b97f4a7c15L);
		period = (kind == ProgramKind.NESTED_KERNEL ? NESTED_PERIOD : SHORTEST_PERIOD) + random.nextInt(PERIODS);
		List<String> snippets = kind.snippets();
		List<Piece> all = new ArrayList<>();
		for (int i = 0; i < length; i++) {
			if (kind.longKernel() && random.nextInt(RARE) == 0) {
				all.add(new Piece(BREAK_AT, random.nextInt(AHEAD)));
			} else if (halts && kind.halts() && random.nextInt(RARE) == 0) {
				all.add(new Piece(HALT));
			} else {
				all.add(new Piece(snippets.get(random.nextInt(snippets.size()))));
			}
		}
		pieces = List.copyOf(all);
		wishes = Wishes.of(random);
	}

	private GeneratedProgram(ProgramKind kind, List<Piece> pieces, int period, Wishes wishes) {
		this.kind = kind;
		this.pieces = List.copyOf(pieces);
		this.period = period;
		this.wishes = wishes;
	}

	/** What it is a program of. */
	ProgramKind kind() {
		return kind;
	}

	/** Pieces of code between the common beginning and end. */
	int length() {
		return pieces.size();
	}

	/** The program without the pieces from one number up to before another. */
	GeneratedProgram without(int from, int to) {
		List<Piece> rest = new ArrayList<>(pieces.subList(0, from));
		rest.addAll(pieces.subList(to, pieces.size()));
		return new GeneratedProgram(kind, rest, period, wishes);
	}

	/** The pieces in hexadecimal, behind {@code before}, which is at {@code address}. */
	private String code(String before, long address) {
		StringBuilder code = new StringBuilder(before);
		for (Piece piece : pieces) {
			long ahead = address + code.length() / 2 + BREAK_AT_LENGTH + piece.ahead;
			code.append(plain(piece.ahead < 0 ? piece.hex : String.format(piece.hex, littleEndian(ahead, 8))));
		}
		return code.append("90".repeat(16)).toString();
	}

	private static String plain(String hex) {
		return hex.replace(" ", "");
	}

	/** The pieces, for a report. */
	@Override
	public String toString() {
		return kind.label() + (kind == ProgramKind.NESTED_KERNEL ? ", " + wishes : "") + ", timer period " + period
				+ ", code "
				+ pieces.stream().map(piece -> piece.hex).toList();
	}

	private static String littleEndian(long value, int bytes) {
		StringBuilder hex = new StringBuilder();
		for (int i = 0; i < bytes; i++) {
			hex.append(String.format("%02x", value >>> 8 * i & 0xff));
		}
		return hex.toString();
	}

	/** A guest of a column, with the program loaded. */
	BareGuest load(StepCase column) {
		BareGuest guest = new BareGuest(column, kind.mode(), "");
		kind.image().restore(guest.machine.physicalMemory());
		load(guest);
		return guest;
	}

	/** Loads it into a guest whose memory holds the kind's image: it starts again. */
	void load(BareGuest guest) {
		guest.restart(kind.mode());
		String boot = plain(String.format(kind.boot(), littleEndian(period, 4)));
		boolean separate = kind.separate() >= 0;
		long start = separate ? kind.separate() : kind.start();
		String code = code(separate ? "" : boot, start);
		guest.put(start, code + plain(kind.longKernel() ? KERNEL_END : END));
		if (separate) {
			guest.put(kind.start(), boot);
		}
		if (kind == ProgramKind.NESTED_KERNEL) {
			NestedProgram.enter(guest, wishes);
		} else if (!kind.longKernel()) {
			ProgramEnvironment.enter(guest, kind, start + code.length() / 2);
		}
	}
}
