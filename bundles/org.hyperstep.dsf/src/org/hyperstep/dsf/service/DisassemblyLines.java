/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.math.BigInteger;
import java.util.Optional;

import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.debug.service.IInstruction;
import org.eclipse.cdt.dsf.debug.service.IInstructionWithRawOpcodes;
import org.eclipse.cdt.dsf.debug.service.IInstructionWithSize;
import org.eclipse.cdt.dsf.debug.service.IMixedInstruction;
import org.hyperstep.debug.DisassembledInstruction;
import org.hyperstep.symbols.SourceLocation;

/** The engine's disassembly in the shape that the Disassembly view wants. */
final class DisassemblyLines {
	private static final int MNEMONIC_WIDTH = 8;

	private DisassemblyLines() {
	}

	/** A linear address as an unsigned number. */
	static BigInteger address(long linear) {
		return new BigInteger(Long.toUnsignedString(linear));
	}

	/** One instruction. */
	@Immutable
	record Line(DisassembledInstruction instruction) implements IInstructionWithSize, IInstructionWithRawOpcodes {
		@Override
		public BigInteger getAdress() {
			return address(instruction.linear());
		}

		@Override
		public String getFuntionName() {
			return instruction.function();
		}

		@Override
		public long getOffset() {
			return instruction.offset();
		}

		@Override
		public String getInstruction() {
			String mnemonic = instruction.mnemonic();
			return instruction.operands().isEmpty() ? mnemonic
					: mnemonic + " ".repeat(Math.max(1, MNEMONIC_WIDTH - mnemonic.length())) //$NON-NLS-1$
							+ instruction.operands();
		}

		@Override
		public String getOpcode() {
			return instruction.mnemonic();
		}

		@Override
		public String getArgs() {
			return instruction.operands();
		}

		@Override
		public Integer getSize() {
			return instruction.bytes().length;
		}

		@Override
		public BigInteger getRawOpcodes() {
			return new BigInteger(1, instruction.bytes());
		}
	}

	/** Instructions of one source line, or of none. */
	@Immutable
	record SourceBlock(Optional<SourceLocation> source, IInstruction[] getInstructions) implements IMixedInstruction {
		@Override
		public String getFileName() {
			return source.map(SourceLocation::path).orElse(""); //$NON-NLS-1$
		}

		@Override
		public int getLineNumber() {
			return source.map(SourceLocation::line).orElse(0);
		}
	}
}
