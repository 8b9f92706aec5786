/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.hyperstep.debug.Breakpoint;
import org.hyperstep.debug.BreakpointLocation;
import org.hyperstep.debug.DisassembledInstruction;
import org.hyperstep.debug.MemorySpace;
import org.hyperstep.debug.StackFrame;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetException;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.samples.Sample;
import org.hyperstep.symbols.SourceLocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lines, functions and frames of a guest in C. */
@SuppressWarnings("nls")
class SourceDebuggingTest {

	private static GuestFixture ticker(Virtualization virtualization) throws Exception {
		GuestFixture guest = GuestFixture.launch(
				TargetConfiguration.of(GuestFixture.image(Sample.TICKER)).withVirtualization(virtualization));
		guest.runTo("compute");
		return guest;
	}

	private static SourceLocation source(GuestFixture guest, StopEvent stop) {
		return guest.target.symbols().sourceAt(stop.linear()).orElseThrow();
	}

	private static List<String> functions(GuestFixture guest) throws Exception {
		return GuestFixture.await(guest.target.stack(0, 20)).stream().map(StackFrame::function)
				.map(name -> name.replaceAll("\\+.*", "")).toList();
	}

	@ParameterizedTest
	@EnumSource
	void steppingOverLinesStaysInTheFunction(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = ticker(virtualization)) {
			int line = source(guest, guest.target.lastStop().orElseThrow()).line();
			for (int i = 0; i < 4; i++) {
				StopEvent stop = guest.step(StepKind.LINE_OVER);
				SourceLocation here = source(guest, stop);
				assertTrue(here.line() > line, here + " after line " + line);
				assertEquals("compute", guest.target.symbols().functionAt(stop.linear()).orElseThrow().name());
				line = here.line();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void stepIntoEntersTheCalleesBodyAndReturnComesBack(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = ticker(virtualization)) {
			while (!functions(guest).get(0).equals("crc32")) {
				assertInstanceOf(StopEvent.StepDone.class, guest.step(StepKind.LINE_INTO));
				if (functions(guest).get(0).equals("fill_buffer")) {
					guest.step(StepKind.RETURN);
					assertEquals("compute", functions(guest).get(0));
				}
			}
			assertEquals(List.of("crc32", "compute", "main"), functions(guest).subList(0, 3));
			StopEvent back = guest.step(StepKind.RETURN);
			assertInstanceOf(StopEvent.StepDone.class, back);
			assertEquals(List.of("compute", "main"), functions(guest).subList(0, 2));
		}
	}

	@ParameterizedTest
	@EnumSource
	void handlersFrameLeadsBackToTheInterruptedFunction(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = ticker(virtualization)) {
			List<String> interrupted = functions(guest);
			GuestFixture.await(guest.target.setPolicy(StepPolicy.DEFAULT.withMask(false)));
			StopEvent stop = guest.step(StepKind.INSTRUCTION_INTO);
			for (int i = 0; i < 1000 && ((StopEvent.StepDone) stop).enteredVector() < 0; i++) {
				interrupted = functions(guest);
				stop = guest.step(StepKind.INSTRUCTION_INTO);
			}
			List<String> here = functions(guest);
			assertEquals("timer_entry", here.get(0));
			assertEquals(interrupted, here.subList(1, here.size()));
			StopEvent inHandler = guest.runTo("timer_handler");
			assertEquals(guest.address("timer_handler"), inHandler.linear());
			here = functions(guest);
			assertEquals(List.of("timer_handler", "timer_entry"), here.subList(0, 2));
			assertEquals(interrupted, here.subList(2, here.size()));
		}
	}

