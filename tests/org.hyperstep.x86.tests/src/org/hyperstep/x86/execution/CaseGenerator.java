/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.hyperstep.x86.execution.HostProcessor.INSTRUCTION;
import static org.hyperstep.x86.execution.HostProcessor.WINDOW;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.InstructionForm;
import org.hyperstep.x86.decode.InstructionForm.Validity;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.RandomEncoding;
import org.hyperstep.x86.decode.RandomEncoding.Encoded;
import org.hyperstep.x86.execution.HostProcessor.Mode;
import org.hyperstep.x86.execution.HostProcessor.Patch;

/** Cases of rows of the instruction table in turn: some random encodings of each, and some start states of each encoding. */
final class CaseGenerator {
	/** A case with what it is a case of. */
	record Generated(HostProcessor.Case start, Instruction instruction) {
	}

	private static final int STATES = 8, ATTEMPTS = 2000;
	/** IF, DF, IOPL, ID. */
	private static final long POPPED = 0x20_3600;

	private final SplittableRandom random;
	private final RandomEncoding encodings;
	private final OperandPlacement placement;
	private final RandomValues values;
	private final X87States x87States;
	private final List<InstructionForm> rows;
	private int row;
	private int states;
	private @Nullable Encoded encoded;
	private Mode mode = Mode.LONG;

	CaseGenerator(long seed, List<InstructionForm> rows) {
		random = new SplittableRandom(seed);
		encodings = new RandomEncoding(random, WINDOW + 160);
		placement = new OperandPlacement(random);
		values = new RandomValues(random);
		x87States = new X87States(random);
		this.rows = rows;
	}

	/** The next case. */
	Generated next() {
		for (int k = 0; k < ATTEMPTS; k++) {
			Encoded present = encoded;
			if (present == null || states == 0) {
				row = (row + 1) % rows.size();
				states = STATES;
				present = encode(rows.get(row));
				encoded = present;
			}
			if (present != null) {
				HostProcessor.Case start = state(present);
				if (start != null) {
					states--;
					return new Generated(start, present.instruction());
				}
				encoded = null;
				row = (row + rows.size() - 1) % rows.size();
			}
		}
		throw new AssertionError("no case of " + rows.get(row)); //$NON-NLS-1$
	}

	private @Nullable Encoded encode(InstructionForm form) {
		boolean compatibility = form.validity() == Validity.NOT_IN_64_BIT_MODE
				|| form.validity() == Validity.EVERYWHERE && random.nextInt(6) == 0;
		mode = Mode.of(compatibility, HostRows.isBranch(form.mnemonic()));
		Encoded found = encodings.of(form, compatibility ? CodeSize.CODE32 : CodeSize.CODE64);
		if (found == null || !HostRows.isComparable(found.instruction())) {
			return null;
		}
		return mode.branches() ? placement.withNearTarget(found) : found;
	}

	private HostProcessor.@Nullable Case state(Encoded of) {
		Instruction i = of.instruction();
		long[] registers = values.registers(mode.compatibility());
		registers[4] = placement.pointer();
		if (!placement.place(i, registers)) {
			return null;
		}
		long[] xmm = new long[32];
		long[] upper = new long[32];
		Arrays.setAll(xmm, k -> values.half());
		Arrays.setAll(upper, k -> values.half());
		// CF PF AF ZF SF DF OF at random, IF set, bit 1 set.
		long flags = random.nextLong() & (Flags.STATUS | (placement.isString(i) ? 0x400 : 0)) | 0x202;
		boolean x87 = HostRows.isX87(i.mnemonic());
		return new HostProcessor.Case(of.bytes(), mode, registers, flags, random.nextLong() | 1, mxcsr(), xmm, upper,
				x87 ? x87States.x87() : mmx(), patch(i, registers, x87));
	}

	/** What the memory operand holds. */
	private Patch patch(Instruction i, long[] registers, boolean x87) {
		long target = placement.target() - WINDOW;
		if (mode.branches()) {
			long stack = registers[4] - WINDOW;
			long at = target > 0 && target <= HostProcessor.WINDOW_SIZE - 16 ? target : stack;
			long to = INSTRUCTION + 64L + random.nextInt(128);
			return new Patch((int) at, mode.compatibility() ? to | to << 32 : to, to);
		}
		if (i.mnemonic() == Mnemonic.POPF) {
			// Neither TF nor AC, which would act on the code behind the instruction; NT and IOPL have no effect there.
			long image = random.nextLong() & (Flags.STATUS | POPPED) | 2;
			return new Patch((int) (registers[4] - WINDOW), image, 0);
		}
		if (i.mnemonic() == Mnemonic.LDMXCSR || i.mnemonic() == Mnemonic.VLDMXCSR) {
			// Bit 17 is misaligned SSE mode on AMD's processors, which no model offers.
			int at = target > 0 && target <= HostProcessor.WINDOW_SIZE - 16 ? (int) target : 0;
			return new Patch(at, random.nextInt(0x1_0000) | (random.nextInt(8) == 0 ? 1L << random.nextInt(18, 32) : 0),
					0);
		}
		if (target <= 0 || target > HostProcessor.WINDOW_SIZE - 16 || random.nextInt(4) == 0) {
			return Patch.NONE;
		}
		return x87 ? x87States.patch(i, (int) target) : new Patch((int) target, values.half(), values.half());
	}

	/** Values for the MMX registers, which the x87 registers R0 to R7 are. */
	private HostProcessor.X87 mmx() {
		HostProcessor.X87 x87 = HostProcessor.X87.initial();
		for (int k = 0; k < 8; k++) {
			x87.significands()[k] = values.integer();
			x87.words()[k] = random.nextInt(0x10000);
		}
		return x87;
	}

	/** Mostly all exceptions masked; any rounding, denormals as zeros, flush to zero, any flags. */
	private long mxcsr() {
		long masks = random.nextInt(4) == 0 ? random.nextInt(64) << 7 : 0x1f80;
		return masks | (random.nextInt(3) == 0 ? random.nextInt(0x10000) & 0xe07f : 0);
	}
}
