/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.hyperstep.x86.state.CpuState.RCX;
import static org.hyperstep.x86.state.CpuState.RDI;
import static org.hyperstep.x86.state.CpuState.RSI;
import static org.hyperstep.x86.state.CpuState.RSP;

import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Legality;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;

/** Random instructions with start states in which their memory operands lie in the window that is compared. */
final class CaseGenerator {
	private static final int[] PREFIXES = { 0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x3e };

	private final SplittableRandom random;
	private final Set<Mnemonic> wanted;
	private final boolean vex;
	private final byte[] bytes = new byte[15];

	CaseGenerator(long seed, Set<Mnemonic> wanted) {
		this(seed, wanted, false);
	}

	/** @param vex whether all instructions have a VEX prefix */
	CaseGenerator(long seed, Set<Mnemonic> wanted, boolean vex) {
		random = new SplittableRandom(seed);
		this.wanted = wanted;
		this.vex = vex;
	}

	/** The next case of a wanted instruction, in 64-bit mode. */
	HostProcessor.Case next() {
		while (true) {
			HostProcessor.Case candidate = attempt();
			if (candidate != null) {
				return candidate;
			}
		}
	}

	private HostProcessor.@Nullable Case attempt() {
		random.nextBytes(bytes);
		int at = 0;
		while (random.nextInt(4) == 0 && at < 3) {
			bytes[at++] = (byte) PREFIXES[random.nextInt(PREFIXES.length)];
		}
		if (random.nextInt(3) != 0) {
			bytes[at++] = (byte) (0x40 | random.nextInt(16));
		}
		if (random.nextBoolean()) {
			bytes[at++] = 0x0f;
			if (random.nextInt(8) == 0) {
				bytes[at] = 0x38;
				bytes[at + 1] = (byte) (0xf0 | random.nextInt(8));
			}
		}
		if (vex) {
			prefixByVex();
		}
		Instruction i = Decoder.decode(CodeSize.CODE64, bytes, 0, bytes.length);
		if (i.legality() != Legality.LEGAL || !wanted.contains(i.mnemonic())) {
			return null;
		}
		long[] registers = registers();
		if (!place(i, registers)) {
			return null;
		}
		long[] xmm = new long[64];
		for (int k = 0; k < xmm.length; k++) {
			xmm[k] = random.nextBoolean() ? interesting() : floating();
		}
		// CF PF AF ZF SF DF OF at random, IF set, bit 1 set.
		long flags = random.nextLong() & (Flags.STATUS | (isString(i) ? 0x400 : 0)) | 0x202;
		return new HostProcessor.Case(Arrays.copyOf(bytes, i.length()), registers, flags, random.nextLong() | 1,
				mxcsr(), xmm, mmx(), HostProcessor.Patch.NONE);
	}

	/** A three-byte VEX prefix of one of the opcode maps that exist; sometimes an address-size prefix before it. */
	private void prefixByVex() {
		random.nextBytes(bytes);
		int at = 0;
		if (random.nextInt(16) == 0) {
			bytes[at++] = 0x67;
		}
		bytes[at] = (byte) 0xc4;
		bytes[at + 1] = (byte) (bytes[at + 1] & 0xe0 | random.nextInt(1, 4));
		if (random.nextInt(4) == 0) {
			// No register in vvvv.
			bytes[at + 2] |= 0x78;
		}
	}

	/** Values for the MMX registers, which the x87 registers R0 to R7 are. */
	private HostProcessor.X87 mmx() {
		HostProcessor.X87 x87 = HostProcessor.X87.initial();
		for (int k = 0; k < 8; k++) {
			x87.significands()[k] = interesting();
			x87.words()[k] = random.nextInt(0x10000);
		}
		return x87;
	}

	private long[] registers() {
		long[] registers = new long[16];
		for (int k = 0; k < registers.length; k++) {
			registers[k] = interesting();
		}
		registers[RSP] = pointer();
		return registers;
	}

	/** Values near the borders of all widths are as likely as any others. */
	private long interesting() {
		int width = 8 << random.nextInt(4);
		return switch (random.nextInt(6)) {
			case 0 -> (1L << width - 1) + random.nextInt(-2, 3);
			case 1 -> random.nextInt(-3, 4);
			case 2 -> (-1L >>> 64 - width) + random.nextInt(-1, 2);
			case 3 -> random.nextLong() >> random.nextInt(64);
			default -> random.nextLong();
		};
	}

	/** All exceptions masked; any rounding, denormals as zeros, flush to zero, any flags. */
	private long mxcsr() {
		return 0x1f80 | (random.nextInt(3) == 0 ? random.nextInt(0x10000) & 0xe07f : 0);
	}

