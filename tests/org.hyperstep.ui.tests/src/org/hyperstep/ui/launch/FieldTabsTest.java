/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.swt.custom.ScrolledComposite;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.dsf.HyperstepDsf;
import org.hyperstep.dsf.LaunchAttribute;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.StepMechanismChoice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("nls")
class FieldTabsTest {
	private final Path directory;
	private final Shell shell = new Shell(Display.getCurrent());
	private final List<FieldTab> tabs = List.of(new GuestTab(), new MachineTab(), new DevicesTab(), new SteppingTab());

	FieldTabsTest(@TempDir Path directory) {
		this.directory = directory;
		tabs.forEach(tab -> tab.createControl(shell));
	}

	@AfterEach
	void disposeTabs() {
		tabs.forEach(FieldTab::dispose);
		shell.dispose();
	}

	private static ILaunchConfigurationWorkingCopy configuration() throws CoreException {
		return DebugPlugin.getDefault().getLaunchManager().getLaunchConfigurationType(HyperstepDsf.LAUNCH_TYPE)
				.newInstance(null, "round trip");
	}

	@Test
	void everyAttributeHasOneField() {
		List<LaunchAttribute<?>> shown = tabs.stream().flatMap(tab -> tab.fields().stream())
				.<LaunchAttribute<?>>map(LaunchField::attribute).toList();
		assertEquals(new HashSet<>(LaunchAttributes.ALL), new HashSet<>(shown));
		assertEquals(LaunchAttributes.ALL.size(), shown.size());
	}

	/** The launch dialog may be smaller than a tab: what does not fit is scrolled to. */
	@Test
	void everyFieldCanBeReachedInASmallDialog() {
		for (FieldTab tab : tabs) {
			ScrolledComposite page = (ScrolledComposite) tab.getControl();
			page.setSize(500, 120);
			Composite content = (Composite) page.getContent();
			int bottom = Arrays.stream(content.getChildren()).mapToInt(field -> field.getBounds().y
					+ field.getBounds().height).max().orElse(0);
			assertTrue(bottom > 120, tab.getName() + " ends at " + bottom);
			assertTrue(content.getSize().y >= bottom, tab.getName() + ": " + content.getSize().y + " of " + bottom);
			assertTrue(page.getVerticalBar().getMaximum() >= bottom,
					tab.getName() + " is scrolled to " + page.getVerticalBar().getMaximum() + " of " + bottom);
		}
	}

	@Test
	void everyFieldGivesBackWhatItWasGiven() throws CoreException {
		ILaunchConfigurationWorkingCopy from = configuration();
		LaunchAttributes.ALL.forEach(attribute -> setUnusual(attribute, from));
		ILaunchConfigurationWorkingCopy to = configuration();
		for (FieldTab tab : tabs) {
			tab.initializeFrom(from);
			tab.performApply(to);
		}
		for (LaunchAttribute<?> attribute : LaunchAttributes.ALL) {
			assertEquals(attribute.get(from), attribute.get(to), attribute.id());
			assertNotEquals(attribute.defaultValue(), attribute.get(to), attribute.id());
		}
	}

	private static <T> void setUnusual(LaunchAttribute<T> attribute, ILaunchConfigurationWorkingCopy to) {
		attribute.set(to, unusual(attribute));
	}

	/** A value that is not the default. */
	@SuppressWarnings("unchecked")
	private static <T> T unusual(LaunchAttribute<T> attribute) {
		return switch (attribute.type()) {
			case TEXT -> (T) "/some where/else";
			case NUMBER -> (T) Integer.valueOf(((Integer) attribute.defaultValue()).intValue() + 2);
			case FLAG -> (T) Boolean.valueOf(!((Boolean) attribute.defaultValue()).booleanValue());
			case CHOICE -> attribute.choices().get(attribute.choices().size() - 1);
			case LIST -> (T) List.of("first", "second", "third");
		};
	}

	@Test
	void newConfigurationsHaveTheDefaults() throws CoreException {
		ILaunchConfigurationWorkingCopy configuration = configuration();
		tabs.forEach(tab -> tab.fields().forEach(field -> field.storeDefault(configuration)));
		for (LaunchAttribute<?> attribute : LaunchAttributes.ALL) {
			assertEquals(attribute.defaultValue(), attribute.get(configuration), attribute.id());
		}
	}

