/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.hyperstep.x86.execution.Flags.KEPT_CARRIES;
import static org.hyperstep.x86.execution.Slots.BLOCK_RIP;
import static org.hyperstep.x86.execution.Slots.CARRIES;
import static org.hyperstep.x86.execution.Slots.RESULT;
import static org.hyperstep.x86.state.CpuState.RSP;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.event.EventArbiter;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.memory.LittleEndian;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.memory.Tlb;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/**
 * Executes the micro-operations of blocks, following the links between them. It leaves where something wants to be
 * looked at: behind a block without a valid link, behind a routine, at the deadline, when the arbiter has attention, or
 * behind the instruction whose memory access had a consequence. RIP and the count of retired instructions are exact
 * then; when a fault leaves it, {@link #settle()} makes them so.
 * <p>
 * The JIT compiler computes what several cases of the switch have in common before each dispatch, for all of them and in
 * vain. So each case loads x and y itself, which no two have in common because each has its own range check; what is the
 * same for many stands in a local variable before the loop; and flags that are read are found through an index that the
 * compiler cannot know.
 * <p>
 * HotSpot does not inline any more where the method and what it has inlined reach 8000 bytecodes: what is rare is kept
 * out of line, in RareOperations.
 * <p>
 * {@link #run} stays below 8000 bytecodes, or HotSpot would not compile it; a test watches that.
 */
final class Interpreter {
	private final Engine engine;
	private final Processor processor;
	private final CpuState state;
	private final Mmu mmu;
	private final EventArbiter arbiter;
	private final RareOperations rareOperations;
	private final SegmentState[] segments;
	private final long[] g;

	/** Instructions retired before the block that executes. */
	private long retiredBefore;
	/** The block that executes; null outside of {@link #run}. */
	private @Nullable Block current;
	/** Index of the micro-operation, exact where something outside is called. */
	private int position;
	/** Set by a memory access off the fast path when the next boundary needs a look. */
	private boolean interrupted;
	/** The first instruction of the block that is not to run, where its end is not that of the block. */
	private int stop;

	/** The block that was left by its end, to be linked with its successor; null if the exit was another. */
	@Nullable
	Block left;
	/** Whether {@link #left} was left by its branch. */
	boolean leftByBranch;
	/** Blocks whose {@link Block#epoch} is another need a new look-up. */
	int epoch;
	/** The number of retired instructions to stop at. */
	long deadline = Long.MAX_VALUE;

	Interpreter(Engine engine, Processor processor) {
		this.engine = engine;
		this.processor = processor;
		arbiter = processor.events();
		state = processor.state();
		mmu = processor.mmu();
		segments = state.segments;
		g = state.general;
		rareOperations = new RareOperations(processor);
	}

	/** Instructions retired since reset. */
	long retired() {
		Block block = current;
		return block == null ? retiredBefore : retiredBefore + block.instructionOf[position];
	}

	/** Counts instructions executed by someone else, or iterations. */
	void retire(long instructions) {
		retiredBefore += instructions;
	}

	/** RIP behind the instruction that executes. */
	long nextRip() {
		Block block = current;
		if (block == null) {
			throw new IllegalStateException("no instruction executes"); //$NON-NLS-1$
		}
		return g[BLOCK_RIP] + block.offsets[block.instructionOf[position] + 1] & block.sequentialMask;
	}

	/** Sets RIP to that of the instruction that executes. */
	void makeRipExact() {
		Block block = current;
		if (block != null) {
			state.rip = g[BLOCK_RIP] + block.offsets[block.instructionOf[position]] & block.sequentialMask;
		}
	}

	/** Length of the instruction that executes; 0 when none does. */
	int instructionLength() {
		Block block = current;
		if (block == null) {
			return 0;
		}
		int instruction = block.instructionOf[position];
		return block.offsets[instruction + 1] - block.offsets[instruction];
	}

	/** After an exception left {@link #run}: RIP is that of the instruction, those before it are retired. */
	void settle() {
		Block block = current;
		if (block != null) {
			int instruction = block.instructionOf[position];
			retiredBefore += instruction;
			state.rip = g[BLOCK_RIP] + block.offsets[instruction] & block.sequentialMask;
			current = null;
		}
	}

	/** Whether the micro-operation that faulted accessed memory through SS. */
	boolean throughStackSegment() {
		Block block = current;
		return block != null && block.accessesStack(position);
	}

