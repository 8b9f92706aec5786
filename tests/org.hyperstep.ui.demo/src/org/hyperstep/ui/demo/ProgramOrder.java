/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.demo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;

import org.hyperstep.debug.DisassembledInstruction;
import org.hyperstep.debug.MemorySpace;
import org.hyperstep.debug.RegisterFile;
import org.hyperstep.debug.Target;

/**
 * Which instructions may follow one in program order, read off its disassembly: the next one, the target of a direct
 * jump or call, the return address of RET. It is all that the sample's computing loop consists of.
 */
@SuppressWarnings("nls")
final class ProgramOrder {
	private static final int POINTER = 8;

	private final Stage stage;
	private final Target guest;

	ProgramOrder(Stage stage, Target guest) {
		this.stage = stage;
		this.guest = guest;
	}

	/** The addresses at which a step from here may stop. */
	Set<Long> after(long linear) throws Exception {
		List<DisassembledInstruction> lines = stage.get("disassembly",
				guest.disassemble(0, linear, 1, Target.Syntax.INTEL));
		DisassembledInstruction line = lines.get(0);
		Long next = Long.valueOf(linear + line.bytes().length);
		String mnemonic = line.mnemonic().strip();
		if (mnemonic.startsWith("ret")) {
			return Set.of(returnAddress());
		}
		if (mnemonic.equals("jmp") || mnemonic.equals("call")) {
			return Set.of(target(line));
		}
		return mnemonic.startsWith("j") ? Set.of(next, target(line)) : Set.of(next);
	}

	/** Target of a direct branch: its displacement is the last one or four bytes. */
	private static Long target(DisassembledInstruction line) {
		byte[] bytes = line.bytes();
		boolean near = (bytes[0] & 0xff) == 0xe8 || (bytes[0] & 0xff) == 0xe9 || (bytes[0] & 0xff) == 0x0f;
		long displacement = near
				? ByteBuffer.wrap(bytes, bytes.length - Integer.BYTES, Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN)
						.getInt()
				: bytes[bytes.length - 1];
		return Long.valueOf(line.linear() + bytes.length + displacement);
	}

	private Long returnAddress() throws Exception {
		RegisterFile registers = stage.get("registers", guest.registers(0));
		byte[] top = stage.get("the stack",
				guest.readMemory(0, MemorySpace.LINEAR, registers.value("rsp"), POINTER));
		return Long.valueOf(ByteBuffer.wrap(top).order(ByteOrder.LITTLE_ENDIAN).getLong());
	}
}
