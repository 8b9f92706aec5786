/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.hyperstep.x86.state.CpuState.RAX;
import static org.hyperstep.x86.state.CpuState.RBX;
import static org.hyperstep.x86.state.CpuState.RCX;
import static org.hyperstep.x86.state.CpuState.RDI;
import static org.hyperstep.x86.state.CpuState.RSI;
import static org.hyperstep.x86.state.CpuState.RSP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.x86.PortAccess;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.Interruptibility;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.memory.MmioDevice;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;
import org.junit.jupiter.api.Test;

/** What the run loop promises at instruction boundaries. */
@SuppressWarnings("nls")
class EngineTest {
	private static final long RAM = 4 << 20;

	private static FlatMachine machine(String hex) {
		return FlatMachine.in64BitMode(RAM).code(hex);
	}

	@Test
	void deadlineInsideABlockStopsAtExactlyThatInstruction() {
		FlatMachine machine = machine("ffc0 ffc0 ffc0 ffc0 ffc0 ffc0 ebfe");
		machine.run(3);
		assertEquals(3, machine.state.general[RAX]);
		assertEquals(FlatMachine.CODE + 6, machine.state.rip);
		machine.run(2);
		assertEquals(5, machine.state.general[RAX]);
		assertEquals(5, machine.processor.retired());
	}

	@Test
	void loopThroughLinkedBlocksStopsAtTheDeadline() {
		// inc rax; jmp back
		FlatMachine machine = machine("48ffc0 ebfb");
		machine.run(100_001);
		assertEquals(50_001, machine.state.general[RAX]);
		assertEquals(FlatMachine.CODE + 3, machine.state.rip);
	}

	@Test
	void loopThroughARoutineStopsAtEachDeadline() {
		// L: inc rax; pushfq; popfq; jmp L: PUSHFQ and POPFQ end their blocks by a call
		FlatMachine machine = machine("48ffc0 9c 9d ebf9");
		machine.state.general[RSP] = 0x20_0000;
		machine.run(4 * 100);
		for (int length = 1; length < 40; length++) {
			long before = machine.processor.retired();
			machine.run(length);
			assertEquals(before + length, machine.processor.retired());
			assertEquals((machine.processor.retired() + 3) / 4, machine.state.general[RAX]);
		}
	}

	@Test
	void modeBehindARoutineDecidesWhatTheNextBytesMean() {
		// L: mov eax, cr0; mov cr0, eax; mov eax, 1; jmp L
		FlatMachine machine = FlatMachine.in32BitMode(RAM).code("0f20c0 0f22c0 b801000000 ebf3");
		machine.run(4 * 50);
		assertEquals(1, machine.state.general[RAX]);
		SegmentState code = machine.state.segments[CpuState.CS];
		code.set(code.selector, code.base, code.limit, code.accessRights & ~0x4000);
		machine.processor.stateReplaced();
		machine.state.general[RAX] = machine.state.cr0;
		machine.state.rip = FlatMachine.CODE + 3;
		machine.run(2);
		// mov ax, 1 and, in the place of its upper half, add [bx+si], al
		assertEquals(FlatMachine.CODE + 9, machine.state.rip);
	}

	@Test
	void oneInstructionIsOneEvenIfItsBlockLeadsToItself() {
		FlatMachine machine = machine("ebfe");
		machine.run(100);
		machine.processor.setDeadline(1000);
		assertEquals(RunOutcome.EXECUTED, machine.processor.emulateOne());
		assertEquals(101, machine.processor.retired());
	}

	@Test
	void storeIntoTheNextInstructionOfTheSameBlockTakesEffectAtOnce() {
		// mov byte [rip+0], 0xc3 over the immediate of mov eax, 1; the loop keeps the block warm
		FlatMachine machine = machine("c605 02000000 07 90 b801000000 ebfe");
		machine.memory.write(FlatMachine.CODE + 2, 4, 2);
		machine.run(3);
		assertEquals(7, machine.state.general[RAX]);
	}

	@Test
	void storeIntoCodeExecutedBeforeIsSeenByTheNextExecution() {
		// L: mov eax, 1; inc byte [L+1]; jmp L
		FlatMachine machine = machine("b801000000 fe05f6ffffff ebf3");
		machine.run(3 * 1000);
		assertEquals(0xe8, machine.state.general[RAX] & 0xff);
	}

	@Test
	void debuggersWriteIntoCodeIsSeen() {
		FlatMachine machine = machine("b801000000 ebf9");
		machine.run(100);
		machine.memory.copyIn(FlatMachine.CODE + 1, new byte[] { 9 }, 0, 1);
		machine.run(2);
		assertEquals(9, machine.state.general[RAX]);
	}

