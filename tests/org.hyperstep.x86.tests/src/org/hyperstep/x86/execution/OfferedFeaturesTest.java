/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.InstructionForm;
import org.hyperstep.x86.decode.InstructionTable;
import org.hyperstep.x86.decode.SampleEncoding;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.meaning.Meanings;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.Feature;
import org.hyperstep.x86.system.FeatureSelection;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.junit.jupiter.api.Test;

/** A row of the instruction table that belongs to a feature executes where CPUID offers it, and is #UD where not. */
@SuppressWarnings("nls")
class OfferedFeaturesTest {
	private static final long RAM = 4 << 20;
	private static final int OPERANDS = 0x20_0000;

	private static FlatMachine machine(Vendor vendor, Level level) {
		FlatMachine machine = FlatMachine
				.in64BitMode(new FlatMachine(RAM, ProcessorModel.of(vendor, level, 0, 1)));
		machine.state.cr4 |= machine.processor.model().cr4Allowed()
				& (CpuState.CR4_OSXSAVE | CpuState.CR4_FSGSBASE | CpuState.CR4_PKE);
		machine.state.xcr0 = machine.processor.model().xcr0Allowed();
		machine.processor.stateReplaced();
		return machine;
	}

	/** Whether the instruction raises #UD, on operands that are all in memory that is there. */
	private static boolean isUndefined(FlatMachine machine, byte[] code) {
		CpuState state = machine.state;
		for (int k = 0; k < 16; k++) {
			state.general[k] = OPERANDS;
		}
		state.rip = FlatMachine.CODE;
		machine.memory.copyIn(FlatMachine.CODE, code, 0, code.length);
		return machine.processor.emulateOne() == RunOutcome.FAULT && machine.processor.fault().vector() == Vector.UD;
	}

	@Test
	void rowsOfAFeatureExecuteWhereItIsOfferedAndAreUndefinedElsewhere() {
		for (Vendor vendor : Vendor.values()) {
			for (Level level : Level.values()) {
				compare(machine(vendor, level), vendor + " " + level);
			}
		}
	}

	private static void compare(FlatMachine machine, String model) {
		Set<String> wrong = new TreeSet<>();
		for (InstructionForm form : InstructionTable.forms()) {
			if (SampleEncoding.mode(form) != CodeSize.CODE64) {
				continue;
			}
			byte[] code = SampleEncoding.of(form, 0);
			Instruction instruction = Decoder.decode(CodeSize.CODE64, code, 0, code.length);
			Set<Feature> needed = Meanings.features(instruction);
			boolean offered = needed.stream().allMatch(machine.processor.model()::has);
			if (!needed.isEmpty() && isUndefined(machine, code) == offered) {
				wrong.add(form + " of " + needed);
			}
		}
		assertEquals(Set.of(), wrong, model);
	}

	/** Features of CPUID without instructions of their own; those whose instructions every model here has. */
	private static final Set<Feature> WITHOUT_ROWS = EnumSet.of(Feature.XGETBV1, Feature.ABM,
			Feature.FCS_FDS_DEPRECATED);

	@Test
	void everyFeatureOfLevel3HasRows() {
		Set<Feature> covered = EnumSet.noneOf(Feature.class);
		for (InstructionForm form : InstructionTable.forms()) {
			byte[] code = SampleEncoding.of(form, 0);
			covered.addAll(Meanings.features(Decoder.decode(SampleEncoding.mode(form), code, 0, code.length)));
		}
		ProcessorModel low = ProcessorModel.of(Vendor.INTEL, Level.V2, 0, 1);
		ProcessorModel high = ProcessorModel.of(Vendor.INTEL, Level.V3, 0, 1);
		Set<Feature> uncovered = EnumSet.noneOf(Feature.class);
		for (Feature feature : Feature.values()) {
			if (high.has(feature) && !low.has(feature) && !covered.contains(feature)) {
				uncovered.add(feature);
			}
		}
		// XGETBV with ECX = 1 is #GP without the feature, and LZCNT is BSR.
		assertEquals(WITHOUT_ROWS, uncovered);
	}

	@Test
	void withoutItsFeatureLzcntIsBsrAndTzcntIsBsf() {
		for (Level level : Level.values()) {
			FlatMachine machine = machine(Vendor.INTEL, level).code("f30fbdc3 f30fbccb");
			machine.state.general[CpuState.RBX] = 0x100;
			machine.state.general[CpuState.RCX] = 7;
			machine.run(1);
			assertEquals(level == Level.V3 ? 23 : 8, machine.state.general[CpuState.RAX]);
			machine.state.general[CpuState.RBX] = 0;
			machine.run(1);
			assertEquals(level == Level.V3 ? 32 : 7, machine.state.general[CpuState.RCX]);
		}
	}

	@Test
	void randomNumbersComeFromTheSeedAndSetCarry() {
		long[] numbers = new long[2];
		for (int run = 0; run < 2; run++) {
			FlatMachine machine = machine(Vendor.INTEL, Level.V2).code("480fc7f0 480fc7fb 660fc7f1");
			machine.state.randomState = 42;
			machine.state.rflags |= CpuState.ZF | CpuState.SF | CpuState.OF | CpuState.AF | CpuState.PF;
			machine.state.general[CpuState.RCX] = -1L;
			machine.run(3);
			assertEquals(CpuState.CF, machine.state.rflags & Flags.STATUS);
			assertEquals(-1L >>> 16, machine.state.general[CpuState.RCX] >>> 16, "16 bits leave the others");
			numbers[run] = machine.state.general[CpuState.RAX] ^ machine.state.general[CpuState.RBX];
		}
		assertEquals(numbers[0], numbers[1]);
	}

	@Test
	void tscAuxGoesWithTheLastInstructionThatReadsIt() {
		for (String lost : new String[] { "-rdtscp", "-rdpid", "-rdtscp,-rdpid" }) {
			ProcessorModel model = ProcessorModel.of(Vendor.AMD, Level.V3, 0, 1).with(FeatureSelection.parse(lost));
			FlatMachine machine = FlatMachine.in64BitMode(new FlatMachine(RAM, model)).code("0f32 0f01f9");
			machine.state.general[CpuState.RCX] = 0xc000_0103L;
			boolean there = !lost.equals("-rdtscp,-rdpid");
			assertEquals(there ? RunOutcome.EXECUTED : RunOutcome.FAULT, machine.processor.emulateOne(), lost);
			machine.state.rip = FlatMachine.CODE + 2;
			RunOutcome read = lost.startsWith("-rdtscp") ? RunOutcome.FAULT : RunOutcome.EXECUTED;
			assertEquals(read, machine.processor.emulateOne(), lost);
		}
	}
}
