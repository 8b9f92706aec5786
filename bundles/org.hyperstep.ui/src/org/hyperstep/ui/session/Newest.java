/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.session;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNull;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.ui.PlatformUI;

/** Brings values from any thread to the UI thread: only the newest one is worth its time. */
public final class Newest<T> {
	private final AtomicReference<@Nullable T> waiting = new AtomicReference<>();
	private final Consumer<@NonNull T> show;

	/** Names what is to be done with a value, on the UI thread. */
	public Newest(Consumer<@NonNull T> show) {
		this.show = show;
	}

	/** A value has come, which replaces one that still waits. Any thread. */
	public void comes(@NonNull T value) {
		if (waiting.getAndSet(value) == null) {
			PlatformUI.getWorkbench().getDisplay().asyncExec(this::showWaiting);
		}
	}

	/** Drops the value that waits. */
	public void forget() {
		waiting.set(null);
	}

	private void showWaiting() {
		T newest = waiting.getAndSet(null);
		if (newest != null) {
			show.accept(newest);
		}
	}
}
