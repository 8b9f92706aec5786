/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import java.util.Optional;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.symbols.FunctionRange;
import org.hyperstep.symbols.SourceLocation;
import org.hyperstep.symbols.SymbolFile;

/**
 * Steps instructions until another source line begins. Calls run as a whole, or, stepping into, up to the end of the
 * prologue of a function that has lines. The handler of an interrupt that is not masked ends the step where it begins.
 */
final class LineStepMotion implements Motion {
	/** Single steps in one slice: some milliseconds. */
	private static final int STEPS_A_SLICE = 500;

	private final Machinery machinery;
	private final int cpu;
	private final StepPolicy policy;
	private final StepKind kind;
	private final String startFile;
	private final int startLine;
	private final long startFunction;
	private @Nullable Motion callee;

	private LineStepMotion(Machinery machinery, int cpu, StepPolicy policy, StepKind kind, SourceLocation start) {
		this.machinery = machinery;
		this.cpu = cpu;
		this.policy = policy;
		this.kind = kind;
		this.startFile = start.file();
		this.startLine = start.line();
		this.startFunction = function(machinery.rip(cpu));
	}

	/** The step from where the CPU stands; where no line is known there, one instruction. */
	static Motion of(Machinery machinery, int cpu, StepPolicy policy, StepKind kind) {
		Optional<SourceLocation> here = machinery.symbols.sourceAt(machinery.rip(cpu));
		if (here.isPresent()) {
			return new LineStepMotion(machinery, cpu, policy, kind, here.get());
		}
		return kind == StepKind.LINE_OVER ? new StepOverMotion(machinery, cpu, policy, kind)
				: new InstructionStepMotion(machinery, cpu, policy, kind);
	}

	@Override
	public @Nullable StopEvent advance() {
		for (int i = 0; i < STEPS_A_SLICE; i++) {
			Motion inCallee = callee;
			StopEvent stop = inCallee == null ? stepHere() : inCallee.advance();
			if (inCallee != null && stop == null) {
				return null;
			}
			if (!(stop instanceof StopEvent.StepDone done)) {
				if (stop != null) {
					return stop;
				}
				continue;
			}
			callee = null;
			if (ends(done)) {
				return new StopEvent.StepDone(cpu, done.linear(), kind, done.enteredVector());
			}
			StopEvent hit = machinery.breakpointHit(cpu, done.linear());
			if (hit != null) {
				return hit;
			}
		}
		return null;
	}

	/** One instruction; null where a callee is to run now. */
	private @Nullable StopEvent stepHere() {
		long linear = machinery.rip(cpu);
		if (!StepOverMotion.calls(machinery.instructionAt(cpu, linear))) {
			return new InstructionStepMotion(machinery, cpu, policy, kind).advance();
		}
		if (kind == StepKind.LINE_OVER) {
			callee = new StepOverMotion(machinery, cpu, policy, kind);
			return null;
		}
		return stepInto();
	}

	private @Nullable StopEvent stepInto() {
		StopEvent stop = new InstructionStepMotion(machinery, cpu, policy, kind).advance();
		if (!(stop instanceof StopEvent.StepDone done) || done.enteredVector() >= 0) {
			return stop;
		}
		SymbolFile symbols = machinery.symbols;
		if (symbols.sourceAt(done.linear()).isPresent()) {
			long body = symbols.functionAt(done.linear()).flatMap(f -> symbols.afterPrologue(f.name()))
					.orElse(done.linear());
			callee = body == done.linear() ? null : new RunToMotion(machinery, cpu, body, 0, kind);
			return callee == null ? stop : null;
		}
		StackWalker walker = new StackWalker(machinery, cpu);
		StackWalker.Position caller = walker.caller(walker.innermost());
		if (caller == null) {
			return stop;
		}
		callee = new RunToMotion(machinery, cpu, caller.linear(), caller.rsp(), kind);
		return null;
	}

	private boolean ends(StopEvent.StepDone done) {
		if (done.enteredVector() >= 0) {
			return true;
		}
		Optional<SourceLocation> here = machinery.symbols.sourceAt(done.linear());
		if (here.isEmpty()) {
			return true;
		}
		boolean sameLine = here.get().line() == startLine && here.get().file().equals(startFile)
				&& function(done.linear()) == startFunction;
		return !sameLine && (beginsLine(done.linear()) || bodyOf(done.linear()));
	}

	private boolean beginsLine(long linear) {
		return machinery.symbols.lineRange(linear).map(range -> range.low() == linear).orElse(true);
	}

	private boolean bodyOf(long linear) {
		return machinery.symbols.functionAt(linear).flatMap(f -> machinery.symbols.afterPrologue(f.name()))
				.map(body -> body == linear).orElse(false);
	}

	private long function(long linear) {
		return machinery.symbols.functionAt(linear).map(FunctionRange::low).orElse(0L);
	}

	@Override
	public boolean stepping() {
		return true;
	}
}
