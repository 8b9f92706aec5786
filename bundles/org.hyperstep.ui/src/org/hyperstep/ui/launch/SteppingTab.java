/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import java.util.List;

import org.hyperstep.dsf.LaunchAttributes;

/** How it is debugged: first stop, what steps mask, how steps are made. */
public final class SteppingTab extends FieldTab {
	public SteppingTab() {
		super(Messages.SteppingTab_name, "stepping", Messages.SteppingTab_note, List.of( //$NON-NLS-1$
				LaunchField.text(LaunchAttributes.STOP_AT, Messages.SteppingTab_stopAt,
						Messages.SteppingTab_stopAtHelp),
				LaunchField.flag(LaunchAttributes.NON_STOP, Messages.SteppingTab_nonStop,
						Messages.SteppingTab_nonStopHelp),
				LaunchField.choice(LaunchAttributes.STEP_MASKING, Messages.SteppingTab_masking,
						Messages.SteppingTab_maskingHelp, ChoiceNames::of),
				LaunchField.choice(LaunchAttributes.STEP_MECHANISM, Messages.SteppingTab_mechanism,
						Messages.SteppingTab_mechanismHelp, ChoiceNames::of)));
	}
}
