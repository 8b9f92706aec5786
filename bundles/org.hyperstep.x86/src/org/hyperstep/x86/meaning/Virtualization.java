/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.BlockBuilder.Address;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.system.Feature;
import org.hyperstep.x86.vmx.VmxOperation;

/**
 * Instructions of VMX executed by emulated code: operands here, the rest in {@link VmxOperation}. A context that
 * intercepts them decides first; without VMX operation they raise #UD.
 */
final class Virtualization {
	/** A VMX instruction with the address of its operand in memory. */
	@FunctionalInterface
	private interface WithPointer {
		void run(VmxOperation vmx, long linear, int length);
	}

	/** INVEPT and INVVPID: type, and the address of the descriptor. */
	@FunctionalInterface
	private interface Invalidation {
		void run(VmxOperation vmx, long type, long linear, int length);
	}

	/** A VMX instruction without operands. */
	@FunctionalInterface
	private interface Plain {
		void run(VmxOperation vmx, int length);
	}

	private Virtualization() {
	}

	static void define(Meanings table) {
		defineVmx(table);
		table.define(Mnemonic.RSM, (block, i) -> block.call((processor, instruction) -> {
			processor.system().systemManagement.rsm(instruction.length());
			processor.jump(processor.state().rip);
		}));
	}

	private static void defineVmx(Meanings table) {
		table.define(Mnemonic.VMCALL, plain(VmxOperation::vmcall));
		table.define(Mnemonic.VMXOFF, plain(VmxOperation::vmxoff));
		table.define(Mnemonic.VMLAUNCH, plain((vmx, length) -> vmx.enter(false, length)));
		table.define(Mnemonic.VMRESUME, plain((vmx, length) -> vmx.enter(true, length)));
		table.define(Mnemonic.VMFUNC, plain(VmxOperation::vmfunc));
		table.define(Mnemonic.VMXON, withPointer(VmxOperation::vmxon));
		table.define(Mnemonic.VMPTRLD, withPointer(VmxOperation::vmptrld));
		table.define(Mnemonic.VMPTRST, withPointer(VmxOperation::vmptrst));
		table.define(Mnemonic.VMCLEAR, withPointer(VmxOperation::vmclear));
		table.define(Mnemonic.VMREAD, Virtualization::vmread);
		table.define(Mnemonic.VMWRITE, Virtualization::vmwrite);
		table.define(Mnemonic.INVEPT,
				invalidation((vmx, type, linear, length) -> vmx.invalidation().invept(type, linear, length)));
		table.define(Mnemonic.INVVPID,
				invalidation((vmx, type, linear, length) -> vmx.invalidation().invvpid(type, linear, length)));
	}

	private static VmxOperation vmx(Processor processor) {
		if (!processor.model().has(Feature.VMX)) {
			throw processor.fault().undefinedInstruction();
		}
		return processor.vmx();
	}

	private static Meaning plain(Plain instruction) {
		return (block, i) -> block.call((p, decoded) -> instruction.run(vmx(p), decoded.length()));
	}

	private static Meaning withPointer(WithPointer instruction) {
		return (block, i) -> {
			int linear = block.temporary();
			Address at = block.address((Operand.Mem) i.operand(0), 8, false);
			block.linearAddress(linear, at);
			block.call(through(at, (p, decoded) -> instruction.run(vmx(p), p.argument(0), decoded.length())));
		};
	}

	private static Meaning invalidation(Invalidation instruction) {
		return (block, i) -> {
			int linear = block.temporary();
			block.move(64, block.temporary(), block.read(i.operand(0), width(block)));
			Address at = block.address((Operand.Mem) i.operand(1), 16, false);
			block.linearAddress(linear, at);
			block.call(through(at, (p, decoded) -> instruction.run(vmx(p), p.argument(1), p.argument(0),
					decoded.length())));
		};
	}

	/** A routine that accesses memory at an address: a non-canonical one through SS is #SS. */
	private static Routine through(Address at, Routine routine) {
		return !at.throughStackSegment() ? routine : (p, decoded) -> {
			try {
				routine.run(p, decoded);
			} catch (GuestFault fault) {
				throw fault.throughStackSegment();
			}
		};
	}

	private static int width(BlockBuilder block) {
		return block.longMode() ? 64 : 32;
	}

	/** The value goes to its place only where the instruction succeeds. */
	private static void vmread(BlockBuilder block, Instruction i) {
		int bits = width(block);
		int linear = block.temporary();
		int encoding = block.temporary();
		block.extend(bits, false, encoding, block.read(i.operand(1), bits));
		if (i.operand(0) instanceof Operand.Mem mem) {
			Address at = block.address(mem, bits / 8, true);
			block.linearAddress(linear, at);
			block.call(through(at, readField(bits, i)));
		} else {
			block.call(readField(bits, i));
		}
	}

	private static Routine readField(int bits, Instruction i) {
		return (p, decoded) -> {
			VmxOperation vmx = vmx(p);
			if (!vmx.vmread(p.argument(1), decoded.length())) {
				return;
			}
			long value = vmx.value(p.argument(1));
			if (i.operand(0) instanceof Operand.Reg reg) {
				p.setGeneral(reg.register().number(), bits, value);
			} else {
				p.mmu().write(p.argument(0), bits / 8, value);
			}
			vmx.succeed();
		};
	}

	private static void vmwrite(BlockBuilder block, Instruction i) {
		int bits = width(block);
		int value = block.temporary();
		int encoding = block.temporary();
		block.extend(bits, false, encoding, block.read(i.operand(0), bits));
		if (i.operand(1) instanceof Operand.Mem mem) {
			Address at = block.address(mem, bits / 8, false);
			block.linearAddress(value, at);
			block.call(through(at, writeField(bits / 8)));
		} else {
			block.extend(bits, false, value, block.read(i.operand(1), bits));
			block.call(writeField(0));
		}
	}

	private static Routine writeField(int bytesInMemory) {
		return (p, decoded) -> vmx(p).vmwrite(p.argument(1), p.argument(0), bytesInMemory, decoded.length());
	}
}
