/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

import org.eclipse.cdt.core.IAddress;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.datamodel.CompositeDMContext;
import org.eclipse.cdt.dsf.datamodel.DMContexts;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.service.IFormattedValues;
import org.eclipse.cdt.dsf.debug.service.IFormattedValues.FormattedValueDMData;
import org.eclipse.cdt.dsf.debug.service.IFormattedValues.IFormattedDataDMContext;
import org.eclipse.cdt.dsf.debug.service.IInstruction;
import org.eclipse.cdt.dsf.debug.service.IMixedInstruction;
import org.eclipse.cdt.dsf.debug.service.IRegisters.IBitFieldDMContext;
import org.eclipse.cdt.dsf.debug.service.IRegisters.IBitFieldDMData;
import org.eclipse.cdt.dsf.debug.service.IRegisters.IRegisterDMContext;
import org.eclipse.cdt.dsf.debug.service.IRegisters.IRegisterGroupDMContext;
import org.eclipse.cdt.dsf.debug.service.IRegisters.IRegisterGroupDMData;
import org.eclipse.cdt.dsf.debug.service.IStack.IFrameDMContext;
import org.eclipse.cdt.dsf.debug.service.IStack.IFrameDMData;
import org.eclipse.cdt.utils.Addr64;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.model.MemoryByte;
import org.hyperstep.dsf.launch.LaunchedGuest;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What the services say of a guest that stands still in a function, and what they write. */
@SuppressWarnings("nls")
@TestInstance(Lifecycle.PER_CLASS)
class StateServicesTest {
	private static final long UNMAPPED = 1L << 46;

	private final LaunchedGuest guest;

	StateServicesTest() throws Exception {
		guest = LaunchedGuest.atMain(Sample.TICKER);
	}

	@BeforeAll
	void runIntoAFunction() throws Exception {
		guest.runTo("crc32");
	}

	@AfterAll
	void end() throws Exception {
		guest.close();
	}

	// Stack

	@Test
	void framesLeadFromTheFunctionToMain() throws Exception {
		GuestStack stack = guest.service(GuestStack.class);
		IFrameDMContext[] frames = guest.query(rm -> stack.getFrames(guest.vcpu(), rm));
		assertTrue(frames.length >= 3);
		String[] names = new String[3];
		for (int i = 0; i < names.length; i++) {
			IFrameDMContext frame = frames[i];
			assertEquals(i, frame.getLevel());
			IFrameDMData data = guest.query(rm -> stack.getFrameData(frame, rm));
			names[i] = data.getFunction();
			assertTrue(data.getFile().endsWith("ticker/ticker.c"));
			assertTrue(data.getLine() > 0);
			assertEquals("ticker.elf", data.getModule());
		}
		assertEquals(List.of("crc32", "compute", "main"), List.of(names));
		int depth = guest.query((DataRequestMonitor<Integer> rm) -> stack.getStackDepth(guest.vcpu(), 0, rm));
		assertEquals(frames.length, depth);
		int limited = guest.query((DataRequestMonitor<Integer> rm) -> stack.getStackDepth(guest.vcpu(), 2, rm));
		assertEquals(2, limited);
		IFrameDMContext[] middle = guest.query(rm -> stack.getFrames(guest.vcpu(), 1, 1, rm));
		assertEquals(1, middle.length);
		assertEquals(1, middle[0].getLevel());
	}

	// Registers

	@Test
	void registersComeInGroupsThatHaveNames() throws Exception {
		GuestRegisters registers = guest.service(GuestRegisters.class);
		IRegisterGroupDMContext[] groups = guest.query(rm -> registers.getRegisterGroups(guest.vcpu(), rm));
		for (IRegisterGroupDMContext group : groups) {
			IRegisterGroupDMData data = guest.query(rm -> registers.getRegisterGroupData(group, rm));
			assertFalse(data.getName().isBlank());
			assertFalse(data.getDescription().isBlank());
			IRegisterDMContext[] members = guest.query(rm -> registers.getRegisters(group, rm));
			assertTrue(members.length > 0, data.getName());
		}
		assertEquals(6, groups.length);
	}

	@Test
	void aSelectedPathLeadsToTheMembersOfItsGroupAlone() throws Exception {
		GuestRegisters registers = guest.service(GuestRegisters.class);
		IRegisterGroupDMContext[] groups = guest.query(rm -> registers.getRegisterGroups(guest.vcpu(), rm));
		for (IRegisterGroupDMContext group : groups) {
			IDMContext path = new CompositeDMContext(new IDMContext[] { group, guest.vcpu() });
			IRegisterDMContext[] members = guest.query(rm -> registers.getRegisters(path, rm));
			for (IRegisterDMContext member : members) {
				assertEquals(group, DMContexts.getAncestorOfType(member, IRegisterGroupDMContext.class));
			}
		}
		IDMContext flags = new CompositeDMContext(new IDMContext[] { register("rflags"), guest.vcpu() });
		IBitFieldDMContext[] fields = guest.query(rm -> registers.getBitFields(flags, rm));
		assertTrue(fields.length > 10);
	}

