/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetException;
import org.hyperstep.debug.TargetListener;
import org.hyperstep.debug.engine.SymbolText;

/**
 * One run of a guest with the console as its serial line. The engine's thread completes {@code end}; the calling thread waits
 * for it; a daemon thread carries stdin to the guest.
 */
@SuppressWarnings("nls")
final class GuestRun {
	private static final int CHUNK = 4096;

	/** How it ended: the status and, if there is something to say, a line for the user. */
	private record End(int status, String message) {
	}

	private final Console console;
	private final Launcher launcher;
	private final TargetConfiguration configuration;
	private final RunReports reports;
	private final CompletableFuture<End> end = new CompletableFuture<>();

	GuestRun(Console console, Launcher launcher, TargetConfiguration configuration, RunReports reports) {
		this.console = console;
		this.launcher = launcher;
		this.configuration = configuration;
		this.reports = reports;
	}

	/** Ends the run because the user wants so. Any thread. */
	void interrupt() {
		end.complete(new End(ExitCode.INTERRUPTED.status(), ""));
	}

	/**
	 * Runs the guest until it ends, cannot go on, or the time is over.
	 *
	 * @param seconds of the host's time
	 * @return the exit status
	 */
	int toItsEnd(double seconds) throws UsageException, InterruptedException {
		try (Target target = launch()) {
			return run(target, seconds);
		}
	}

	private Target launch() throws UsageException {
		try {
			return launcher.launch(configuration);
		} catch (TargetException e) {
			throw new UsageException(String.valueOf(e.getMessage()));
		}
	}

	private int run(Target target, double seconds) throws UsageException, InterruptedException {
		target.addListener(new EndListener());
		target.serial().addSink(this::print);
		Thread typist = new Thread(() -> type(target), "Hyperstep stdin");
		typist.setDaemon(true);
		typist.start();
		target.resume().whenComplete((nothing, failure) -> {
			if (failure != null) {
				end.complete(new End(ExitCode.FAILED.status(), String.valueOf(failure.getMessage())));
			}
		});
		End how = await(seconds);
		if (!how.message.isEmpty()) {
			console.complain(how.message);
		}
		reports.make(target);
		return how.status;
	}

	private End await(double seconds) throws InterruptedException {
		try {
			long milliseconds = seconds > Long.MAX_VALUE / 1000.0 ? Long.MAX_VALUE
					: Math.max(1, Math.round(seconds * 1000));
			return end.get(milliseconds, TimeUnit.MILLISECONDS);
		} catch (TimeoutException e) {
			return new End(ExitCode.TIMEOUT.status(), "the guest was ended after " + format(seconds) + " seconds");
		} catch (ExecutionException e) {
			throw new IllegalStateException(e.getCause());
		}
	}

	private static String format(double seconds) {
		return seconds == Math.rint(seconds) ? String.valueOf((long) seconds) : String.valueOf(seconds);
	}

	// The serial line

	private void print(byte[] bytes) {
		try {
			console.out().write(bytes);
			console.out().flush();
		} catch (IOException e) {
			end.complete(new End(ExitCode.BAD_USAGE.status(), "stdout was closed: " + e.getMessage()));
		}
	}

	private void type(Target target) {
		byte[] chunk = new byte[CHUNK];
		try {
			for (int count = console.in().read(chunk); count > 0; count = console.in().read(chunk)) {
				target.serial().send(Arrays.copyOf(chunk, count));
			}
		} catch (IOException e) {
			console.complain("stdin cannot be read: " + e.getMessage());
		}
	}

	// The end

	/** On the engine's thread. */
	private final class EndListener implements TargetListener {
		@Override
		public void stopped(Target target, StopEvent event) {
			end.complete(describe(target, event));
		}

		@Override
		public void exited(Target target, ExitStatus status) {
			end.complete(switch (status.kind()) {
				case DEBUG_EXIT, SHUTDOWN -> new End(status.status(), "");
				case TERMINATED -> new End(ExitCode.OK.status(), status.text());
				case FAILED -> new End(ExitCode.FAILED.status(), status.text());
			});
		}
	}

	private static End describe(Target target, StopEvent event) {
		String place = place(target, event.linear());
		return switch (event) {
			case StopEvent.TripleFault fault -> new End(ExitCode.TRIPLE_FAULT.status(),
					"the guest triple-faulted on CPU " + fault.cpu() + place);
			case StopEvent.Halted halted -> new End(ExitCode.HALTED.status(),
					"the guest halted on CPU " + halted.cpu() + place + ", and nothing can wake it");
			case StopEvent.Failure failure -> new End(ExitCode.FAILED.status(),
					"the engine cannot go on" + place + ": " + failure.text());
			case StopEvent.Ready ready -> unexpected(ready);
			case StopEvent.BreakpointHit hit -> unexpected(hit);
			case StopEvent.StepDone done -> unexpected(done);
			case StopEvent.Suspended suspended -> unexpected(suspended);
		};
	}

	private static End unexpected(StopEvent event) {
		return new End(ExitCode.FAILED.status(), "the guest stopped though nobody asked for it: " + event);
	}

	private static String place(Target target, long linear) {
		String symbol = target.symbols().symbolAt(linear).map(found -> " <" + SymbolText.of(found, linear) + ">")
				.orElse("");
		return " at 0x" + Long.toHexString(linear) + symbol;
	}
}
