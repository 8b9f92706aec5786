/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.GuestHypervisorFixture.*;
import static org.hyperstep.x86.svm.VmcbField.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.Feature;
import org.hyperstep.x86.system.ModelSpecificRegisters;
import org.hyperstep.x86.virtualization.LongModeMemory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** AMD APM volume 2, "Advanced Virtual Interrupt Controller". */
@SuppressWarnings("nls")
class AvicTest {
	private static final long BAR = 0x1f_0000, BACKING = 0x9_0000, OTHER_BACKING = 0x9_1000, PHYSICAL = 0x9_2000,
			LOGICAL = 0x9_3000;
	private static final int DOORBELL = 0xc001_011b;
	private static final int ID = 0x20, VERSION = 0x30, TPR = 0x80, PPR = 0xa0, EOI = 0xb0, DFR = 0xe0, ISR = 0x100,
			TMR = 0x180, IRR = 0x200, ICR_LOW = 0x300, ICR_HIGH = 0x310, TIMER = 0x320, CURRENT_COUNT = 0x390;
	private static final long VALID = 1L << 63, RUNNING = 1L << 62, WRITE = 1L << 32;
	private static final String VMMCALL = "0f01d9", STI_NOP = "fb 90";

	private final List<Integer> rung = new ArrayList<>();
	private GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, VMMCALL);

	@BeforeEach
	void entries() {
		begin(VMMCALL);
	}

	/** A guest with the APIC ID 0, and one with the APIC ID 1 on the physical processor 7. */
	private void begin(String code) {
		host = new GuestHypervisorFixture(VMRUN_HLT, code).nestedPaging();
		host.vmcb.write(VIRTUAL_INTERRUPT, Vmcb.AVIC_ENABLE | Vmcb.V_INTR_MASKING);
		host.vmcb.write(AVIC_APIC_BAR, BAR);
		host.vmcb.write(AVIC_BACKING_PAGE, BACKING);
		host.vmcb.write(AVIC_PHYSICAL_TABLE, PHYSICAL | 1);
		host.vmcb.write(AVIC_LOGICAL_TABLE, LOGICAL);
		host.memory.physical.write(PHYSICAL, 8, VALID | RUNNING | BACKING);
		host.memory.physical.write(PHYSICAL + 8, 8, VALID | RUNNING | OTHER_BACKING | 7);
		host.memory.physical.write(LOGICAL, 4, 1L << 31);
		host.memory.physical.write(LOGICAL + 4, 4, 1L << 31 | 1);
		write(DFR, 0xffff_ffffL);
		host.processor.system().doorbell = rung::add;
	}

	private long read(int offset) {
		return host.memory.physical.read(BACKING + offset, 4);
	}

	private void write(int offset, long value) {
		host.memory.physical.write(BACKING + offset, 4, value);
	}

	private boolean bit(long page, int base, int vector) {
		return (host.memory.physical.read(page + base + vector / 32 * 16, 4) >>> vector % 32 & 1) != 0;
	}

	private void request(int vector) {
		write(IRR + vector / 32 * 16, 1L << vector % 32);
	}

	/** MOV EAX, [register]. */
	private static String load(int register) {
		return "8b0425" + littleEndian(BAR + register);
	}

	/** MOV dword [register], value. */
	private static String store(int register, long value) {
		return "c70425" + littleEndian(BAR + register) + littleEndian(value);
	}

	private static String littleEndian(long value) {
		return String.format("%08x", Integer.reverseBytes((int) value));
	}

	private void exits(SvmExitCode code, long information1, long information2, int offset) {
		assertEquals(code, host.exitCode());
		assertEquals(information1, host.vmcb.read(EXITINFO1));
		assertEquals(information2, host.vmcb.read(EXITINFO2));
		assertEquals(offset, host.innerOffset());
	}

	private static long cause(int id, int index) {
		return (long) id << 32 | index;
	}

	@Test
	void processorSaysThatItHasIt() {
		assertTrue(host.processor.model().has(Feature.SVM_AVIC));
	}

	// ---- the backing page ----

	@Test
	void readsComeFromTheBackingPage() {
		begin(load(ID) + "89c1" + load(VERSION) + VMMCALL);
		write(ID, 0x1234_0000);
		write(VERSION, 0x5_0014);
		host.runToHalt();
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
		assertEquals(0x1234_0000, host.state.general[CpuState.RCX]);
		assertEquals(0x5_0014, host.vmcb.read(RAX));
	}

	@Test
	void nestedTableSaysWhetherTheRegistersAreReached() {
		begin(load(ID));
		host.mapNested(BAR, 0);
		host.runToHalt();
		assertEquals(SvmExitCode.NPF, host.exitCode());
	}

	@Test
	void currentCountIsLeftToSoftwareByAFault() {
		begin("90" + load(CURRENT_COUNT));
		host.runToHalt();
		exits(SvmExitCode.AVIC_NOACCEL, CURRENT_COUNT, 0, 1);
	}

	@Test
	void writeOfReadOnlyRegisterIsAFault() {
		begin(store(VERSION, 5));
		host.runToHalt();
		exits(SvmExitCode.AVIC_NOACCEL, WRITE | VERSION, 0, 0);
		assertEquals(0, read(VERSION));
	}

	@Test
	void writeOfLocalVectorIsATrapBehindTheWrite() {
		begin(store(TIMER, 0x30) + VMMCALL);
		host.runToHalt();
		exits(SvmExitCode.AVIC_NOACCEL, WRITE | TIMER, 0, 11);
		assertEquals(0x30, read(TIMER));
	}

	@Test
	void accessOfOtherSizeIsAFault() {
		begin("488b0425" + littleEndian(BAR + ID));
		host.runToHalt();
		exits(SvmExitCode.AVIC_NOACCEL, ID, 0, 0);
	}

	@Test
	void registersOfGuestsWithoutAvicAreMemory() {
		begin(load(CURRENT_COUNT) + VMMCALL);
		host.vmcb.write(VIRTUAL_INTERRUPT, 0);
		host.memory.physical.write(BAR + CURRENT_COUNT, 4, 0x77);
		host.runToHalt();
		assertEquals(0x77, host.vmcb.read(RAX));
	}

	// ---- virtual interrupts ----

	@Test
	void requestInTheBackingPageIsDeliveredWhenTheGuestIsInterruptible() {
		begin("90" + STI_NOP + VMMCALL);
		host.memory.put(LongModeMemory.handler(0x55), VMMCALL);
		request(0x55);
		host.runToHalt();
		assertEquals(LongModeMemory.handler(0x55), host.vmcb.read(RIP));
		assertEquals(INNER_CODE + 3, host.memory.physical.read(host.vmcb.read(RSP), 8));
		assertFalse(bit(BACKING, IRR, 0x55));
		assertTrue(bit(BACKING, ISR, 0x55));
		assertEquals(0x50, read(PPR));
	}

	@Test
	void requestOfTheClassInServiceWaitsForTheEndOfInterrupt() {
		begin(STI_NOP + store(EOI, 0) + VMMCALL);
		host.memory.put(LongModeMemory.handler(0x5f), VMMCALL);
		write(ISR + 0x20, 1 << 16);
		request(0x5f);
		host.runToHalt();
		assertEquals(LongModeMemory.handler(0x5f), host.vmcb.read(RIP));
		assertEquals(INNER_CODE + 13, host.memory.physical.read(host.vmcb.read(RSP), 8));
		assertFalse(bit(BACKING, ISR, 0x50));
	}

	@Test
	void taskPriorityHoldsOffLowerClassesAndIsCr8() {
		// sti; nop; mov %cr8,%rcx; xor %eax,%eax; mov %rax,%cr8
		begin(STI_NOP + "440f20c1" + "31c0 440f22c0" + VMMCALL);
		host.memory.put(LongModeMemory.handler(0x55), VMMCALL);
		host.vmcb.write(VIRTUAL_INTERRUPT, Vmcb.AVIC_ENABLE | Vmcb.V_INTR_MASKING | 6);
		request(0x55);
		host.runToHalt();
		assertEquals(6, host.state.general[CpuState.RCX]);
		assertEquals(INNER_CODE + 12, host.memory.physical.read(host.vmcb.read(RSP), 8));
		assertEquals(0, host.vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_TPR);
	}

	@Test
	void writeOfTaskPriorityGoesToTheVmcbToo() {
		begin(store(TPR, 0x47) + VMMCALL);
		host.runToHalt();
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
		assertEquals(4, host.vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_TPR);
		assertEquals(0x47, read(TPR));
		assertEquals(0x47, read(PPR));
	}

	@Test
	void virtualInterruptOfTheVmcbIsIgnored() {
		begin(STI_NOP + VMMCALL);
		host.vmcb.write(VIRTUAL_INTERRUPT, host.vmcb.read(VIRTUAL_INTERRUPT) | Vmcb.V_IRQ | 0xfL << 16 | 0x77L << 32);
		host.runToHalt();
		assertEquals(2, host.innerOffset());
	}

	@Test
	void endOfLevelTriggeredInterruptIsATrapWithItsVector() {
		begin(store(EOI, 0) + VMMCALL);
		write(ISR + 0x20, 1 << 21);
		write(TMR + 0x20, 1 << 21);
		host.runToHalt();
		exits(SvmExitCode.AVIC_NOACCEL, WRITE | EOI, 0x55, 11);
		assertTrue(bit(BACKING, ISR, 0x55));
	}

	// ---- interprocessor interrupts ----

	@Test
	void selfIpiIsDeliveredWithoutExit() {
		begin(STI_NOP + store(ICR_LOW, 1 << 18 | 0x61) + VMMCALL);
		host.memory.put(LongModeMemory.handler(0x61), VMMCALL);
		host.runToHalt();
		assertEquals(LongModeMemory.handler(0x61), host.vmcb.read(RIP));
		assertTrue(rung.isEmpty());
	}

	@Test
	void ipiToRunningProcessorSetsItsRequestAndRingsItsDoorbell() {
		begin(store(ICR_HIGH, 1 << 24) + store(ICR_LOW, 0x61) + VMMCALL);
		host.runToHalt();
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
		assertTrue(bit(OTHER_BACKING, IRR, 0x61));
		assertEquals(List.of(7), rung);
	}

	@Test
	void ipiToProcessorThatDoesNotRunSetsItsRequestAndExits() {
		begin(store(ICR_HIGH, 1 << 24) + store(ICR_LOW, 0x61) + VMMCALL);
		host.memory.physical.write(PHYSICAL + 8, 8, VALID | OTHER_BACKING | 7);
		host.runToHalt();
		exits(SvmExitCode.AVIC_INCOMPLETE_IPI, 1L << 56 | 0x61, cause(1, 1), 22);
		assertTrue(bit(OTHER_BACKING, IRR, 0x61));
		assertTrue(rung.isEmpty());
	}

	@Test
	void levelTriggeredAndOtherTypesAreIncomplete() {
		for (long command : new long[] { 1 << 15 | 0x61, 4 << 8, 5 << 8 | 1 << 14, 1 << 8 | 0x61 }) {
			begin(store(ICR_LOW, command));
			host.runToHalt();
			exits(SvmExitCode.AVIC_INCOMPLETE_IPI, command, cause(0, 0), 11);
		}
	}

	@Test
	void targetBeyondTheTableOrWithoutEntryIsInvalid() {
		begin(store(ICR_HIGH, 2 << 24) + store(ICR_LOW, 0x61));
		host.runToHalt();
		exits(SvmExitCode.AVIC_INCOMPLETE_IPI, 2L << 56 | 0x61, cause(2, 2), 22);
		begin(store(ICR_HIGH, 1 << 24) + store(ICR_LOW, 0x61));
		host.memory.physical.write(PHYSICAL + 8, 8, 0);
		host.runToHalt();
		exits(SvmExitCode.AVIC_INCOMPLETE_IPI, 1L << 56 | 0x61, cause(2, 1), 22);
	}

	@Test
	void backingPageBeyondPhysicalMemoryIsInvalid() {
		begin(store(ICR_HIGH, 1 << 24) + store(ICR_LOW, 0x61));
		host.memory.physical.write(PHYSICAL + 8, 8, VALID | RUNNING | 1L << 50);
		host.runToHalt();
		exits(SvmExitCode.AVIC_INCOMPLETE_IPI, 1L << 56 | 0x61, cause(3, 1), 22);
	}

	@Test
	void vectorBelowSixteenIsInvalid() {
		begin(store(ICR_LOW, 1 << 18 | 15));
		host.runToHalt();
		exits(SvmExitCode.AVIC_INCOMPLETE_IPI, 1 << 18 | 15, cause(4, 0), 11);
	}

	@Test
	void broadcastReachesTheValidEntries() {
		begin(store(ICR_LOW, 3 << 18 | 0x61) + VMMCALL);
		host.runToHalt();
		assertTrue(bit(OTHER_BACKING, IRR, 0x61));
		assertFalse(bit(BACKING, IRR, 0x61));
		begin(store(ICR_LOW, 2 << 18 | 0x61) + VMMCALL);
		host.memory.physical.write(PHYSICAL + 8, 8, 0);
		host.runToHalt();
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
		assertTrue(bit(BACKING, IRR, 0x61));
	}

	@Test
	void logicalDestinationGoesThroughTheLogicalTable() {
		begin(store(ICR_HIGH, 3L << 24) + store(ICR_LOW, 1 << 11 | 0x61) + VMMCALL);
		host.runToHalt();
		assertTrue(bit(BACKING, IRR, 0x61) && bit(OTHER_BACKING, IRR, 0x61));
	}

	@Test
	void nothingIsDeliveredWhereOneLogicalTargetIsInvalid() {
		begin(store(ICR_HIGH, 6L << 24) + store(ICR_LOW, 1 << 11 | 0x61) + VMMCALL);
		host.runToHalt();
		exits(SvmExitCode.AVIC_INCOMPLETE_IPI, 6L << 56 | 1 << 11 | 0x61, cause(2, 2), 22);
		assertFalse(bit(OTHER_BACKING, IRR, 0x61));
	}

	@Test
	void clustersHaveFourEntriesEachInTheLogicalTable() {
		begin(store(ICR_HIGH, 0x24L << 24) + store(ICR_LOW, 1 << 11 | 0x61) + VMMCALL);
		write(DFR, 0x0fff_ffff);
		host.memory.physical.write(LOGICAL + 10 * 4, 4, 1L << 31 | 1);
		host.runToHalt();
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
		assertTrue(bit(OTHER_BACKING, IRR, 0x61));
	}

	// ---- doorbell ----

	@Test
	void doorbellMakesTheGuestLookAtItsBackingPage() {
		// The guest puts the request into its backing page itself, which nobody notices before the doorbell.
		begin(STI_NOP + "c70425" + littleEndian(BACKING + IRR + 0x20) + littleEndian(1 << 21) + "90"
				+ "b91b0101c0 31c0 31d2 0f30 90" + VMMCALL);
		host.memory.put(LongModeMemory.handler(0x55), VMMCALL);
		host.processor.system().doorbell = id -> host.processor.svm().doorbell();
		host.runToHalt();
		assertEquals(LongModeMemory.handler(0x55), host.vmcb.read(RIP));
		assertEquals(INNER_CODE + 25, host.memory.physical.read(host.vmcb.read(RSP), 8));
	}

	@Test
	void doorbellRegisterIsWriteOnly() {
		ModelSpecificRegisters registers = host.processor.system().modelSpecificRegisters;
		registers.write(DOORBELL, 5);
		assertEquals(List.of(5), rung);
		assertThrows(GuestFault.class, () -> registers.read(DOORBELL));
		host.processor.svm().doorbell();
		host.runToHalt();
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
	}

	// ---- VMRUN ----

	@Test
	void avicNeedsNestedPagingAndPhysicalPages() {
		host.vmcb.write(NP_ENABLE, 0);
		host.runToHalt();
		assertEquals(SvmExitCode.INVALID, host.exitCode());
		for (VmcbField field : new VmcbField[] { AVIC_BACKING_PAGE, AVIC_LOGICAL_TABLE, AVIC_PHYSICAL_TABLE }) {
			begin(VMMCALL);
			host.vmcb.write(field, 1L << 50);
			host.runToHalt();
			assertEquals(SvmExitCode.INVALID, host.exitCode());
		}
	}
}