	/**
	 * Executes from the start of a block.
	 *
	 * @param first        the block at CS:RIP, valid for the present mode
	 * @param instructions how many of its instructions; blocks behind it are entered only if all
	 * @param goesOn       whether blocks behind it are entered at all
	 */
	void run(Block first, int instructions, boolean goesOn) {
		final long[] g = this.g;
		final Tlb tlb = mmu.tlb;
		final long[] readTag = tlb.readTag;
		final long[] writeTag = tlb.writeTag;
		final byte[][] bank = tlb.bank;
		final int[] origin = tlb.origin;
		final int section = mmu.section;
		final int unused = mmu.unusedAddressBits();
		Block block = first;
		long rip = state.rip;
		int end = instructions == block.count ? block.code.length : block.starts[instructions];
		stop = instructions;
		left = null;
		interrupted = false;
		blocks: for (;;) {
			final int[] code = block.code;
			final long[] immediates = block.immediates;
			g[BLOCK_RIP] = rip;
			Block next;
			int i = 0;
			branch: {
				taken: {
					run: for (; i < end; i++) {
						int word = code[i];
						int d = word >>> MicroOp.D & 63;
						int a = word >>> MicroOp.A & 63;
						int b = word >>> MicroOp.B & 63;
						long immediate = immediates[i];
						long x;
						long y;
						long r;
						long c;
						switch (word & MicroOp.OPERATION_MASK) {
							case MicroOp.END:
								break run;
							case MicroOp.JUMP:
								break taken;
							case MicroOp.JUMP_O:
								x = g[a];
								if ((x ^ x << 1) < 0) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_NO:
								x = g[a];
								if ((x ^ x << 1) >= 0) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_B:
								x = g[a];
								if (x < 0) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_NB:
								x = g[a];
								if (x >= 0) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_Z:
								y = g[b];
								if (y == 0) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_NZ:
								y = g[b];
								if (y != 0) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_BE:
								x = g[a];
								y = g[b];
								if (x < 0 || y == 0) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_NBE:
								x = g[a];
								y = g[b];
								if (x >= 0 && y != 0) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_S:
								x = g[a];
								y = g[b];
								if ((y ^ x << 62) < 0) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_NS:
								x = g[a];
								y = g[b];
								if ((y ^ x << 62) >= 0) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_P:
								x = g[a];
								y = g[b];
								if (Flags.parity(y, x)) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_NP:
								x = g[a];
								y = g[b];
								if (!Flags.parity(y, x)) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_L:
								x = g[a];
								y = g[b];
								if (Flags.less(y, x)) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_NL:
								x = g[a];
								y = g[b];
								if (!Flags.less(y, x)) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_LE:
								x = g[a];
								y = g[b];
								if (y == 0 || Flags.less(y, x)) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_NLE:
								x = g[a];
								y = g[b];
								if (y != 0 && !Flags.less(y, x)) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_IF_ZERO:
								x = g[a];
								if (x == 0) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_IF_NOT_ZERO:
								x = g[a];
								if (x != 0) {
									break taken;
								}
								break run;
							case MicroOp.JUMP_INDIRECT:
								y = g[b] + immediate;
								if (y << unused >> unused != y) {
									throw nonCanonical(block, i);
								}
								rip = y & block.takenMask;
								break branch;
							case MicroOp.CALL_RELATIVE:
								y = g[b];
								r = y - 8;
								write64(r, rip + block.length, block, i, section, writeTag, bank, origin);
								g[RSP] = r;
								rip = rip + immediate;
								break branch;
							case MicroOp.CALL_INDIRECT:
								x = g[a];
								y = g[b];
								if (x << unused >> unused != x) {
									throw nonCanonical(block, i);
								}
								r = y - 8;
								write64(r, rip + block.length, block, i, section, writeTag, bank, origin);
								g[RSP] = r;
								rip = x;
								break branch;
							case MicroOp.RETURN:
								y = g[b];
								r = read64(y, block, i, section, readTag, bank, origin);
								if (r << unused >> unused != r) {
									throw nonCanonical(block, i);
								}
								g[RSP] = y + 8 + immediate;
								rip = r;
								break branch;
							case MicroOp.CALL:
								next = call(block, i);
								if (next == null || !goesOn || mmu.section != section) {
									return;
								}
								rip = state.rip;
								block = next;
								end = block.code.length;
								continue blocks;
							case MicroOp.CALL_INLINE:
								callInline(block, i);
								break;
							case MicroOp.MOVE_8:
								y = g[b] + immediate;
								g[d] = g[d] & ~0xffL | y & 0xff;
								continue;
							case MicroOp.MOVE_16:
								y = g[b] + immediate;
								g[d] = g[d] & ~0xffffL | y & 0xffff;
								continue;
							case MicroOp.MOVE_32:
								y = g[b] + immediate;
								g[d] = y & 0xffff_ffffL;
								continue;
							case MicroOp.MOVE_64:
								y = g[b] + immediate;
								g[d] = y;
								continue;
							case MicroOp.ADDRESS_16:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								g[d] = x + y & 0xffff;
								continue;
							case MicroOp.ADDRESS_32:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								g[d] = x + y & 0xffff_ffffL;
								continue;
							case MicroOp.ADDRESS_64:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								g[d] = x + y;
								continue;
							case MicroOp.ZERO_8:
								y = g[b] + immediate;
								g[d] = y & 0xff;
								continue;
							case MicroOp.ZERO_16:
								y = g[b] + immediate;
								g[d] = y & 0xffff;
								continue;
							case MicroOp.SIGN_8:
								y = g[b] + immediate;
								g[d] = (byte) y;
								continue;
							case MicroOp.SIGN_16:
								y = g[b] + immediate;
								g[d] = (short) y;
								continue;
							case MicroOp.SIGN_32:
								y = g[b] + immediate;
								g[d] = (int) y;
								continue;
							case MicroOp.SIGN_MASK:
								y = g[b] + immediate;
								g[d] = y >> 63;
								continue;
							case MicroOp.GET_HIGH:
								y = g[b] + immediate;
								g[d] = y >> 8 & 0xff;
								continue;
							case MicroOp.PUT_HIGH:
								y = g[b] + immediate;
								g[d] = g[d] & ~0xff00L | (y & 0xff) << 8;
								continue;
							case MicroOp.LOAD_8:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								g[d] = read8(x + y, block, i, section, readTag, bank, origin);
								break;
							case MicroOp.LOAD_16:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								g[d] = read16(x + y, block, i, section, readTag, bank, origin);
								break;
							case MicroOp.LOAD_32:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								g[d] = read32(x + y, block, i, section, readTag, bank, origin);
								break;
							case MicroOp.LOAD_64:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								g[d] = read64(x + y, block, i, section, readTag, bank, origin);
								break;
							case MicroOp.MODIFY_8:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								g[d] = modify(x + y, 1, block, i, section, writeTag, bank, origin);
								break;
							case MicroOp.MODIFY_16:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								g[d] = modify(x + y, 2, block, i, section, writeTag, bank, origin);
								break;
							case MicroOp.MODIFY_32:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								g[d] = modify(x + y, 4, block, i, section, writeTag, bank, origin);
								break;
							case MicroOp.MODIFY_64:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								g[d] = modify(x + y, 8, block, i, section, writeTag, bank, origin);
								break;
							case MicroOp.STORE_8:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								write8(x + y, g[d], block, i, section, writeTag, bank, origin);
								break;
							case MicroOp.STORE_16:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								write16(x + y, g[d], block, i, section, writeTag, bank, origin);
								break;
							case MicroOp.STORE_32:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								write32(x + y, g[d], block, i, section, writeTag, bank, origin);
								break;
							case MicroOp.STORE_64:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								write64(x + y, g[d], block, i, section, writeTag, bank, origin);
								break;
							case MicroOp.PUSH_64:
								x = g[a];
								y = g[b];
								r = y - 8;
								write64(r, x, block, i, section, writeTag, bank, origin);
								g[RSP] = r;
								break;
							case MicroOp.POP_64:
								y = g[b];
								r = read64(y, block, i, section, readTag, bank, origin);
								g[RSP] = y + 8;
								g[d] = r;
								break;
							case MicroOp.ADD_8:
								x = g[a];
								y = g[b] + immediate;
								r = x + y;
								c = x & y | (x | y) & ~r;
								g[CARRIES] = c << 56 | c & 8;
								g[RESULT] = (byte) r;
								g[d] = g[d] & ~0xffL | r & 0xff;
								continue;
							case MicroOp.ADD_32:
								x = g[a];
								y = g[b] + immediate;
								r = x + y;
								c = x & y | (x | y) & ~r;
								g[CARRIES] = c << 32 | c & 8;
								g[RESULT] = (int) r;
								g[d] = r & 0xffff_ffffL;
								continue;
							case MicroOp.ADD_64:
								x = g[a];
								y = g[b] + immediate;
								r = x + y;
								c = x & y | (x | y) & ~r;
								g[CARRIES] = c & KEPT_CARRIES;
								g[RESULT] = r;
								g[d] = r;
								continue;
							case MicroOp.OR_8:
								x = g[a];
								y = g[b] + immediate;
								r = x | y;
								g[CARRIES] = 0;
								g[RESULT] = (byte) r;
								g[d] = g[d] & ~0xffL | r & 0xff;
								continue;
							case MicroOp.OR_32:
								x = g[a];
								y = g[b] + immediate;
								r = x | y;
								g[CARRIES] = 0;
								g[RESULT] = (int) r;
								g[d] = r & 0xffff_ffffL;
								continue;
							case MicroOp.OR_64:
								x = g[a];
								y = g[b] + immediate;
								r = x | y;
								g[CARRIES] = 0;
								g[RESULT] = r;
								g[d] = r;
								continue;
							case MicroOp.ADC_32:
								x = g[a];
								y = g[b] + immediate;
								r = x + y + (g[CARRIES + (word >>> MicroOp.SCALE)] >>> 63);
								c = x & y | (x | y) & ~r;
								g[CARRIES] = c << 32 | c & 8;
								g[RESULT] = (int) r;
								g[d] = r & 0xffff_ffffL;
								continue;
							case MicroOp.ADC_64:
								x = g[a];
								y = g[b] + immediate;
								r = x + y + (g[CARRIES + (word >>> MicroOp.SCALE)] >>> 63);
								c = x & y | (x | y) & ~r;
								g[CARRIES] = c & KEPT_CARRIES;
								g[RESULT] = r;
								g[d] = r;
								continue;
							case MicroOp.SBB_32:
								x = g[a];
								y = g[b] + immediate;
								r = x - y - (g[CARRIES + (word >>> MicroOp.SCALE)] >>> 63);
								c = ~x & y | (~x | y) & r;
								g[CARRIES] = c << 32 | c & 8;
								g[RESULT] = (int) r;
								g[d] = r & 0xffff_ffffL;
								continue;
							case MicroOp.SBB_64:
								x = g[a];
								y = g[b] + immediate;
								r = x - y - (g[CARRIES + (word >>> MicroOp.SCALE)] >>> 63);
								c = ~x & y | (~x | y) & r;
								g[CARRIES] = c & KEPT_CARRIES;
								g[RESULT] = r;
								g[d] = r;
								continue;
							case MicroOp.AND_8:
								x = g[a];
								y = g[b] + immediate;
								r = x & y;
								g[CARRIES] = 0;
								g[RESULT] = (byte) r;
								g[d] = g[d] & ~0xffL | r & 0xff;
								continue;
							case MicroOp.AND_32:
								x = g[a];
								y = g[b] + immediate;
								r = x & y;
								g[CARRIES] = 0;
								g[RESULT] = (int) r;
								g[d] = r & 0xffff_ffffL;
								continue;
							case MicroOp.AND_64:
								x = g[a];
								y = g[b] + immediate;
								r = x & y;
								g[CARRIES] = 0;
								g[RESULT] = r;
								g[d] = r;
								continue;
							case MicroOp.SUB_8:
								x = g[a];
								y = g[b] + immediate;
								r = x - y;
								c = ~x & y | (~x | y) & r;
								g[CARRIES] = c << 56 | c & 8;
								g[RESULT] = (byte) r;
								g[d] = g[d] & ~0xffL | r & 0xff;
								continue;
							case MicroOp.SUB_32:
								x = g[a];
								y = g[b] + immediate;
								r = x - y;
								c = ~x & y | (~x | y) & r;
								g[CARRIES] = c << 32 | c & 8;
								g[RESULT] = (int) r;
								g[d] = r & 0xffff_ffffL;
								continue;
							case MicroOp.SUB_64:
								x = g[a];
								y = g[b] + immediate;
								r = x - y;
								c = ~x & y | (~x | y) & r;
								g[CARRIES] = c & KEPT_CARRIES;
								g[RESULT] = r;
								g[d] = r;
								continue;
							case MicroOp.XOR_8:
								x = g[a];
								y = g[b] + immediate;
								r = x ^ y;
								g[CARRIES] = 0;
								g[RESULT] = (byte) r;
								g[d] = g[d] & ~0xffL | r & 0xff;
								continue;
							case MicroOp.XOR_32:
								x = g[a];
								y = g[b] + immediate;
								r = x ^ y;
								g[CARRIES] = 0;
								g[RESULT] = (int) r;
								g[d] = r & 0xffff_ffffL;
								continue;
							case MicroOp.XOR_64:
								x = g[a];
								y = g[b] + immediate;
								r = x ^ y;
								g[CARRIES] = 0;
								g[RESULT] = r;
								g[d] = r;
								continue;
							case MicroOp.INC_32:
								x = g[a];
								y = g[b] + immediate;
								r = x + y;
								c = x & y | (x | y) & ~r;
								c = c << 32 | c & 8;
								g[CARRIES] = (c ^ g[CARRIES + (word >>> MicroOp.SCALE)]) < 0 ? c ^ 3L << 62 : c;
								g[RESULT] = (int) r;
								g[d] = r & 0xffff_ffffL;
								continue;
							case MicroOp.INC_64:
								x = g[a];
								y = g[b] + immediate;
								r = x + y;
								c = x & y | (x | y) & ~r;
								c = c & KEPT_CARRIES;
								g[CARRIES] = (c ^ g[CARRIES + (word >>> MicroOp.SCALE)]) < 0 ? c ^ 3L << 62 : c;
								g[RESULT] = r;
								g[d] = r;
								continue;
							case MicroOp.DEC_32:
								x = g[a];
								y = g[b] + immediate;
								r = x - y;
								c = ~x & y | (~x | y) & r;
								c = c << 32 | c & 8;
								g[CARRIES] = (c ^ g[CARRIES + (word >>> MicroOp.SCALE)]) < 0 ? c ^ 3L << 62 : c;
								g[RESULT] = (int) r;
								g[d] = r & 0xffff_ffffL;
								continue;
							case MicroOp.DEC_64:
								x = g[a];
								y = g[b] + immediate;
								r = x - y;
								c = ~x & y | (~x | y) & r;
								c = c & KEPT_CARRIES;
								g[CARRIES] = (c ^ g[CARRIES + (word >>> MicroOp.SCALE)]) < 0 ? c ^ 3L << 62 : c;
								g[RESULT] = r;
								g[d] = r;
								continue;
							case MicroOp.SHL_32:
								x = g[a];
								y = g[b] + immediate;
								g[CARRIES] = x << 32 << y - 1 & 3L << 62;
								r = x << y;
								g[RESULT] = (int) r;
								g[d] = r & 0xffff_ffffL;
								continue;
							case MicroOp.SHL_64:
								x = g[a];
								y = g[b] + immediate;
								g[CARRIES] = x << y - 1 & 3L << 62;
								r = x << y;
								g[RESULT] = r;
								g[d] = r;
								continue;
							case MicroOp.SHR_32:
								x = g[a];
								y = g[b] + immediate;
								x &= 0xffff_ffffL;
								r = x >>> y;
								c = x >>> y - 1 << 63;
								g[CARRIES] = c | (c >>> 1 ^ (x & 1L << 31) << 31);
								g[RESULT] = (int) r;
								g[d] = r;
								continue;
							case MicroOp.SHR_64:
								x = g[a];
								y = g[b] + immediate;
								r = x >>> y;
								c = x >>> y - 1 << 63;
								g[CARRIES] = c | (c >>> 1 ^ (x & 1L << 63) >>> 1);
								g[RESULT] = r;
								g[d] = r;
								continue;
							case MicroOp.SAR_32:
								x = g[a];
								y = g[b] + immediate;
								x = (int) x;
								r = x >> y;
								c = x >> y - 1 << 63;
								g[CARRIES] = c | c >>> 1;
								g[RESULT] = r;
								g[d] = r & 0xffff_ffffL;
								continue;
							case MicroOp.SAR_64:
								x = g[a];
								y = g[b] + immediate;
								r = x >> y;
								c = x >> y - 1 << 63;
								g[CARRIES] = c | c >>> 1;
								g[RESULT] = r;
								g[d] = r;
								continue;
							case MicroOp.IMUL_32:
								x = g[a];
								y = g[b] + immediate;
								r = (long) (int) x * (int) y;
								g[CARRIES] = r != (int) r ? 1L << 63 : 0;
								g[RESULT] = (int) r;
								g[d] = r & 0xffff_ffffL;
								continue;
							case MicroOp.IMUL_64:
								x = g[a];
								y = g[b] + immediate;
								r = x * y;
								g[CARRIES] = Math.multiplyHigh(x, y) != r >> 63 ? 1L << 63 : 0;
								g[RESULT] = r;
								g[d] = r;
								continue;
							case MicroOp.NOT:
								y = g[b] + immediate;
								g[d] = ~y;
								continue;
							case MicroOp.CMOVCC_32:
							case MicroOp.CMOVCC_64:
							case MicroOp.SETCC:
								x = g[a];
								g[d] = chosen(word, Flags.condition(x, g[a + 1], (int) immediate), g[d], g[b]);
								continue;
							case MicroOp.SEGMENT_BASE:
								x = g[a];
								y = (g[b] << (word >>> MicroOp.SCALE)) + immediate;
								g[d] = x + y + segments[word >>> MicroOp.WIDTH & 7].base;
								continue;
							default:
								rare(block, word, immediate, i);
								continue;
						}
						if (interrupted) {
							interrupted = false;
							end = limit(block, end, block.instructionOf[i] + 1);
						}
					}
					if (i >= end) {
						leavePartly(block, rip, stop);
						return;
					}
					rip = rip + block.length & block.sequentialMask;
					next = block.sequential;
					retiredBefore += block.count;
					if (goesOn && stays(next, rip)) {
						block = next;
						end = block.code.length;
						continue;
					}
					leave(block, rip, false);
					return;
				}
				rip = rip + immediates[i] & block.takenMask;
			}
			next = block.branch;
			retiredBefore += block.count;
			if (!goesOn || !stays(next, rip)) {
				leave(block, rip, true);
				return;
			}
			block = next;
			end = block.code.length;
		}
	}

