/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.hyperstep.x86.state.CpuState.AF;
import static org.hyperstep.x86.state.CpuState.CF;
import static org.hyperstep.x86.state.CpuState.OF;
import static org.hyperstep.x86.state.CpuState.PF;
import static org.hyperstep.x86.state.CpuState.SF;
import static org.hyperstep.x86.state.CpuState.ZF;

import org.hyperstep.x86.decode.Instruction;

/** The flags that the manual leaves undefined, by instruction ("Flags Affected" on each one's page). */
final class UndefinedFlags {
	private UndefinedFlags() {
	}

	/** @param count the masked count of a shift or rotate, else 0 */
	static long of(Instruction i, int count) {
		return switch (i.mnemonic()) {
			case AND, OR, XOR, TEST -> AF;
			case SHL, SAL, SHR -> count == 0 ? 0 : AF | (count > 1 ? OF : 0) | (count >= i.operandSize() ? CF : 0);
			case SAR -> count == 0 ? 0 : AF | (count > 1 ? OF : 0);
			case ROL, ROR, RCL, RCR -> count > 1 ? OF : 0;
			case SHLD, SHRD -> count == 0 ? 0
					: count > i.operandSize() ? Flags.STATUS : AF | (count > 1 ? OF : 0);
			case MUL, IMUL -> SF | ZF | AF | PF;
			case DIV, IDIV -> Flags.STATUS;
			case BSF, BSR -> CF | OF | SF | AF | PF;
			case AAA, AAS -> OF | SF | ZF | PF;
			case AAM, AAD -> OF | AF | CF;
			case DAA, DAS -> OF;
			case BT, BTS, BTR, BTC -> OF | SF | AF | PF;
			case TZCNT, LZCNT -> OF | SF | PF | AF;
			case ANDN, BLSI, BLSMSK, BLSR, BZHI -> AF | PF;
			case BEXTR -> AF | SF | PF;
			default -> 0;
		};
	}
}
