/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MemoryMap;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortDevice;
import org.hyperstep.machine.time.Alarm;
import org.hyperstep.machine.time.VirtualTime;

/**
 * The PC's real-time clock with its CMOS RAM (Motorola MC146818 data sheet) at ports 0x70 and 0x71, IRQ 8. It shows the
 * description's start of time plus virtual time, in UTC; the host's clock is never read.
 */
@SuppressWarnings("nls")
public final class RealTimeClock implements Device, PortDevice {
	private static final int SECONDS = 0, SECONDS_ALARM = 1, MINUTES = 2, MINUTES_ALARM = 3, HOURS = 4, HOURS_ALARM = 5,
			WEEKDAY = 6, DAY = 7, MONTH = 8, YEAR = 9, A = 10, B = 11, C = 12, D = 13, SHUTDOWN_STATUS = 15,
			CENTURY = 0x32;
	private static final int A_UPDATE_IN_PROGRESS = 0x80, A_RUNNING = 0x20, A_DIVIDER = 0x70;
	private static final int B_SET = 0x80, B_PERIODIC = 0x40, B_ALARM = 0x20, B_UPDATE = 0x10, B_BINARY = 4,
			B_24_HOURS = 2;
	private static final int C_REQUEST = 0x80, C_PERIODIC = 0x40, C_ALARM = 0x20, C_UPDATE = 0x10;
	private static final int D_VALID = 0x80;
	private static final int ALARM_DONT_CARE = 0xc0;
	/** SeaBIOS's number for a machine that was asleep. */
	private static final int WAKING = 0xfe;
	/** "Update in progress" rises so long before the update. */
	private static final long WARNING = 244_000;
	private static final long CRYSTAL = 32_768;
	/** Numbers of places to boot from, the first in the lowest bits. */
	private static final int BOOT_DISK = 2, BOOT_CD = 3, BOOT_NETWORK = 4;

	private final Machine machine;
	private final VirtualTime time;
	private final InterruptLine interrupt;
	private final Alarm secondAlarm;
	private final Alarm periodicAlarm;
	private final byte[] ram = new byte[128];
	private Runnable alarmRings = () -> {
	};
	private int index;
	/** What the clock shows is this plus virtual time, in nanoseconds; set by the guest, too. */
	private long offset;
	/** The time shown when register B's SET bit stopped the updates, or -1. */
	private long stoppedAt;

	public RealTimeClock(Machine machine) {
		this.machine = machine;
		this.time = machine.time();
		this.interrupt = machine.interruptLine(8);
		this.secondAlarm = time.alarm(this::secondEnds);
		this.periodicAlarm = time.alarm(this::periodEnds);
		machine.ports().attach(name(), 0x70, 2, 1, this);
		reset();
	}

	@Override
	public String name() {
		return "rtc";
	}

	@Override
	public void reset() {
		java.util.Arrays.fill(ram, (byte) 0);
		index = 0;
		offset = machine.description().startOfTime() * VirtualTime.SECOND;
		stoppedAt = -1;
		ram[A] = A_RUNNING | 6;
		ram[B] = B_24_HOURS;
		storeMemorySize(machine.description().memory());
		storeEquipment(machine.description().cpus());
		periodicAlarm.cancel();
		armSecond();
		update();
	}

	/** Says who is told when an alarm that is enabled interrupts. */
	public void onAlarm(Runnable action) {
		alarmRings = action;
	}

	/** Leaves for firmware, in the shutdown status byte, that the machine wakes up. */
	public void noteWaking() {
		ram[SHUTDOWN_STATUS] = (byte) WAKING;
	}

	/** "RESET": clears the interrupts and what enables them; the battery keeps clock, calendar and RAM. */
	@Override
	public void hardReset() {
		index = 0;
		ram[B] &= ~(B_PERIODIC | B_ALARM | B_UPDATE);
		ram[C] = 0;
		armPeriodic();
		armSecond();
		update();
	}

	/** Where firmware leaves the size of the memory: KB above 1 MB, and 64 KB units above 16 MB. */
	private void storeMemorySize(long memory) {
		store16(0x15, 640);
		long above1 = Math.min(memory - MemoryMap.MEGABYTE >> 10, 0xfc00);
		store16(0x17, above1);
		store16(0x30, above1);
		long above16 = Math.min(memory, MemoryMap.DEVICES) - (16L << 20);
		store16(0x34, Math.max(0, above16 >> 16));
		long above4096 = Math.max(0, memory - MemoryMap.DEVICES) >> 16;
		store16(0x5b, above4096);
		ram[0x5d] = (byte) (above4096 >> 16);
	}

