/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.hyperstep.machine.MemoryMap;
import org.hyperstep.machine.Pc;
import org.hyperstep.machine.image.InitialState.Mode;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What "The Linux/x86 Boot Protocol" asks of a loader. */
@SuppressWarnings("nls")
class LinuxBootTest {
	private final Pc pc = new Pc();
	private final PhysicalMemory memory = pc.machine.physicalMemory();
	private final LinuxImage image = new LinuxImage();

	private InitialState load(BootProtocol protocol, String commandLine, Path... modules) throws ImageException {
		return pc.machine.load(GuestImage.of("image", image.build()),
				new LoadRequest(commandLine, Stream.of(modules).map(BootModule::of).toList(), Optional.of(protocol)));
	}

	private byte[] bytes(long address, int length) {
		byte[] bytes = new byte[length];
		memory.copyOut(address, bytes, 0, length);
		return bytes;
	}

	private String refusal(BootProtocol protocol, String commandLine, Path... modules) {
		return String.valueOf(
				assertThrows(ImageException.class, () -> load(protocol, commandLine, modules)).getMessage());
	}

	@Test
	void aKernelWithA64BitEntryPrefersIt() throws Exception {
		assertEquals(EnumSet.of(BootProtocol.LINUX_64, BootProtocol.LINUX_32, BootProtocol.LINUX_16),
				GuestImage.of("image", image.build()).protocols());
		InitialState state = load(BootProtocol.LINUX_64, "");
		assertEquals(Mode.LONG_64, state.mode());
		assertEquals(0x100200, state.rip());
		image.file.putShort(0x236, (short) 0);
		assertEquals(BootProtocol.LINUX_32,
				GuestImage.of("image", image.build()).protocolFor(LoadRequest.PLAIN));
	}

	@Test
	void bootParametersHoldTheHeaderTheMemoryMapAndTheRootPointer() throws Exception {
		InitialState state = load(BootProtocol.LINUX_32, "console=ttyS0");
		long parameters = state.rsi();
		assertEquals(0x100000, state.rip());
		assertEquals(0x53726448, memory.read(parameters + 0x202, 4));
		assertEquals(0xff, memory.read(parameters + 0x210, 1));
		assertEquals(0x81, memory.read(parameters + 0x211, 1));
		assertEquals(0x7fffffff, memory.read(parameters + 0x22c, 4));
		assertEquals(MemoryMap.ACPI, memory.read(parameters + 0x70, 8));
		assertEquals(6, memory.read(parameters + 0x1e8, 1));
		assertEquals(0x100000, memory.read(parameters + 0x2d0 + 5 * 20, 8));
		assertEquals(1, memory.read(parameters + 0x2d0 + 5 * 20 + 16, 4));
		assertArrayEquals("console=ttyS0\0".getBytes(), bytes(memory.read(parameters + 0x228, 4), 14));
		assertArrayEquals(Arrays.copyOfRange(image.build(), LinuxImage.KERNEL, LinuxImage.SIZE),
				bytes(0x100000, LinuxImage.SIZE - LinuxImage.KERNEL));
	}

	@Test
	void anInitialRamDiskGoesAsHighAsTheKernelAllows(@TempDir Path directory) throws Exception {
		Path disk = Files.write(directory.resolve("initrd"), new byte[] { 1, 2, 3 });
		long parameters = load(BootProtocol.LINUX_64, "", disk).rsi();
		assertEquals((16 << 20) - 4096, memory.read(parameters + 0x218, 4));
		assertEquals(3, memory.read(parameters + 0x21c, 4));
		image.file.putInt(0x22c, 0x7fffff);
		parameters = load(BootProtocol.LINUX_64, "", disk).rsi();
		assertEquals((8 << 20) - 4096, memory.read(parameters + 0x218, 4));
		assertArrayEquals(new byte[] { 1, 2, 3 }, bytes((8 << 20) - 4096, 3));
	}

	@Test
	void anInitialRamDiskKeepsOutOfWhereTheKernelUnpacksItself(@TempDir Path directory) throws Exception {
		Path disk = Files.write(directory.resolve("initrd"), new byte[1 << 20]);
		image.file.putInt(0x260, 0xdff000);
		assertTrue(refusal(BootProtocol.LINUX_64, "", disk).contains("does not fit"));
	}

	@Test
	void theSetupCodeIsEnteredInRealModeWithAHeap() throws Exception {
		InitialState state = load(BootProtocol.LINUX_16, "x");
		CpuState cpu = new CpuState();
		state.applyTo(cpu);
		assertEquals(0x1020, cpu.segments[CpuState.CS].selector);
		assertEquals(0x10200, cpu.segments[CpuState.CS].base);
		assertEquals(0x1000, cpu.segments[CpuState.SS].selector);
		assertEquals(0, cpu.rip);
		assertEquals(0, cpu.cr0 & 1);
		assertEquals(cpu.general[CpuState.RSP] - 0x200, memory.read(0x10224, 2));
		assertEquals(0x20000, memory.read(0x10228, 4));
		assertEquals(0xf000001a, memory.read(0x15 * 4, 4) | 0xffffffff00000000L);
		assertEquals(639, memory.read(0x413, 2));
	}

	@Test
	void whatDoesNotFitIsSaid(@TempDir Path directory) throws Exception {
		Path disk = Files.write(directory.resolve("initrd"), new byte[5]);
		assertTrue(refusal(BootProtocol.LINUX_64, "x".repeat(0x800)).contains("at most 2047 bytes; it has 2048"));
		assertTrue(refusal(BootProtocol.LINUX_32, "", disk, disk).contains("one initial RAM disk; 2 were given"));
		LoadRequest words = new LoadRequest("", List.of(new BootModule(disk, "words")), Optional.empty());
		assertTrue(String.valueOf(assertThrows(ImageException.class,
				() -> pc.machine.load(GuestImage.of("image", image.build()), words)).getMessage())
				.contains("takes no text; 'words' was given"));
		image.file.putInt(0x260, 0x4000000);
		assertTrue(refusal(BootProtocol.LINUX_64, "").contains("needs the memory from 0x200000 to 0x41fffff"));
	}

	@Test
	void oldAndDamagedKernelsAreSaid() {
		image.file.put(0x211, (byte) 0);
		assertTrue(refusal(BootProtocol.LINUX_64, "").contains("zImage"));
		image.file.put(0x211, (byte) 1).put(0x201, (byte) 1);
		assertTrue(refusal(BootProtocol.LINUX_64, "").contains("setup header ends at 0x203 (offset 0x201)"));
		image.file.put(0x201, (byte) 0x6a).put(0x1f1, (byte) 60);
		assertTrue(refusal(BootProtocol.LINUX_64, "").contains("the protected-mode kernel needs"));
	}
}
