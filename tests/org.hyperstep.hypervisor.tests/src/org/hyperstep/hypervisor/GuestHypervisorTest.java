/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.samples.Initramfs;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Debian's kernel as a guest hypervisor: its KVM runs a guest of its own inside our guest. */
@SuppressWarnings("nls")
class GuestHypervisorTest {
	private static final String PROGRAM = "kvm_guest";

	@TempDir
	Path directory = Path.of("");

	record Boot(Virtualization virtualization, int cpus) {
		String module() {
			return virtualization == Virtualization.VMX ? "kvm-intel" : "kvm-amd";
		}
	}

	static Stream<Boot> boots() {
		return Stream.of(Virtualization.values()).flatMap(kind -> Stream.of(1, 4)
				.filter(cpus -> cpus == 1 || Boolean.getBoolean("hyperstep.nightly"))
				.map(cpus -> new Boot(kind, cpus)));
	}

	@ParameterizedTest
	@MethodSource("boots")
	void kvmRunsAGuestThatPrints(Boot boot) throws Exception {
		Path files = Files.write(directory.resolve("initramfs"),
				new Initramfs(LinuxGuest.installed("/bin/busybox", "busybox-static"))
						.modules(LinuxGuest.kernelFiles(), List.of(boot.module()))
						.file("opt/" + PROGRAM, Files.readAllBytes(program())).build());
		try (LinuxGuest linux = new LinuxGuest(boot.virtualization, boot.cpus, "pvh", LinuxGuest.vmlinux(),
				LinuxGuest.COMMAND_LINE, List.of(files), List.of())) {
			linux.await(LinuxGuest.PROMPT);
			String printed = linux.command("/opt/" + PROGRAM + "; echo status $?");
			assertTrue(printed.contains("L2 prints"), linux::output);
			// 5 is KVM_EXIT_HLT; the instruction behind HLT is at 0x101a.
			assertTrue(printed.contains("exit reason 5, rip 101a, cpuid 1000 times"), printed);
			assertTrue(printed.contains("status 0"), printed);
			linux.type("poweroff");
			linux.awaitEnd();
		}
	}

	/** The program that uses KVM, built here. */
	private Path program() throws Exception {
		Path gcc = LinuxGuest.installed("/usr/bin/gcc", "gcc");
		LinuxGuest.installed("/usr/include/linux/kvm.h", "linux-libc-dev");
		Path source = directory.resolve(PROGRAM + ".c");
		try (@Nullable
		InputStream resource = GuestHypervisorTest.class.getResourceAsStream(PROGRAM + ".c")) {
			if (resource == null) {
				throw new AssertionError(PROGRAM + ".c is not on the class path");
			}
			Files.copy(resource, source);
		}
		Path built = directory.resolve(PROGRAM);
		Process process = new ProcessBuilder(gcc.toString(), "-O2", "-Wall", "-Werror", "-static", "-o",
				built.toString(), source.toString()).redirectErrorStream(true).start();
		String said = new String(process.getInputStream().readAllBytes());
		assertEquals(0, process.waitFor(), said);
		return built;
	}
}
