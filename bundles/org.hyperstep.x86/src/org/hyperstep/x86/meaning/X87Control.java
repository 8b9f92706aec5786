/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.util.List;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.event.FloatErrorFreeze;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.BlockBuilder.Address;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.ExtendedState;

/** x87 control, and the instructions that save and restore the x87, MMX and SSE state. */
final class X87Control {
	/** Status word: exception summary; its lower bits are the exceptions and the stack fault. */
	private static final int ERROR_SUMMARY = 0x80, EXCEPTIONS = 0x80ff;
	/** Bits of MXCSR that may be set: MXCSR_MASK of FXSAVE. */
	static final int MXCSR_MASK = 0xffff;

	private X87Control() {
	}

	static void define(Meanings table) {
		table.define(Mnemonic.FNINIT, x87(false, (p, i) -> p.state().extended.initializeX87()));
		table.define(Mnemonic.FNCLEX, x87(false, (p, i) -> p.state().extended.statusWord &= ~EXCEPTIONS));
		table.define(Mnemonic.FNOP, x87(true, (p, i) -> {
			// raises pending exceptions only
		}));
		List.of(Mnemonic.FNENI, Mnemonic.FNDISI, Mnemonic.FNSETPM, Mnemonic.FRSTPM)
				.forEach(mnemonic -> table.define(mnemonic, x87(false, (p, i) -> {
					// obsolete, without effect
				})));
		table.define(Mnemonic.FNSTCW, storing(p -> p.state().extended.controlWord));
		table.define(Mnemonic.FNSTSW, storing(p -> p.state().extended.statusWord));
		table.define(Mnemonic.FLDCW, X87Control::loadControlWord);
		table.define(Mnemonic.FWAIT, X87Control::await);
		table.define(Mnemonic.FXSAVE, (block, i) -> area(block, i, true, FxArea::save));
		table.define(Mnemonic.FXRSTOR, (block, i) -> area(block, i, false, FxArea::restore));
		table.define(Mnemonic.LDMXCSR, X87Control::loadMxcsr);
		table.define(Mnemonic.STMXCSR, X87Control::storeMxcsr);
		table.define(Mnemonic.EMMS, (block, i) -> {
			requireMmx(block);
			block.callInline((p, instruction) -> p.state().extended.validRegisters = 0);
		});
	}

	/** A value of 16 bits that an instruction stores. */
	@FunctionalInterface
	private interface Word {
		int read(Processor processor);
	}

	/** Raises #NM where the x87 is not available. False if nothing more is to be emitted. */
	static boolean available(BlockBuilder block) {
		if (block.x87Unavailable()) {
			block.raise(Vector.NM);
			block.end();
			return false;
		}
		return true;
	}

	/** Raises #UD or #NM where MMX is not available. */
	static void requireMmx(BlockBuilder block) {
		if (block.emulation()) {
			block.raise(Vector.UD);
		} else if (block.taskSwitched()) {
			block.raise(Vector.NM);
		}
	}

	/** Raises #UD or #NM where SSE is not available. */
	static void requireSse(BlockBuilder block) {
		if (block.sseUndefined()) {
			block.raise(Vector.UD);
		} else if (block.taskSwitched()) {
			block.raise(Vector.NM);
		}
	}

	/** Raises #MF, or FERR# where CR0.NE is clear, for an unmasked exception of an earlier x87 instruction. */
	static void raisePending(Processor processor) {
		if ((processor.state().extended.statusWord & ERROR_SUMMARY) != 0) {
			if ((processor.state().cr0 & CpuState.CR0_NE) == 0) {
				if (processor.raiseFloatError()) {
					return;
				}
				processor.interception().floatErrorFreeze();
				throw FloatErrorFreeze.SIGNAL;
			}
			throw processor.fault().raise(Vector.MF);
		}
		processor.clearFloatError();
	}

	private static Meaning x87(boolean waits, Routine routine) {
		return (block, i) -> {
			if (available(block)) {
				block.callInline((p, instruction) -> {
					if (waits) {
						raisePending(p);
					}
					routine.run(p, instruction);
				});
			}
		};
	}

	private static Meaning storing(Word word) {
		return (block, i) -> {
			if (available(block)) {
				int value = block.temporary();
				block.callInline((p, instruction) -> p.result(word.read(p)));
				block.write(i.operand(0), 16, value);
			}
		};
	}

	private static void loadControlWord(BlockBuilder block, Instruction i) {
		if (available(block)) {
			int value = block.temporary();
			block.callInline((p, instruction) -> raisePending(p));
			block.load(16, value, block.address((Operand.Mem) i.operand(0), 2, false));
			block.callInline((p, instruction) -> {
				ExtendedState state = p.state().extended;
				state.controlWord = (int) p.argument(0) & 0x1f7f | 0x40;
				summarize(state);
			});
		}
	}

	/** ES and B follow from the exceptions that are not masked. */
	static void summarize(ExtendedState state) {
		boolean unmasked = (state.statusWord & ~state.controlWord & 0x3f) != 0;
		state.statusWord = unmasked ? state.statusWord | 0x8080 : state.statusWord & ~0x8080;
	}

	private static void await(BlockBuilder block, Instruction i) {
		if (block.waitUnavailable()) {
			block.raise(Vector.NM);
			block.end();
		} else {
			block.callInline((p, instruction) -> raisePending(p));
		}
	}

	private static void area(BlockBuilder block, Instruction i, boolean write, Routine routine) {
		if (available(block)) {
			int linear = block.temporary();
			block.linearAddress(linear, block.address((Operand.Mem) i.operand(0), FxArea.SIZE, write));
			block.callInline(routine);
		}
	}

	private static void loadMxcsr(BlockBuilder block, Instruction i) {
		requireSse(block);
		emitLoadMxcsr(block, i);
	}

	/** LDMXCSR without the check that there is SSE. */
	static void emitLoadMxcsr(BlockBuilder block, Instruction i) {
		int value = block.temporary();
		block.load(32, value, block.address((Operand.Mem) i.operand(0), 4, false));
		block.callInline((p, instruction) -> {
			if ((p.argument(0) & ~MXCSR_MASK) != 0) {
				throw p.fault().generalProtection(0);
			}
			p.state().extended.mxcsr = (int) p.argument(0);
		});
	}

	private static void storeMxcsr(BlockBuilder block, Instruction i) {
		requireSse(block);
		emitStoreMxcsr(block, i);
	}

	/** STMXCSR without the check that there is SSE. */
	static void emitStoreMxcsr(BlockBuilder block, Instruction i) {
		int value = block.temporary();
		Address at = block.address((Operand.Mem) i.operand(0), 4, true);
		block.callInline((p, instruction) -> p.result(p.state().extended.mxcsr));
		block.store(32, value, at);
	}
}