	@Test
	void instructionAcrossPagesIsExecutedAndSeesStoresToItsSecondPage() {
		FlatMachine machine = FlatMachine.in64BitMode(RAM);
		machine.state.rip = FlatMachine.CODE + 0xffd;
		machine.code("b805000000 ebf9");
		machine.run(2);
		assertEquals(5, machine.state.general[RAX]);
		machine.memory.write(FlatMachine.CODE + 0x1000, 1, 1);
		machine.run(2);
		assertEquals(0x10005, machine.state.general[RAX]);
	}

	@Test
	void storesIntoAndBesideCodeAreSeenWhereverItLies() {
		for (int at = 0xf70; at < 0x1010; at++) {
			FlatMachine machine = FlatMachine.in64BitMode(RAM);
			machine.state.rip = FlatMachine.CODE + at;
			machine.code("b800000000 ebf9");
			for (int i = 0; i < 4; i++) {
				machine.run(2);
				machine.memory.write(FlatMachine.CODE + at - 1, 1, i);
				machine.memory.write(FlatMachine.CODE + at + 7, 8, i);
				machine.memory.write(FlatMachine.CODE + at + 1 + i, 1, 0x11 + i);
			}
			machine.run(2);
			assertEquals(0x14131211, machine.state.general[RAX], () -> Long.toHexString(machine.state.rip));
		}
	}

	@Test
	void repeatedStoreStopsBetweenIterationsAtTheDeadlineAndGoesOn() {
		FlatMachine machine = machine("f3aa ffc3 ebfe");
		machine.state.general[RCX] = 10_000;
		machine.state.general[RDI] = 0x20_0000;
		machine.state.general[RAX] = 0x5a;
		machine.run(1234);
		assertEquals(10_000 - 1234, machine.state.general[RCX]);
		assertEquals(0x20_0000 + 1234, machine.state.general[RDI]);
		assertEquals(FlatMachine.CODE, machine.state.rip);
		assertEquals(0x5a, machine.memory.read(0x20_0000 + 1233, 1));
		assertEquals(0, machine.memory.read(0x20_0000 + 1234, 1));
		machine.run(10_000 - 1234);
		assertEquals(0, machine.state.general[RCX]);
		assertEquals(FlatMachine.CODE + 2, machine.state.rip);
		assertEquals(10_000, machine.processor.retired());
	}

	@Test
	void repeatedMoveOntoItselfRepeatsTheFirstBytes() {
		// rep movsb with the destination two bytes above the source: a pattern of two bytes
		FlatMachine machine = machine("f3a4 ebfe");
		machine.memory.write(0x20_0000, 2, 0xbbaa);
		machine.state.general[RSI] = 0x20_0000;
		machine.state.general[RDI] = 0x20_0002;
		machine.state.general[RCX] = 6000;
		machine.run(6000);
		assertEquals(0xbbaabbaaL, machine.memory.read(0x20_0000 + 5996, 4));
	}

	@Test
	void repeatedMoveThatFaultsHasDoneWhatCameBefore() {
		FlatMachine machine = machine("f3a4");
		machine.memory.write(0x3000 + 8, 8, 0);
		machine.processor.stateReplaced();
		machine.state.general[RSI] = 0x10_0000;
		machine.state.general[RDI] = 0x20_0000 - 5;
		machine.state.general[RCX] = 100;
		RunOutcome outcome;
		do {
			outcome = machine.processor.emulateOne();
		} while (outcome == RunOutcome.EXECUTED);
		assertEquals(RunOutcome.FAULT, outcome);
		assertEquals(Vector.PF, machine.processor.fault().vector());
		assertEquals(95, machine.state.general[RCX]);
		assertEquals(0x20_0000, machine.state.general[RDI]);
		assertEquals(FlatMachine.CODE, machine.state.rip);
	}

	@Test
	void repeatWithCountZeroDoesNothingAndAdvances() {
		FlatMachine machine = machine("f3a4 ebfe");
		machine.state.general[RSI] = -1;
		machine.run(1);
		assertEquals(FlatMachine.CODE + 2, machine.state.rip);
	}