	@ParameterizedTest
	@EnumSource
	void breakpointsOnLinesSymbolsAndAddressesStopAndCount(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = ticker(virtualization)) {
			Target target = guest.target;
			int line = target.symbols().linesOf("ticker.c", 1).isEmpty() ? lineOf(guest, "count_primes") : 1;
			Breakpoint byLine = GuestFixture
					.await(target.setBreakpoint(new BreakpointLocation.SourceLine("ticker/ticker.c", line)));
			Breakpoint bySymbol = GuestFixture.await(target.setBreakpoint(new BreakpointLocation.Symbol("crc32")));
			Breakpoint byGuestPhysical = GuestFixture
					.await(target.setBreakpoint(new BreakpointLocation.GuestPhysical(guest.address("crc32"))));
			Breakpoint nowhere = GuestFixture.await(target.setBreakpoint(new BreakpointLocation.Symbol("nowhere")));
			assertTrue(byLine.bound());
			assertEquals(List.of(), nowhere.addresses());
			StopEvent.BreakpointHit first = assertInstanceOf(StopEvent.BreakpointHit.class, resume(guest));
			assertEquals(guest.address("crc32"), first.linear());
			assertEquals(List.of(bySymbol.number(), byGuestPhysical.number()),
					first.breakpoints().stream().map(Breakpoint::number).toList());
			StopEvent.BreakpointHit second = assertInstanceOf(StopEvent.BreakpointHit.class, resume(guest));
			assertEquals(List.of(byLine.number()), second.breakpoints().stream().map(Breakpoint::number).toList());
			GuestFixture.await(target.enableBreakpoint(byLine.number(), false));
			GuestFixture.await(target.removeBreakpoint(byGuestPhysical.number()));
			StopEvent.BreakpointHit third = assertInstanceOf(StopEvent.BreakpointHit.class, resume(guest));
			assertEquals(2, third.breakpoints().get(0).hits());
		}
	}

	private static int lineOf(GuestFixture guest, String function) {
		return guest.target.symbols().sourceAt(guest.address(function)).orElseThrow().line();
	}

	private static StopEvent resume(GuestFixture guest) throws Exception {
		java.util.concurrent.CompletableFuture<StopEvent> stop = new java.util.concurrent.CompletableFuture<>();
		org.hyperstep.debug.TargetListener listener = new org.hyperstep.debug.TargetListener() {
			@Override
			public void stopped(Target target, StopEvent event) {
				stop.complete(event);
			}
		};
		guest.target.addListener(listener);
		GuestFixture.await(guest.target.resume());
		StopEvent event = GuestFixture.await(stop);
		guest.target.removeListener(listener);
		return event;
	}

	@ParameterizedTest
	@EnumSource
	void stepOverACallRunsItAsAWhole(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = ticker(virtualization)) {
			DisassembledInstruction here = instruction(guest);
			while (!here.mnemonic().startsWith("call")) {
				guest.step(StepKind.INSTRUCTION_INTO);
				here = instruction(guest);
			}
			assertTrue(here.operands().contains("fill_buffer"), here.operands());
			long rsp = guest.registers().value("rsp");
			StopEvent stop = guest.step(StepKind.INSTRUCTION_OVER);
			assertEquals(here.linear() + here.bytes().length, stop.linear());
			assertEquals(rsp, guest.registers().value("rsp"));
		}
	}

	private static DisassembledInstruction instruction(GuestFixture guest) throws Exception {
		return GuestFixture.await(
				guest.target.disassemble(0, guest.registers().value("rip"), 1, Target.Syntax.INTEL)).get(0);
	}

	@ParameterizedTest
	@EnumSource
	void registersAndMemoryAreWrittenAndReadBack(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = ticker(virtualization)) {
			GuestFixture.await(guest.target.writeRegister(0, "r12", 0x123456789abcdefL));
			assertEquals(0x123456789abcdefL, guest.registers().value("r12"));
			long results = guest.address("results");
			byte[] written = { 1, 2, 3, 4 };
			GuestFixture.await(guest.target.writeMemory(0, MemorySpace.LINEAR, results, written));
			assertEquals(List.of((byte) 1, (byte) 2, (byte) 3, (byte) 4),
					bytes(GuestFixture.await(guest.target.readMemory(0, MemorySpace.GUEST_PHYSICAL, results, 4))));
			assertNotEquals(0, GuestFixture.await(guest.target.readMemory(0, MemorySpace.LINEAR, results, 64)).length);
			assertEquals(0, GuestFixture.await(guest.target.readMemory(0, MemorySpace.LINEAR, 1L << 46, 8)).length);
			assertThrows(TargetException.class,
					() -> GuestFixture.await(guest.target.writeMemory(0, MemorySpace.LINEAR, 1L << 46, written)));
			assertThrows(TargetException.class, () -> GuestFixture.await(guest.target.registers(1)));
		}
	}

	private static List<Byte> bytes(byte[] array) {
		List<Byte> list = new java.util.ArrayList<>();
		for (byte value : array) {
			list.add(value);
		}
		return list;
	}
}
