/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.state.CpuState.CS;
import static org.hyperstep.x86.state.CpuState.DS;
import static org.hyperstep.x86.state.CpuState.ES;
import static org.hyperstep.x86.state.CpuState.FS;
import static org.hyperstep.x86.state.CpuState.GS;
import static org.hyperstep.x86.state.CpuState.LDTR;
import static org.hyperstep.x86.state.CpuState.SS;
import static org.hyperstep.x86.state.CpuState.TR;
import static org.hyperstep.x86.state.CpuState.VM;
import static org.hyperstep.x86.vmx.Architecture.CR0_PE;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import org.hyperstep.x86.state.SegmentState;

/** Intel SDM, "Checks on Guest Segment Registers". */
@SuppressWarnings("nls")
final class GuestSegmentChecks {
	private static final String[] NAMES = { "ES", "CS", "SS", "DS", "FS", "GS", "LDTR", "TR" };
	private static final int TYPE_ACCESSED = 1, TYPE_CODE = 8, TYPE_READABLE = 2, TYPE_CONFORMING = 4;

	static final List<EntryCheck> ALL = all();

	private GuestSegmentChecks() {
	}

	/** A segment register as the VMCS holds it. */
	private record Segment(Vmcs vmcs, int index) {
		int selector() {
			return (int) vmcs.read(GuestStateArea.SELECTOR[index]);
		}

		long base() {
			return vmcs.read(GuestStateArea.BASE[index]);
		}

		long limit() {
			return vmcs.read(GuestStateArea.LIMIT[index]);
		}

		int rights() {
			return (int) vmcs.read(GuestStateArea.ACCESS_RIGHTS[index]);
		}

		boolean usable() {
			return (rights() & SegmentState.UNUSABLE) == 0;
		}

		int type() {
			return rights() & 15;
		}

		int dpl() {
			return rights() >> 5 & 3;
		}

		int rpl() {
			return selector() & 3;
		}

		boolean bit(int number) {
			return (rights() >> number & 1) != 0;
		}

		/** Any bit of the limit's low 12 clear wants G=0; any of its high 12 set wants G=1. */
		boolean granularityFits() {
			boolean granular = bit(15);
			return granular ? (limit() & 0xfff) == 0xfff : limit() >>> 20 == 0;
		}
	}

	private static List<EntryCheck> all() {
		List<EntryCheck> checks = new ArrayList<>();
		selectors(checks);
		for (int i = ES; i <= GS; i++) {
			virtual8086(checks, i);
			descriptor(checks, i);
		}
		codeAndStack(checks);
		systemSegments(checks);
		return List.copyOf(checks);
	}

	private static void selectors(List<EntryCheck> checks) {
		add(checks, "TR selector: TI is 0", v -> (v.read(GUEST_TR_SELECTOR) & 4) == 0);
		add(checks, "LDTR selector: TI is 0 where usable", LDTR, s -> !s.usable() || (s.selector() & 4) == 0);
		add(checks, "SS selector: RPL equals that of CS without unrestricted guest",
				v -> virtual8086(v) || v.has(UNRESTRICTED_GUEST)
						|| (v.read(GUEST_SS_SELECTOR) & 3) == (v.read(GUEST_CS_SELECTOR) & 3));
		for (int i : new int[] { TR, FS, GS }) {
			add(checks, NAMES[i] + " base is canonical", i, s -> s.vmcs().canonical(s.base()));
		}
		add(checks, "LDTR base is canonical where usable", LDTR, s -> !s.usable() || s.vmcs().canonical(s.base()));
		add(checks, "CS base has 32 bits", CS, s -> s.base() >>> 32 == 0);
		for (int i : new int[] { SS, DS, ES }) {
			add(checks, NAMES[i] + " base has 32 bits where usable", i, s -> !s.usable() || s.base() >>> 32 == 0);
		}
	}

	private static void virtual8086(List<EntryCheck> checks, int index) {
		add(checks, NAMES[index] + " is a virtual-8086 segment", index, s -> !virtual8086(s.vmcs)
				|| s.base() == (long) s.selector() << 4 && s.limit() == 0xffff && s.rights() == 0xf3);
	}