	@Test
	void markStopsBeforeTheInstructionAndPassMarkLetsItRun() {
		FlatMachine machine = machine("48ffc0 48ffc3 ebf8");
		machine.processor.observe(
				new ExecutionObserver(new long[] { FlatMachine.CODE + 3 }, new long[0]));
		machine.processor.setDeadline(1000);
		assertEquals(RunOutcome.OBSERVED, machine.processor.run());
		assertEquals(FlatMachine.CODE + 3, machine.state.rip);
		assertEquals(0, machine.state.general[RBX]);
		assertEquals(RunOutcome.OBSERVED, machine.processor.run());
		machine.processor.passMark();
		assertEquals(RunOutcome.OBSERVED, machine.processor.run());
		assertEquals(1, machine.state.general[RBX]);
		assertEquals(2, machine.state.general[RAX]);
		machine.processor.observe(null);
		assertEquals(RunOutcome.HOST_INTERRUPT, machine.processor.run());
	}

	@Test
	void hostPhysicalMarkStopsAtEveryLinearAddressOfThePage() {
		FlatMachine machine = machine("9090 ebfc");
		// Linear 0x600000 maps the code's physical page too.
		machine.memory.write(0x3000 + 8 * 3, 8, 0x83);
		machine.processor.stateReplaced();
		machine.state.rip = 0x60_0000 + FlatMachine.CODE;
		machine.processor.observe(new ExecutionObserver(new long[0], new long[] { FlatMachine.CODE + 1 }));
		assertEquals(RunOutcome.OBSERVED, machine.processor.run());
		assertEquals(0x60_0000 + FlatMachine.CODE + 1, machine.state.rip);
	}

	@Test
	void sameCodeAtTwoLinearAddressesHasItsOwnRip() {
		// call +0; pop rax: the return address tells where it ran
		FlatMachine machine = machine("e800000000 58 ebf8");
		machine.memory.write(0x3000 + 8 * 3, 8, 0x83);
		machine.processor.stateReplaced();
		machine.run(2);
		assertEquals(FlatMachine.CODE + 5, machine.state.general[RAX]);
		machine.state.rip = 0x60_0000 + FlatMachine.CODE;
		machine.run(2);
		assertEquals(0x60_0000 + FlatMachine.CODE + 5, machine.state.general[RAX]);
	}

	@Test
	void faultInTheMiddleOfABlockLeavesEarlierInstructionsDone() {
		FlatMachine machine = machine("48ffc0 8b0425 000000c0 48ffc0");
		machine.processor.setDeadline(10);
		// No IDT: the #PF becomes a triple fault, whose state shows where it began.
		assertEquals(RunOutcome.SHUTDOWN, machine.processor.run());
		assertEquals(FlatMachine.CODE + 3, machine.state.rip);
		assertEquals(1, machine.state.general[RAX]);
		assertEquals(1, machine.processor.retired());
	}

	@Test
	void emulateOneReportsAFaultWithoutDeliveringIt() {
		FlatMachine machine = machine("0f0b");
		assertEquals(RunOutcome.FAULT, machine.processor.emulateOne());
		assertEquals(Vector.UD, machine.processor.fault().vector());
		assertEquals(FlatMachine.CODE, machine.state.rip);
	}

	@Test
	void emulateOneExecutesExactlyOne() {
		FlatMachine machine = machine("48ffc0 48ffc0");
		assertEquals(RunOutcome.EXECUTED, machine.processor.emulateOne());
		assertEquals(1, machine.state.general[RAX]);
		assertEquals(FlatMachine.CODE + 3, machine.state.rip);
		assertEquals(1, machine.processor.retired());
	}

	@Test
	void emulateOneLeavesTheTrapOfItsOwnTrapFlagPending() {
		FlatMachine machine = machine("48ffc0 48ffc0");
		machine.state.rflags |= CpuState.TF;
		machine.processor.stateReplaced();
		assertEquals(RunOutcome.EXECUTED, machine.processor.emulateOne());
		assertEquals(Interruptibility.BS, machine.state.interruptibility.pendingDebugExceptions & Interruptibility.BS);
	}

	@Test
	void deviceThatAsksForAttentionGetsItBehindTheAccessingInstruction() {
		FlatMachine machine = machine("8b0425 00004000 48ffc3 48ffc3");
		machine.memory.addDevice(RAM, 4096, new MmioDevice() {
			@Override
			public long read(long offset, int size) {
				machine.processor.assertHostInterrupt();
				return machine.processor.retired();
			}

			@Override
			public void write(long offset, int size, long value) {
				throw new AssertionError();
			}
		});
		assertEquals(RunOutcome.HOST_INTERRUPT, machine.processor.run());
		assertEquals(FlatMachine.CODE + 7, machine.state.rip);
		assertEquals(0, machine.state.general[RBX]);
	}