	private IRegisterDMContext register(String name) throws Exception {
		GuestRegisters registers = guest.service(GuestRegisters.class);
		return guest.query(rm -> registers.findRegister(guest.vcpu(), name, rm));
	}

	private String value(IFormattedDataDMContext context, String format) throws Exception {
		GuestRegisters registers = guest.service(GuestRegisters.class);
		FormattedValueDMData data = guest.query((DataRequestMonitor<FormattedValueDMData> rm) -> registers
				.getFormattedExpressionValue(registers.getFormattedValueContext(context, format), rm));
		return data.getFormattedValue();
	}

	@Test
	void aRegisterReadsInEveryFormat() throws Exception {
		IRegisterDMContext rip = register("rip");
		long linear = guest.rip();
		assertEquals(String.format("0x%016x", linear), value(rip, IFormattedValues.HEX_FORMAT));
		assertEquals(Long.toUnsignedString(linear), value(rip, IFormattedValues.DECIMAL_FORMAT));
		assertEquals(linear, Long.parseUnsignedLong(value(rip, IFormattedValues.OCTAL_FORMAT), 8));
		assertEquals(linear, Long.parseUnsignedLong(value(rip, IFormattedValues.BINARY_FORMAT).substring(2), 2));
		assertEquals(66, value(rip, IFormattedValues.BINARY_FORMAT).length());
	}

	@Test
	void aWrittenRegisterReadsBack() throws Exception {
		GuestRegisters registers = guest.service(GuestRegisters.class);
		IRegisterDMContext r15 = register("r15");
		guest.order(rm -> registers.writeRegister(r15, "0xfedcba9876543210", IFormattedValues.HEX_FORMAT, rm));
		assertEquals("0xfedcba9876543210", value(r15, IFormattedValues.HEX_FORMAT));
		guest.order(rm -> registers.writeRegister(r15, "-1", IFormattedValues.DECIMAL_FORMAT, rm));
		assertEquals("0xffffffffffffffff", value(r15, IFormattedValues.HEX_FORMAT));
		assertThrows(CoreException.class,
				() -> guest.order(rm -> registers.writeRegister(r15, "much", IFormattedValues.HEX_FORMAT, rm)));
	}

	@Test
	void flagsAreDecodedBitByBitAndWritableOneByOne() throws Exception {
		GuestRegisters registers = guest.service(GuestRegisters.class);
		IRegisterDMContext rflags = register("rflags");
		IBitFieldDMContext zero = guest.query(rm -> registers.findBitField(rflags, "ZF", rm));
		IBitFieldDMData data = guest.query(rm -> registers.getBitFieldData(zero, rm));
		assertEquals(6, data.getBitGroup()[0].startBit());
		assertEquals(1, data.getBitGroup()[0].bitCount());
		long before = Long.decode(value(rflags, IFormattedValues.HEX_FORMAT));
		String other = (before >> 6 & 1) == 0 ? "1" : "0";
		guest.order(rm -> registers.writeBitField(zero, other, IFormattedValues.NATURAL_FORMAT, rm));
		assertEquals(before ^ 1 << 6, Long.decode(value(rflags, IFormattedValues.HEX_FORMAT)));
		assertEquals(other, value(zero, IFormattedValues.NATURAL_FORMAT));
		assertThrows(CoreException.class,
				() -> guest.order(rm -> registers.writeBitField(zero, "2", IFormattedValues.NATURAL_FORMAT, rm)));
	}

	// Memory

	private static IAddress address(long linear) {
		return new Addr64(Long.toUnsignedString(linear));
	}

	@Test
	void writtenMemoryReadsBackLinearAndGuestPhysical() throws Exception {
		GuestMemory memory = guest.service(GuestMemory.class);
		IAddress buffer = address(guest.address("results"));
		byte[] pattern = { 1, 2, 3, 4, 5, 6, 7, 8 };
		guest.order(rm -> memory.setMemory(guest.vcpu(), buffer, 0, 1, pattern.length, pattern, rm));
		MemoryByte[] linear = guest.query(rm -> memory.getMemory(guest.vcpu(), buffer, 0, 1, 8, rm));
		MemoryByte[] physical = guest.query(rm -> memory.getMemory(guest.guest().physical(), buffer, 0, 1, 8, rm));
		for (int i = 0; i < pattern.length; i++) {
			assertEquals(pattern[i], linear[i].getValue());
			assertEquals(pattern[i], physical[i].getValue());
			assertTrue(linear[i].isReadable());
		}
		guest.order(rm -> memory.fillMemory(guest.vcpu(), buffer, 2, 1, 4, new byte[] { 9, 7 }, rm));
		MemoryByte[] filled = guest.query(rm -> memory.getMemory(guest.guest().context(), buffer, 0, 1, 8, rm));
		assertEquals(List.of((byte) 1, (byte) 2, (byte) 9, (byte) 7, (byte) 9, (byte) 7, (byte) 7, (byte) 8),
				Arrays.stream(filled).map(MemoryByte::getValue).toList());
	}

