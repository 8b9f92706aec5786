/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class ModelSpecificRegistersTest {
	private final SystemFixture fixture = new SystemFixture().longMode(0);
	private final CpuState state = fixture.state;
	private final ModelSpecificRegisters registers = fixture.unit.modelSpecificRegisters;

	private String write(MsrRow row, long value) {
		return fixture.outcome(() -> registers.write(row.index, value));
	}

	@Test
	void everyRowHasItsOwnIndexAndReads() {
		Set<Integer> seen = new HashSet<>();
		for (MsrRow row : MsrRow.values()) {
			assertTrue(seen.add(row.index), row.name());
			SystemFixture any = row.vendor == Vendor.AMD ? new SystemFixture(ProcessorModel.amd(0, 1)) : fixture;
			assertEquals(row == MsrRow.AVIC_DOORBELL ? "13(0)" : "none",
					any.outcome(() -> any.unit.modelSpecificRegisters.read(row.index)),
					row + " is write-only or reads");
		}
	}

	@Test
	void everyWritableRowKeepsWhatItIsGiven() {
		for (MsrRow row : MsrRow.values()) {
			if (row.reader == null && row.writable != 0) {
				SystemFixture any = row.vendor == Vendor.AMD ? new SystemFixture(ProcessorModel.amd(0, 1)) : fixture;
				long value = row.resetValue ^ row.writable;
				any.unit.modelSpecificRegisters.write(row.index, value);
				assertEquals(value, any.unit.modelSpecificRegisters.read(row.index), row.name());
			}
		}
	}

	@Test
	void unknownRegisterFaults() {
		state.general[CpuState.RCX] = 0x4000_0000;
		assertEquals("13(0)", fixture.outcome(registers::rdmsr));
		assertEquals("13(0)", fixture.outcome(registers::wrmsr));
		assertEquals("13(0)", fixture.outcome(() -> registers.read(MsrRow.HWCR.index)), "AMD's only");
	}

	@Test
	void valueGoesThroughEdxAndEax() {
		state.general[CpuState.RCX] = 0xc000_0082L;
		state.general[CpuState.RAX] = 0xdead_beef_8000_1000L;
		state.general[CpuState.RDX] = 0x1111_1111_ffff_8000L;
		registers.wrmsr();
		assertEquals(0xffff_8000_8000_1000L, state.lstar);
		registers.rdmsr();
		assertEquals(0x8000_1000L, state.general[CpuState.RAX]);
		assertEquals(0xffff_8000L, state.general[CpuState.RDX]);
		state.cpl = 3;
		assertEquals("13(0)", fixture.outcome(registers::rdmsr));
	}

	@Test
	void addressesMustBeCanonical() {
		for (MsrRow row : new MsrRow[] { MsrRow.LSTAR, MsrRow.FS_BASE, MsrRow.GS_BASE, MsrRow.KERNEL_GS_BASE,
				MsrRow.SYSENTER_EIP }) {
			assertEquals("13(0)", write(row, 1L << 47), row.name());
			assertEquals("none", write(row, -1L << 47), row.name());
		}
	}

	@Test
	void basesTakeTheWidestAddressOfTheProcessorWhateverCr4Says() {
		SystemFixture wide = new SystemFixture(
				ProcessorModel.intel(0, 1).with(FeatureSelection.parse("la57"))).longMode(0);
		for (MsrRow row : new MsrRow[] { MsrRow.FS_BASE, MsrRow.KERNEL_GS_BASE, MsrRow.LSTAR }) {
			assertEquals("none", wide.outcome(() -> wide.unit.modelSpecificRegisters.write(row.index, 1L << 55)));
			assertEquals("13(0)", wide.outcome(() -> wide.unit.modelSpecificRegisters.write(row.index, 1L << 56)));
		}
	}

	@Test
	void memoryTypesOfPatAreChecked() {
		assertEquals("13(0)", write(MsrRow.PAT, 2));
		assertEquals("13(0)", write(MsrRow.PAT, 8));
		assertEquals("none", write(MsrRow.PAT, 0x0007_0605_0401_0007L));
	}

	@Test
	void eferKeepsLmaAndFixesLmeUnderPaging() {
		assertEquals("13(0)", write(MsrRow.EFER, state.efer & ~CpuState.EFER_LME));
		assertEquals("13(0)", write(MsrRow.EFER, state.efer | 1 << 1));
		assertEquals("13(0)", write(MsrRow.EFER, state.efer | CpuState.EFER_SVME), "Intel has no SVM");
		assertEquals("none", write(MsrRow.EFER, CpuState.EFER_LME));
		assertEquals(CpuState.EFER_LME | CpuState.EFER_LMA, state.efer);
	}

	@Test
	void apicModesFollowTheManualsTransitions() {
		long enabled = 0xfee0_0800L;
		assertEquals("13(0)", write(MsrRow.APIC_BASE, 0xfee0_0400L));
		assertEquals("none", write(MsrRow.APIC_BASE, enabled | 0x400));
		assertEquals(0xfee0_0d00L, state.apicBase, "the bootstrap bit is read-only");
		assertEquals("13(0)", write(MsrRow.APIC_BASE, enabled));
		assertEquals("none", write(MsrRow.APIC_BASE, 0xfee0_0000L));
		assertEquals("13(0)", write(MsrRow.APIC_BASE, enabled | 0x400), "x2APIC only from xAPIC");
	}

	@Test
	void timeStampIsTheClocks() {
		fixture.now = 0x1_2345_6789L;
		fixture.unit.privilegedInstructions.rdtsc(2);
		assertEquals(0x2345_6789L, state.general[CpuState.RAX]);
		assertEquals(1, state.general[CpuState.RDX]);
		registers.write(0x10, 5);
		assertEquals(5, fixture.now);
		state.cr4 |= CpuState.CR4_TSD;
		state.cpl = 3;
		assertEquals("13(0)", fixture.outcome(() -> fixture.unit.privilegedInstructions.rdtsc(2)));
	}

	@Test
	void constantsCanBeAddedAndAreReadOnly() {
		registers.addConstant(0x480, 77);
		assertEquals(77, registers.read(0x480));
		assertTrue(registers.exists(0x480));
		assertFalse(registers.exists(0x481));
		assertEquals("13(0)", fixture.outcome(() -> registers.write(0x480, 77)));
	}

	@Test
	void rdpmcReadsAmdsFourCountersAndFaultsWhereThereAreNone() {
		SystemFixture amd = new SystemFixture(ProcessorModel.amd(0, 1));
		amd.unit.modelSpecificRegisters.write(MsrRow.PERF_COUNTER3.index, 0x1234_5678_9abcL);
		amd.state.general[CpuState.RCX] = 3;
		amd.unit.privilegedInstructions.rdpmc(2);
		assertEquals(0x5678_9abcL, amd.state.general[CpuState.RAX]);
		assertEquals(0x1234, amd.state.general[CpuState.RDX]);
		amd.state.general[CpuState.RCX] = 4;
		assertEquals("13(0)", amd.outcome(() -> amd.unit.privilegedInstructions.rdpmc(2)));
		fixture.state.general[CpuState.RCX] = 0;
		assertEquals("13(0)", fixture.outcome(() -> fixture.unit.privilegedInstructions.rdpmc(2)));
	}

	// ---- CPUID ----

	private int[] cpuid(SystemFixture of, int leaf, int subleaf) {
		of.state.general[CpuState.RAX] = leaf;
		of.state.general[CpuState.RCX] = subleaf;
		of.unit.privilegedInstructions.cpuid(2);
		return new int[] { (int) of.state.general[CpuState.RAX], (int) of.state.general[CpuState.RBX],
				(int) of.state.general[CpuState.RCX], (int) of.state.general[CpuState.RDX] };
	}

	@Test
	void cpuidNamesTheVendor() {
		assertEquals("GenuineIntel", vendor(cpuid(fixture, 0, 0)));
		assertEquals("AuthenticAMD", vendor(cpuid(new SystemFixture(ProcessorModel.amd(0, 1)), 0, 0)));
	}

	private static String vendor(int[] answer) {
		StringBuilder text = new StringBuilder();
		for (int register : new int[] { answer[1], answer[3], answer[2] }) {
			for (int i = 0; i < 4; i++) {
				text.append((char) (register >>> i * 8 & 0xff));
			}
		}
		return text.toString();
	}

	@Test
	void cpuidFollowsTheControlRegistersWhereTheManualSaysSo() {
		assertTrue((cpuid(fixture, 1, 0)[3] & 1 << 9) != 0);
		state.apicBase = 0;
		assertEquals(0, cpuid(fixture, 1, 0)[3] & 1 << 9);
	}

	@Test
	void everyFeatureOfTheModelAppearsInItsBit() {
		for (Vendor vendor : Vendor.values()) {
			for (Level level : Level.values()) {
				ProcessorModel model = ProcessorModel.of(vendor, level, 0, 1);
				for (Feature feature : Feature.values()) {
					int[] answer = new int[4];
					model.cpuid(feature.leaf, feature.subleaf, answer);
					boolean reported = (answer[feature.output.ordinal()] & feature.mask) != 0;
					assertEquals(model.has(feature), reported, vendor + " " + level + " " + feature);
				}
			}
		}
	}

	@Test
	void topologyTellsIdAndCount() {
		ProcessorModel third = ProcessorModel.intel(2, 4);
		int[] answer = new int[4];
		third.cpuid(0xb, 1, answer);
		assertEquals(2, answer[0], "bits of the APIC ID below the package");
		assertEquals(4, answer[1]);
		assertEquals(2, answer[3]);
		third.cpuid(1, 0, answer);
		assertEquals(2, answer[1] >>> 24);
	}

	@Test
	void leafBeyondTheLastIsZeroOnAmdAndTheLastOneOnIntel() {
		int[] answer = cpuid(new SystemFixture(ProcessorModel.intel(0, 1)), 0x7fff_ffff, 0);
		assertEquals(ProcessorModel.TICKS_PER_SECOND, answer[2]);
		assertEquals(0, cpuid(new SystemFixture(ProcessorModel.amd(0, 1)), 0x7fff_ffff, 0)[2]);
	}
}
