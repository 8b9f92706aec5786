/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.system.DescriptorTables.INVISIBLE;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.BlockBuilder.Address;
import org.hyperstep.x86.execution.Flags;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.Feature;
import org.hyperstep.x86.system.PrivilegedInstructions;
import org.hyperstep.x86.virtualization.InterceptedInstruction;

/** System instructions: operands here, the rest in the system unit. */
final class SystemOps {
	/** A routine of the system unit that takes the address of its operand. */
	@FunctionalInterface
	private interface WithAddress {
		void run(Processor processor, long linear, Instruction instruction);
	}

	/** What an instruction reads from the system unit. */
	@FunctionalInterface
	private interface Reading {
		long read(Processor processor);
	}

	/** A test of a selector: ZF. */
	@FunctionalInterface
	private interface Verification {
		boolean holds(Processor processor, int selector);
	}

	/** One of PrivilegedInstructions that takes its length alone. */
	@FunctionalInterface
	private interface Plain {
		void run(PrivilegedInstructions unit, int length);
	}

	private SystemOps() {
	}

	static void define(Meanings table) {
		defineTables(table);
		defineRegisters(table);
		definePlain(table);
	}

	private static void defineTables(Meanings table) {
		table.define(Mnemonic.LGDT, withAddress(false,
				(p, linear, i) -> p.system().descriptorTables.lgdt(linear, i.operandSize())));
		table.define(Mnemonic.LIDT, withAddress(false,
				(p, linear, i) -> p.system().descriptorTables.lidt(linear, i.operandSize())));
		table.define(Mnemonic.SGDT, withAddress(true, (p, linear, i) -> p.system().descriptorTables.sgdt(linear)));
		table.define(Mnemonic.SIDT, withAddress(true, (p, linear, i) -> p.system().descriptorTables.sidt(linear)));
		table.define(Mnemonic.SLDT, reading(p -> p.system().descriptorTables.sldt()));
		table.define(Mnemonic.STR, reading(p -> p.system().descriptorTables.str()));
		table.define(Mnemonic.LLDT, taking16((p, i) -> p.system().descriptorTables.lldt((int) p.argument(0))));
		table.define(Mnemonic.LTR, taking16((p, i) -> p.system().descriptorTables.ltr((int) p.argument(0))));
		table.define(Mnemonic.LAR, taking16((p, i) -> describe(p, i,
				p.system().descriptorTables.accessRights((int) p.argument(0)))));
		table.define(Mnemonic.LSL, taking16((p, i) -> describe(p, i,
				p.system().descriptorTables.segmentLimit((int) p.argument(0)))));
		table.define(Mnemonic.VERR, verifying((p, selector) -> p.system().descriptorTables.readable(selector)));
		table.define(Mnemonic.VERW, verifying((p, selector) -> p.system().descriptorTables.writable(selector)));
		table.define(Mnemonic.ARPL, SystemOps::adjustLevel);
	}

	private static void defineRegisters(Meanings table) {
		table.define(Mnemonic.MOV_CR, SystemOps::moveControl);
		table.define(Mnemonic.MOV_DR, SystemOps::moveDebug);
		table.define(Mnemonic.CLTS, (block, i) -> block.call((p, instruction) -> p.system().controlRegisters.clts()));
		table.define(Mnemonic.LMSW, taking16((p, i) -> p.system().controlRegisters.lmsw(p.argument(0))));
		table.define(Mnemonic.SMSW, reading(p -> p.system().controlRegisters.smsw()));
		table.define(Mnemonic.XSETBV,
				(block, i) -> block.call((p, instruction) -> p.system().controlRegisters.xsetbv(instruction.length())));
		table.define(Mnemonic.XGETBV, (block, i) -> block.call((p, instruction) -> {
			long value = p.system().controlRegisters.xgetbv(XsaveArea.inUse(p.state().extended));
			p.setGeneral(CpuState.RAX, 32, value);
			p.setGeneral(CpuState.RDX, 32, value >>> 32);
		}));
		table.define(Mnemonic.RDMSR,
				(block, i) -> block.call((p, instruction) -> p.system().modelSpecificRegisters.rdmsr()));
		table.define(Mnemonic.WRMSR,
				(block, i) -> block.call((p, instruction) -> p.system().modelSpecificRegisters.wrmsr()));
		table.define(Mnemonic.SWAPGS,
				(block, i) -> block.call((p, instruction) -> p.system().fastSystemCalls.swapgs()));
	}

