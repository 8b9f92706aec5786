/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import java.util.List;
import java.util.Locale;

import org.hyperstep.debug.RegisterDescription;
import org.hyperstep.debug.RegisterDescription.Group;
import org.hyperstep.hypervisor.GuestRegister;

/** The hypervisor's registers under the engine's names: {@code CS_BASE} is {@code cs.base}. Same order, same index. */
@SuppressWarnings("nls")
final class RegisterTable {
	private static final List<String> PARTS = List.of("_base", "_limit", "_rights");
	private static final List<String> WITH_PARTS = List.of("cs", "ss", "ds", "es", "fs", "gs", "ldtr", "tr", "gdtr",
			"idtr");

	static final List<GuestRegister> REGISTERS = List.of(GuestRegister.values());
	static final List<RegisterDescription> DESCRIPTIONS = REGISTERS.stream()
			.map(RegisterTable::description).toList();

	private RegisterTable() {
	}

	private static RegisterDescription description(GuestRegister register) {
		return new RegisterDescription(name(register), group(register), register.bits(), true,
				RegisterFields.of(register));
	}

	private static String name(GuestRegister register) {
		String name = register.name().toLowerCase(Locale.ROOT);
		for (String part : PARTS) {
			String owner = name.endsWith(part) ? name.substring(0, name.length() - part.length()) : "";
			if (WITH_PARTS.contains(owner)) {
				return owner + '.' + part.substring(1);
			}
		}
		return name;
	}

	private static Group group(GuestRegister register) {
		return switch (register.group()) {
			case GENERAL -> Group.GENERAL;
			case FLAGS -> Group.FLAGS;
			case SEGMENT -> Group.SEGMENT;
			case CONTROL -> Group.CONTROL;
			case DEBUG -> Group.DEBUG;
			case MSR -> Group.SYSTEM;
		};
	}
}
