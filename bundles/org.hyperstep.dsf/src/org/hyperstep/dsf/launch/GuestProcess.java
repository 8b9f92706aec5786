/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.core.runtime.IAdaptable;
import org.eclipse.core.runtime.PlatformObject;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.model.IProcess;
import org.eclipse.debug.core.model.IStreamMonitor;
import org.eclipse.debug.core.model.IStreamsProxy;
import org.eclipse.debug.core.model.IStreamsProxy2;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.Target;
import org.hyperstep.dsf.HyperstepDsf;

/** The guest as a process of its launch: what gives it a console, which is its serial line, and an exit value. */
@ThreadSafe
public final class GuestProcess extends PlatformObject implements IProcess, IAdaptable {
	/** Attribute: the last line that the debugger, not the guest, has written to the console. */
	public static final String ATTR_TOLD = HyperstepDsf.ID + ".told"; //$NON-NLS-1$

	private final HypervisorGuestLaunch launch;
	private final Target target;
	private final Map<String, String> attributes = new ConcurrentHashMap<>();
	private final TextStream output = new TextStream();
	private final TextStream errors = new TextStream();
	private final Streams streams = new Streams();
	private final SerialConsole console;
	private volatile @Nullable ExitStatus status;
	private volatile boolean terminated;

	/** Makes the process of a guest and adds it to the launch. */
	GuestProcess(HypervisorGuestLaunch launch, Target target) {
		this.launch = launch;
		this.target = target;
		attributes.put(ATTR_PROCESS_TYPE, HyperstepDsf.PROCESS_TYPE);
		attributes.put(ATTR_PROCESS_LABEL, target.name());
		attributes.put(DebugPlugin.ATTR_PATH, target.configuration().image().toString());
		console = new SerialConsole(target.name() + " serial line", output, this::drained); //$NON-NLS-1$
		target.serial().addSink(console);
		launch.addProcess(this);
		fire(DebugEvent.CREATE);
	}

	/** The process is to end with an error, whatever the guest's own status will be, and says why. */
	void fail(String why) {
		status = new ExitStatus(ExitStatus.Kind.FAILED, 1, why);
		tell(why);
	}

	/** The guest has ended: the console gets the rest of its output, then the process ends too. */
	void ended(ExitStatus how) {
		if (status == null) {
			status = how;
			if (how.kind() == ExitStatus.Kind.FAILED) {
				tell(Messages.bind(Messages.Process_failed, how.text()));
			}
		}
		target.serial().removeSink(console);
		console.close();
	}

	/** Writes a line of the debugger's own, apart from what the guest writes. */
	void tell(String line) {
		setAttribute(ATTR_TOLD, line);
		errors.append(line + '\n');
	}

	private void drained() {
		terminated = true;
		fire(DebugEvent.TERMINATE);
	}

	private void fire(int kind) {
		DebugPlugin.getDefault().fireDebugEventSet(new DebugEvent[] { new DebugEvent(this, kind) });
	}

	/** The serial line, both ways. */
	private final class Streams implements IStreamsProxy2 {
		@Override
		public IStreamMonitor getErrorStreamMonitor() {
			return errors;
		}

		@Override
		public IStreamMonitor getOutputStreamMonitor() {
			return output;
		}

		@Override
		public void write(String input) {
			target.serial().send(input.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public void closeInputStream() {
			// a serial line has no end of file
		}
	}

	@Override
	public String getLabel() {
		return target.name();
	}

	@Override
	public ILaunch getLaunch() {
		return launch;
	}

	@Override
	public IStreamsProxy getStreamsProxy() {
		return streams;
	}

	@Override
	public void setAttribute(String key, String value) {
		attributes.put(key, value);
		fire(DebugEvent.CHANGE);
	}

	@Override
	public @Nullable String getAttribute(String key) {
		return attributes.get(key);
	}

	@Override
	public int getExitValue() throws DebugException {
		ExitStatus how = status;
		if (how == null || !terminated) {
			throw new DebugException(HyperstepDsf.error(Messages.Process_running, null));
		}
		return how.status();
	}

	@Override
	public boolean canTerminate() {
		return !terminated;
	}

	@Override
	public boolean isTerminated() {
		return terminated;
	}

	@Override
	public void terminate() {
		launch.terminate();
	}

	@Override
	public <T> T getAdapter(Class<T> type) {
		if (type.isInstance(this)) {
			return type.cast(this);
		}
		if (type == ILaunch.class) {
			return type.cast(launch);
		}
		if (type == ILaunchConfiguration.class) {
			return type.cast(launch.getLaunchConfiguration());
		}
		return super.getAdapter(type);
	}
}
