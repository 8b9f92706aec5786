/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.eclipse.debug.ui.AbstractDebugView;
import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;
import org.hyperstep.debug.BreakpointLocation;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.Target;
import org.hyperstep.ui.session.SampleSession;
import org.hyperstep.ui.session.Workbench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every row of the Debug view that is in sight says what it is, whichever CPUs of the guest run. */
@SuppressWarnings("nls")
class DebugViewRowsTest {
	private static final int CPUS = 4;
	private static final int STEPS = 5;
	/** Large enough for the view to show its tree, and every row of it: rows that are out of sight are not filled. */
	private static final Rectangle LARGE = new Rectangle(0, 0, 1500, 950);

	private final Shell shell = Workbench.window().getShell();
	private final Rectangle before = shell.getBounds();

	@BeforeEach
	void enlarge() {
		shell.setBounds(LARGE);
	}

	@AfterEach
	void restore() {
		shell.setBounds(before);
	}

	private static List<String> rows() {
		AbstractDebugView view = (AbstractDebugView) Workbench.page().findView(IDebugUIConstants.ID_DEBUG_VIEW);
		List<String> found = new ArrayList<>();
		collect(((Tree) view.getViewer().getControl()).getItems(), found);
		return found;
	}

	private static void collect(TreeItem[] items, List<String> found) {
		for (TreeItem item : items) {
			found.add(item.getText());
			if (item.getExpanded()) {
				collect(item.getItems(), found);
			}
		}
	}

	/** Waits until no row is blank and the CPUs are as they should be: those named here run. */
	private static void awaitRows(Integer... running) {
		List<String> expected = IntStream.range(0, CPUS).mapToObj(cpu -> "CPU " + cpu
				+ (Arrays.asList(running).contains(Integer.valueOf(cpu)) ? " (Running" : " (Suspended")).toList();
		String[] seen = { "" };
		try {
			Workbench.await("rows", () -> {
				List<String> rows = rows();
				seen[0] = rows.toString();
				return rows.stream().noneMatch(String::isBlank)
						&& expected.stream().allMatch(cpu -> rows.stream().anyMatch(row -> row.startsWith(cpu)));
			});
		} catch (AssertionError late) {
			throw new AssertionError("expected " + expected + ", shown " + seen[0], late);
		}
	}

	@Test
	void everyCpuAndFrameIsNamedWhileOthersRun() throws Exception {
		try (SampleSession session = SampleSession.debugRelay(CPUS)) {
			Workbench.show(IDebugUIConstants.ID_DEBUG_VIEW, AbstractDebugView.class);
			Target guest = session.guest();
			Workbench.get("the breakpoint", guest.setBreakpoint(new BreakpointLocation.Symbol("processor_main")));
			Workbench.get("the first CPU to run", guest.resume(0));
			Workbench.await("the others at the breakpoint",
					() -> !guest.running(1) && !guest.running(2) && !guest.running(3));
			Workbench.get("the last CPU to run", guest.resume(CPUS - 1));
			for (int i = 0; i < STEPS; i++) {
				Workbench.get("a step", guest.step(1, StepKind.INSTRUCTION_INTO));
			}
			awaitRows(0, 3);
			Workbench.get("the third CPU to run", guest.resume(2));
			awaitRows(0, 2, 3);
			for (int i = 0; i < STEPS; i++) {
				Workbench.get("a step", guest.step(1, StepKind.INSTRUCTION_INTO));
			}
			Workbench.get("the last CPU to stop", guest.suspend(3));
			awaitRows(0, 2);
			Workbench.get("all to run", guest.resume());
			awaitRows(0, 1, 2, 3);
			Workbench.get("all to stop", guest.suspend());
			awaitRows();
			assertTrue(rows().stream().anyMatch(row -> row.contains("non-stop, 0 of 4 CPUs run")), rows().toString());
			Workbench.get("another mode", guest.setNonStop(false));
			Workbench.await("the guest's new name", () -> rows().stream().noneMatch(row -> row.contains("non-stop")));
		}
	}
}