	private static void definePlain(Meanings table) {
		table.define(Mnemonic.CPUID, plain(PrivilegedInstructions::cpuid));
		table.define(Mnemonic.HLT, plain(PrivilegedInstructions::hlt));
		table.define(Mnemonic.RDTSC, inBlock(PrivilegedInstructions::rdtsc));
		table.define(Mnemonic.RDTSCP, Feature.RDTSCP, inBlock(PrivilegedInstructions::rdtscp));
		table.define(Mnemonic.RDRAND, Feature.RDRAND, random(InterceptedInstruction.RDRAND));
		table.define(Mnemonic.RDSEED, Feature.RDSEED, random(InterceptedInstruction.RDSEED));
		table.define(Mnemonic.RDPID, Feature.RDPID, (block, i) -> {
			int value = block.temporary();
			block.callInline((p, decoded) -> p.result(p.system().privilegedInstructions.rdpid()));
			block.write(i.operand(0), i.operandSize(), value);
		});
		table.define(Mnemonic.RDPKRU, Feature.PKU, plain(PrivilegedInstructions::rdpkru));
		table.define(Mnemonic.WRPKRU, Feature.PKU, plain(PrivilegedInstructions::wrpkru));
		table.define(Mnemonic.RDPMC, plain(PrivilegedInstructions::rdpmc));
		table.define(Mnemonic.WBINVD, plain(PrivilegedInstructions::wbinvd));
		table.define(Mnemonic.WBNOINVD, plain(PrivilegedInstructions::wbinvd));
		table.define(Mnemonic.INVD, plain(PrivilegedInstructions::invd));
		table.define(Mnemonic.MONITOR, SystemOps::monitor);
		table.define(Mnemonic.MWAIT, plain(PrivilegedInstructions::mwait));
		table.define(Mnemonic.PAUSE, inBlock(PrivilegedInstructions::pause));
		table.define(Mnemonic.INVLPG, withAddress(false,
				(p, linear, i) -> p.system().privilegedInstructions.invlpg(linear, i.length())));
		table.define(Mnemonic.INVPCID, withAddress(false, (p, linear, i) -> p.system().privilegedInstructions
				.invpcid(p.argument(1), linear, i.length())));
	}

	/** CF says that there was a number: there always is. The other status flags are cleared. */
	private static Meaning random(InterceptedInstruction instruction) {
		return (block, i) -> {
			int value = block.temporary();
			block.callInline((p, decoded) -> {
				p.result(p.system().privilegedInstructions.random(instruction, decoded.length(),
						((Operand.Reg) decoded.operand(0)).register().number()));
				Flags.set(p.state().general, CpuState.CF);
			});
			block.write(i.operand(0), i.operandSize(), value);
		};
	}

	/** The address is in the accumulator, without an operand that says so. */
	private static void monitor(BlockBuilder block, Instruction i) {
		long truncation = -1L >>> 64 - i.addressSize();
		int segment = i.implicitSegment();
		block.call((p, decoded) -> {
			p.system().privilegedInstructions.requireMonitor();
			long offset = p.state().general[CpuState.RAX] & truncation;
			p.system().privilegedInstructions.monitor(p.segments().linear(segment, offset, 1, false), decoded.length());
		});
	}

	/** Like {@link #plain}, for what polling loops execute: nothing changes that the rest of the block depends on. */
	private static Meaning inBlock(Plain instruction) {
		return (block, i) -> block
				.callInline((p, decoded) -> instruction.run(p.system().privilegedInstructions, decoded.length()));
	}

	private static Meaning plain(Plain instruction) {
		return (block, i) -> block
				.call((p, decoded) -> instruction.run(p.system().privilegedInstructions, decoded.length()));
	}

	/** The address of the memory operand; where a register comes before it, that is the second argument. */
	private static Meaning withAddress(boolean write, WithAddress instruction) {
		return (block, i) -> {
			int linear = block.temporary();
			int memory = i.operands().size() - 1;
			if (memory == 1) {
				block.move(64, block.temporary(), block.read(i.operand(0), i.operandSize()));
			}
			Operand.Mem mem = (Operand.Mem) i.operand(memory);
			Address at = block.address(mem, Math.max(1, mem.size()), write);
			block.linearAddress(linear, at);
			block.call((p, decoded) -> instruction.run(p, p.argument(0), decoded));
		};
	}

