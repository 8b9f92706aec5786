/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.eclipse.cdt.debug.core.CDIDebugModel;
import org.eclipse.cdt.debug.core.model.ICBreakpoint;
import org.eclipse.cdt.debug.core.model.ICBreakpointType;
import org.eclipse.cdt.debug.core.model.ICLineBreakpoint;
import org.eclipse.cdt.dsf.debug.service.IBreakpoints.IBreakpointsChangedEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.ISuspendedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IBreakpointsExtension.IBreakpointHitDMEvent;
import org.eclipse.cdt.dsf.service.DsfServiceEventHandler;
import org.eclipse.cdt.utils.Addr64;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IMarkerDelta;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.IBreakpointListener;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.Breakpoint;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.dsf.launch.LaunchedGuest;
import org.hyperstep.samples.ExampleProject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CDT's C breakpoints in a session, and the sources that they stand in. */
@SuppressWarnings("nls")
public class BreakpointsTest implements IBreakpointListener {
	private static final long PATIENCE_SECONDS = 60;
	private static final long WITHOUT_EVENT_MILLIS = 200;

	/** Something happened to a breakpoint: conditions are looked at again. */
	private final BlockingQueue<Object> changes = new LinkedBlockingQueue<>();
	private final IProject project = ResourcesPlugin.getWorkspace().getRoot().getProject(ExampleProject.NAME);

	@BeforeEach
	void importProject() throws Exception {
		Path directory = ResourcesPlugin.getWorkspace().getRoot().getLocation().toPath().resolve(ExampleProject.NAME);
		ExampleProject.writeTo(directory);
		if (!project.exists()) {
			project.create(new NullProgressMonitor());
		}
		project.open(new NullProgressMonitor());
		project.refreshLocal(IResource.DEPTH_INFINITE, new NullProgressMonitor());
		DebugPlugin.getDefault().getBreakpointManager().addBreakpointListener(this);
	}

	@AfterEach
	void removeBreakpoints() throws Exception {
		DebugPlugin.getDefault().getBreakpointManager().removeBreakpointListener(this);
		DebugPlugin.getDefault().getBreakpointManager().setEnabled(true);
		DebugPlugin.getDefault().getBreakpointManager()
				.removeBreakpoints(DebugPlugin.getDefault().getBreakpointManager().getBreakpoints(), true);
	}

	@Override
	public void breakpointAdded(@Nullable IBreakpoint breakpoint) {
		changes.add("added");
	}

	@Override
	public void breakpointRemoved(@Nullable IBreakpoint breakpoint, @Nullable IMarkerDelta delta) {
		changes.add("removed");
	}

	@Override
	public void breakpointChanged(@Nullable IBreakpoint breakpoint, @Nullable IMarkerDelta delta) {
		changes.add("changed");
	}

	@DsfServiceEventHandler
	public void eventDispatched(@Nullable IBreakpointsChangedEvent event) {
		changes.add("engine");
	}

