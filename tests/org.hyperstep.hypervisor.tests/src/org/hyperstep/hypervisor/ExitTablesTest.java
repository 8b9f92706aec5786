/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.x86.svm.SvmExitCode;
import org.hyperstep.x86.vmx.VmExitReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each exit has a meaning, and each meaning a handler. */
class ExitTablesTest {

	@ParameterizedTest
	@EnumSource
	void everyExitReasonHasARow(VmExitReason reason) {
		assertNotNull(VmxExits.kind(reason));
	}

	@ParameterizedTest
	@EnumSource
	void everyExitCodeHasARow(SvmExitCode code) {
		assertNotNull(SvmExits.kind(code));
	}

	@Test
	void everyKindOfExitHasAHandler() {
		GuestCpu cpu = (GuestCpu) new BareGuest(Virtualization.VMX, 1, "f4").cpu; //$NON-NLS-1$
		ExitHandlers handlers = new ExitHandlers(cpu);
		for (Exit.Kind kind : Exit.Kind.values()) {
			assertTrue(handlers.covers(kind), kind.name());
		}
	}

	@ParameterizedTest
	@EnumSource
	void everyRegisterReadsAndTakesItsOwnValueBack(Virtualization virtualization) {
		Vcpu cpu = new BareGuest(virtualization, 1, "f4").cpu; //$NON-NLS-1$
		for (GuestRegister register : GuestRegister.values()) {
			long value = cpu.read(register);
			Refusal refusal = cpu.write(register, value);
			assertTrue(refusal == null, () -> register + ": " + refusal); //$NON-NLS-1$
			assertTrue(value == cpu.read(register), register.name());
		}
	}
}