	/** A 16-bit value to memory, or one of the operand size to a register. */
	private static Meaning reading(Reading source) {
		return (block, i) -> {
			int value = block.temporary();
			block.callInline((p, decoded) -> p.result(source.read(p)));
			block.write(i.operand(0), i.operand(0) instanceof Operand.Mem ? 16 : i.operandSize(), value);
		};
	}

	/** The last operand, a selector or machine status word, is the routine's argument. */
	private static Meaning taking16(Routine routine) {
		return (block, i) -> {
			int value = block.temporary();
			block.extend(16, false, value, block.read(i.operand(i.operands().size() - 1), 16));
			block.call(routine);
		};
	}

	private static Meaning verifying(Verification verification) {
		return taking16((p, i) -> setZero(p, verification.holds(p, (int) p.argument(0))));
	}

	private static void setZero(Processor processor, boolean zero) {
		CpuState state = processor.state();
		state.rflags = zero ? state.rflags | CpuState.ZF : state.rflags & ~CpuState.ZF;
	}

	private static void describe(Processor processor, Instruction i, long description) {
		setZero(processor, description != INVISIBLE);
		if (description != INVISIBLE) {
			processor.setGeneral(((Operand.Reg) i.operand(0)).register().number(), i.operandSize(), description);
		}
	}

	/** Memory is written only where the level changes: a segment that is read-only will do otherwise. */
	private static void adjustLevel(BlockBuilder block, Instruction i) {
		int result = block.temporary();
		int other = block.temporary();
		int linear = block.temporary();
		block.extend(16, false, other, block.read(i.operand(1), 16));
		if (i.operand(0) instanceof Operand.Mem mem) {
			Address at = block.address(mem, 2, false);
			block.linearAddress(linear, at);
			block.load(16, result, at);
			block.callInline((p, decoded) -> adjust(p, mem));
		} else {
			block.extend(16, false, result, block.read(i.operand(0), 16));
			block.callInline((p, decoded) -> adjust(p, null));
			block.write(i.operand(0), 16, result);
		}
	}

	private static void adjust(Processor p, Operand.@Nullable Mem mem) {
		long adjusted = p.system().descriptorTables.adjustedSelector((int) p.argument(0), (int) p.argument(1));
		if (adjusted != INVISIBLE) {
			if (mem != null) {
				int segment = mem.segment().number();
				long offset = p.argument(2) - p.state().segments[segment].base & 0xffff_ffffL;
				p.mmu().write16(p.segments().linear(segment, offset, 2, true), adjusted);
			}
			p.result(adjusted);
		}
		long flags = Flags.get(p.state().general) & ~CpuState.ZF;
		Flags.set(p.state().general, adjusted == INVISIBLE ? flags : flags | CpuState.ZF);
	}

	private static boolean isGeneral(Operand operand) {
		return operand instanceof Operand.Reg reg && (reg.register().kind() == Register.Kind.GPR32
				|| reg.register().kind() == Register.Kind.GPR64);
	}

	private static int number(Operand operand) {
		return ((Operand.Reg) operand).register().number();
	}

	private static void moveControl(BlockBuilder block, Instruction i) {
		int bits = block.longMode() ? 64 : 32;
		int value = block.temporary();
		if (isGeneral(i.operand(0))) {
			int general = number(i.operand(0));
			int control = number(i.operand(1));
			block.callInline((p, decoded) -> p.result(p.system().controlRegisters.read(control, general)));
			block.move(bits, general, value);
		} else {
			int general = number(i.operand(1));
			int control = number(i.operand(0));
			block.extend(bits, false, value, general);
			block.call((p, decoded) -> p.system().controlRegisters.write(control, p.argument(0), general));
		}
	}

	private static void moveDebug(BlockBuilder block, Instruction i) {
		int bits = block.longMode() ? 64 : 32;
		int value = block.temporary();
		if (isGeneral(i.operand(0))) {
			int general = number(i.operand(0));
			int debug = number(i.operand(1));
			block.callInline((p, decoded) -> p.result(p.system().debugRegisters.read(debug, general)));
			block.move(bits, general, value);
		} else {
			int general = number(i.operand(1));
			int debug = number(i.operand(0));
			block.extend(bits, false, value, general);
			block.call((p, decoded) -> p.system().debugRegisters.write(debug, p.argument(0), general));
		}
	}

	/** An instruction that this processor has not. */
	static void undefined(BlockBuilder block) {
		block.raise(Vector.UD);
		block.end();
	}
}
