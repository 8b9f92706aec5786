/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest.guest;

import java.util.HexFormat;

import org.hyperstep.hypervisor.GuestRegister;
import org.hyperstep.hypervisor.Vcpu;
import org.hyperstep.hypervisor.VirtualMachine;
import org.hyperstep.hypervisor.Virtualization;
import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MachineDescription;
import org.hyperstep.machine.MachineException;
import org.hyperstep.machine.VirtualizationOptions;
import org.hyperstep.machine.image.BootProtocol;
import org.hyperstep.machine.image.InitialState;
import org.hyperstep.machine.image.InitialState.Mode;
import org.hyperstep.x86.memory.PhysicalMemory;

/**
 * A guest made of bytes: 64-bit mode, the first GByte mapped one to one, an IDT whose handlers do IRETQ (those of
 * exceptions with an error code drop it first), the code at {@link #CODE}.
 */
@SuppressWarnings("nls")
public final class BareGuest {
	public static final long CODE = 0x10_0000, STACK = 0x8_0000, HANDLERS = 0x4_0000, DATA = 0x20_0000;
	/** Code in real mode, and its other segments; the stack is at the end of them. */
	public static final long REAL_CODE = 0x3_0000, REAL_DATA = 0x2_0000;
	private static final long GDT = 0x1000, IDT = 0x2000, PML4 = 0x4000, PDPT = 0x5000, PD = 0x6000;
	/** Nobody looks at it, and its memory is larger than all the rest. */
	private static final String DISPLAY = "vga";
	private static final long REAL_STACK = 0xfff0;
	private static final long RAM = DATA + (64L << 10);
	private static final int HANDLER_SIZE = 16, WITH_ERROR_CODE = 1 << 8 | 0x1f << 10 | 1 << 17;
	private static final String ADD_RSP_8_IRETQ = "4883c408 48cf", IRETQ = "48cf";

	public final Machine machine;
	public final VirtualMachine guest;
	public final Vcpu cpu;
	private final PhysicalMemory memory;

	public BareGuest(Virtualization virtualization, int cpus, String code) {
		this(virtualization, VirtualizationOptions.DEFAULT, cpus, code);
	}

	public BareGuest(Virtualization virtualization, VirtualizationOptions options, int cpus, String code) {
		this(virtualization, options, cpus, Mode.LONG_64, code);
	}

	private BareGuest(Virtualization virtualization, VirtualizationOptions options, int cpus, Mode mode, String code) {
		try {
			machine = new Machine(MachineDescription.pc(RAM, cpus,
					virtualization == Virtualization.VMX ? CpuVendor.INTEL : CpuVendor.AMD).with(options)
					.without(DISPLAY));
		} catch (MachineException e) {
			throw new IllegalStateException(e);
		}
		memory = machine.physicalMemory();
		put(mode == Mode.REAL_16 ? REAL_CODE : CODE, code);
		guest = VirtualMachine.create(machine);
		if (mode == Mode.LONG_64) {
			buildTables();
		}
		guest.start(initial(mode));
		cpu = guest.cpus().get(0);
		findsTables(mode);
	}

	private void findsTables(Mode mode) {
		if (mode == Mode.LONG_64) {
			cpu.write(GuestRegister.IDTR_BASE, IDT);
			cpu.write(GuestRegister.IDTR_LIMIT, 0xfff);
		}
	}

	/**
	 * Starts a guest of one CPU again in a mode: devices and the CPU are as if new, the time-stamp counter begins at zero.
	 * Virtual time goes on; memory is the caller's to fill.
	 */
	public void restart(Mode mode) {
		machine.resetDevices();
		guest.restart(initial(mode));
		cpu.write(GuestRegister.TSC, 0);
		findsTables(mode);
	}

	private static InitialState initial(Mode mode) {
		return switch (mode) {
			case LONG_64 -> new InitialState(BootProtocol.ELF64, mode, CODE, 0, 0, STACK, PML4, GDT);
			case PROTECTED_32 -> new InitialState(BootProtocol.ELF32, mode, CODE, 0, 0, STACK, 0, GDT);
			case REAL_16 -> new InitialState(BootProtocol.FLAT, mode, 0, 0, 0, 0, REAL_STACK, 0, 0,
					(int) (REAL_CODE >>> 4), (int) (REAL_DATA >>> 4));
			case RESET -> throw new IllegalArgumentException("a guest of bytes has no firmware");
		};
	}

	public BareGuest(StepCase column, String code) {
		this(column, Mode.LONG_64, code);
	}

	/** A guest of one CPU that starts in a mode: in real mode at {@link #REAL_CODE}, else at {@link #CODE}. */
	public BareGuest(StepCase column, Mode mode, String code) {
		this(column.virtualization(), column.options(), 1, mode, code);
		cpu.setStepMechanism(column.mechanism());
	}

	private void buildTables() {
		memory.write(PML4, 8, PDPT | 7);
		memory.write(PDPT, 8, PD | 7);
		for (int i = 0; i < 512; i++) {
			memory.write(PD + 8 * i, 8, (long) i << 21 | 0x87);
		}
		// The local APIC's page is at 4 GB less 18 MB: one large page there, as the rest one to one.
		memory.write(PDPT + 8 * 3, 8, 0xc000_0000L | 0x87);
		memory.write(GDT + 0x10, 8, 0x00af9b000000ffffL);
		memory.write(GDT + 0x18, 8, 0x00cf93000000ffffL);
		for (int vector = 0; vector < 256; vector++) {
			boolean dropsCode = vector < 32 && (WITH_ERROR_CODE >>> vector & 1) != 0;
			put(handler(vector), dropsCode ? ADD_RSP_8_IRETQ : IRETQ);
			long handler = handler(vector);
			memory.write(IDT + 16 * vector, 8,
					handler & 0xffff | 0x10 << 16 | 0x8eL << 40 | (handler >>> 16 & 0xffff) << 48);
			memory.write(IDT + 16 * vector + 8, 8, handler >>> 32);
		}
	}

	/** Address of a vector's handler. */
	public static long handler(int vector) {
		return HANDLERS + (long) vector * HANDLER_SIZE;
	}

	public void put(long address, String hex) {
		byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
		memory.copyIn(address, bytes, 0, bytes.length);
	}

	public long rip() {
		return cpu.read(GuestRegister.RIP);
	}

	/** A quadword of the stack, counted from RSP. */
	public long stacked(int slot) {
		return memory.read(cpu.read(GuestRegister.RSP) + 8L * slot, 8);
	}

	/** Steps until RIP is at an offset of the code. */
	public void stepTo(int offset) {
		for (int i = 0; i < 1000 && rip() != CODE + offset; i++) {
			cpu.step();
		}
		if (rip() != CODE + offset) {
			throw new IllegalStateException("offset " + offset + " was not reached");
		}
	}
}
