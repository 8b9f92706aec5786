/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.video;

import java.util.Optional;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.pci.BaseAddress;
import org.hyperstep.machine.pci.PciAddress;
import org.hyperstep.machine.pci.PciFunction;
import org.hyperstep.machine.pci.PciIdentity;
import org.hyperstep.x86.memory.MmioDevice;

/**
 * The PC's display adapter: a VGA with Bochs' linear framebuffer, as the PCI function that QEMU calls "VGA". Confined to the
 * machine's thread.
 */
@SuppressWarnings("nls")
public final class DisplayAdapter implements Device {
	private static final int REGISTERS_SIZE = 4096;
	/** Offsets in the second base address: the VGA's ports from 0x3c0 on, and the display interface. */
	private static final int VGA_PORTS = 0x400, VGA_FIRST = 0x3c0, VGA_END = 0x420, DISPLAY = 0x500,
			DISPLAY_END = 0x516;
	private static final PciAddress ADDRESS = new PciAddress(2, 0);

	private final PciFunction function;
	private final BaseAddress framebuffer;
	private final VideoMemory memory;
	private final VgaRegisters registers;
	private final DisplayInterface linear;
	private final VideoWindow window;
	private final Screen screen;

	public DisplayAdapter(Machine machine) {
		function = machine.pci().add(ADDRESS, PciIdentity.of(0x1234, 0x1111, 0x030000, 2));
		memory = new VideoMemory(machine.physicalMemory(), this::showBank);
		linear = new DisplayInterface(memory);
		registers = new VgaRegisters(machine.time(), linear::wideColours);
		window = new VideoWindow(registers, memory, linear::bank);
		screen = new Screen(registers, linear, memory);
		machine.physicalMemory().addDevice(VideoWindow.BASE, VideoWindow.SIZE, window);
		machine.ports().attach(name(), VgaRegisters.FIRST_PORT, VgaRegisters.PORTS, 1, registers);
		machine.ports().attach(name(), DisplayInterface.FIRST_PORT, DisplayInterface.PORTS, 2, linear);
		framebuffer = function.memory(0, VideoMemory.SIZE, true, memory);
		function.memory(2, REGISTERS_SIZE, new MemoryMapped());
		reset();
	}

	private void showBank() {
		framebuffer.showRam(VideoMemory.BANK);
	}

	/** The registers by memory, for guests that use no ports. */
	private final class MemoryMapped implements MmioDevice {
		@Override
		public long read(long offset, int size) {
			int at = (int) offset;
			if (at >= VGA_PORTS && at < VGA_END && size == 1) {
				return registers.read(VGA_FIRST - VgaRegisters.FIRST_PORT + at - VGA_PORTS, 1);
			}
			return at >= DISPLAY && at < DISPLAY_END && size == 2 ? linear.get(at - DISPLAY >> 1) : -1;
		}

		@Override
		public void write(long offset, int size, long value) {
			int at = (int) offset;
			if (at >= VGA_PORTS && at < VGA_END && size == 1) {
				registers.write(VGA_FIRST - VgaRegisters.FIRST_PORT + at - VGA_PORTS, 1, value);
			} else if (at >= DISPLAY && at < DISPLAY_END && size == 2) {
				linear.set(at - DISPLAY >> 1, (int) value);
			}
		}
	}

	/**
	 * Gives the adapter the option ROM with its services for firmware. To be done before the guest starts.
	 *
	 * @param image an expansion ROM image of at most 16 MB
	 */
	public void setRom(byte[] image) {
		int size = Math.max(2048, Integer.highestOneBit(Math.max(1, image.length - 1)) << 1);
		function.rom(java.util.Arrays.copyOf(image, size));
	}

	@Override
	public String name() {
		return "vga";
	}

	@Override
	public void reset() {
		function.reset();
		registers.reset();
		linear.reset();
		window.latch = 0;
	}

	@Override
	public DeviceState state() {
		return new DeviceState().part("pci", function.state()).part("vga", registers.state())
				.part("linear", linear.state()).number("latch", () -> window.latch, v -> window.latch = (int) v);
	}

	/** Brings it to 80 by 25 characters with a clear screen, as firmware leaves it. */
	public void enterTextMode() {
		TextMode.enter(registers, memory);
	}

	/** The text on the screen, or empty in a graphics mode. */
	public Optional<TextScreen> text() {
		return screen.text();
	}

	/** The screen as pixels, whatever the mode. */
	public Picture picture() {
		return screen.picture();
	}
}
