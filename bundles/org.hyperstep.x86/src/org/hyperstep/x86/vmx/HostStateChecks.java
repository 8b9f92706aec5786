/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.Architecture.*;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import java.util.List;
import java.util.function.Predicate;

/**
 * Intel SDM, "Checks on Host Control Registers, MSRs, and SSP", "Checks on Host Segment and Descriptor-Table
 * Registers", "Checks Related to Address-Space Size".
 */
@SuppressWarnings("nls")
final class HostStateChecks {

	static final List<EntryCheck> ALL = List.of(
			check("host CR0 is supported in VMX operation", v -> fixed(v.read(HOST_CR0), CR0_FIXED_0, CR0_FIXED_1)),
			check("host CR4 is supported in VMX operation", v -> fixed(v.read(HOST_CR4), CR4_FIXED_0, v.cr4Allowed())),
			check("host CR3 is physical", v -> physical(v.read(HOST_CR3))),
			check("host IA32_SYSENTER_ESP and IA32_SYSENTER_EIP are canonical",
					v -> v.canonical(v.read(HOST_IA32_SYSENTER_ESP)) && v.canonical(v.read(HOST_IA32_SYSENTER_EIP))),
			check("host IA32_PAT", v -> !v.has(LOAD_HOST_IA32_PAT) || validPat(v.read(HOST_IA32_PAT))),
			check("host IA32_EFER: reserved bits, LMA and LME as the host address-space size",
					v -> !v.has(LOAD_HOST_IA32_EFER) || validHostEfer(v)),
			check("host selectors have RPL 0 and TI 0", HostStateChecks::selectorsAreGlobal),
			check("host CS and TR selectors are not null",
					v -> v.read(HOST_CS_SELECTOR) != 0 && v.read(HOST_TR_SELECTOR) != 0),
			check("host SS selector is not null for a 32-bit host",
					v -> v.has(HOST_ADDRESS_SPACE_SIZE) || v.read(HOST_SS_SELECTOR) != 0),
			check("host FS, GS, TR, GDTR and IDTR bases are canonical", v -> v.canonical(v.read(HOST_FS_BASE))
					&& v.canonical(v.read(HOST_GS_BASE)) && v.canonical(v.read(HOST_TR_BASE))
					&& v.canonical(v.read(HOST_GDTR_BASE)) && v.canonical(v.read(HOST_IDTR_BASE))),
			check("the host address-space size is the mode of the software that enters",
					v -> v.has(HOST_ADDRESS_SPACE_SIZE) == v.entersFromLongMode),
			check("a software outside IA-32e mode enters no IA-32e mode guest",
					v -> v.entersFromLongMode || !v.has(IA_32E_MODE_GUEST)),
			check("64-bit host: CR4.PAE is 1 and RIP is canonical", v -> !v.has(HOST_ADDRESS_SPACE_SIZE)
					|| (v.read(HOST_CR4) & CR4_PAE) != 0 && v.canonical(v.read(HOST_RIP))),
			check("32-bit host: CR4.PCIDE is 0 and RIP has 32 bits", v -> v.has(HOST_ADDRESS_SPACE_SIZE)
					|| (v.read(HOST_CR4) & CR4_PCIDE) == 0 && v.read(HOST_RIP) >>> 32 == 0));

	private HostStateChecks() {
	}

	private static EntryCheck check(String rule, Predicate<Vmcs> holds) {
		return new EntryCheck(rule, EntryCheck.Failure.INVALID_HOST_STATE, holds);
	}

	private static boolean fixed(long value, long ones, long allowed) {
		return (value & ones) == ones && (value & ~allowed) == 0;
	}

	private static boolean validHostEfer(Vmcs vmcs) {
		long efer = vmcs.read(HOST_IA32_EFER);
		boolean wide = vmcs.has(HOST_ADDRESS_SPACE_SIZE);
		return validEfer(efer) && (efer & EFER_LMA) != 0 == wide && (efer & EFER_LME) != 0 == wide;
	}

	private static boolean selectorsAreGlobal(Vmcs vmcs) {
		for (int encoding = HOST_ES_SELECTOR.encoding(); encoding <= HOST_TR_SELECTOR.encoding(); encoding += 2) {
			if ((vmcs.read(VmcsField.of(encoding)) & 7) != 0) {
				return false;
			}
		}
		return true;
	}
}
