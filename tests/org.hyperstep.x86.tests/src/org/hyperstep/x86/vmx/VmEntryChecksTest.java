/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** VM entry refuses what breaks its rules, each in the manual's way. */
@SuppressWarnings("nls")
class VmEntryChecksTest {

	private record Row(String name, Consumer<Vmcs> breaks, int error, int qualification) {
	}

	private static Row control(String name, Consumer<Vmcs> breaks) {
		return new Row(name, breaks, 7, 0);
	}

	private static Row host(String name, Consumer<Vmcs> breaks) {
		return new Row(name, breaks, 8, 0);
	}

	private static Row guest(String name, Consumer<Vmcs> breaks) {
		return new Row(name, breaks, 0, 0);
	}

	private static Consumer<Vmcs> write(VmcsField field, long value) {
		return vmcs -> vmcs.write(field, value);
	}

	private static void inject(Vmcs vmcs, int vector, int type) {
		vmcs.write(VM_ENTRY_INTERRUPTION_INFORMATION, 1L << 31 | type << 8 | vector);
	}

	private static final List<Row> ROWS = List.of(
			control("reservedPinBasedControl", write(PIN_BASED_CONTROLS, 0)),
			control("unknownPrimaryControl", v -> v.write(PRIMARY_PROCESSOR_BASED_CONTROLS,
					v.read(PRIMARY_PROCESSOR_BASED_CONTROLS) | 1)),
			control("fiveCr3Targets", write(CR3_TARGET_COUNT, 5)),
			control("unalignedIoBitmap", v -> {
				v.set(USE_IO_BITMAPS, true);
				v.write(ADDRESS_OF_IO_BITMAP_A, 0x10);
			}),
			control("virtualNmisWithoutNmiExiting", v -> v.set(NMI_EXITING, false)),
			control("vpidZero", v -> v.set(ENABLE_VPID, true)),
			control("eptPointerOfMemoryType3", v -> {
				v.set(ENABLE_EPT, true);
				v.write(EPT_POINTER, 3 | 3 << 3);
			}),
			control("unrestrictedGuestWithoutEpt", v -> v.set(UNRESTRICTED_GUEST, true)),
			control("injectedTypeReserved", v -> inject(v, 0x30, 1)),
			control("injectedNmiOfVector3", v -> inject(v, 3, EventType.NMI)),
			control("injectedExceptionOfVector32", v -> inject(v, 32, EventType.HARDWARE_EXCEPTION)),
			control("injectedPageFaultWithoutErrorCode", v -> inject(v, 14, EventType.HARDWARE_EXCEPTION)),
			control("injectedSoftwareInterruptWithoutLength", v -> inject(v, 0x80, EventType.SOFTWARE_INTERRUPT)),
			host("hostCr4WithoutVmxe", write(HOST_CR4, CpuState.CR4_PAE)),
			host("hostCsNull", write(HOST_CS_SELECTOR, 0)), host("hostTrNull", write(HOST_TR_SELECTOR, 0)),
			host("hostSelectorWithRpl", write(HOST_DS_SELECTOR, 3)),
			host("hostRipNotCanonical", write(HOST_RIP, 1L << 48)),
			guest("cr0WithoutNe", v -> v.write(GUEST_CR0, v.read(GUEST_CR0) & ~CpuState.CR0_NE)),
			guest("cr4WithoutVmxe", write(GUEST_CR4, CpuState.CR4_PAE)),
			guest("longModeWithoutPae", write(GUEST_CR4, CpuState.CR4_VMXE)),
			guest("eferLmaUnlikeTheControl", write(GUEST_IA32_EFER, 0)),
			guest("dr7Beyond32Bits", write(GUEST_DR7, 1L << 32 | 0x400)),
			guest("gdtrLimitBeyond16Bits", write(GUEST_GDTR_LIMIT, 0x10000)),
			guest("ripNotCanonical", write(GUEST_RIP, 1L << 47)),
			guest("rflagsBit1Clear", write(GUEST_RFLAGS, 0)),
			guest("rflagsReservedBit", write(GUEST_RFLAGS, 2 | 8)),
			guest("csBaseBeyond32Bits", write(GUEST_CS_BASE, 1L << 32)),
			guest("csNotAccessed", write(GUEST_CS_ACCESS_RIGHTS, 0xa09a)),
			guest("csWithLAndD", write(GUEST_CS_ACCESS_RIGHTS, 0xe09b)),
			guest("dsNotPresent", write(GUEST_DS_ACCESS_RIGHTS, 0xc013)),
			guest("ssReadOnly", write(GUEST_SS_ACCESS_RIGHTS, 0xc091)),
			guest("granularityUnlikeTheLimit", write(GUEST_DS_LIMIT, 0x12345)),
			guest("trNotBusy", write(GUEST_TR_ACCESS_RIGHTS, 0x89)),
			guest("trUnusable", write(GUEST_TR_ACCESS_RIGHTS, 0x1008b)),
			guest("unknownActivityState", write(GUEST_ACTIVITY_STATE, 4)),
			guest("stiAndMovSsBlocking", v -> {
				v.write(GUEST_RFLAGS, 0x202);
				v.write(GUEST_INTERRUPTIBILITY_STATE, 3);
			}),
			guest("stiBlockingWithIfClear", write(GUEST_INTERRUPTIBILITY_STATE, 1)),
			guest("haltedUnderMovSsBlocking", v -> {
				v.write(GUEST_INTERRUPTIBILITY_STATE, 2);
				v.write(GUEST_ACTIVITY_STATE, 1);
			}),
			guest("interruptInjectedWithIfClear", v -> inject(v, 0x30, EventType.EXTERNAL_INTERRUPT)),
			guest("interruptInjectedUnderStiBlocking", v -> {
				inject(v, 0x30, EventType.EXTERNAL_INTERRUPT);
				v.write(GUEST_RFLAGS, 0x202);
				v.write(GUEST_INTERRUPTIBILITY_STATE, 1);
			}),
			guest("trapFlagUnderStiBlockingWithoutPendingSingleStep", v -> {
				v.write(GUEST_RFLAGS, 0x302);
				v.write(GUEST_INTERRUPTIBILITY_STATE, 1);
			}),
			guest("pendingSingleStepUnderMovSsBlockingWithoutTrapFlag", v -> {
				v.write(GUEST_INTERRUPTIBILITY_STATE, 2);
				v.write(GUEST_PENDING_DEBUG_EXCEPTIONS, 1 << 14);
			}),
			guest("pendingDebugExceptionReservedBit", write(GUEST_PENDING_DEBUG_EXCEPTIONS, 1 << 5)),
			new Row("nmiInjectedUnderMovSsBlocking", v -> {
				inject(v, 2, EventType.NMI);
				v.write(GUEST_INTERRUPTIBILITY_STATE, 2);
			}, 0, 3), new Row("linkPointerInUse", write(VMCS_LINK_POINTER, 0x1000), 0, 4));

