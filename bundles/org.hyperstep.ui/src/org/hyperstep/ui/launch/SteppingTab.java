/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.StepSetting;

/** How it is debugged: first stop, what steps mask, how steps are made, what is recorded. */
public final class SteppingTab extends FieldTab {
	public SteppingTab() {
		super(Messages.SteppingTab_name, "stepping", Messages.SteppingTab_note, //$NON-NLS-1$
				Stream.of(running(), masking(), making()).flatMap(List::stream).toList());
	}

	private static List<LaunchField<?>> running() {
		return List.of(
				LaunchField.text(LaunchAttributes.STOP_AT, Messages.SteppingTab_stopAt,
						Messages.SteppingTab_stopAtHelp),
				LaunchField.flag(LaunchAttributes.NON_STOP, Messages.SteppingTab_nonStop,
						Messages.SteppingTab_nonStopHelp));
	}

	private static List<LaunchField<?>> masking() {
		return Arrays.stream(StepSetting.values())
				.<LaunchField<?>>map(setting -> LaunchField.choice(setting.attribute(), SettingNames.field(setting),
						SettingNames.help(setting), ChoiceNames::of))
				.toList();
	}

	private static List<LaunchField<?>> making() {
		return List.of(
				LaunchField.choice(LaunchAttributes.STEP_MECHANISM, Messages.SteppingTab_mechanism,
						Messages.SteppingTab_mechanismHelp, ChoiceNames::of),
				LaunchField.text(LaunchAttributes.JOURNAL_SIZE, Messages.SteppingTab_journal,
						Messages.SteppingTab_journalHelp));
	}
}
