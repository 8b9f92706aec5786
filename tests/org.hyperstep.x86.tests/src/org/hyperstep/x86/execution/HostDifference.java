/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.util.Arrays;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.execution.CaseGenerator.Generated;
import org.hyperstep.x86.state.CpuState;

/** What differs between two outcomes of a case, but for what the manuals leave undefined. */
@SuppressWarnings("nls")
final class HostDifference {
	private static final long RFLAGS = Flags.STATUS | CpuState.DF;

	private final Instruction i;
	private final HostProcessor.Case start;
	private final HostProcessor.Outcome host;
	private final HostProcessor.Outcome here;
	private final StringBuilder text = new StringBuilder();

	private HostDifference(Generated generated, HostProcessor.Outcome host, HostProcessor.Outcome here) {
		i = generated.instruction();
		start = generated.start();
		this.host = host;
		this.here = here;
	}

	/** Lines of text, none where both are the same. */
	static String of(Generated generated, HostProcessor.Outcome host, HostProcessor.Outcome here) {
		return new HostDifference(generated, host, here).compare();
	}

	private String compare() {
		if (host.trap() != here.trap()) {
			return "  trap: host " + (host.trap() - 1) + ", here " + (here.trap() - 1) + "\n" + operands();
		}
		if (host.rip() != here.rip() || host.address() != here.address()) {
			text.append("  rip: host %x, here %x; cr2 %x, %x%n".formatted(host.rip(), here.rip(), host.address(),
					here.address()));
		}
		compareRegisters();
		compareX87();
		compareVectors();
		if (!text.isEmpty()) {
			text.append("  start ").append(Arrays.stream(start.registers()).mapToObj(Long::toHexString).toList());
			text.append(operands());
		}
		return text.toString();
	}

	private void compareRegisters() {
		int count = shiftCount();
		for (int k = 0; k < 16; k++) {
			if (host.registers()[k] != here.registers()[k] && !undefinedRegister(k, count)) {
				text.append("  register %d: %016x -> host %016x, here %016x%n".formatted(k, start.registers()[k],
						host.registers()[k], here.registers()[k]));
			}
		}
		long flags = (host.flags() ^ here.flags()) & RFLAGS & ~undefinedFlags(count);
		if (flags != 0) {
			text.append("  flags: %x -> host %x, here %x%n".formatted(start.flags(), host.flags(), here.flags()));
		}
		if (host.memory() != here.memory() && !isDoubleShiftTooFar(count)) {
			text.append("  memory: host %016x %016x, here %016x %016x%n".formatted(host.stored().low(),
					host.stored().high(), here.stored().low(), here.stored().high()));
		}
	}

	private long undefinedFlags(int count) {
		if (host.trap() != 0) {
			// DIV and IDIV leave the flags undefined also where they fault.
			return host.trap() == Vector.DE + 1 ? Flags.STATUS : 0;
		}
		boolean comparison = i.mnemonic().name().contains("COMI") && HostRows.isX87(i.mnemonic());
		// Intel leaves ZF, PF and CF if an invalid-operation exception is not masked; AMD sets them all the same.
		return comparison && (here.x87().status() & ~here.x87().control() & 1) != 0 ? Flags.STATUS
				: UndefinedFlags.of(i, count);
	}

	private void compareX87() {
		HostProcessor.X87 there = host.x87();
		boolean status = ((there.status() ^ here.x87().status()) & ~UndefinedConditions.of(i.mnemonic())) == 0;
		if (!status || !HostProcessor.sameRegisters(there, here.x87()) || there.tags() != here.x87().tags()
				|| there.control() != here.x87().control()) {
			text.append("  start ").append(start.x87()).append("\n  host  ").append(there).append("\n  here  ")
					.append(here.x87()).append('\n');
		}
	}

	private void compareVectors() {
		for (int k = 0; k < 32; k++) {
			if (host.xmm()[k] != here.xmm()[k] && !undefinedHalf(k)) {
				text.append("  xmm%d half %d: %016x -> host %016x, here %016x%n".formatted(k / 2, k % 2,
						start.xmm()[k], host.xmm()[k], here.xmm()[k]));
			}
			if (host.upper()[k] != here.upper()[k]) {
				text.append("  ymm%d half %d: %016x -> host %016x, here %016x%n".formatted(k / 2, 2 + k % 2,
						start.upper()[k], host.upper()[k], here.upper()[k]));
			}
		}
		if (host.mxcsr() != here.mxcsr()) {
			text.append("  mxcsr: %x -> host %x, here %x%n".formatted(start.mxcsr(), host.mxcsr(), here.mxcsr()));
		}
	}

	private String operands() {
		StringBuilder line = new StringBuilder("  mxcsr %x".formatted(start.mxcsr()));
		for (Operand operand : i.operands()) {
			if (operand instanceof Operand.Reg reg && reg.register().name().startsWith("XMM")) {
				int n = reg.register().number();
				line.append(" %s=%016x:%016x".formatted(reg.register(), start.xmm()[2 * n + 1], start.xmm()[2 * n]));
			}
		}
		return line.append(" memory %016x:%016x%n".formatted(start.patch().high(), start.patch().low())).toString();
	}

	// ---- what is undefined ----

	private int shiftCount() {
		int operand = switch (i.mnemonic()) {
			case SHL, SAL, SHR, SAR, ROL, ROR, RCL, RCR -> 1;
			case SHLD, SHRD -> 2;
			default -> -1;
		};
		if (operand < 0) {
			return 0;
		}
		long count = i.operand(operand) instanceof Operand.Imm imm ? imm.value() : start.registers()[CpuState.RCX];
		return (int) count & (i.operandSize() == 64 ? 63 : 31);
	}

	private boolean isDoubleShiftTooFar(int count) {
		return (i.mnemonic() == Mnemonic.SHLD || i.mnemonic() == Mnemonic.SHRD) && count > i.operandSize();
	}

	private boolean undefinedRegister(int register, int count) {
		boolean bswap16 = i.mnemonic() == Mnemonic.BSWAP && i.operandSize() == 16;
		return (bswap16 || isDoubleShiftTooFar(count)) && i.operand(0) instanceof Operand.Reg reg
				&& reg.register().number() == register;
	}

	/** The upper half of the destination of SSE4A's bit fields. */
	private boolean undefinedHalf(int half) {
		return (i.mnemonic() == Mnemonic.EXTRQ || i.mnemonic() == Mnemonic.INSERTQ) && (half & 1) != 0
				&& i.operand(0) instanceof Operand.Reg reg && reg.register().number() == half / 2;
	}
}
