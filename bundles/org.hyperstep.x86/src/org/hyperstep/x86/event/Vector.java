/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

/** Vectors of the processor's own exceptions (Intel SDM, "Exceptions and Interrupts"). */
public final class Vector {
	public static final int DE = 0, DB = 1, NMI = 2, BP = 3, OF = 4, BR = 5, UD = 6, NM = 7, DF = 8, TS = 10, NP = 11,
			SS = 12, GP = 13, PF = 14, MF = 16, AC = 17, MC = 18, XM = 19, VE = 20, CP = 21;

	private static final int WITH_ERROR_CODE = 1 << DF | 1 << TS | 1 << NP | 1 << SS | 1 << GP | 1 << PF | 1 << AC
			| 1 << CP;
	/** #DE, #TS, #NP, #SS, #GP: "Conditions for Generating a Double Fault". */
	private static final int CONTRIBUTORY = 1 << DE | 1 << TS | 1 << NP | 1 << SS | 1 << GP | 1 << CP;

	private Vector() {
	}

	/** Whether delivery of this exception pushes an error code outside real mode. */
	public static boolean hasErrorCode(int vector) {
		return vector < 32 && (WITH_ERROR_CODE >>> vector & 1) != 0;
	}

	/** Whether the exception is of the contributory class. */
	public static boolean contributory(int vector) {
		return vector < 32 && (CONTRIBUTORY >>> vector & 1) != 0;
	}
}
