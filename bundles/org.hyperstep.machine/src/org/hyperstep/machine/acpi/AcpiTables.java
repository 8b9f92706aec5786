/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.acpi;

import org.hyperstep.machine.apic.IoApic;
import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.machine.device.EventTimers;
import org.hyperstep.machine.device.PowerManagement;

/** What the machine's firmware tables say (ACPI specification, "ACPI System Description Tables"). */
@SuppressWarnings("nls")
final class AcpiTables {
	private static final int MADT_LOCAL_APIC = 0, MADT_IO_APIC = 1, MADT_OVERRIDE = 2, MADT_LOCAL_APIC_NMI = 4;
	private static final int LEVEL_ACTIVE_HIGH = 3 << 2 | 1;
	private static final int ALL_PROCESSORS = 0xff;
	/** FADT boot architecture flags: LEGACY_DEVICES, 8042. */
	private static final int BOOT_ARCHITECTURE = 1 | 1 << 1;
	/** FADT flags: WBINVD, PROC_C1, SLP_BUTTON (there is none), RESET_REG_SUP. The clock wakes by the fixed registers. */
	private static final int FLAGS = 1 | 1 << 2 | 1 << 5 | 1 << 10;
	/** The first of the two interrupts to which firmware routes PCI. */
	private static final int PCI_INTERRUPT = 10;
	private static final int CENTURY = 0x32;
	private static final int RESET_REGISTER = 0xcf9, RESET_VALUE = 6;

	private AcpiTables() {
	}

	/** "Root System Description Pointer". */
	static AcpiStructure rootPointer(long rsdt, long xsdt) {
		return new AcpiStructure().text("Signature", 8, "RSD PTR ").checksum("Checksum", 20)
				.text("OEMID", 6, AcpiStructure.oem()).number("Revision", 1, 2).number("RsdtAddress", 4, rsdt)
				.number("Length", 4, 0).number("XsdtAddress", 8, xsdt).checksum("Extended Checksum", 0)
				.zeros("Reserved", 3);
	}

	/** "Root System Description Table" with addresses of 4 bytes, "Extended System Description Table" of 8. */
	static AcpiStructure root(String signature, int size, long... tables) {
		AcpiStructure root = AcpiStructure.table(signature, 1);
		for (long table : tables) {
			root.entry(size, table);
		}
		return root;
	}

	/** "IA-PC High Precision Event Timer Table". */
	static AcpiStructure eventTimers() {
		return AcpiStructure.table("HPET", 1).number("Event Timer Block ID", 4, EventTimers.IDENTITY)
				.entry(1, 0, 1, 64, 1, 0, 1, 0, 8, EventTimers.BASE).number("HPET Number", 1, 0)
				.number("Main Counter Minimum", 2, 100).number("Page Protection", 1, 0);
	}

	/** "Firmware ACPI Control Structure". */
	static AcpiStructure control() {
		return new AcpiStructure().text("Signature", 4, "FACS").number("Length", 4, 0).zeros("Hardware Signature", 4)
				.zeros("Firmware Waking Vector", 4).zeros("Global Lock", 4).zeros("Flags", 4)
				.zeros("X_Firmware Waking Vector", 8).number("Version", 1, 1).zeros("Reserved", 31);
	}

	/** "Differentiated System Description Table". */
	static AcpiStructure differentiated(long lowMemoryEnd) {
		return AcpiStructure.table("DSDT", 2).bytes(DeviceTree.terms(lowMemoryEnd));
	}

