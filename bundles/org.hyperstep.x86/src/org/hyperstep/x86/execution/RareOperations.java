/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.hyperstep.x86.execution.Slots.CARRIES;
import static org.hyperstep.x86.execution.Slots.RESULT;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.state.CpuState;

/** The micro-operations that are too rare, or too large, for the interpreter's main switch. Of any width. */
final class RareOperations {
	private final Processor processor;
	private final long[] g;
	private final Multiplication multiplication;
	private final Shifts shifts;
	private final SegmentAccess segments;

	RareOperations(Processor processor) {
		this.processor = processor;
		g = processor.state().general;
		multiplication = new Multiplication(processor);
		shifts = new Shifts(g);
		segments = new SegmentAccess(processor);
	}

	@SuppressWarnings("nls")
	void execute(int word, long immediate) {
		int operation = word & MicroOp.OPERATION_MASK;
		int d = word >>> MicroOp.D & 63;
		int a = word >>> MicroOp.A & 63;
		int bits = 8 << (word >>> MicroOp.WIDTH & 3);
		long x = g[a];
		long y = (g[word >>> MicroOp.B & 63] << (word >>> MicroOp.SCALE)) + immediate;
		switch (operation) {
			case MicroOp.SHL, MicroOp.SHR, MicroOp.SAR, MicroOp.ROL, MicroOp.ROR, MicroOp.RCL, MicroOp.RCR,
					MicroOp.SHLD,
					MicroOp.SHRD ->
				shifts.execute(operation, bits, d, x, y);
			case MicroOp.ADD_16 -> add(16, d, x, y, 0);
			case MicroOp.SUB_16 -> subtract(16, d, x, y, 0);
			case MicroOp.OR_16 -> finish(16, d, x | y, 0);
			case MicroOp.AND_16 -> finish(16, d, x & y, 0);
			case MicroOp.XOR_16 -> finish(16, d, x ^ y, 0);
			case MicroOp.ADC_8 -> add(8, d, x, y, carry());
			case MicroOp.ADC_16 -> add(16, d, x, y, carry());
			case MicroOp.SBB_8 -> subtract(8, d, x, y, carry());
			case MicroOp.SBB_16 -> subtract(16, d, x, y, carry());
			case MicroOp.INC_8, MicroOp.INC_16 -> increment(operation == MicroOp.INC_8 ? 8 : 16, d, x, y);
			case MicroOp.DEC_8, MicroOp.DEC_16 -> decrement(operation == MicroOp.DEC_8 ? 8 : 16, d, x, y);
			case MicroOp.CMOVCC_16 -> {
				if (Flags.condition(g, (int) immediate)) {
					write(16, d, g[word >>> MicroOp.B & 63]);
				}
			}
			case MicroOp.MUL, MicroOp.IMUL -> multiplication.multiply(bits, y, operation == MicroOp.IMUL);
			case MicroOp.DIV -> multiplication.divide(bits, y);
			case MicroOp.IDIV -> multiplication.divideSigned(bits, y);
			case MicroOp.IMUL_16 -> imul16(d, x, y);
			case MicroOp.BT, MicroOp.BTS, MicroOp.BTR, MicroOp.BTC -> bitTest(operation, bits, d, x, y);
			case MicroOp.BSF, MicroOp.BSR -> bitScan(operation, bits, d, y);
			case MicroOp.POPCNT, MicroOp.LZCNT, MicroOp.TZCNT -> bitCount(operation, bits, d, y);
			case MicroOp.BSWAP -> write(bits, d,
					Long.reverseBytes(y) >>> 64 - bits);
			case MicroOp.CLC -> Flags.setCarry(g, false);
			case MicroOp.STC -> Flags.setCarry(g, true);
			case MicroOp.CMC -> g[CARRIES] ^= 3L << 62;
			case MicroOp.SEGMENT_CHECK -> g[d] = segments.linear((int) immediate & 7,
					x + (y - immediate), (int) (immediate >>> 4), (immediate & 8) != 0);
			case MicroOp.BIT_OFFSET ->
				g[d] = (RegisterWidth.signed(bits, y) >> Integer.numberOfTrailingZeros(bits)) * (bits >> 3);
			case MicroOp.CRC32 -> g[d] = crc32c((int) x, y, bits) & 0xffff_ffffL;
			case MicroOp.RAISE -> throw processor.fault().raise(a);
			case MicroOp.RAISE_WITH_CODE -> throw processor.fault().raise(a, (int) immediate, 0);
			case MicroOp.LOOP -> loop(bits, d, (int) immediate);
			default -> throw new IllegalStateException("no micro-operation " + operation);
		}
	}

