/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.Statistics;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetException;
import org.hyperstep.debug.TargetListener;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.samples.DebianKernel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A kernel that nobody here wrote: Debian's, entered by PVH. */
@SuppressWarnings("nls")
class DebianKernelTest {
	private static final String BANNER = "Linux version ";

	@ParameterizedTest
	@EnumSource
	void kernelPrintsItsBannerOnTheSerialLine(Virtualization virtualization) throws Exception {
		DebianKernel.Outcome outcome = DebianKernel.vmlinux(DebianKernel.defaultCacheDirectory());
		Optional<Path> kernel = outcome.vmlinux();
		if (kernel.isEmpty()) {
			System.err.println("*** SKIPPED: Debian's kernel is not to be had here: " + outcome.reason() + " ***");
		}
		assumeTrue(kernel.isPresent(), outcome.reason());
		TargetConfiguration configuration = TargetConfiguration.of(kernel.get()).withVirtualization(virtualization)
				.withCommandLine("earlyprintk=serial,ttyS0,115200");
		try (GuestFixture guest = GuestFixture.launch(configuration)) {
			GuestFixture.await(guest.target.resume());
			GuestFixture.await(banner(guest));
			GuestFixture.await(guest.target.suspend());
			assertTrue(guest.serialOutput().contains(BANNER), guest::serialOutput);
			Statistics statistics = GuestFixture.await(guest.target.statistics());
			System.out.printf("%s: %s after %,d instructions in %.1f s%n", virtualization,
					guest.serialOutput().lines().filter(line -> line.contains(BANNER)).findFirst().orElseThrow(),
					statistics.retired(), statistics.hostNanos() / 1e9);
		}
	}

	/** Completes with the banner's line, or fails with the reason why the guest stands still before it. */
	private static CompletableFuture<String> banner(GuestFixture guest) {
		CompletableFuture<String> outcome = new CompletableFuture<>();
		StringBuilder heard = new StringBuilder();
		guest.target.serial().addSink(bytes -> {
			heard.append(new String(bytes, StandardCharsets.ISO_8859_1));
			int start = heard.indexOf(BANNER);
			if (start >= 0 && heard.indexOf("\n", start) >= 0) {
				outcome.complete(heard.substring(start));
			}
		});
		guest.target.addListener(new TargetListener() {
			@Override
			public void stopped(Target target, StopEvent event) {
				outcome.completeExceptionally(new TargetException("stopped: " + event + "\n" + heard));
			}

			@Override
			public void exited(Target target, ExitStatus status) {
				outcome.completeExceptionally(new TargetException("ended: " + status + "\n" + heard));
			}
		});
		return outcome;
	}
}
