/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;

import java.util.function.BiPredicate;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.svm.Vmcb.Checks;
import org.hyperstep.x86.system.ProcessorModel;

/**
 * The consistency checks of VMRUN (AMD APM volume 2, "Canonicalization and Consistency Checks"); breaking one is
 * #VMEXIT(INVALID).
 *
 * @param checks with which others it is made again
 * @param rule   the rule in words
 * @param holds  whether the VMCB obeys it
 */
@SuppressWarnings("nls")
record VmrunCheck(Checks checks, String rule, BiPredicate<Vmcb, ProcessorModel> holds) {
	private static final int CS_LONG = 1 << 9, CS_DEFAULT = 1 << 10;
	/** Bytes of the maps that must lie below the end of physical addresses; the one for ports goes on for three bits. */
	private static final long MSR_MAP = 0x2000, PORT_MAP = 0x2001;
	private static final long PAGE = -1L << 12;

	private static final VmrunCheck[] ALL = {
			new VmrunCheck(Checks.STATE, "EFER.SVME is 1", (v, m) -> v.nesting() || all(v, EFER, CpuState.EFER_SVME)),
			new VmrunCheck(Checks.STATE, "CR0.NW needs CR0.CD",
					(v, m) -> !all(v, CR0, CpuState.CR0_NW) || all(v, CR0, CpuState.CR0_CD)),
			new VmrunCheck(Checks.STATE, "CR0 bits 63:32 are 0", (v, m) -> v.read(CR0) >>> 32 == 0),
			new VmrunCheck(Checks.STATE, "CR3 has no reserved bit",
					(v, m) -> v.read(CR3) >>> m.physicalAddressBits() == 0),
			new VmrunCheck(Checks.STATE, "CR4 has no reserved bit", (v, m) -> (v.read(CR4) & ~m.cr4Allowed()) == 0),
			new VmrunCheck(Checks.STATE, "DR6 bits 63:32 are 0", (v, m) -> v.read(DR6) >>> 32 == 0),
			new VmrunCheck(Checks.STATE, "DR7 bits 63:32 are 0", (v, m) -> v.read(DR7) >>> 32 == 0),
			new VmrunCheck(Checks.STATE, "EFER has no reserved bit",
					(v, m) -> (v.read(EFER) & ~(m.eferAllowed() | CpuState.EFER_SVME)) == 0),
			new VmrunCheck(Checks.STATE, "EFER.LME with CR0.PG needs CR4.PAE",
					(v, m) -> !longModePaging(v) || all(v, CR4, CpuState.CR4_PAE)),
			new VmrunCheck(Checks.STATE, "EFER.LME with CR0.PG needs CR0.PE",
					(v, m) -> !longModePaging(v) || all(v, CR0, CpuState.CR0_PE)),
			new VmrunCheck(Checks.STATE, "in long mode CS.L and CS.D are not both 1", (v, m) -> !longModePaging(v)
					|| !all(v, CR4, CpuState.CR4_PAE) || !all(v, CS_ATTRIB, CS_LONG | CS_DEFAULT)),
			new VmrunCheck(Checks.CONTROL, "the VMRUN intercept is set",
					(v, m) -> v.nesting() || v.intercepts(SvmExitCode.VMRUN)),
			new VmrunCheck(Checks.CONTROL, "the MSR permission map is physical",
					(v, m) -> physical(v, m, MSRPM_BASE_PA, MSR_MAP)),
			new VmrunCheck(Checks.CONTROL, "the I/O permission map is physical",
					(v, m) -> physical(v, m, IOPM_BASE_PA, PORT_MAP)),
			new VmrunCheck(Checks.CONTROL, "the nested CR3 has no reserved bit",
					(v, m) -> !nested(v) || v.read(N_CR3) >>> m.physicalAddressBits() == 0),
			new VmrunCheck(Checks.STATE, "the guest's PAT has no reserved type",
					(v, m) -> !nested(v) || legalPat(v.read(G_PAT))),
			new VmrunCheck(Checks.INJECTION, "the injected event is a legal one", (v, m) -> legalInjection(v)),
			new VmrunCheck(Checks.CONTROL, "virtual NMIs need the NMI intercept",
					(v, m) -> v.nesting() || !all(v, VIRTUAL_INTERRUPT, Vmcb.V_NMI_ENABLE)
							|| v.intercepts(SvmExitCode.NMI)),
			new VmrunCheck(Checks.CONTROL, "AVIC needs nested paging", (v, m) -> !avic(v) || nested(v)),
			new VmrunCheck(Checks.CONTROL, "AVIC's backing page is physical",
					(v, m) -> !avic(v) || page(v, m, AVIC_BACKING_PAGE)),
			new VmrunCheck(Checks.CONTROL, "AVIC's logical table is physical",
					(v, m) -> !avic(v) || page(v, m, AVIC_LOGICAL_TABLE)),
			new VmrunCheck(Checks.CONTROL, "AVIC's physical table is physical",
					(v, m) -> !avic(v) || page(v, m, AVIC_PHYSICAL_TABLE)),
			new VmrunCheck(Checks.CONTROL, "the ASID is not 0", (v, m) -> v.read(GUEST_ASID) != 0) };

	/** The first rule that the VMCB breaks, of those that a change since the last check concerns; or null. */
	static @Nullable VmrunCheck firstBroken(Vmcb vmcb, ProcessorModel model) {
		if (!vmcb.anyDue()) {
			return null;
		}
		for (VmrunCheck check : ALL) {
			if (vmcb.due(check.checks) && !check.holds.test(vmcb, model)) {
				return check;
			}
		}
		return null;
	}

	private static boolean all(Vmcb vmcb, VmcbField field, long bits) {
		return (vmcb.read(field) & bits) == bits;
	}

	private static boolean nested(Vmcb vmcb) {
		return all(vmcb, NP_ENABLE, Vmcb.NESTED_PAGING);
	}

	private static boolean longModePaging(Vmcb vmcb) {
		return all(vmcb, EFER, CpuState.EFER_LME) && all(vmcb, CR0, CpuState.CR0_PG);
	}

	private static boolean avic(Vmcb vmcb) {
		return all(vmcb, VIRTUAL_INTERRUPT, Vmcb.AVIC_ENABLE);
	}

	private static boolean page(Vmcb vmcb, ProcessorModel model, VmcbField field) {
		return (vmcb.read(field) & PAGE) >>> model.physicalAddressBits() == 0;
	}

	/** Whether a map ends below the end of physical addresses. */
	private static boolean physical(Vmcb vmcb, ProcessorModel model, VmcbField field, long bytes) {
		long base = vmcb.read(field) & PAGE;
		return base >>> model.physicalAddressBits() == 0 && base + bytes < 1L << model.physicalAddressBits();
	}

	private static boolean legalPat(long pat) {
		for (int i = 0; i < 64; i += 8) {
			int type = (int) (pat >>> i) & 0xff;
			if (type > 7 || type == 2 || type == 3) {
				return false;
			}
		}
		return true;
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
