/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.debug.service.IDisassembly;
import org.eclipse.cdt.dsf.debug.service.IDisassembly2;
import org.eclipse.cdt.dsf.debug.service.IDisassembly3;
import org.eclipse.cdt.dsf.debug.service.IInstruction;
import org.eclipse.cdt.dsf.debug.service.IMixedInstruction;
import org.hyperstep.debug.DisassembledInstruction;
import org.hyperstep.debug.Target.Syntax;
import org.hyperstep.debug.TargetException;
import org.hyperstep.dsf.service.DisassemblyLines.Line;
import org.hyperstep.dsf.service.DisassemblyLines.SourceBlock;
import org.hyperstep.symbols.FunctionRange;
import org.hyperstep.symbols.SourceLocation;
import org.hyperstep.symbols.Symbol;

/** Disassembly in the present mode of the virtual CPU, with symbols, and with source lines where they are wanted. */
@ConfinedToDsfExecutor("getExecutor()")
public final class GuestDisassembly extends GuestService implements IDisassembly3 {
	/** Instructions asked of the engine at once. */
	private static final int PORTION = 256;
	/** More than this is never disassembled in one request. */
	private static final long LONGEST_RANGE = 1 << 16;

	public GuestDisassembly(Guest guest) {
		super(guest, IDisassembly.class, IDisassembly2.class, IDisassembly3.class, GuestDisassembly.class);
	}

	@Override
	public void getInstructions(IDisassemblyDMContext context, BigInteger startAddress, BigInteger endAddress,
			DataRequestMonitor<IInstruction[]> rm) {
		relay(range(context, startAddress, endAddress), rm, GuestDisassembly::lines);
	}

	@Override
	public void getInstructions(IDisassemblyDMContext context, BigInteger startAddress, BigInteger endAddress,
			boolean opCodes, DataRequestMonitor<IInstruction[]> rm) {
		getInstructions(context, startAddress, endAddress, rm);
	}

	@Override
	public void getInstructions(IDisassemblyDMContext context, String filename, int linenum, int instructionCount,
			DataRequestMonitor<IInstruction[]> rm) {
		relay(ofLine(context, filename, linenum, instructionCount), rm, GuestDisassembly::lines);
	}

	@Override
	public void getInstructions(IDisassemblyDMContext context, String filename, int linenum, int instructionCount,
			boolean opCodes, DataRequestMonitor<IInstruction[]> rm) {
		getInstructions(context, filename, linenum, instructionCount, rm);
	}

	@Override
	public void getMixedInstructions(IDisassemblyDMContext context, BigInteger startAddress, BigInteger endAddress,
			DataRequestMonitor<IMixedInstruction[]> rm) {
		relay(range(context, startAddress, endAddress).thenApplyAsync(this::withSource), rm, Function.identity());
	}

	@Override
	public void getMixedInstructions(IDisassemblyDMContext context, BigInteger startAddress, BigInteger endAddress,
			boolean opCodes, DataRequestMonitor<IMixedInstruction[]> rm) {
		getMixedInstructions(context, startAddress, endAddress, rm);
	}

	@Override
	public void getMixedInstructions(IDisassemblyDMContext context, String filename, int linenum,
			int instructionCount, DataRequestMonitor<IMixedInstruction[]> rm) {
		relay(ofLine(context, filename, linenum, instructionCount).thenApplyAsync(this::withSource), rm,
				Function.identity());
	}

	@Override
	public void getMixedInstructions(IDisassemblyDMContext context, String filename, int linenum,
			int instructionCount, boolean opCodes, DataRequestMonitor<IMixedInstruction[]> rm) {
		getMixedInstructions(context, filename, linenum, instructionCount, rm);
	}

	/** The start of the instruction that contains an address: known by disassembling its function from the start. */
	@Override
	public void alignOpCodeAddress(IDisassemblyDMContext context, BigInteger address,
			DataRequestMonitor<BigInteger> rm) {
		long linear = address.longValue();
		CompletableFuture<Optional<Symbol>> symbol = CompletableFuture
				.supplyAsync(() -> target().symbols().symbolAt(linear));
		relay(symbol.thenCompose(found -> {
			long start = found.map(Symbol::linear).orElse(linear);
			return linear - start == 0 || Long.compareUnsigned(linear - start, LONGEST_RANGE) > 0
					? CompletableFuture.completedFuture(address)
					: from(context, start, linear + 1).thenApply(lines -> startOfLast(lines, address));
		}), rm);
	}

