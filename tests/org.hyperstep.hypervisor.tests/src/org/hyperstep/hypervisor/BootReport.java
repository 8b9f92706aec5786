/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/** Says in nightly runs what a boot took: what, on how many CPUs of whose, instructions, host seconds. */
@SuppressWarnings("nls")
final class BootReport {
	private final long begin = System.nanoTime();
	private final String what;

	BootReport(String what) {
		this.what = what;
	}

	/** Prints the line when the guest is done with. */
	void print(VirtualMachine guest, Virtualization virtualization) {
		if (Boolean.getBoolean("hyperstep.nightly")) {
			long retired = guest.cpus().stream().mapToLong(cpu -> cpu.retired()).sum();
			System.out.printf("boot: %s, %s, %d CPUs: %,d instructions, %.0f s%n", what, virtualization,
					guest.cpus().size(), retired, (System.nanoTime() - begin) / 1e9);
		}
	}
}