	@Test
	void deviceSeesTheExactCountOfRetiredInstructions() {
		FlatMachine machine = machine("90 90 90 8b0425 00004000 ebfe");
		machine.memory.addDevice(RAM, 4096, new MmioDevice() {
			@Override
			public long read(long offset, int size) {
				return machine.processor.retired();
			}

			@Override
			public void write(long offset, int size, long value) {
				throw new AssertionError();
			}
		});
		machine.run(4);
		assertEquals(3, machine.state.general[RAX]);
	}

	@Test
	void timeStampCounterCountsRetiredInstructions() {
		FlatMachine machine = machine("90 90 0f31 ebfe");
		machine.run(3);
		assertEquals(2, machine.state.general[RAX]);
	}

	@Test
	void portsArePassedSizeAndValue() {
		StringBuilder seen = new StringBuilder();
		FlatMachine machine = machine("66ba f803 b041 ee 66ed");
		machine.processor.setPorts(new PortAccess() {
			@Override
			public int read(int port, int size) {
				seen.append("r%x/%d ".formatted(port, size));
				return 0x1234;
			}

			@Override
			public void write(int port, int size, int value) {
				seen.append("w%x/%d=%x ".formatted(port, size, value & 0xff));
			}
		});
		machine.run(4);
		assertEquals("w3f8/1=41 r3f8/2 ", seen.toString());
		assertEquals(0x1234, machine.state.general[RAX]);
	}

	@Test
	void timeThatAReadOfAPortTakesBringsTheDeadlineNearer() {
		// L: in al, dx; inc rbx, three times; jmp L
		FlatMachine machine = machine("ec 48ffc3 48ffc3 48ffc3 ebf4");
		int[] offsets = { 0, 1, 4, 7, 10 };
		machine.processor.setPorts(new PortAccess() {
			@Override
			public int read(int port, int size) {
				machine.processor.waitWithinInstruction(3);
				return 0;
			}

			@Override
			public void write(int port, int size, int value) {
				throw new IllegalStateException();
			}
		});
		long retired = 0;
		int next = 0;
		for (int length = 1; length < 60; length++) {
			machine.run(length);
			for (long deadline = retired + length; retired < deadline; retired++) {
				deadline -= next == 0 ? 3 : 0;
				next = (next + 1) % offsets.length;
			}
			assertEquals(retired, machine.processor.retired());
			assertEquals(FlatMachine.CODE + offsets[next], machine.state.rip);
		}
	}

	@Test
	void popIntoMemoryThroughTheStackPointerUsesItAfterThePop() {
		FlatMachine machine = machine("8f0424");
		machine.memory.write(FlatMachine.STACK, 8, 0x1122);
		machine.run(1);
		assertEquals(0x1122, machine.memory.read(FlatMachine.STACK + 8, 8));
		assertEquals(FlatMachine.STACK + 8, machine.state.general[RSP]);
	}

	@Test
	void nonCanonicalAddressThroughStackSegmentRaisesStackFault() {
		FlatMachine machine = machine("488b4500");
		machine.state.general[CpuState.RBP] = 0x8000_0000_0000_0000L;
		assertEquals(RunOutcome.FAULT, machine.processor.emulateOne());
		assertEquals(Vector.SS, machine.processor.fault().vector());
		machine.code("488b4300");
		machine.state.general[RBX] = 0x8000_0000_0000_0000L;
		assertEquals(RunOutcome.FAULT, machine.processor.emulateOne());
		assertEquals(Vector.GP, machine.processor.fault().vector());
	}

	@Test
	void code32WrapsAddressesAndPushes32Bits() {
		// push ebp-like: mov esp, ...; push 0x11223344; pop ax twice; lea wraps
		FlatMachine machine = FlatMachine.in32BitMode(RAM).code("6844332211 6658 665b 8d4001 e800000000");
		machine.state.general[RAX] = 0xffff_0000L;
		machine.run(5);
		assertEquals(0xffff_3345L, machine.state.general[RAX]);
		assertEquals(0x1122, machine.state.general[RBX]);
		assertEquals(FlatMachine.STACK - 4, machine.state.general[RSP]);
		assertEquals(machine.state.rip, machine.memory.read(FlatMachine.STACK - 4, 4));
	}

	@Test
	void segmentLimitViolationRaisesGeneralProtection() {
		FlatMachine machine = FlatMachine.in32BitMode(RAM).code("8b03");
		machine.state.segments[CpuState.DS].limit = 0xfff;
		machine.state.general[RBX] = 0xffd;
		assertEquals(RunOutcome.FAULT, machine.processor.emulateOne());
		assertEquals(Vector.GP, machine.processor.fault().vector());
		machine.state.general[RBX] = 0xffc;
		assertEquals(RunOutcome.EXECUTED, machine.processor.emulateOne());
	}