	/**
	 * Has the block left before an instruction. The end alone does not tell which one it is: an instruction like NOP has
	 * no operation of its own.
	 */
	private int limit(Block block, int end, int instruction) {
		if (end == block.code.length || instruction < stop) {
			stop = instruction;
		}
		return Math.min(end, block.starts[instruction]);
	}

	/** Whether the linked block may be entered at once. */
	private boolean stays(Block next, long rip) {
		return next.rip == rip && next.epoch == epoch && arbiter.attention == 0 && !interrupted
				&& retiredBefore + next.count <= deadline;
	}

	private void leave(Block block, long rip, boolean byBranch) {
		state.rip = rip;
		left = block;
		leftByBranch = byBranch;
		current = null;
	}

	private void leavePartly(Block block, long rip, int instruction) {
		state.rip = rip + block.offsets[instruction] & block.sequentialMask;
		retiredBefore += instruction;
		current = null;
	}

	/** Calls the routine that ends the block. Returns the next block where it may be entered at once, or null. */
	private @Nullable Block call(Block block, int i) {
		current = block;
		position = i;
		int instruction = block.instructionOf[i];
		state.rip = g[BLOCK_RIP] + block.offsets[instruction] & block.sequentialMask;
		int routine = (int) block.immediates[i];
		engine.callRoutine(block.routines[routine], block.arguments[routine]);
		retiredBefore += instruction + 1;
		current = null;
		return arbiter.attention == 0 ? engine.behindRoutine(block.key) : null;
	}