	private static void descriptor(List<EntryCheck> checks, int index) {
		String name = NAMES[index];
		boolean data = index != CS && index != SS;
		protectedMode(checks, name + " is accessed and, where code, readable", index,
				s -> !data || (s.type() & TYPE_ACCESSED) != 0
						&& ((s.type() & TYPE_CODE) == 0 || (s.type() & TYPE_READABLE) != 0));
		protectedMode(checks, name + ": S is 1", index, s -> s.bit(4));
		protectedMode(checks, name + ": DPL is not below RPL without unrestricted guest", index,
				s -> !data || s.vmcs.has(UNRESTRICTED_GUEST) || s.type() > 11 || s.dpl() >= s.rpl());
		protectedMode(checks, name + ": P is 1", index, s -> s.bit(7));
		protectedMode(checks, name + ": reserved bits", index, s -> (s.rights() & 0xfffe_0f00) == 0);
		protectedMode(checks, name + ": G fits the limit", index, Segment::granularityFits);
	}

	private static void codeAndStack(List<EntryCheck> checks) {
		protectedMode(checks, "CS is an accessed code segment, or data with unrestricted guest", CS,
				s -> (s.type() & 9) == 9 || s.type() == 3 && s.vmcs.has(UNRESTRICTED_GUEST));
		protectedMode(checks, "CS: DPL fits its type and SS.DPL", CS, GuestSegmentChecks::codePrivilegeFits);
		protectedMode(checks, "CS: D is 0 where L is 1 in IA-32e mode", CS,
				s -> !s.vmcs.has(IA_32E_MODE_GUEST) || !s.bit(13) || !s.bit(14));
		protectedMode(checks, "SS is an accessed, writable data segment", SS, s -> s.type() == 3 || s.type() == 7);
		protectedMode(checks, "SS: DPL equals RPL without unrestricted guest", SS,
				s -> s.vmcs.has(UNRESTRICTED_GUEST) || s.dpl() == s.rpl());
		add(checks, "SS: DPL is 0 where CS is data or CR0.PE is 0", v -> virtual8086(v)
				|| (v.read(GUEST_CS_ACCESS_RIGHTS) & 15) != 3 && (v.read(GUEST_CR0) & CR0_PE) != 0
				|| (v.read(GUEST_SS_ACCESS_RIGHTS) >> 5 & 3) == 0);
	}

	private static boolean codePrivilegeFits(Segment code) {
		int stackDpl = (int) code.vmcs.read(GUEST_SS_ACCESS_RIGHTS) >> 5 & 3;
		if (code.type() == 3) {
			return code.dpl() == 0;
		}
		return (code.type() & TYPE_CONFORMING) == 0 ? code.dpl() == stackDpl : code.dpl() <= stackDpl;
	}

	private static void systemSegments(List<EntryCheck> checks) {
		add(checks, "TR is a busy TSS", TR,
				s -> s.type() == 11 || s.type() == 3 && !s.vmcs.has(IA_32E_MODE_GUEST));
		add(checks, "TR: S is 0, P is 1, usable, reserved bits", TR,
				s -> !s.bit(4) && s.bit(7) && s.usable() && (s.rights() & 0xfffe_0f00) == 0);
		add(checks, "TR: G fits the limit", TR, Segment::granularityFits);
		add(checks, "LDTR is an LDT where usable", LDTR, s -> !s.usable()
				|| s.type() == 2 && !s.bit(4) && s.bit(7) && (s.rights() & 0xfffe_0f00) == 0 && s.granularityFits());
	}

	private static boolean virtual8086(Vmcs vmcs) {
		return (vmcs.read(GUEST_RFLAGS) & VM) != 0;
	}

	private static void add(List<EntryCheck> checks, String rule, Predicate<Vmcs> holds) {
		checks.add(new EntryCheck(rule, EntryCheck.Failure.INVALID_GUEST_STATE, holds));
	}

	private static void add(List<EntryCheck> checks, String rule, int index, Predicate<Segment> holds) {
		add(checks, rule, v -> holds.test(new Segment(v, index)));
	}

	/** A rule for a segment that is usable, outside virtual-8086 mode. CS is always usable. */
	private static void protectedMode(List<EntryCheck> checks, String rule, int index, Predicate<Segment> holds) {
		add(checks, rule, index, s -> virtual8086(s.vmcs) || index != CS && !s.usable() || holds.test(s));
	}
}
