/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.InstructionForm.Mod;
import org.hyperstep.x86.decode.OperandSpec.Addressing;

/** Random encodings of one row of the instruction table: prefixes, registers, addressing forms, immediates. */
public final class RandomEncoding {
	private static final int[] SEGMENTS = { 0x26, 0x2e, 0x36, 0x3e };
	private static final int[] EDGES = { 0, 1, 0x7f, 0x80, 0xff };
	private static final int ATTEMPTS = 400;

	private final SplittableRandom random;
	private final long absolute;
	private final byte[] bytes = new byte[15];
	private int at;

	/** @param absolute where memory may be that is addressed without a base register */
	public RandomEncoding(SplittableRandom random, long absolute) {
		this.random = random;
		this.absolute = absolute;
	}

	/** An instruction and its bytes. */
	public record Encoded(Instruction instruction, byte[] bytes) {
	}

	/** An encoding that decodes to this row, null if none was found. */
	public @Nullable Encoded of(InstructionForm form, CodeSize codeSize) {
		for (int i = 0; i < ATTEMPTS; i++) {
			write(form, codeSize == CodeSize.CODE64);
			Instruction decoded = Decoder.decode(codeSize, bytes, 0, bytes.length);
			if (decoded.legality() == Legality.LEGAL && decoded.form() == form) {
				return new Encoded(decoded, Arrays.copyOf(bytes, decoded.length()));
			}
		}
		return null;
	}

	private void put(int value) {
		bytes[at++] = (byte) value;
	}

	private void write(InstructionForm form, boolean longMode) {
		at = 0;
		int map = form.opcode() >> 8;
		boolean modRm = form.hasModRm();
		boolean register = form.mod() == Mod.REGISTER || form.mod() != Mod.MEMORY && random.nextInt(5) < 3;
		writeSegment();
		if (map >= VexPrefix.MAP_0F) {
			writeVex(form, map - VexPrefix.MAP_0F + 1, longMode);
		} else {
			writePrefixes(form, longMode, register);
			if (map != 0) {
				put(0x0f);
			}
			if (map == 0x38 || map == 0x3a) {
				put(map);
			}
		}
		put(form.opcode() + random.nextInt(form.count()));
		if (modRm) {
			writeModRm(form, longMode, register);
		} else if (form.specs().stream().anyMatch(spec -> spec.addressing() == Addressing.OFFSET)) {
			writeAbsolute();
			putAll(0, 32);
		}
		while (at < bytes.length) {
			put(random.nextInt(3) == 0 ? EDGES[random.nextInt(EDGES.length)] : random.nextInt(256));
		}
	}

	private void writeSegment() {
		if (random.nextInt(24) == 0) {
			put(SEGMENTS[random.nextInt(4)]);
		}
		if (random.nextInt(16) == 0) {
			put(0x67);
		}
	}

	private void writePrefixes(InstructionForm form, boolean longMode, boolean register) {
		if (form.lockable() && !register && random.nextInt(4) == 0) {
			put(0xf0);
		}
		switch (form.prefixes()) {
			case 0 -> {
				if (random.nextInt(4) == 0) {
					put(0x66);
				}
				if (form.repetition() != InstructionForm.Repetition.NONE && random.nextBoolean()) {
					put(0xf2 + random.nextInt(2));
				}
			}
			default -> {
				int chosen = random.nextInt(4);
				while ((form.prefixes() >> chosen & 1) == 0) {
					chosen = random.nextInt(4);
				}
				if (chosen != 0) {
					put(chosen == 1 ? 0x66 : chosen == 2 ? 0xf3 : 0xf2);
				}
				if (chosen > 1 && random.nextInt(6) == 0) {
					put(0x66);
				}
			}
		}
		if (longMode && (random.nextBoolean() || form.rexB() > 0 || form.rexW() > 0)) {
			int rex = 0x40 | random.nextInt(16);
			rex = form.rexB() < 0 ? rex : rex & ~1 | form.rexB();
			put(form.rexW() < 0 ? rex : rex & ~8 | form.rexW() << 3);
		}
	}

	private void writeVex(InstructionForm form, int map, boolean longMode) {
		boolean named = form.specs().stream()
				.anyMatch(spec -> spec.addressing() == Addressing.XMM_VVVV || spec.addressing() == Addressing.VVVV);
		int w = form.rexW() < 0 ? random.nextInt(2) : form.rexW();
		int l = form.vectorLength() < 0 ? random.nextInt(2) : form.vectorLength();
		int v = named ? random.nextInt(longMode ? 16 : 8) ^ 15 : 15;
		int pp = Integer.numberOfTrailingZeros(form.prefixes());
		put(0xc4);
		put((longMode ? random.nextInt(8) << 5 : 0xe0) | map);
		put(w << 7 | v << 3 | l << 2 | pp);
	}

	private void writeModRm(InstructionForm form, boolean longMode, boolean register) {
		if (form.modRm() >= 0) {
			put(form.modRm());
			return;
		}
		int reg = (form.extension() < 0 ? random.nextInt(8) : form.extension()) << 3;
		if (register) {
			put(0xc0 | reg | random.nextInt(8));
			return;
		}
		if (random.nextInt(12) == 0) {
			// No base: a displacement alone, which in 64-bit mode is told by a SIB byte.
			put(longMode ? reg | 4 : reg | 5);
			if (longMode) {
				put(0x25);
			}
			writeAbsolute();
			return;
		}
		put(reg | random.nextInt(3) << 6 | random.nextInt(8));
	}

	private void writeAbsolute() {
		putAll(absolute + random.nextInt(64), 32);
	}

	private void putAll(long value, int bits) {
		for (int k = 0; k < bits; k += 8) {
			put((int) (value >> k));
		}
	}
}
