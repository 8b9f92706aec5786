/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.hyperstep.machine.Machine;

/**
 * The second-level translation of one virtual CPU, EPT or NPT: guestPhysical is hostPhysical, but for the page of the
 * local APIC, which is this CPU's own. What lies at and above {@link HostArea#BASE} is open bus for the guest.
 */
final class SecondLevel {
	/** How entries look; the table walk is the same for both. */
	enum Format {
		/** Read, write, execute; write-back memory type in leaves. */
		EPT(7, 7 | 6 << 3),
		/** Present, writable, user; accessed and dirty. */
		NPT(7, 7 | 1 << 5 | 1 << 6);

		private final long table;
		private final long leaf;

		Format(long table, long leaf) {
			this.table = table;
			this.leaf = leaf;
		}
	}

	private static final long LARGE = 1 << 7;
	private static final long FRAME = 0x000f_ffff_ffff_f000L;
	/** hostPhysical addresses where nothing is. */
	private static final long NOWHERE = 1L << 42;
	private static final int ENTRIES = 512;

	private final HostArea area;
	private final Format format;
	private final int cpu;
	private final long root;
	private long apicPage = -1;

	SecondLevel(HostArea area, Format format, int cpu) {
		this.area = area;
		this.format = format;
		this.cpu = cpu;
		root = area.take(1);
		long reachable = HostArea.BASE >>> 39;
		long nothing = area.take(1);
		for (int i = 0; i < ENTRIES; i++) {
			area.write64(nothing + 8 * i, NOWHERE | format.leaf | LARGE);
		}
		for (int i = 0; i < ENTRIES; i++) {
			area.write64(root + 8 * i, (i < reachable ? gigabytes((long) i << 39) : nothing) | format.table);
		}
	}

	/** Pages of {@link HostArea} that one CPU's structures take at most, the moves of its APIC's page included. */
	static int pages() {
		return 16;
	}

	private long gigabytes(long base) {
		long table = area.take(1);
		for (int i = 0; i < ENTRIES; i++) {
			area.write64(table + 8 * i, base + ((long) i << 30) | format.leaf | LARGE);
		}
		return table;
	}

	/** hostPhysical address of the top table. */
	long root() {
		return root;
	}

	/** Maps the page of the local APIC; where it was before, memory is itself again. Translations must be dropped then. */
	void mapLocalApic(long guestPhysical) {
		long page = guestPhysical & FRAME;
		if (page == apicPage || page >= HostArea.BASE) {
			return;
		}
		if (apicPage >= 0) {
			area.write64(entry(apicPage), apicPage | format.leaf);
		}
		apicPage = page;
		area.write64(entry(page), Machine.localApicPage(cpu) | format.leaf);
	}

	/** The address of the last-level entry of a page; larger pages on the way are split. */
	private long entry(long page) {
		long table = root;
		for (int shift = 39; shift > 12; shift -= 9) {
			long at = table + (page >>> shift & ENTRIES - 1) * 8;
			long entry = area.read64(at);
			table = (entry & LARGE) != 0 ? split(at, entry, shift) : entry & FRAME;
		}
		return table + (page >>> 12 & ENTRIES - 1) * 8;
	}

	private long split(long at, long entry, int shift) {
		long table = area.take(1);
		long large = shift - 9 > 12 ? LARGE : 0;
		for (int i = 0; i < ENTRIES; i++) {
			area.write64(table + 8 * i, (entry & FRAME) + ((long) i << shift - 9) | format.leaf | large);
		}
		area.write64(at, table | format.table);
		return table;
	}
}
