/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.core.runtime.ILog;
import org.hyperstep.dsf.HyperstepDsf;

/** The launches that have not ended: at the end of Eclipse they end too. */
@ThreadSafe
public final class LiveLaunches {
	private static final long PATIENCE_SECONDS = 5;
	private static final Set<HypervisorGuestLaunch> LIVE = ConcurrentHashMap.newKeySet();

	private LiveLaunches() {
	}

	static void add(HypervisorGuestLaunch launch) {
		LIVE.add(launch);
	}

	static void remove(HypervisorGuestLaunch launch) {
		LIVE.remove(launch);
	}

	/** How many there are. */
	public static int count() {
		return LIVE.size();
	}

	/** Ends all launches and waits for it; a launch that does not end in time is left to the end of the process. */
	public static void closeAll() {
		List<CompletableFuture<Boolean>> ends = LIVE.stream().map(HypervisorGuestLaunch::ended).toList();
		LIVE.forEach(HypervisorGuestLaunch::terminate);
		try {
			CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		} catch (ExecutionException | TimeoutException late) {
			ILog.get().log(HyperstepDsf.error(late.toString(), late));
		} catch (InterruptedException stop) {
			Thread.currentThread().interrupt();
		}
	}
}