	@Test
	void unmappedMemoryIsShownAsUnreadableAndCantBeWritten() throws Exception {
		GuestMemory memory = guest.service(GuestMemory.class);
		MemoryByte[] bytes = guest.query(rm -> memory.getMemory(guest.vcpu(), address(UNMAPPED), 0, 1, 5000, rm));
		assertEquals(5000, bytes.length);
		assertTrue(Arrays.stream(bytes).noneMatch(MemoryByte::isReadable));
		CoreException refusal = assertThrows(CoreException.class, () -> guest.order(
				rm -> memory.setMemory(guest.vcpu(), address(UNMAPPED), 0, 1, 1, new byte[] { 1 }, rm)));
		assertTrue(refusal.getMessage().contains("0x" + Long.toHexString(UNMAPPED)), refusal.getMessage());
	}

	@Test
	void addressesAreNumbersSymbolsRegistersAndSumsOfThem() throws Exception {
		assertEquals(0x1000, evaluate("0x1000"));
		assertEquals(guest.address("results"), evaluate("results"));
		assertEquals(guest.rip() + 16, evaluate("$rip + 0x10"));
		assertEquals(guest.address("results") - 8, evaluate("&results-8"));
		assertTrue(new AddressExpression("phys: results").physical());
		assertThrows(org.hyperstep.debug.TargetException.class, () -> evaluate("no_such_thing"));
		assertThrows(org.hyperstep.debug.TargetException.class, () -> evaluate(""));
		assertThrows(org.hyperstep.debug.TargetException.class, () -> evaluate("1 2"));
	}

	private long evaluate(String text) throws Exception {
		return LaunchedGuest.await(new AddressExpression(text).evaluate(guest.target(), 0));
	}

	// Disassembly

	@Test
	void disassemblyIsContiguousAndNamesTheFunction() throws Exception {
		GuestDisassembly disassembly = guest.service(GuestDisassembly.class);
		BigInteger start = BigInteger.valueOf(guest.address("compute"));
		IInstruction[] lines = guest
				.query(rm -> disassembly.getInstructions(guest.vcpu(), start, start.add(BigInteger.valueOf(64)), rm));
		BigInteger next = start;
		for (IInstruction line : lines) {
			assertEquals(next, line.getAdress());
			assertEquals("compute", line.getFuntionName());
			next = next.add(BigInteger.valueOf(((DisassemblyLines.Line) line).getSize()));
		}
		assertEquals(0, lines[0].getOffset());
		assertTrue(Arrays.stream(lines).anyMatch(
				line -> line.getOpcode().startsWith("call") && line.getArgs().contains("fill_buffer")));
	}

	@Test
	void mixedDisassemblyHasTheSourceLines() throws Exception {
		GuestDisassembly disassembly = guest.service(GuestDisassembly.class);
		BigInteger start = BigInteger.valueOf(guest.address("compute"));
		IMixedInstruction[] blocks = guest.query(
				rm -> disassembly.getMixedInstructions(guest.vcpu(), start, start.add(BigInteger.valueOf(64)), rm));
		assertTrue(blocks.length > 2);
		for (IMixedInstruction block : blocks) {
			assertTrue(block.getFileName().endsWith("ticker/ticker.c"));
			long linear = block.getInstructions()[0].getAdress().longValue();
			assertEquals(guest.target().symbols().sourceAt(linear).orElseThrow().line(), block.getLineNumber());
		}
	}

	@Test
	void anAddressInsideAnInstructionIsAlignedToItsStart() throws Exception {
		GuestDisassembly disassembly = guest.service(GuestDisassembly.class);
		BigInteger start = BigInteger.valueOf(guest.address("compute"));
		IInstruction[] lines = guest
				.query(rm -> disassembly.getInstructions(guest.vcpu(), start, start.add(BigInteger.valueOf(40)), rm));
		for (IInstruction line : lines) {
			for (int i = 0; i < ((DisassemblyLines.Line) line).getSize(); i++) {
				BigInteger inside = line.getAdress().add(BigInteger.valueOf(i));
				BigInteger aligned = guest.query(rm -> disassembly.alignOpCodeAddress(guest.vcpu(), inside, rm));
				assertEquals(line.getAdress(), aligned);
			}
		}
	}

	@Test
	void unmappedCodeIsRefusedWithItsAddress() throws Exception {
		GuestDisassembly disassembly = guest.service(GuestDisassembly.class);
		BigInteger start = BigInteger.valueOf(UNMAPPED);
		CoreException refusal = assertThrows(CoreException.class,
				() -> guest.query((DataRequestMonitor<IInstruction[]> rm) -> disassembly.getInstructions(guest.vcpu(),
						start, start.add(BigInteger.TEN), rm)));
		assertTrue(refusal.getMessage().contains(Long.toHexString(UNMAPPED)), refusal.getMessage());
	}
}