	/** Looks again at each event, and from time to time: what changes while a marker is being made has no event. */
	private void await(String what, BooleanSupplier condition) throws InterruptedException {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
		while (!condition.getAsBoolean()) {
			assertTrue(System.nanoTime() < deadline, what);
			changes.poll(WITHOUT_EVENT_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	private LaunchedGuest debug() throws Exception {
		IFile image = project.getFile("built/ticker.elf");
		assertTrue(image.exists(), "the example project has the image");
		LaunchedGuest guest = LaunchedGuest.debug(LaunchedGuest.configuration(image.getFullPath().toString()));
		guest.order(rm -> {
			guest.launch().session().addServiceEventListener(this, null);
			rm.done();
		});
		guest.awaitStop();
		return guest;
	}

	private ICLineBreakpoint onLine(int line) throws CoreException {
		IFile source = project.getFile("ticker/ticker.c");
		return CDIDebugModel.createLineBreakpoint(source.getLocation().toOSString(), source, ICBreakpointType.REGULAR,
				line, true, 0, "", true);
	}

	private static int lineOf(LaunchedGuest guest, String function) {
		long body = guest.target().symbols().afterPrologue(function).orElseThrow();
		return guest.target().symbols().sourceAt(body).orElseThrow().line();
	}

	private static boolean installed(ICBreakpoint breakpoint) {
		try {
			return breakpoint.isInstalled();
		} catch (CoreException removed) {
			return false;
		}
	}

	private static ISuspendedDMEvent resumeToStop(LaunchedGuest guest) throws Exception {
		guest.resume();
		return guest.awaitStop();
	}

	@Test
	void aBreakpointInTheCSourceStopsThere() throws Exception {
		try (LaunchedGuest guest = debug()) {
			ICLineBreakpoint breakpoint = onLine(lineOf(guest, "crc32"));
			await("the breakpoint is installed", () -> installed(breakpoint));
			IBreakpointHitDMEvent hit = assertInstanceOf(IBreakpointHitDMEvent.class, resumeToStop(guest));
			assertEquals(1, hit.getBreakpoints().length);
			assertEquals("crc32", guest.function());
			StopEvent stop = guest.service(GuestRunControl.class).lastStop().orElseThrow();
			assertEquals(1, assertInstanceOf(StopEvent.BreakpointHit.class, stop).breakpoints().size());
		}
	}

	@Test
	void breakpointsThatWereThereBeforeTheLaunchStopTheGuest() throws Exception {
		ICLineBreakpoint early = CDIDebugModel.createFunctionBreakpoint("", project, ICBreakpointType.REGULAR,
				"make_crc_table", -1, -1, -1, true, 0, "", true);
		try (LaunchedGuest guest = debug()) {
			await("the breakpoint is shown as installed", () -> installed(early));
			resumeToStop(guest);
			assertEquals(guest.address("make_crc_table"), guest.rip());
		}
		await("not installed any more", () -> !installed(early));
	}

	@Test
	void anAddressBreakpointStopsBeforeItsInstruction() throws Exception {
		try (LaunchedGuest guest = debug()) {
			long linear = guest.address("count_primes");
			ICLineBreakpoint breakpoint = CDIDebugModel.createAddressBreakpoint("", "", project,
					ICBreakpointType.REGULAR, -1, new Addr64(Long.toString(linear)), true, 0, "", true);
			await("the breakpoint is installed", () -> installed(breakpoint));
			resumeToStop(guest);
			assertEquals(linear, guest.rip());
		}
	}

	@Test
	void disabledAndRemovedBreakpointsDoNotStop() throws Exception {
		try (LaunchedGuest guest = debug()) {
			ICLineBreakpoint first = onLine(lineOf(guest, "fill_buffer"));
			ICLineBreakpoint second = onLine(lineOf(guest, "crc32"));
			ICLineBreakpoint third = onLine(lineOf(guest, "count_primes"));
			await("all are installed", () -> installed(first) && installed(second) && installed(third));
			first.setEnabled(false);
			second.delete();
			await("one is disabled, one is removed", () -> enabled(guest).size() == 1);
			resumeToStop(guest);
			assertEquals("count_primes", guest.function());
		}
	}

	private static List<Breakpoint> enabled(LaunchedGuest guest) {
		return guest.target().breakpoints().stream().filter(Breakpoint::enabled).toList();
	}

	@Test
	void skipAllBreakpointsDisablesAndEnablesThem() throws Exception {
		try (LaunchedGuest guest = debug()) {
			ICLineBreakpoint breakpoint = onLine(lineOf(guest, "crc32"));
			await("the breakpoint is installed", () -> installed(breakpoint));
			DebugPlugin.getDefault().getBreakpointManager().setEnabled(false);
			await("skipped", () -> enabled(guest).isEmpty());
			DebugPlugin.getDefault().getBreakpointManager().setEnabled(true);
			await("not skipped", () -> enabled(guest).size() == 1);
		}
	}

	@Test
	void aBreakpointWithoutCodeIsNotShownAsInstalled() throws Exception {
		try (LaunchedGuest guest = debug()) {
			ICLineBreakpoint nowhere = CDIDebugModel.createFunctionBreakpoint("", project, ICBreakpointType.REGULAR,
					"no_such_function", -1, -1, -1, true, 0, "", true);
			ICLineBreakpoint somewhere = onLine(lineOf(guest, "crc32"));
			await("both are known to the engine", () -> guest.target().breakpoints().size() == 2);
			await("one is installed", () -> installed(somewhere));
			assertFalse(installed(nowhere));
		}
	}

	@Test
	void aLineWithoutCodeShowsTheLineThatHasIt() throws Exception {
		try (LaunchedGuest guest = debug()) {
			int line = guest.target().symbols().sourceAt(guest.address("compute")).orElseThrow().line();
			ICLineBreakpoint before = onLine(line - 2);
			await("it moved to the next line with code", () -> {
				try {
					return installed(before) && before.getLineNumber() >= line;
				} catch (CoreException removed) {
					return false;
				}
			});
			resumeToStop(guest);
			assertEquals("compute", guest.function());
		}
	}

	@Test
	void compiledPathsLeadToTheProjectsFilesAndBack() throws Exception {
		try (LaunchedGuest guest = debug()) {
			GuestSourceLookup lookup = guest.service(GuestSourceLookup.class);
			String compiled = guest.target().symbols().sourceAt(guest.rip()).orElseThrow().path();
			IFile source = project.getFile("ticker/ticker.c");
			Object found = guest.query(rm -> lookup.getSource(guest.guest().context(), compiled, rm));
			assertEquals(source, found);
			String back = guest.query(rm -> lookup.getDebuggerPath(guest.guest().context(), source, rm));
			assertEquals(compiled, back);
		}
	}
}
