/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import org.hyperstep.dsf.StepSetting;

/** How the settings of stepping are named to users. Any thread. */
public final class SettingNames {
	private SettingNames() {
	}

	/** Beside a field. */
	static String field(StepSetting setting) {
		return switch (setting) {
			case MASK_INTERRUPTS -> Messages.Setting_mask;
			case LET_NMI_THROUGH -> Messages.Setting_nmi;
			case LET_SMI_THROUGH -> Messages.Setting_smi;
			case LET_VM_EXITS_THROUGH -> Messages.Setting_vmExits;
			case MASK_DURING_STEP_OVER -> Messages.Setting_stepOver;
		};
	}

	/** As a sentence of its own, with its mnemonic. */
	public static String sentence(StepSetting setting) {
		return switch (setting) {
			case MASK_INTERRUPTS -> Messages.Setting_maskSentence;
			case LET_NMI_THROUGH -> Messages.Setting_nmiSentence;
			case LET_SMI_THROUGH -> Messages.Setting_smiSentence;
			case LET_VM_EXITS_THROUGH -> Messages.Setting_vmExitsSentence;
			case MASK_DURING_STEP_OVER -> Messages.Setting_stepOverSentence;
		};
	}

	/** What it is good for. */
	public static String help(StepSetting setting) {
		return switch (setting) {
			case MASK_INTERRUPTS -> Messages.Setting_maskHelp;
			case LET_NMI_THROUGH -> Messages.Setting_nmiHelp;
			case LET_SMI_THROUGH -> Messages.Setting_smiHelp;
			case LET_VM_EXITS_THROUGH -> Messages.Setting_vmExitsHelp;
			case MASK_DURING_STEP_OVER -> Messages.Setting_stepOverHelp;
		};
	}
}
