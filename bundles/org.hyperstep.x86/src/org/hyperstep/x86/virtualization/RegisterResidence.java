/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

import java.util.function.Consumer;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.state.CpuState;

/**
 * Guest state of one VMCS or VMCB that an exit has left in the processor's registers: it is saved when somebody asks for
 * it, and while the registers are still the structure's own the next entry has nothing to load. On the machine's thread.
 */
public final class RegisterResidence {
	private final Consumer<CpuState> area;
	private @Nullable CpuState unsaved;
	private boolean held;

	/**
	 * State that is in the structure.
	 *
	 * @param area saves registers into the structure as the processor does at an exit
	 */
	public RegisterResidence(Consumer<CpuState> area) {
		this.area = area;
	}

	/** An exit, or software's change of registers that it leaves there: the state is that of these registers. */
	public void leave(CpuState registers) {
		unsaved = registers;
		held = true;
	}

	/** Whether the registers are those of the structure, so that the entry has nothing to load. */
	public boolean held() {
		return held;
	}

	/** The registers whose values the structure has, but for that nobody has saved them yet; else null. */
	public @Nullable CpuState unsaved() {
		return unsaved;
	}

	/** Somebody asks for the state. */
	public void save() {
		CpuState registers = unsaved;
		unsaved = null;
		if (registers != null) {
			boolean before = held;
			held = false;
			area.accept(registers);
			held = before;
		}
	}

	/** The registers are about to be somebody else's, or are not to be those of this structure. */
	public void release() {
		save();
		held = false;
	}

	/** Software has changed the registers: what it writes next is what is to be loaded. */
	public void forget() {
		unsaved = null;
		held = false;
	}
}