	/** The value, and a word of the message. */
	static Stream<Arguments> wrongValues() {
		return Stream.of(Arguments.of(LaunchAttributes.IMAGE, "", "image"),
				Arguments.of(LaunchAttributes.IMAGE, "/no/such/file.elf", "/no/such/file.elf"),
				Arguments.of(LaunchAttributes.IMAGE, "/", "directory"),
				Arguments.of(LaunchAttributes.IMAGE, "${no_such_variable}", "no_such_variable"),
				Arguments.of(LaunchAttributes.MODULES, List.of("/no/such/module"), "/no/such/module"),
				Arguments.of(LaunchAttributes.BOOT, "floppy", "floppy"),
				Arguments.of(LaunchAttributes.DISKS, List.of("/no/such/disk"), "/no/such/disk"),
				Arguments.of(LaunchAttributes.CDROMS, List.of("/no/such/cd"), "/no/such/cd"),
				Arguments.of(LaunchAttributes.NETWORK, "user,port=0", "'0' is no port"),
				Arguments.of(LaunchAttributes.MEMORY, "lots", "lots"),
				Arguments.of(LaunchAttributes.MEMORY, "0", "at least"),
				Arguments.of(LaunchAttributes.CPUS, Integer.valueOf(0), "1"),
				Arguments.of(LaunchAttributes.SECOND_LINE, "modem", "modem"),
				Arguments.of(LaunchAttributes.JOURNAL_SIZE, "20G", "16G"),
				Arguments.of(LaunchAttributes.STOP_AT, "two words", "two words"));
	}

	@ParameterizedTest(name = "{2}")
	@MethodSource("wrongValues")
	<T> void wrongValueIsSaidAtOnce(LaunchAttribute<T> attribute, T wrong, String word)
			throws CoreException, IOException {
		ILaunchConfigurationWorkingCopy configuration = good();
		FieldTab tab = tabOf(attribute);
		assertTrue(tab.isValid(configuration));
		assertNull(tab.getErrorMessage());
		attribute.set(configuration, wrong);
		assertFalse(tab.isValid(configuration));
		assertTrue(String.valueOf(tab.getErrorMessage()).contains(word), tab.getErrorMessage());
	}

	private ILaunchConfigurationWorkingCopy good() throws CoreException, IOException {
		ILaunchConfigurationWorkingCopy configuration = configuration();
		LaunchAttributes.IMAGE.set(configuration, Files.createFile(directory.resolve("image")).toString());
		return configuration;
	}

	private FieldTab tabOf(LaunchAttribute<?> attribute) {
		return tabs.stream().filter(tab -> tab.fields().stream().anyMatch(field -> field.attribute() == attribute))
				.findFirst().orElseThrow();
	}

	@Test
	void svmWithMonitorTrapFlagIsRefusedOnBothTabs() throws CoreException, IOException {
		ILaunchConfigurationWorkingCopy configuration = good();
		LaunchAttributes.VIRTUALIZATION.set(configuration, Virtualization.SVM);
		LaunchAttributes.STEP_MECHANISM.set(configuration, StepMechanismChoice.MONITOR_TRAP_FLAG);
		for (LaunchAttribute<?> attribute : Set.of(LaunchAttributes.VIRTUALIZATION, LaunchAttributes.STEP_MECHANISM)) {
			assertFalse(tabOf(attribute).isValid(configuration));
			assertTrue(String.valueOf(tabOf(attribute).getErrorMessage()).contains("monitor trap flag"));
		}
	}

	@Test
	void modulesAreAddedMovedAndRemoved() throws CoreException {
		ILaunchConfigurationWorkingCopy configuration = configuration();
		LaunchAttributes.MODULES.set(configuration, List.of("first", "second"));
		Shell own = new Shell(Display.getCurrent());
		FileListField field = new FileListField(LaunchAttributes.MODULES, "Modules", "");
		field.create(own, () -> {
		});
		field.load(configuration);
		field.add("third");
		assertEquals(List.of("first", "second", "third"), field.value());
		field.move(-1);
		assertEquals(List.of("first", "third", "second"), field.value());
		field.remove();
		assertEquals(List.of("first", "second"), field.value());
		own.dispose();
	}
}
