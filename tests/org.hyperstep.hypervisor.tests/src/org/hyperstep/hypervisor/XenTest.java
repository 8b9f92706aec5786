/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.hyperstep.machine.image.BootModule;
import org.hyperstep.samples.Initramfs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Xen of Debian's package boots Debian's kernel as its first, paravirtualized domain. */
@SuppressWarnings("nls")
@EnabledIfSystemProperty(named = "hyperstep.nightly", matches = "true")
class XenTest {
	/** Xen takes the first word for the name of its image. */
	private static final String COMMAND_LINE = "xen console=com1 com1=115200,8n1 dom0_mem=256M";
	private static final long MEMORY = 512L << 20;

	@TempDir
	Path directory = Path.of("");

	@ParameterizedTest
	@CsvSource({ "VMX,1", "VMX,4", "SVM,1", "SVM,4" })
	void xenBootsAFirstDomainToItsShell(Virtualization virtualization, int cpus) throws Exception {
		Path files = Files.write(directory.resolve("initramfs"),
				new Initramfs(LinuxGuest.installed("/bin/busybox", "busybox-static")).shellOn("hvc0").build());
		List<BootModule> modules = List.of(new BootModule(LinuxGuest.vmlinux(), "console=hvc0 cryptomgr.notests"),
				BootModule.of(files));
		try (LinuxGuest xen = LinuxGuest.withModules(virtualization, cpus, "multiboot", xen(), COMMAND_LINE, modules,
				MEMORY)) {
			xen.await(LinuxGuest.PROMPT);
			String processors = xen.command("cat /proc/cpuinfo");
			assertEquals(cpus, processors.lines().filter(line -> line.startsWith("processor")).count(), processors);
			assertTrue(xen.command("cat /sys/hypervisor/type").contains("xen"), xen::output);
			assertTrue(xen.command("dmesg").contains("Booting kernel on Xen"), xen::output);
			xen.type("poweroff");
			xen.awaitEnd();
		}
	}

	/** The hypervisor, unpacked as a boot loader would. */
	private Path xen() throws Exception {
		Path packed;
		try (Stream<Path> boot = Files.list(Path.of("/boot"))) {
			packed = boot.filter(file -> file.getFileName().toString().matches("xen-[0-9.]+-amd64\\.gz")).sorted()
					.findFirst().orElse(Path.of("/boot/xen-4.17-amd64.gz"));
		}
		LinuxGuest.installed(packed.toString(), "xen-hypervisor-4.17-amd64");
		Path unpacked = directory.resolve("xen");
		try (InputStream contents = new GZIPInputStream(Files.newInputStream(packed))) {
			Files.copy(contents, unpacked);
		}
		return unpacked;
	}
}