	/** "Fixed ACPI Description Table", as long as ACPI 3.0 has it. */
	static AcpiStructure fixed(long facs, long dsdt, int pmPorts) {
		AcpiStructure fadt = AcpiStructure.table("FACP", 4).number("FIRMWARE_CTRL", 4, facs).number("DSDT", 4, dsdt)
				.zeros("Reserved1", 1).number("Preferred_PM_Profile", 1, 1)
				.number("SCI_INT", 2, PowerManagement.SCI)
				// No SMI_CMD: ACPI mode is never left.
				.zeros("SMI_CMD", 4).zeros("ACPI_ENABLE, ACPI_DISABLE, S4BIOS_REQ, PSTATE_CNT", 4)
				.number("PM1a_EVT_BLK", 4, pmPorts + PowerManagement.EVENT_BLOCK).zeros("PM1b_EVT_BLK", 4)
				.number("PM1a_CNT_BLK", 4, pmPorts + PowerManagement.CONTROL_BLOCK)
				.zeros("PM1b_CNT_BLK, PM2_CNT_BLK", 8)
				.number("PM_TMR_BLK", 4, pmPorts + PowerManagement.TIMER_BLOCK).zeros("GPE0_BLK, GPE1_BLK", 8)
				.number("PM1_EVT_LEN", 1, 4).number("PM1_CNT_LEN", 1, 2).zeros("PM2_CNT_LEN", 1)
				.number("PM_TMR_LEN", 1, 4).zeros("GPE0_BLK_LEN, GPE1_BLK_LEN, GPE1_BASE, CST_CNT", 4)
				// Latencies beyond 100 and 1000 microseconds say that there is no C2 and no C3.
				.number("P_LVL2_LAT", 2, 0xfff).number("P_LVL3_LAT", 2, 0xfff)
				.zeros("FLUSH_SIZE, FLUSH_STRIDE, DUTY_OFFSET, DUTY_WIDTH, DAY_ALRM, MON_ALRM", 8)
				.number("CENTURY", 1, CENTURY).number("IAPC_BOOT_ARCH", 2, BOOT_ARCHITECTURE).zeros("Reserved2", 1)
				.number("Flags", 4, FLAGS).port("RESET_REG", RESET_REGISTER, 8).number("RESET_VALUE", 1, RESET_VALUE)
				.zeros("ARM_BOOT_ARCH, FADT Minor Version", 3);
		return extended(fadt, dsdt, pmPorts);
	}

	private static AcpiStructure extended(AcpiStructure fadt, long dsdt, int pmPorts) {
		return fadt.zeros("X_FIRMWARE_CTRL", 8).number("X_DSDT", 8, dsdt)
				.port("X_PM1a_EVT_BLK", pmPorts + PowerManagement.EVENT_BLOCK, 32).zeros("X_PM1b_EVT_BLK", 12)
				.port("X_PM1a_CNT_BLK", pmPorts + PowerManagement.CONTROL_BLOCK, 16).zeros("X_PM1b_CNT_BLK", 12)
				.zeros("X_PM2_CNT_BLK", 12).port("X_PM_TMR_BLK", pmPorts + PowerManagement.TIMER_BLOCK, 32)
				.zeros("X_GPE0_BLK", 12).zeros("X_GPE1_BLK", 12);
	}

	/** "Multiple APIC Description Table". */
	static AcpiStructure interrupts(int cpus) {
		AcpiStructure madt = AcpiStructure.table("APIC", 3).number("Local APIC Address", 4, LocalApic.DEFAULT_BASE)
				.number("Flags", 4, 1);
		for (int cpu = 0; cpu < cpus; cpu++) {
			madt.entry(1, MADT_LOCAL_APIC, 1, 8, 1, cpu, 1, cpu, 4, 1);
		}
		madt.entry(1, MADT_IO_APIC, 1, 12, 1, 0, 1, 0, 4, IoApic.BASE, 4, 0).entry(1, MADT_OVERRIDE, 1, 10, 1, 0, 1, 0,
				4,
				IoApic.pinOf(0), 2, 0);
		for (int irq : new int[] { PowerManagement.SCI, PCI_INTERRUPT, PCI_INTERRUPT + 1 }) {
			madt.entry(1, MADT_OVERRIDE, 1, 10, 1, 0, 1, irq, 4, IoApic.pinOf(irq), 2, LEVEL_ACTIVE_HIGH);
		}
		return madt.entry(1, MADT_LOCAL_APIC_NMI, 1, 6, 1, ALL_PROCESSORS, 2, 0, 1, 1);
	}
}