	private static BigInteger startOfLast(List<DisassembledInstruction> lines, BigInteger address) {
		if (lines.isEmpty()) {
			return address;
		}
		DisassembledInstruction last = lines.get(lines.size() - 1);
		BigInteger start = DisassemblyLines.address(last.linear());
		boolean inside = address.subtract(start).compareTo(BigInteger.valueOf(last.bytes().length)) < 0;
		return inside ? start : address;
	}

	private CompletableFuture<List<DisassembledInstruction>> range(IDisassemblyDMContext context, BigInteger start,
			BigInteger end) {
		if (start == null) {
			return target().registers(Guest.cpuOf(context)).thenCompose(file -> {
				long linear = file.value("rip"); //$NON-NLS-1$
				return from(context, linear, linear + PORTION);
			});
		}
		BigInteger last = start.add(BigInteger.valueOf(LONGEST_RANGE))
				.min(end == null ? start.add(BigInteger.valueOf(PORTION)) : end);
		return from(context, start.longValue(), last.longValue());
	}

	/** Disassembles from an address up to, and without, another one. */
	private CompletableFuture<List<DisassembledInstruction>> from(IDisassemblyDMContext context, long start, long end) {
		return more(Guest.cpuOf(context), start, end, new ArrayList<>()).thenApply(lines -> {
			if (lines.isEmpty()) {
				throw refusal(Messages.bind(Messages.Disassembly_unreadable, "0x" + Long.toHexString(start))); //$NON-NLS-1$
			}
			return lines;
		});
	}

	private CompletableFuture<List<DisassembledInstruction>> more(int cpu, long start, long end,
			List<DisassembledInstruction> soFar) {
		return target().disassemble(cpu, start, PORTION, Syntax.INTEL).thenCompose(portion -> {
			for (DisassembledInstruction line : portion) {
				if (Long.compareUnsigned(line.linear(), end) >= 0) {
					return CompletableFuture.completedFuture(soFar);
				}
				soFar.add(line);
			}
			if (portion.size() < PORTION) {
				return CompletableFuture.completedFuture(soFar);
			}
			DisassembledInstruction last = portion.get(portion.size() - 1);
			return more(cpu, last.linear() + last.bytes().length, end, soFar);
		});
	}

	/** So many instructions from a line on; a negative number means the rest of its function. */
	private CompletableFuture<List<DisassembledInstruction>> ofLine(IDisassemblyDMContext context, String file,
			int line, int instructions) {
		return CompletableFuture.supplyAsync(() -> addressOf(file, line)).thenCompose(linear -> {
			if (instructions >= 0) {
				return target().disassemble(Guest.cpuOf(context), linear, instructions, Syntax.INTEL);
			}
			Optional<FunctionRange> function = target().symbols().functionAt(linear);
			return from(context, linear, function.map(FunctionRange::high).orElse(linear + PORTION));
		});
	}

	private Long addressOf(String file, int line) {
		long[] addresses = target().symbols().breakpointAddresses(file, line);
		if (addresses.length == 0) {
			throw refusal(Messages.bind(Messages.Disassembly_noCode, file, line));
		}
		return addresses[0];
	}

	private static CompletionException refusal(String text) {
		return new CompletionException(new TargetException(text));
	}

	private static IInstruction[] lines(List<DisassembledInstruction> instructions) {
		return instructions.stream().map(Line::new).toArray(IInstruction[]::new);
	}

	/** Consecutive instructions of one line together. */
	private IMixedInstruction[] withSource(List<DisassembledInstruction> instructions) {
		List<IMixedInstruction> blocks = new ArrayList<>();
		for (int from = 0; from < instructions.size();) {
			Optional<SourceLocation> source = source(instructions.get(from));
			int to = from + 1;
			while (to < instructions.size() && sameLine(source, source(instructions.get(to)))) {
				to++;
			}
			blocks.add(new SourceBlock(source, lines(instructions.subList(from, to))));
			from = to;
		}
		return blocks.toArray(IMixedInstruction[]::new);
	}

	private Optional<SourceLocation> source(DisassembledInstruction instruction) {
		return target().symbols().sourceAt(instruction.linear());
	}

	private static boolean sameLine(Optional<SourceLocation> one, Optional<SourceLocation> other) {
		return one.map(SourceLocation::line).equals(other.map(SourceLocation::line))
				&& one.map(SourceLocation::path).equals(other.map(SourceLocation::path));
	}
}