	/** Writes a slot as a register write of that width does. */
	private void write(int bits, int d, long value) {
		g[d] = RegisterWidth.merge(bits, g[d], value);
	}

	private long carry() {
		return g[CARRIES] >>> 63;
	}

	private void finish(int bits, int d, long result, long carries) {
		g[CARRIES] = carries << 64 - bits | carries & Flags.AUXILIARY;
		g[RESULT] = RegisterWidth.signed(bits, result);
		write(bits, d, result);
	}

	private void add(int bits, int d, long x, long y, long carry) {
		long sum = x + y + carry;
		finish(bits, d, sum, x & y | (x | y) & ~sum);
	}

	private void subtract(int bits, int d, long x, long y, long borrow) {
		long difference = x - y - borrow;
		finish(bits, d, difference, ~x & y | (~x | y) & difference);
	}

	private void increment(int bits, int d, long x, long y) {
		boolean carry = g[CARRIES] < 0;
		add(bits, d, x, y, 0);
		Flags.setCarry(g, carry);
	}

	private void decrement(int bits, int d, long x, long y) {
		boolean carry = g[CARRIES] < 0;
		subtract(bits, d, x, y, 0);
		Flags.setCarry(g, carry);
	}

	private void imul16(int d, long x, long y) {
		long product = (long) (short) x * (short) y;
		g[RESULT] = (short) product;
		g[CARRIES] = Flags.carries(product != (short) product, product != (short) product);
		write(16, d, product);
	}

	private void bitTest(int operation, int bits, int d, long x, long y) {
		long bit = 1L << (y & bits - 1);
		Flags.setCarry(g, (x & bit) != 0);
		switch (operation) {
			case MicroOp.BTS -> write(bits, d, x | bit);
			case MicroOp.BTR -> write(bits, d, x & ~bit);
			case MicroOp.BTC -> write(bits, d, x ^ bit);
			default -> {
				// BT reads only
			}
		}
	}

	/** A source of zero sets ZF and leaves the destination as it was (AMD says so; Intel's processors do it). */
	private void bitScan(int operation, int bits, int d, long y) {
		long value = RegisterWidth.unsigned(bits, y);
		long found = operation == MicroOp.BSF ? Long.numberOfTrailingZeros(value)
				: 63 - Long.numberOfLeadingZeros(value);
		long flags = Flags.get(g) & ~CpuState.ZF;
		Flags.set(g, value == 0 ? flags | CpuState.ZF : flags);
		if (value != 0) {
			write(bits, d, found);
		}
	}

	private void bitCount(int operation, int bits, int d, long y) {
		long value = RegisterWidth.unsigned(bits, y);
		int count = switch (operation) {
			case MicroOp.POPCNT -> Long.bitCount(value);
			case MicroOp.LZCNT -> Long.numberOfLeadingZeros(value) - (64 - bits);
			default -> Math.min(bits, Long.numberOfTrailingZeros(value));
		};
		if (operation == MicroOp.POPCNT) {
			Flags.set(g, value == 0 ? CpuState.ZF : 0);
		} else {
			long flags = Flags.get(g) & ~(CpuState.ZF | CpuState.CF);
			Flags.set(g, flags | (count == 0 ? CpuState.ZF : 0) | (value == 0 ? CpuState.CF : 0));
		}
		write(bits, d, count);
	}

	/** The polynomial is 11EDC6F41H, reflected. */
	private static int crc32c(int crc, long data, int bits) {
		int rest = crc;
		for (int i = 0; i < bits; i++) {
			int low = (rest ^ (int) (data >>> i)) & 1;
			rest = rest >>> 1 ^ (low != 0 ? 0x82f63b78 : 0);
		}
		return rest;
	}

	/** The condition is ZF (4), not ZF (5), or none (16). */
	private void loop(int bits, int d, int condition) {
		long count = RegisterWidth.unsigned(bits, g[CpuState.RCX]) - 1;
		write(bits, CpuState.RCX, count);
		g[d] = RegisterWidth.unsigned(bits, count) != 0 && (condition == 16 || Flags.condition(g, condition)) ? 1 : 0;
	}
}