	private void callInline(Block block, int i) {
		current = block;
		position = i;
		int routine = (int) block.immediates[i];
		block.routines[routine].run(processor, block.arguments[routine]);
		interrupted = needsLook();
	}

	/** What becomes of slot d by CMOVCC or SETCC. */
	private static long chosen(int word, boolean holds, long old, long other) {
		return switch (word & MicroOp.OPERATION_MASK) {
			case MicroOp.CMOVCC_32 -> (holds ? other : old) & 0xffff_ffffL;
			case MicroOp.CMOVCC_64 -> holds ? other : old;
			default -> old & ~0xffL | (holds ? 1 : 0);
		};
	}

	private void rare(Block block, int word, long immediate, int i) {
		current = block;
		position = i;
		rareOperations.execute(word, immediate);
	}

	private GuestFault nonCanonical(Block block, int i) {
		current = block;
		position = i;
		return processor.fault().generalProtection(0);
	}

	// ---- memory: the fast path as Tlb describes it, inlined into run ----

	private long read8(long linear, Block block, int i, int section, long[] readTag, byte[][] bank, int[] origin) {
		int e = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		return readTag[e] == (linear & Tlb.PAGE_MASK) ? bank[e][origin[e] + ((int) linear & 4095)] & 0xff
				: readSlow(linear, 1, block, i);
	}

