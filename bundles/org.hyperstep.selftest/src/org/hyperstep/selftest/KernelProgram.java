/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.List;

import org.hyperstep.selftest.guest.BareGuest;

/** What generated programs in 64-bit code of ring 0 are made of, and what they find around them. */
@SuppressWarnings("nls")
final class KernelProgram {
	static final List<String> SNIPPETS = List.of(
			// PUSHFQ; POP RAX; ADD RBX, RAX: what the guest reads of its flags
			"9c 58 4801c3",
			// PUSHF (16 bits); POP AX; ADD BX, AX
			"669c 6658 6601c3",
			// PUSH 2; POPFQ   PUSH 102h; POPFQ   PUSH 202h; POPFQ   PUSH 302h; POPFQ
			"6a02 9d", "6802010000 9d", "6802020000 9d", "6802030000 9d",
			// STI   CLI   STI; STI   STI; CLI
			"fb", "fa", "fbfb", "fbfa",
			// MOV AX, SS; MOV SS, AX   twice   MOV SS, AX; PUSHFQ; POP RAX
			"8cd0 8ed0", "8cd0 8ed0 8ed0", "8cd0 8ed0 9c 58 4801c3",
			// MOV SS, AX; INT 80h   MOV SS, AX; INT1   MOV SS, AX; CPUID   MOV SS, AX; UD2
			"8cd0 8ed0 cd80", "8cd0 8ed0 f1", "31c0 50 8cd0 8ed0 0fa2 58", "8cd0 8ed0 0f0b",
			// INT 80h   INT3   INT1
			"cd80", "cc", "f1",
			// UD2   DIV ECX with ECX = 0   WRMSR of no MSR   MOV EAX, [unmapped]
			"0f0b", "31c9 f7f1", "b9ffffff0f 0f30", "8b042500000050",
			// SYSCALL
			"0f05",
			// MOV ECX, 5; MOV EDI, 200100h; REP STOSB   REPNE SCASB   REP MOVSQ
			"b905000000 bf00012000 f3aa", "b903000000 bf00012000 f2ae",
			"b903000000 be00012000 bf04012000 f348a5",
			// REP STOSB into watched memory
			"b909000000 bffaff1f00 f3aa",
			// MOV DX, 80h; MOV ECX, 3; MOV ESI or EDI, memory; REP OUTSB or REP INSB; OUTSB alone
			"66ba8000 b903000000 be00012000 f36e", "66ba8000 b903000000 bffeff1f00 f36c", "66ba8000 be00012000 6e",
			// CPUID and RDTSC into the sum
			"31c0 0fa2 90", "0f31 4801c3",
			// MOV EAX, [FEE00390h]: the timer's current count, into the sum
			"a19003e0fe00000000 4801c3",
			// NMI to self; interrupt 90h to self
			"b800040400 a30003e0fe00000000", "b890000400 a30003e0fe00000000",
			// IN AL, 80h; OUT 80h, AL
			"e480", "e680",
			// ADD to watched memory; LOCK INC of it; read it
			"4883042500002000 07", "f048ff042500002000", "480304 2500002000",
			// MOV CR8 both ways
			"b801000000 440f22c0 440f20c0 31c0 440f22c0",
			// read DR6 and DR7 into the sum
			"0f21f0 4801c3", "0f21f8 4801c3",
			// watch the data by DR1; nothing watched
			"b800002000 0f23c8 b80404d000 0f23f8", "b800040000 0f23f8",
			// IRETQ to the next instruction with TF or IF
			"488d050d000000 6a18 54 6802030000 6a10 50 48cf", "90", "4883c301", "48d1c3");

	/** Enables the APIC and starts a periodic timer of vector 30h; SYSCALL's target and mask. */
	static final String START = "b8ff010000 a3f000e0fe00000000 b830000200 a32003e0fe00000000"
			+ "b80b000000 a3e003e0fe00000000 b8%s a38003e0fe00000000"
			+ "b9820000c0 b800000500 31d2 0f30 b9840000c0 b800070000 31d2 0f30 b9810000c0 31c0 ba10001000 0f30"
			+ "b9800000c0 0f32 83c801 0f30 31db 31c0 31c9 31d2";

	/** Handlers: what the vector wants done before IRETQ. */
	private static final String IRETQ = "48cf", COUNT = "48ff042508002000 48cf",
			// adds DR6 to memory, clears it, sets RF in the frame
			DEBUG = "50 0f21f0 4801042510002000 b8f00fffff 0f23f0 58 4881 4c2410 00000100 48cf",
			SKIP_2 = "4883042402 48cf", SKIP_2_WITH_CODE = "4883c408 4883042402 48cf",
			SKIP_7_WITH_CODE = "4883c408 4883042407 48cf",
			TICK = "50 48ff042518002000 31c0 a3b000e0fe00000000 58 48cf",
			// PUSH R11; POPFQ; JMP RCX
			SYSCALL = "4153 9d ffe1";

	private KernelProgram() {
	}

	/** Puts the handlers into a guest. */
	static void build(BareGuest guest) {
		handler(guest, 0, SKIP_2);
		handler(guest, 1, DEBUG);
		handler(guest, 2, COUNT);
		handler(guest, 3, COUNT);
		handler(guest, 6, SKIP_2);
		handler(guest, 13, SKIP_2_WITH_CODE);
		handler(guest, 14, SKIP_7_WITH_CODE);
		handler(guest, 0x30, TICK);
		handler(guest, 0x90, TICK);
		handler(guest, 0x80, IRETQ);
		guest.put(0x5_0000, SYSCALL);
	}

	/** Handlers longer than a slot live in pages of their own. */
	private static void handler(BareGuest guest, int vector, String hex) {
		long address = 0x6_0000 + vector * 64L;
		guest.put(address, hex);
		guest.put(BareGuest.handler(vector),
				"e9" + String.format("%08x", Integer.reverseBytes((int) (address - BareGuest.handler(vector) - 5))));
	}
}