	/** Where firmware looks for what there is: a coprocessor and a mouse, processors, and where to boot from. */
	private void storeEquipment(int cpus) {
		ram[0x14] = 2 | 4;
		ram[0x5f] = (byte) (cpus - 1);
		ram[0x3d] = BOOT_DISK | BOOT_CD << 4;
		ram[0x38] = (byte) (BOOT_NETWORK << 4);
	}

	private void store16(int at, long value) {
		ram[at] = (byte) value;
		ram[at + 1] = (byte) (value >> 8);
	}

	@Override
	public DeviceState state() {
		return new DeviceState().bytes("ram", ram).number("index", () -> index, v -> index = (int) v)
				.number("offset", () -> offset, v -> offset = v)
				.number("stoppedAt", () -> stoppedAt, v -> stoppedAt = v)
				.alarm("second", secondAlarm).alarm("periodic", periodicAlarm);
	}

	/** Port 0x70 is write-only; bit 7 there masks NMI, which nothing here raises. */
	@Override
	public long read(int port, int size) {
		return port == 0 ? 0xff : readRegister(index);
	}

	@Override
	public void write(int port, int size, long value) {
		if (port == 0) {
			index = (int) value & 0x7f;
		} else {
			writeRegister(index, (int) value);
		}
	}

	private int readRegister(int register) {
		return switch (register) {
			case SECONDS, MINUTES, HOURS, WEEKDAY, DAY, MONTH, YEAR, CENTURY ->
				encode(register, field(shown(), register));
			case A -> ram[A] & 0x7f | (updateInProgress() ? A_UPDATE_IN_PROGRESS : 0);
			case C -> {
				int value = ram[C] & 0xff;
				ram[C] = 0;
				update();
				yield value;
			}
			case D -> D_VALID;
			default -> ram[register] & 0xff;
		};
	}

	private void writeRegister(int register, int value) {
		switch (register) {
			case SECONDS, MINUTES, HOURS, DAY, MONTH, YEAR, CENTURY -> setField(register, decode(register, value));
			case WEEKDAY -> {
				// Follows from the date.
			}
			case A -> {
				ram[A] = (byte) (value & 0x7f);
				armPeriodic();
				armSecond();
			}
			case B -> writeB(value);
			case C, D -> {
				// Read-only.
			}
			default -> ram[register] = (byte) value;
		}
	}

	private void writeB(int value) {
		boolean set = (value & B_SET) != 0;
		if (set && stoppedAt < 0) {
			stoppedAt = shownNanoseconds();
		} else if (!set && stoppedAt >= 0) {
			offset = stoppedAt - time.now();
			stoppedAt = -1;
		}
		// Setting SET clears the update interrupt's enable bit.
		ram[B] = (byte) (set ? value & ~B_UPDATE : value);
		armPeriodic();
		armSecond();
		update();
	}

	// The calendar

	private long shownNanoseconds() {
		return stoppedAt >= 0 ? stoppedAt : time.now() + offset;
	}

	private LocalDateTime shown() {
		return LocalDateTime.ofEpochSecond(Math.floorDiv(shownNanoseconds(), VirtualTime.SECOND), 0, ZoneOffset.UTC);
	}

	private static int field(LocalDateTime date, int register) {
		return switch (register) {
			case SECONDS -> date.getSecond();
			case MINUTES -> date.getMinute();
			case HOURS -> date.getHour();
			case WEEKDAY -> date.getDayOfWeek().getValue() % 7 + 1;
			case DAY -> date.getDayOfMonth();
			case MONTH -> date.getMonthValue();
			case YEAR -> date.getYear() % 100;
			default -> date.getYear() / 100;
		};
	}

