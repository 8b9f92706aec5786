/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.debug.core.IStreamListener;
import org.eclipse.debug.core.model.IFlushableStreamMonitor;

/** A stream of text that a console listens to. It keeps what came before the console did. */
@ThreadSafe
final class TextStream implements IFlushableStreamMonitor {
	private final List<IStreamListener> listeners = new CopyOnWriteArrayList<>();
	private final StringBuilder contents = new StringBuilder();
	private boolean buffered = true;

	/** Adds text. The listeners are told on this thread, which they may hold up. */
	void append(String text) {
		synchronized (this) {
			if (buffered) {
				contents.append(text);
			}
		}
		listeners.forEach(listener -> listener.streamAppended(text, this));
	}

	@Override
	public void addListener(IStreamListener listener) {
		listeners.add(listener);
	}

	@Override
	public void removeListener(IStreamListener listener) {
		listeners.remove(listener);
	}

	@Override
	public synchronized String getContents() {
		return contents.toString();
	}

	@Override
	public synchronized void flushContents() {
		contents.setLength(0);
	}

	@Override
	public synchronized void setBuffered(boolean keep) {
		buffered = keep;
	}

	@Override
	public synchronized boolean isBuffered() {
		return buffered;
	}
}
