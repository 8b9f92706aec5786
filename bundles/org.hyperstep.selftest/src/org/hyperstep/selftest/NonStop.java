/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.hyperstep.debug.MemorySpace;
import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.debug.embedded.EmbeddedTargets;
import org.hyperstep.samples.Sample;

/** Four CPUs send each other interrupts while the debugger stops, steps and resumes them one by one. */
@SuppressWarnings("nls")
final class NonStop implements AutoCloseable {
	private static final int CPUS = 4, CYCLES = 1000, STEPS = 50, SEAT = 64, RECEIVED = 8, VECTOR = 0x90;
	private static final long PATIENCE_SECONDS = 120;

	private final Path directory;
	private final Target target;
	private final long seats;

	private NonStop(Virtualization virtualization) throws CheckFailure {
		try {
			directory = Files.createTempDirectory("hyperstep");
			Path image = Sample.RELAY.copyTo(directory);
			target = await(EmbeddedTargets.launch(TargetConfiguration.of(image).withMemory(64L << 20).withCpus(CPUS)
					.withVirtualization(virtualization)));
		} catch (IOException e) {
			throw new CheckFailure("the sample can't be copied: " + e);
		}
		seats = target.symbols().symbol("seats").orElseThrow().linear();
		await(target.resume());
		awaitRing();
		await(target.suspend());
		await(target.setNonStop(true));
		await(target.resume());
	}

	/** All CPUs are in the ring once each has counted something. */
	private void awaitRing() throws CheckFailure {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
		for (int cpu = 0; cpu < CPUS;) {
			CheckFailure.holds("CPU " + cpu + " counts interrupts", System.nanoTime() < end);
			cpu += received(cpu) > 0 ? 1 : 0;
		}
	}

	static List<Check> checks() {
		List<Check> checks = new ArrayList<>();
		for (Virtualization virtualization : Virtualization.values()) {
			checks.add(new Check(CYCLES + " cycles of four CPUs, no interrupt lost, none doubled, " + virtualization,
					() -> {
						try (NonStop test = new NonStop(virtualization)) {
							return test.cycles();
						}
					}));
			checks.add(new Check("a CPU is stepped while the others run, " + virtualization, () -> {
				try (NonStop test = new NonStop(virtualization)) {
					return test.steps();
				}
			}));
		}
		return checks;
	}

	/** Stops each CPU in turn: its neighbour's interrupt comes to wait there, and nobody else stops. */
	private String cycles() throws CheckFailure {
		for (int cycle = 0; cycle < CYCLES; cycle++) {
			int cpu = cycle % CPUS;
			await(target.suspend(cpu));
			for (int other = 0; other < CPUS; other++) {
				CheckFailure.same("CPU " + other + " runs in cycle " + cycle, other != cpu, target.running(other));
			}
			PendingEvent waits = pending(cpu);
			CheckFailure.same("the vector that waits at CPU " + cpu, VECTOR, waits.vector());
			long before = received(cpu);
			CheckFailure.same("interrupts sent beside those counted, cycle " + cycle, before + 1,
					sent((cpu + CPUS - 1) % CPUS));
			await(target.resume(cpu));
		}
		await(target.suspend());
		return balance();
	}

	/** Steps of one CPU are exact, and what waits for it stays where it is, however far the others run. */
	private String steps() throws CheckFailure {
		StopEvent stop = await(target.suspend(2));
		PendingEvent waits = pending(2);
		for (int i = 0; i < STEPS; i++) {
			stop = await(target.step(2, StepKind.INSTRUCTION_INTO));
			CheckFailure.same("what ended step " + i, new StopEvent.StepDone(2, stop.linear(),
					StepKind.INSTRUCTION_INTO, -1), stop);
			CheckFailure.holds("the others run on", target.running(0) && target.running(1) && target.running(3));
			CheckFailure.same("since when it waits", waits.since(), pending(2).since());
		}
		await(target.resume(2));
		await(target.suspend(2));
		pending(2);
		await(target.suspend());
		return balance();
	}

	/** Everything sent has been counted once, or waits at the one that it was sent to. */
	private String balance() throws CheckFailure {
		long all = 0;
		for (int cpu = 0; cpu < CPUS; cpu++) {
			int neighbour = (cpu + 1) % CPUS;
			long waits = await(target.pendingEvents(neighbour)).size();
			long under = sent(cpu) - received(neighbour);
			// Between the count of what is sent and the sending, and from the delivery to its count, is the guest's code.
			CheckFailure.holds("CPU " + cpu + " sent " + sent(cpu) + ", CPU " + neighbour + " counted "
					+ received(neighbour) + ", " + waits + " wait", under >= waits && under <= 1);
			all += received(neighbour);
		}
		return all + " interrupts";
	}

	/** What waits at a stopped CPU, once it does. */
	private PendingEvent pending(int cpu) throws CheckFailure {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
		while (System.nanoTime() < end) {
			List<PendingEvent> events = await(target.pendingEvents(cpu));
			CheckFailure.holds("one event at most waits at CPU " + cpu + ": " + events, events.size() <= 1);
			if (!events.isEmpty() && sent((cpu + CPUS - 1) % CPUS) == received(cpu) + 1) {
				return events.get(0);
			}
		}
		throw new CheckFailure("nothing came to wait at CPU " + cpu + ": sent " + sent((cpu + CPUS - 1) % CPUS)
				+ ", counted " + received(cpu));
	}

	private long sent(int cpu) throws CheckFailure {
		return word(seats + (long) cpu * SEAT);
	}

	private long received(int cpu) throws CheckFailure {
		return word(seats + (long) cpu * SEAT + RECEIVED);
	}

	private long word(long linear) throws CheckFailure {
		byte[] bytes = await(target.readMemory(0, MemorySpace.LINEAR, linear, Long.BYTES));
		return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
	}

	private static <T> T await(CompletableFuture<T> future) throws CheckFailure {
		try {
			return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		} catch (ExecutionException | TimeoutException failure) {
			throw new CheckFailure("the engine refused or did not answer: " + failure);
		} catch (InterruptedException stop) {
			Thread.currentThread().interrupt();
			throw new CheckFailure("interrupted");
		}
	}

	@Override
	public void close() {
		target.close();
		try {
			Files.delete(directory.resolve(Sample.RELAY.fileName()));
			Files.delete(directory);
		} catch (IOException leftBehind) {
			directory.toFile().deleteOnExit();
		}
	}
}
