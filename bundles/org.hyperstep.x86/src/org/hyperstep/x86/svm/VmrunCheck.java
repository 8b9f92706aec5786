/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;

import java.util.List;
import java.util.function.Predicate;

import org.eclipse.jdt.annotation.Nullable;

/**
 * The consistency checks of VMRUN (AMD APM volume 2, "Canonicalization and Consistency Checks"); breaking one is
 * #VMEXIT(INVALID).
 *
 * @param rule  the rule in words
 * @param holds whether the VMCB obeys it
 */
@SuppressWarnings("nls")
record VmrunCheck(String rule, Predicate<Vmcb> holds) {
	private static final long CR0_PE = 1, CR0_NW = 1L << 29, CR0_CD = 1L << 30, CR0_PG = 1L << 31, CR4_PAE = 1 << 5;
	private static final long EFER_LME = 1 << 8, EFER_SVME = 1 << 12;
	private static final long EFER_DEFINED = 0x1d01 | 1 << 14;
	private static final long CR4_DEFINED = 0x0077_0fff | 1 << 12;
	private static final int CS_LONG = 1 << 9, CS_DEFAULT = 1 << 10;
	private static final int PHYSICAL_WIDTH = 48;

	static final List<VmrunCheck> ALL = List.of(
			new VmrunCheck("EFER.SVME is 1", v -> all(v, EFER, EFER_SVME)),
			new VmrunCheck("CR0.NW needs CR0.CD", v -> !all(v, CR0, CR0_NW) || all(v, CR0, CR0_CD)),
			new VmrunCheck("CR0 bits 63:32 are 0", v -> v.read(CR0) >>> 32 == 0),
			new VmrunCheck("CR3 has no reserved bit", v -> (v.read(CR3) & ~(1L << 63)) >>> 52 == 0),
			new VmrunCheck("CR4 has no reserved bit", v -> (v.read(CR4) & ~CR4_DEFINED) == 0),
			new VmrunCheck("DR6 bits 63:32 are 0", v -> v.read(DR6) >>> 32 == 0),
			new VmrunCheck("DR7 bits 63:32 are 0", v -> v.read(DR7) >>> 32 == 0),
			new VmrunCheck("EFER has no reserved bit", v -> (v.read(EFER) & ~EFER_DEFINED) == 0),
			new VmrunCheck("EFER.LME with CR0.PG needs CR4.PAE",
					v -> !longModePaging(v) || all(v, CR4, CR4_PAE)),
			new VmrunCheck("EFER.LME with CR0.PG needs CR0.PE", v -> !longModePaging(v) || all(v, CR0, CR0_PE)),
			new VmrunCheck("in long mode CS.L and CS.D are not both 1", v -> !longModePaging(v)
					|| !all(v, CR4, CR4_PAE) || !all(v, CS_ATTRIB, CS_LONG | CS_DEFAULT)),
			new VmrunCheck("the VMRUN intercept is set", v -> v.intercepts(SvmExitCode.VMRUN)),
			new VmrunCheck("the permission maps are physical", v -> v.read(IOPM_BASE_PA) >>> PHYSICAL_WIDTH == 0
					&& v.read(MSRPM_BASE_PA) >>> PHYSICAL_WIDTH == 0),
			new VmrunCheck("the injected event is a legal one", VmrunCheck::legalInjection),
			new VmrunCheck("the ASID is not 0", v -> v.read(GUEST_ASID) != 0));

	/** The first rule that the VMCB breaks, or null. */
	static @Nullable VmrunCheck firstBroken(Vmcb vmcb) {
		for (VmrunCheck check : ALL) {
			if (!check.holds.test(vmcb)) {
				return check;
			}
		}
		return null;
	}

	private static boolean all(Vmcb vmcb, VmcbField field, long bits) {
		return (vmcb.read(field) & bits) == bits;
	}

	private static boolean longModePaging(Vmcb vmcb) {
		return all(vmcb, EFER, EFER_LME) && all(vmcb, CR0, CR0_PG);
	}

	/** "Event Injection": reserved types; exceptions that are none, or that do not exist. */
	private static boolean legalInjection(Vmcb vmcb) {
		long event = vmcb.read(EVENTINJ);
		if ((event & 1L << 31) == 0) {
			return true;
		}
		int vector = (int) event & 0xff;
		return switch ((int) (event >> 8) & 7) {
			case 0, 2, 4 -> true;
			case 3 -> vector <= 31 && vector != 2;
			default -> false;
		};
	}
}
