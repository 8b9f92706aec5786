/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;

/**
 * A straight run of decoded instructions as rows of micro-operations (see {@link MicroOp}), valid for one hostPhysical
 * address and one {@link ModeKey}. It is left by its end or by its last instruction's branch.
 */
final class Block {
	/** The epoch of a block whose code has changed. */
	static final int DROPPED = -1;
	/** The epoch of a block that is looked up each time. */
	static final int UNLINKED = -2;
	/** What stands where there is no link. */
	static final Block NONE = new Block();

	final long hostPhysical;
	final int key;
	final int[] code;
	final long[] immediates;
	/** By micro-operation: the instruction it belongs to. one entry more for the end. */
	final byte[] instructionOf;
	/** By instruction: its first micro-operation; one entry more for the end. */
	final short[] starts;
	/** By instruction: its distance from the block's first byte; one entry more for the end. */
	final short[] offsets;
	final Routine[] routines;
	/** By routine: the instruction it is called for. */
	final Instruction[] arguments;
	/** Number of instructions. */
	final int count;
	/** Length in bytes. */
	final int length;
	/** What RIP is truncated to when the last instruction branches, and when execution goes on behind an instruction. */
	final long takenMask, sequentialMask;
	/** The first instruction may be marked by the observer. */
	final boolean marked;
	/** The second page's hostPhysical address where the (only) instruction crosses pages, else -1. */
	final long secondPage;

	/** RIP at which it was last looked up, and in which epoch: while the epoch lasts it needs no new look-up there. */
	long rip;
	int epoch = DROPPED;
	/** The blocks that followed last, by branch and by end. */
	Block branch = this, sequential = this;

	private Block() {
		hostPhysical = -1;
		key = -1;
		code = new int[0];
		immediates = new long[0];
		instructionOf = new byte[0];
		starts = new short[1];
		offsets = new short[1];
		routines = new Routine[0];
		arguments = new Instruction[0];
		count = 0;
		length = 0;
		takenMask = -1;
		sequentialMask = -1;
		marked = false;
		secondPage = -1;
	}

	Block(BlockBuilder from, boolean marked, long secondPage) {
		hostPhysical = from.hostPhysical();
		key = from.key();
		code = from.code();
		immediates = from.immediates();
		instructionOf = from.instructionOf();
		starts = from.starts();
		offsets = from.offsets();
		routines = from.routines();
		arguments = from.arguments();
		count = from.count();
		length = offsets[count];
		takenMask = from.takenMask();
		sequentialMask = from.sequentialMask();
		this.marked = marked;
		this.secondPage = secondPage;
		branch = NONE;
		sequential = NONE;
	}

	/** Bytes in the page of the first byte. */
	int inFirstPage() {
		return (int) Math.min(length, 4096 - (hostPhysical & 4095));
	}

	/** Whether the micro-operation's memory access is through SS. */
	boolean accessesStack(int position) {
		int word = code[position];
		int operation = word & MicroOp.OPERATION_MASK;
		if (operation == MicroOp.CALL || operation == MicroOp.CALL_INLINE) {
			return hasStackOperand(arguments[(int) immediates[position]]);
		}
		boolean memory = operation >= MicroOp.LOAD_8 && operation <= MicroOp.STORE_64;
		return memory && (word >>> MicroOp.WIDTH & MicroOp.THROUGH_SS) != 0 || operation == MicroOp.PUSH_64
				|| operation == MicroOp.POP_64 || operation >= MicroOp.CALL_RELATIVE && operation <= MicroOp.RETURN;
	}

	/** Whether a routine's operand in memory is in SS. */
	private static boolean hasStackOperand(Instruction instruction) {
		for (Operand operand : instruction.operands()) {
			if (operand instanceof Operand.Mem mem && mem.segment() == Register.SS) {
				return true;
			}
		}
		return false;
	}

	/** Whether the block's bytes touch the range of hostPhysical addresses. */
	boolean touches(long from, long to) {
		if (secondPage < 0) {
			return hostPhysical < to && from < hostPhysical + length;
		}
		long firstEnd = (hostPhysical | 4095) + 1;
		return hostPhysical < to && from < firstEnd
				|| secondPage < to && from < secondPage + length - (firstEnd - hostPhysical);
	}
}
