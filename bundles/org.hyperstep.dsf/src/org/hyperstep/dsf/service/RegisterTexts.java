/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.debug.service.IRegisters.IBitFieldDMData;
import org.eclipse.cdt.dsf.debug.service.IRegisters.IBitGroup;
import org.eclipse.cdt.dsf.debug.service.IRegisters.IMnemonic;
import org.eclipse.cdt.dsf.debug.service.IRegisters.IRegisterDMData;
import org.eclipse.cdt.dsf.debug.service.IRegisters.IRegisterGroupDMData;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.RegisterDescription;
import org.hyperstep.debug.RegisterDescription.Field;
import org.hyperstep.debug.RegisterDescription.Group;

/** The engine's descriptions of registers in the shape that DSF's views want. */
final class RegisterTexts {
	private static final IMnemonic[] NO_MNEMONICS = {};

	private RegisterTexts() {
	}

	/** The name that a group is shown under. */
	static String name(Group group) {
		return switch (group) {
			case GENERAL -> Messages.Registers_general;
			case FLAGS -> Messages.Registers_flags;
			case SEGMENT -> Messages.Registers_segment;
			case CONTROL -> Messages.Registers_control;
			case DEBUG -> Messages.Registers_debug;
			case SYSTEM -> Messages.Registers_system;
		};
	}

	private static String help(Group group) {
		return switch (group) {
			case GENERAL -> Messages.Registers_generalHelp;
			case FLAGS -> Messages.Registers_flagsHelp;
			case SEGMENT -> Messages.Registers_segmentHelp;
			case CONTROL -> Messages.Registers_controlHelp;
			case DEBUG -> Messages.Registers_debugHelp;
			case SYSTEM -> Messages.Registers_systemHelp;
		};
	}

	/** A register's value with another value in one of its fields. */
	static long with(Field field, long register, long value) {
		long mask = field.width() == Long.SIZE ? -1 : (1L << field.width()) - 1;
		return register & ~(mask << field.low()) | (value & mask) << field.low();
	}

	/** A group. */
	@Immutable
	record GroupData(Group group) implements IRegisterGroupDMData {
		@Override
		public String getName() {
			return name(group);
		}

		@Override
		public String getDescription() {
			return help(group);
		}
	}

	/** A register. */
	@Immutable
	record RegisterData(RegisterDescription description) implements IRegisterDMData {
		@Override
		public String getName() {
			return description.name();
		}

		@Override
		public String getDescription() {
			return ""; //$NON-NLS-1$
		}

		@Override
		public boolean isReadable() {
			return true;
		}

		@Override
		public boolean isReadOnce() {
			return false;
		}

		@Override
		public boolean isWriteable() {
			return description.writable();
		}

		@Override
		public boolean isWriteOnce() {
			return false;
		}

		@Override
		public boolean hasSideEffects() {
			return false;
		}

		@Override
		public boolean isVolatile() {
			return false;
		}

		@Override
		public boolean isFloat() {
			return false;
		}
	}

	/** A run of bits. */
	@Immutable
	record Bits(int startBit, int bitCount) implements IBitGroup {
	}

	/** A field. */
	@Immutable
	record FieldData(Field field, boolean isWriteable) implements IBitFieldDMData {
		@Override
		public String getName() {
			return field.name();
		}

		@Override
		public String getDescription() {
			return field.help();
		}

		@Override
		public boolean isReadable() {
			return true;
		}

		@Override
		public boolean isReadOnce() {
			return false;
		}

		@Override
		public boolean isWriteOnce() {
			return false;
		}

		@Override
		public boolean hasSideEffects() {
			return false;
		}

		@Override
		public boolean isZeroBasedNumbering() {
			return true;
		}

		@Override
		public boolean isZeroBitLeftMost() {
			return false;
		}

		@Override
		public IBitGroup[] getBitGroup() {
			return new IBitGroup[] { new Bits(field.low(), field.width()) };
		}

		@Override
		public IMnemonic[] getMnemonics() {
			return NO_MNEMONICS;
		}

		@Override
		public @Nullable IMnemonic getCurrentMnemonicValue() {
			return null;
		}
	}
}