	private long read16(long linear, Block block, int i, int section, long[] readTag, byte[][] bank, int[] origin) {
		int e = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		return readTag[e] == (linear + 1 & Tlb.PAGE_MASK)
				? (short) LittleEndian.SHORT.get(bank[e], origin[e] + ((int) linear & 4095)) & 0xffff
				: readSlow(linear, 2, block, i);
	}

	private long read32(long linear, Block block, int i, int section, long[] readTag, byte[][] bank, int[] origin) {
		int e = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		return readTag[e] == (linear + 3 & Tlb.PAGE_MASK)
				? (int) LittleEndian.INT.get(bank[e], origin[e] + ((int) linear & 4095)) & 0xffff_ffffL
				: readSlow(linear, 4, block, i);
	}

	private long read64(long linear, Block block, int i, int section, long[] readTag, byte[][] bank, int[] origin) {
		int e = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		return readTag[e] == (linear + 7 & Tlb.PAGE_MASK)
				? (long) LittleEndian.LONG.get(bank[e], origin[e] + ((int) linear & 4095))
				: readSlow(linear, 8, block, i);
	}

	private long modify(long linear, int size, Block block, int i, int section, long[] writeTag, byte[][] bank,
			int[] origin) {
		int e = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (writeTag[e] == (linear + size - 1 & Tlb.PAGE_MASK)) {
			return LittleEndian.get(bank[e], origin[e] + ((int) linear & 4095), size);
		}
		current = block;
		position = i;
		mmu.prepareWrite(linear, size);
		return readSlow(linear, size, block, i);
	}