	/** Two singles or a double whose sums, products and quotients meet each other, NaNs, infinities and zeros. */
	private long floating() {
		if (random.nextBoolean()) {
			return single() << 32 | single();
		}
		double value = switch (random.nextInt(8)) {
			case 0 -> random.nextInt(-9, 10);
			case 1 -> random.nextDouble() * 1e-308;
			case 2 -> random.nextDouble() * 1e308;
			case 3 -> new double[] { 0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
					Double.MAX_VALUE, Double.MIN_VALUE, Double.MIN_NORMAL }[random.nextInt(8)];
			case 4 -> random.nextInt() / 16.0;
			default -> (random.nextDouble() - 0.5) * 1e6;
		};
		return Double.doubleToRawLongBits(value);
	}

	private long single() {
		float value = switch (random.nextInt(8)) {
			case 0 -> random.nextInt(-9, 10);
			case 1 -> random.nextFloat() * 1e-38f;
			case 2 -> random.nextFloat() * 1e38f;
			case 3 ->
				new float[] { 0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE,
						Float.MIN_VALUE, Float.MIN_NORMAL }[random.nextInt(8)];
			case 4 -> random.nextInt() / 16f;
			default -> (random.nextFloat() - 0.5f) * 1e6f;
		};
		return Float.floatToRawIntBits(value) & 0xffff_ffffL;
	}

	/** Far enough from the window's ends for what any instruction reaches from it. */
	private long pointer() {
		return HostProcessor.WINDOW + 160 + random.nextInt(192);
	}

	private static boolean isString(Instruction i) {
		return switch (i.mnemonic()) {
			case MOVS, CMPS, STOS, LODS, SCAS -> true;
			default -> false;
		};
	}

	/** Sets the registers so that memory operands lie in the window; false where that is not possible. */
	private boolean place(Instruction i, long[] registers) {
		for (Operand operand : i.operands()) {
			if (operand instanceof Operand.Mem mem && !comparable(mem)) {
				return false;
			}
		}
		// An instruction of SSE4.1, which the processor under test has not.
		if (i.opcode() >> 8 == 0x3a) {
			return false;
		}
		// Registers as operand: a hint to Intel's processors, undefined to AMD's.
		if (i.opcode() == 0x0f0d) {
			return false;
		}
		if (isString(i)) {
			registers[RSI] = pointer();
			registers[RDI] = pointer();
			registers[RCX] = random.nextInt(9);
			return true;
		}
		if (i.mnemonic() == Mnemonic.MASKMOVDQU || i.mnemonic() == Mnemonic.VMASKMOVDQU
				|| i.mnemonic() == Mnemonic.MASKMOVQ) {
			registers[RDI] = pointer();
			return i.addressSize() == 64 && i.prefixes().stream().noneMatch(prefix -> prefix == 0x64 || prefix == 0x65);
		}
		if (i.mnemonic() == Mnemonic.XLAT) {
			registers[3] = HostProcessor.WINDOW + 16;
			return true;
		}
		if (i.mnemonic() == Mnemonic.LEAVE) {
			registers[5] = pointer();
			return true;
		}
		for (Operand operand : i.operands()) {
			if (operand instanceof Operand.Mem mem && mem.size() > 0 && !place(i, mem, registers)) {
				return false;
			}
		}
		return true;
	}

	private boolean place(Instruction i, Operand.Mem mem, long[] registers) {
		Register base = mem.base();
		Register index = mem.index();
		if (base == null) {
			return false;
		}
		if (index != null && (index.number() == base.number() || index.number() == RSP) || stackAndOther(i, mem)) {
			return false;
		}
		if (index != null) {
			registers[index.number()] = random.nextInt(-0x1000, 0x1000);
		}
		long offset = mem.displacement()
				+ (index == null ? 0 : registers[index.number()] * mem.scale());
		if (isBitString(i)) {
			Register bit = ((Operand.Reg) i.operand(1)).register();
			if (bit.number() == base.number() || index != null && bit.number() == index.number()) {
				return false;
			}
			registers[bit.number()] = random.nextInt(-512, 512);
		}
		long target = pointer();
		if (mem.size() >= 16 && random.nextInt(8) != 0) {
			target &= -mem.size();
		}
		registers[base.number()] = target - offset;
		return mem.addressSize() == 64 || registers[base.number()] >>> 32 == 0 || random.nextBoolean();
	}

	/** Whether the address does not depend on where the code is, nor on the host's thread. */
	private static boolean comparable(Operand.Mem mem) {
		return mem.base() != Register.RIP && mem.base() != Register.EIP && mem.segment() != Register.FS
				&& mem.segment() != Register.GS;
	}

	/** POP and the like: the stack pointer must stay one. */
	private static boolean stackAndOther(Instruction i, Operand.Mem mem) {
		Register base = mem.base();
		boolean stack = i.mnemonic() == Mnemonic.PUSH || i.mnemonic() == Mnemonic.POP;
		return stack && base != null && base.number() == RSP;
	}

	private static boolean isBitString(Instruction i) {
		return switch (i.mnemonic()) {
			case BT, BTS, BTR, BTC -> i.operand(1) instanceof Operand.Reg;
			default -> false;
		};
	}
}
