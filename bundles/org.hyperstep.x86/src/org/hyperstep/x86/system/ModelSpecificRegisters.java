/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import java.util.Arrays;
import java.util.Comparator;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.state.CpuState;

/** RDMSR and WRMSR over the rows of {@link MsrRow}. */
public final class ModelSpecificRegisters {
	/** Rows by index, unsigned. */
	private static final MsrRow[] BY_INDEX = sorted();

	private final SystemUnit unit;
	private final long[] stored = new long[BY_INDEX.length];
	private int[] constantIndexes = {};
	private long[] constants = {};

	ModelSpecificRegisters(SystemUnit unit) {
		this.unit = unit;
	}

	private static MsrRow[] sorted() {
		MsrRow[] rows = MsrRow.values();
		Arrays.sort(rows, Comparator.comparingLong((MsrRow row) -> row.index & 0xffff_ffffL));
		return rows;
	}

	/** Values after reset. */
	void reset() {
		for (MsrRow row : BY_INDEX) {
			stored[row.ordinal()] = row.resetValue;
		}
	}

	/** Adds a read-only register that a part of the processor defines itself, as VMX does its capabilities. */
	public void addConstant(int index, long value) {
		constantIndexes = Arrays.copyOf(constantIndexes, constantIndexes.length + 1);
		constants = Arrays.copyOf(constants, constants.length + 1);
		constantIndexes[constantIndexes.length - 1] = index;
		constants[constants.length - 1] = value;
	}

	/** RDMSR of ECX into EDX:EAX. */
	public void rdmsr() {
		unit.requirePrivilege();
		int index = (int) unit.state.general[CpuState.RCX];
		unit.interception().msr(index, false);
		long value = unit.interception().ownsMsr(index, false) ? unit.interception().readMsr(index) : read(index);
		unit.state.general[CpuState.RAX] = value & 0xffff_ffffL;
		unit.state.general[CpuState.RDX] = value >>> 32;
	}

	/** WRMSR of EDX:EAX to ECX. */
	public void wrmsr() {
		unit.requirePrivilege();
		int index = (int) unit.state.general[CpuState.RCX];
		unit.interception().msr(index, true);
		long value = unit.state.general[CpuState.RAX] & 0xffff_ffffL | unit.state.general[CpuState.RDX] << 32;
		if (unit.interception().ownsMsr(index, true)) {
			unit.interception().writeMsr(index, value);
		} else {
			write(index, value);
		}
	}

	/** Reads a register without privilege check and intercept; #GP(0) where there is none. */
	public long read(int index) {
		MsrRow row = row(index);
		if (row == null) {
			return constant(index);
		}
		MsrRow.Reader reader = row.reader;
		return reader == null ? stored[row.ordinal()] : reader.read(unit);
	}

	private long constant(int index) {
		for (int i = 0; i < constantIndexes.length; i++) {
			if (constantIndexes[i] == index) {
				return constants[i];
			}
		}
		throw unit.fault.generalProtection(0);
	}

	/** Writes a register without privilege check and intercept; #GP(0) where WRMSR would raise it. */
	public void write(int index, long value) {
		MsrRow row = row(index);
		if (row == null) {
			throw unit.fault.generalProtection(0);
		}
		MsrRow.Writer writer = row.writer;
		MsrRow.Check check = row.check;
		if (writer != null) {
			writer.write(unit, value);
		} else if (check != null) {
			check.check(unit, value);
			stored[row.ordinal()] = value;
		} else if (row.writable == 0 || ((value ^ stored[row.ordinal()]) & ~row.writable) != 0) {
			throw unit.fault.generalProtection(0);
		} else {
			stored[row.ordinal()] = value;
		}
	}

	/** Whether the index names a register of this processor. */
	public boolean exists(int index) {
		return row(index) != null || Arrays.stream(constantIndexes).anyMatch(i -> i == index);
	}

	private @Nullable MsrRow row(int index) {
		int low = 0;
		int high = BY_INDEX.length - 1;
		while (low <= high) {
			int middle = low + high >>> 1;
			int order = Integer.compareUnsigned(BY_INDEX[middle].index, index);
			if (order == 0) {
				MsrRow row = BY_INDEX[middle];
				return row.vendor == null || row.vendor == unit.model.vendor() ? row : null;
			}
			if (order < 0) {
				low = middle + 1;
			} else {
				high = middle - 1;
			}
		}
		return null;
	}
}
