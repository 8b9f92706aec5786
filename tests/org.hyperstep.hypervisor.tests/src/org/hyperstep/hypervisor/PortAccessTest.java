/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.selftest.guest.BareGuest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The guest reaches the machine's ports without exits, and whoever listens is told of it all the same. */
@SuppressWarnings("nls")
class PortAccessTest {
	/** MOV DX, 3FFh; MOV AL, 5Ah; OUT DX, AL; XOR EAX, EAX; IN AL, DX; HLT: the scratch register of COM1. */
	private static final String SCRATCH = "66baff03 b05a ee 31c0 ec f4";
	private static final long OUT = BareGuest.CODE + 6, IN = BareGuest.CODE + 9;
	private static final long READ_NANOS = 1_000;
	private static final int INSTRUCTIONS = 6;

	private record Access(EventKind kind, long number, long linear, long retired, long information) {
	}

	private static List<Access> runListening(BareGuest guest) {
		List<Access> accesses = new ArrayList<>();
		guest.guest.setEventSink((kind, cpu, level, number, linear, retired, information) -> {
			if (kind == EventKind.PORT_READ || kind == EventKind.PORT_WRITE) {
				accesses.add(new Access(kind, number, linear, retired, information));
			}
		});
		assertInstanceOf(VcpuStop.Halted.class, guest.cpu.run(1_000_000));
		return accesses;
	}

	@ParameterizedTest
	@EnumSource
	void accessesAreToldWithoutAnExit(Virtualization virtualization) {
		BareGuest guest = new BareGuest(virtualization, 1, SCRATCH);
		assertEquals(List.of(new Access(EventKind.PORT_WRITE, 0x3ff, OUT, 2, 1L << 32 | 0x5a),
				new Access(EventKind.PORT_READ, 0x3ff, IN, 4, 1L << 32 | 0x5a)), runListening(guest));
		assertEquals(List.of("HLT"), guest.cpu.exitCounts().stream().map(Vcpu.ExitCount::name).toList());
	}

	@ParameterizedTest
	@EnumSource
	void iterationsOfStringInstructionsAreToldOneByOne(Virtualization virtualization) {
		// MOV EDI, 200000h; MOV DX, 3FFh; MOV ECX, 3; REP INSB; HLT
		BareGuest guest = new BareGuest(virtualization, 1, "bf00002000 66baff03 b903000000 f36c f4");
		assertEquals(List.of(3L, 4L, 5L), runListening(guest).stream().map(Access::retired).toList());
	}

	@ParameterizedTest
	@EnumSource
	void readsTakeTheSameTimeWhetherSomebodyListensOrNot(Virtualization virtualization) {
		BareGuest listened = new BareGuest(virtualization, 1, SCRATCH);
		runListening(listened);
		BareGuest alone = new BareGuest(virtualization, 1, SCRATCH);
		assertInstanceOf(VcpuStop.Halted.class, alone.cpu.run(1_000_000));
		assertEquals(INSTRUCTIONS + READ_NANOS, alone.guest.time());
		assertEquals(alone.guest.time(), listened.guest.time());
	}

	@ParameterizedTest
	@EnumSource
	void whatFallsDueDuringAReadComesBehindIt(Virtualization virtualization) {
		// MOV DX, 3FFh; IN AL, DX; NOP; NOP; JMP back to the NOPs
		BareGuest guest = new BareGuest(virtualization, 1, "66baff03 ec 90 90 ebfc");
		assertInstanceOf(VcpuStop.SliceOver.class, guest.cpu.run(500));
		assertEquals(BareGuest.CODE + 5, guest.cpu.linearRip());
		assertEquals(2, guest.cpu.retired());
	}
}
