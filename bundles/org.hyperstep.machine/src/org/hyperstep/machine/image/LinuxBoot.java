/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.hyperstep.machine.MemoryMap;
import org.hyperstep.machine.acpi.FirmwareTables;

/**
 * Loads a Linux kernel in its bootable form, bzImage ("The Linux/x86 Boot Protocol"): by its 64-bit or 32-bit entry with
 * boot_params filled in here, or by its real-mode setup code, which fills them itself. Addresses are those that QEMU
 * uses: setup at 0x10000, the command line at 0x20000, the kernel at 1 MB, the initial RAM disk as high as it may be.
 */
@SuppressWarnings("nls")
final class LinuxBoot {
	private static final int SETUP = 0x10000, COMMAND_LINE = 0x20000, PARAMETERS_SIZE = 0x1000;
	private static final int ENTRY_64 = 0x200, SETUP_ENTRY_PARAGRAPHS = 0x20;
	/** Fields of boot_params ("Zero Page"). */
	private static final int RSDP = 0x70, MAP_ENTRIES = 0x1e8, VIDEO_MODE = 0x1fa, LOADER = 0x210, LOAD_FLAGS = 0x211,
			CODE_32 = 0x214, RAM_DISK = 0x218, RAM_DISK_SIZE = 0x21c, HEAP_END = 0x224, COMMAND_LINE_POINTER = 0x228,
			MAP = 0x2d0;
	private static final int UNDEFINED_LOADER = 0xff, CAN_USE_HEAP = 0x80, NORMAL_VIDEO = 0xffff;
	private static final int HEAP_MARGIN = 0x200, STACK_MARGIN = 16;

	private final LoadPlan plan;
	private final ImageBytes file;
	private final LinuxHeader header;
	private final LoadRequest request;

	private LinuxBoot(LoadPlan plan, ImageBytes file, LinuxHeader header, LoadRequest request) {
		this.plan = plan;
		this.file = file;
		this.header = header;
		this.request = request;
	}

	static void offer(ImageBytes file, Map<BootProtocol, Loader> offered) throws ImageException {
		LinuxHeader header = LinuxHeader.find(file);
		if (header == null) {
			return;
		}
		if (header.enters64()) {
			offered.put(BootProtocol.LINUX_64, (plan, request) -> new LinuxBoot(plan, file, header, request).enter64());
		}
		offered.put(BootProtocol.LINUX_32, (plan, request) -> new LinuxBoot(plan, file, header, request).enter32());
		offered.put(BootProtocol.LINUX_16, (plan, request) -> new LinuxBoot(plan, file, header, request).enter16());
	}

	private InitialState enter64() throws ImageException {
		long kernel = placeKernel();
		if (file.length() - header.kernel() <= ENTRY_64) {
			throw file.truncated("the 64-bit entry", header.kernel() + ENTRY_64, 1);
		}
		return InitialStates.long64(plan, BootProtocol.LINUX_64, kernel + ENTRY_64, placeParameters(kernel));
	}

	private InitialState enter32() throws ImageException {
		long kernel = placeKernel();
		return InitialStates.linux32(plan, kernel, placeParameters(kernel));
	}

	private InitialState enter16() throws ImageException {
		long kernel = placeKernel();
		byte[] setup = Arrays.copyOf(file.array(), header.kernel());
		ByteBuffer fields = ByteBuffer.wrap(setup).order(ByteOrder.LITTLE_ENDIAN);
		fillHeader(fields, kernel);
		fields.putShort(HEAP_END, (short) (COMMAND_LINE - SETUP - STACK_MARGIN - HEAP_MARGIN));
		plan.place("the setup code", setup, 0, setup.length, SETUP, COMMAND_LINE - SETUP);
		RealModeServices.place(plan);
		int segment = SETUP >> 4;
		return InitialState.real(BootProtocol.LINUX_16, segment + SETUP_ENTRY_PARAGRAPHS, segment, 0,
				COMMAND_LINE - SETUP - STACK_MARGIN);
	}

	/** Returns where the kernel was put. */
	private long placeKernel() throws ImageException {
		long address = header.relocatable() || header.version() < 0x20a ? LinuxHeader.DEFAULT_ADDRESS
				: header.preferred();
		long length = (long) file.length() - header.kernel();
		plan.place("the kernel", file.array(), header.kernel(), length, address, length);
		// The kernel unpacks itself to where it prefers to be, or to where it is if that is higher.
		long unpacked = Math.max(address, header.preferred());
		if (header.memory() > 0) {
			if (!plan.map().isUsable(unpacked, header.memory())) {
				throw file.error(String.format("needs the memory from 0x%x to 0x%x to unpack itself; %s", unpacked,
						unpacked + header.memory() - 1, "give the guest more memory"));
			}
			plan.keepFree("the unpacked kernel", unpacked, header.memory());
		}
		return address;
	}

	private long placeParameters(long kernel) throws ImageException {
		ByteBuffer parameters = ByteBuffer.allocate(PARAMETERS_SIZE).order(ByteOrder.LITTLE_ENDIAN);
		parameters.put(LinuxHeader.START, file.array(), LinuxHeader.START, header.end() - LinuxHeader.START);
		fillHeader(parameters, kernel);
		parameters.putLong(RSDP, FirmwareTables.ROOT_POINTER);
		List<MemoryMap.Range> ranges = plan.map().ranges();
		parameters.put(MAP_ENTRIES, (byte) ranges.size());
		parameters.position(MAP);
		for (MemoryMap.Range range : ranges) {
			parameters.putLong(range.start()).putLong(range.size()).putInt(range.kind().code());
		}
		return plan.placeLow("boot_params", parameters.array(), PARAMETERS_SIZE);
	}

	/** The fields that a loader sets. */
	private void fillHeader(ByteBuffer fields, long kernel) throws ImageException {
		fields.putShort(VIDEO_MODE, (short) NORMAL_VIDEO);
		fields.put(LOADER, (byte) UNDEFINED_LOADER);
		fields.put(LOAD_FLAGS, (byte) (fields.get(LOAD_FLAGS) | CAN_USE_HEAP));
		fields.putInt(CODE_32, (int) kernel);
		fields.putInt(COMMAND_LINE_POINTER, (int) placeCommandLine());
		List<BootModule> modules = request.modules();
		if (modules.size() > 1) {
			throw file.error("is a Linux kernel, which takes one initial RAM disk; " + modules.size() + " were given");
		}
		for (BootModule module : modules) {
			if (!module.text().isEmpty()) {
				throw file.error("is a Linux kernel, whose initial RAM disk takes no text; '" + module.text()
						+ "' was given");
			}
			byte[] contents = ImageFile.read(module.file());
			fields.putInt(RAM_DISK, (int) plan.placeBelow("initial RAM disk " + module.file(), contents,
					Math.min(header.ramDiskEnd(), MemoryMap.DEVICES)));
			fields.putInt(RAM_DISK_SIZE, contents.length);
		}
	}

	private long placeCommandLine() throws ImageException {
		byte[] text = request.commandLine().getBytes(StandardCharsets.UTF_8);
		if (text.length > header.commandLine()) {
			throw file.error("takes a command line of at most " + header.commandLine() + " bytes; it has "
					+ text.length);
		}
		plan.place("the command line", Arrays.copyOf(text, text.length + 1), 0, text.length + 1L, COMMAND_LINE,
				text.length + 1L);
		return COMMAND_LINE;
	}
}