	private void write8(long linear, long value, Block block, int i, int section, long[] writeTag, byte[][] bank,
			int[] origin) {
		int e = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (writeTag[e] == (linear & Tlb.PAGE_MASK)) {
			bank[e][origin[e] + ((int) linear & 4095)] = (byte) value;
		} else {
			writeSlow(linear, 1, value, block, i);
		}
	}

	private void write16(long linear, long value, Block block, int i, int section, long[] writeTag, byte[][] bank,
			int[] origin) {
		int e = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (writeTag[e] == (linear + 1 & Tlb.PAGE_MASK)) {
			LittleEndian.SHORT.set(bank[e], origin[e] + ((int) linear & 4095), (short) value);
		} else {
			writeSlow(linear, 2, value, block, i);
		}
	}

	private void write32(long linear, long value, Block block, int i, int section, long[] writeTag, byte[][] bank,
			int[] origin) {
		int e = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (writeTag[e] == (linear + 3 & Tlb.PAGE_MASK)) {
			LittleEndian.INT.set(bank[e], origin[e] + ((int) linear & 4095), (int) value);
		} else {
			writeSlow(linear, 4, value, block, i);
		}
	}

	private void write64(long linear, long value, Block block, int i, int section, long[] writeTag, byte[][] bank,
			int[] origin) {
		int e = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (writeTag[e] == (linear + 7 & Tlb.PAGE_MASK)) {
			LittleEndian.LONG.set(bank[e], origin[e] + ((int) linear & 4095), value);
		} else {
			writeSlow(linear, 8, value, block, i);
		}
	}

	private long readSlow(long linear, int size, Block block, int i) {
		current = block;
		position = i;
		long value = mmu.read(linear, size);
		interrupted = needsLook();
		return value;
	}

	private void writeSlow(long linear, int size, long value, Block block, int i) {
		current = block;
		position = i;
		mmu.write(linear, size, value);
		interrupted = needsLook();
	}

	/**
	 * After what a memory access may have caused: code of this block changed, an interrupt, a data breakpoint; or time that
	 * it took, so that the deadline is within the block now.
	 */
	private boolean needsLook() {
		Block block = current;
		return block == null || block.epoch == Block.DROPPED || arbiter.attention != 0
				|| state.interruptibility.pendingDebugExceptions != 0
				|| retiredBefore + block.count > deadline;
	}
}