	@TestFactory
	Stream<DynamicTest> entryFails() {
		return ROWS.stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> {
			VmxFixture fixture = new VmxFixture("f4");
			row.breaks().accept(fixture.vmcs);
			Vmx.Outcome outcome = fixture.vmx.enter(fixture.vmcs);
			if (row.error() != 0) {
				assertEquals(Vmx.Outcome.VM_FAIL, outcome, fixture.vmx.brokenRule());
				assertEquals(row.error(), fixture.vmcs.read(VM_INSTRUCTION_ERROR), fixture.vmx.brokenRule());
			} else {
				assertEquals(Vmx.Outcome.VM_EXIT, outcome);
				assertEquals(33 | 1L << 31, fixture.vmcs.read(EXIT_REASON));
				assertEquals(row.qualification(), fixture.vmcs.read(EXIT_QUALIFICATION), fixture.vmx.brokenRule());
			}
		}));
	}

	@Test
	void untouchedFixtureEnters() {
		VmxFixture fixture = new VmxFixture("f4");
		fixture.enter(VmExitReason.HLT);
		fixture.enter(VmExitReason.HLT);
	}

	@Test
	void rulesAreToldApart() {
		Set<String> rules = new HashSet<>();
		for (List<EntryCheck> list : List.of(ControlChecks.ALL, ControlChecks.INJECTION, HostStateChecks.ALL,
				GuestStateChecks.ALL, GuestStateChecks.POSITION, GuestStateChecks.INJECTION,
				GuestSegmentChecks.ALL)) {
			for (EntryCheck check : list) {
				assertTrue(rules.add(check.rule()), check.rule());
			}
		}
	}

	@Test
	void whatOneLookFindsLegalBreaksNoRule() {
		VmxFixture fixture = new VmxFixture("f4");
		Random random = new Random(20);
		int legal = 0;
		for (int i = 0; i < 50_000; i++) {
			randomPosition(random, fixture.state);
			fixture.vmcs.write(VM_ENTRY_INTERRUPTION_INFORMATION,
					random.nextInt(3) == 0 ? 0 : 1L << 31 | 0x20 | pick(random, 0, 1 << 8, 3 << 8, 1 << 11, 1 << 20));
			fixture.vmcs.registers().leave(fixture.state);
			boolean plain = EntryChecks.plainlyLegal(fixture.vmcs);
			legal += plain ? 1 : 0;
			for (List<EntryCheck> list : List.of(ControlChecks.INJECTION, GuestStateChecks.POSITION,
					GuestStateChecks.INJECTION)) {
				for (EntryCheck check : list) {
					assertTrue(!plain || check.holds().test(fixture.vmcs), check.rule());
				}
			}
		}
		assertTrue(legal > 1000, () -> "hardly any entry is a plain one");
	}

	private static void randomPosition(Random random, CpuState state) {
		state.rip = pick(random, 0x1000, 0x7fff_ffff_f000L, 1L << 33, 1L << 48);
		state.rflags = pick(random, 2, 2, 2, 0, 2 | CpuState.VM, 2 | CpuState.TF, 2 | 1 << 15)
				| pick(random, 0, CpuState.IF, CpuState.IF);
		state.interruptibility.shadow = random.nextInt(8) == 0 ? Shadow.values()[random.nextInt(3)] : Shadow.NONE;
		state.interruptibility.blockingByNmi = random.nextInt(8) == 0;
		state.interruptibility.blockingBySmi = random.nextInt(16) == 0;
		state.interruptibility.pendingDebugExceptions = pick(random, 0, 0, 0, 0, 1 << 14, 1 << 5);
		state.activity = random.nextInt(8) == 0 ? CpuState.Activity.HALTED : CpuState.Activity.ACTIVE;
		SegmentState code = state.segments[CpuState.CS];
		code.set(code.selector, code.base, code.limit, (int) pick(random, 0xa09b, 0xa09b, 0xc09b));
	}

	private static long pick(Random random, long... values) {
		return values[random.nextInt(values.length)];
	}
}