	@Test
	void realModeUsesSegmentBasesAnd16BitPointers() {
		// mov ax, 0x2000; mov ds, ax; mov [bx+si], al; push ax; loop
		FlatMachine machine = FlatMachine.inRealMode(RAM).code("b80020 8ed8 8800 50 e2f6");
		machine.state.general[RBX] = 0xfff0;
		machine.state.general[RSI] = 0x20;
		machine.state.general[RCX] = 0x7777_0003L;
		machine.run(15);
		assertEquals(0x2000, machine.memory.read(0x7ffe, 2));
		assertEquals(0x8000 - 6, machine.state.general[RSP]);
		assertEquals(0x7777_0000L, machine.state.general[RCX]);
		assertEquals(0x20000, machine.state.segments[CpuState.DS].base);
		assertEquals(0x1000 + 10, machine.state.rip);
	}

	@Test
	void trapFlagTrapsBehindEachInstructionThroughTheIdt() {
		FlatMachine machine = machine("48ffc0 48ffc0 ebfe");
		// Gate 1 to 0x180000, whose handler is IRETQ.
		machine.memory.write(0x8000 + 16, 8, 0x0018_8e00_0008_0000L);
		machine.memory.write(0x9000 + 8, 8, 0x00af_9b00_0000_ffffL);
		machine.memory.write(0x9000 + 16, 8, 0x00cf_9300_0000_ffffL);
		machine.memory.write(0x18_0000, 2, 0xcf48);
		machine.state.idtrBase = 0x8000;
		machine.state.idtrLimit = 0xfff;
		machine.state.gdtrBase = 0x9000;
		machine.state.gdtrLimit = 0xff;
		machine.state.rflags |= CpuState.TF;
		machine.processor.stateReplaced();
		machine.run(1);
		assertEquals(1, machine.state.general[RAX]);
		machine.run(1);
		assertEquals(FlatMachine.CODE + 3, machine.state.rip);
		assertEquals(0xffff4ff0L, machine.state.dr6);
		assertEquals(1, machine.state.general[RAX]);
		machine.run(2);
		assertEquals(FlatMachine.CODE + 6, machine.state.rip);
		assertEquals(2, machine.state.general[RAX]);
	}

	@Test
	void haltStopsWhereNothingCanWakeIt() {
		FlatMachine machine = machine("f4 90");
		assertEquals(RunOutcome.HALTED, machine.processor.run());
		assertEquals(FlatMachine.CODE + 1, machine.state.rip);
	}

	@Test
	void fxsaveAndFxrstorKeepTheState() {
		// fxsave [rbx]; fninit; xor; fxrstor [rbx]
		FlatMachine machine = machine("0fae03 dbe3 0fae0b");
		machine.state.general[RBX] = 0x20_0000;
		machine.state.extended.xmm[30] = 0x0123_4567_89ab_cdefL;
		machine.state.extended.controlWord = 0x27f;
		machine.run(2);
		assertEquals(0x37f, machine.state.extended.controlWord);
		machine.state.extended.xmm[30] = 0;
		machine.run(1);
		assertEquals(0x0123_4567_89ab_cdefL, machine.state.extended.xmm[30]);
		assertEquals(0x27f, machine.state.extended.controlWord);
		assertEquals(0x1f80, machine.memory.read(0x20_0000 + 24, 4));
	}

	@Test
	void x87InstructionWithTaskSwitchedRaisesDeviceNotAvailable() {
		FlatMachine machine = machine("dbe3");
		machine.state.cr0 |= CpuState.CR0_TS;
		assertEquals(RunOutcome.FAULT, machine.processor.emulateOne());
		assertEquals(Vector.NM, machine.processor.fault().vector());
	}

	@Test
	void guestThatFaultsForEverWithoutRetiringAnythingComesBackToTheHost() {
		FlatMachine machine = FlatMachine.inRealMode(1 << 20).code("0f0b");
		machine.memory.write(6 * 4, 4, machine.state.rip);
		long before = machine.processor.timeStampCounter();
		machine.processor.setDeadline(machine.processor.retired() + 10);
		assertEquals(RunOutcome.HOST_INTERRUPT, machine.processor.run());
		assertEquals(0x1000, machine.state.rip);
		assertTrue(machine.processor.timeStampCounter() > before);
	}
}