	/** A field set while the guest goes through an impossible date is kept within the month. */
	private void setField(int register, int value) {
		LocalDateTime date = shown();
		LocalDateTime changed = switch (register) {
			case SECONDS -> date.withSecond(value % 60);
			case MINUTES -> date.withMinute(value % 60);
			case HOURS -> date.withHour(value % 24);
			case DAY -> date.withDayOfMonth(Math.clamp(value, 1, date.toLocalDate().lengthOfMonth()));
			case MONTH -> date.withMonth(Math.clamp(value, 1, 12));
			case YEAR -> date.withYear(date.getYear() / 100 * 100 + value % 100);
			default -> date.withYear(value % 100 * 100 + date.getYear() % 100);
		};
		long delta = date.until(changed, ChronoUnit.SECONDS) * VirtualTime.SECOND;
		if (stoppedAt >= 0) {
			stoppedAt += delta;
		} else {
			offset += delta;
		}
	}

	private int encode(int register, int value) {
		int shown = value;
		int afternoon = 0;
		if (register == HOURS && (ram[B] & B_24_HOURS) == 0) {
			afternoon = value >= 12 ? 0x80 : 0;
			shown = (value + 11) % 12 + 1;
		}
		return ((ram[B] & B_BINARY) != 0 ? shown : shown / 10 << 4 | shown % 10) | afternoon;
	}

	private int decode(int register, int written) {
		boolean twelve = register == HOURS && (ram[B] & B_24_HOURS) == 0;
		int digits = twelve ? written & 0x7f : written;
		int value = (ram[B] & B_BINARY) != 0 ? digits : (digits >> 4) * 10 + (digits & 15);
		return twelve ? value % 12 + ((written & 0x80) != 0 ? 12 : 0) : value;
	}

	// Updates and interrupts

	private boolean updates() {
		return stoppedAt < 0 && (ram[A] & A_DIVIDER) == A_RUNNING;
	}

	private boolean updateInProgress() {
		return updates() && VirtualTime.SECOND - Math.floorMod(shownNanoseconds(), VirtualTime.SECOND) <= WARNING;
	}

	private void armSecond() {
		boolean wanted = updates() && (ram[B] & (B_ALARM | B_UPDATE)) != 0;
		secondAlarm.set(wanted ? time.now() + VirtualTime.SECOND - Math.floorMod(shownNanoseconds(), VirtualTime.SECOND)
				: VirtualTime.NEVER);
	}

	private void secondEnds() {
		boolean alarm = alarmMatches();
		ram[C] |= (byte) (C_UPDATE | (alarm ? C_ALARM : 0));
		if (alarm && (ram[B] & B_ALARM) != 0) {
			alarmRings.run();
		}
		armSecond();
		update();
	}

	private boolean alarmMatches() {
		return matches(SECONDS_ALARM, SECONDS) && matches(MINUTES_ALARM, MINUTES) && matches(HOURS_ALARM, HOURS);
	}

	private boolean matches(int alarm, int register) {
		int wanted = ram[alarm] & 0xff;
		return wanted >= ALARM_DONT_CARE || wanted == encode(register, field(shown(), register));
	}

	/** Periods are 2^(rate-1) cycles of the crystal; rates 1 and 2 are 8 and 9. */
	private void armPeriodic() {
		int rate = ram[A] & 15;
		if ((ram[B] & B_PERIODIC) == 0 || rate == 0 || (ram[A] & A_DIVIDER) != A_RUNNING) {
			periodicAlarm.cancel();
			return;
		}
		long cycles = 1L << (rate <= 2 ? rate + 6 : rate - 1);
		long passed = cyclesAt(time.now()) / cycles;
		periodicAlarm.set(timeOf((passed + 1) * cycles));
	}

	private static long cyclesAt(long nanoseconds) {
		return nanoseconds / VirtualTime.SECOND * CRYSTAL
				+ nanoseconds % VirtualTime.SECOND * CRYSTAL / VirtualTime.SECOND;
	}

	private static long timeOf(long cycles) {
		return cycles / CRYSTAL * VirtualTime.SECOND + (cycles % CRYSTAL * VirtualTime.SECOND + CRYSTAL - 1) / CRYSTAL;
	}

	private void periodEnds() {
		ram[C] |= C_PERIODIC;
		armPeriodic();
		update();
	}

	private void update() {
		int enabled = ram[C] & ram[B] & (B_PERIODIC | B_ALARM | B_UPDATE);
		if (enabled != 0) {
			ram[C] |= (byte) C_REQUEST;
		}
		interrupt.set(enabled != 0);
	}
}
