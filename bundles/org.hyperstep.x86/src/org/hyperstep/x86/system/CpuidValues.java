/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.memory.AddressMonitor;
import org.hyperstep.x86.system.Feature.Output;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;

/** What CPUID says beside the bits of features: names, numbers, caches, topology, sizes of state. One thread a core. */
@SuppressWarnings("nls")
final class CpuidValues {
	private static final int LINE = 64;
	/** EDX of leaf 1: more than one logical processor; ECX of leaf 80000001H: they are cores. */
	private static final int HTT = 1 << 28, CMP_LEGACY = 2;
	/** Bits of EDX that AMD repeats in leaf 80000001H. */
	private static final int REPEATED = 0x183f3ff;

	/**
	 * A cache.
	 *
	 * @param type   1 data, 2 instructions, 3 both
	 * @param kib    size
	 * @param shared by all processors, else one to each
	 */
	private record Cache(int type, int level, int kib, int ways, boolean shared) {
		int sets() {
			return kib * 1024 / LINE / ways;
		}
	}

	private static final Cache[] INTEL_CACHES = { new Cache(1, 1, 32, 8, false), new Cache(2, 1, 32, 8, false),
			new Cache(3, 2, 256, 4, false), new Cache(3, 3, 8192, 16, true) };
	private static final Cache[] AMD_CACHES = { new Cache(1, 1, 32, 8, false), new Cache(2, 1, 32, 8, false),
			new Cache(3, 2, 512, 8, false), new Cache(3, 3, 16384, 16, true) };

	private final ProcessorModel model;
	private final boolean amd;
	private final Cache[] caches;
	/** Bits of the APIC ID that number the processors of the package. */
	private final int idBits;

	CpuidValues(ProcessorModel model) {
		this.model = model;
		amd = model.vendor() == Vendor.AMD;
		caches = amd ? AMD_CACHES : INTEL_CACHES;
		idBits = 32 - Integer.numberOfLeadingZeros(model.processors - 1);
	}

	/** Adds what is there to the feature bits that {@code result} holds. */
	void add(int leaf, int subleaf, int[] result) {
		if (leaf < 0) {
			addExtended(leaf, subleaf, result);
			return;
		}
		switch (leaf) {
			case 0 -> {
				result[0] = model.lastLeaf;
				vendorName(result);
			}
			case 1 -> {
				result[0] = model.signature();
				result[1] = model.apicId() << 24 | Math.min(1 << idBits, 255) << 16 | LINE / 8 << 8;
				result[3] |= model.processors > 1 ? HTT : 0;
			}
			// "CPUID Leaf 2 Descriptors": the caches are those of leaf 4.
			case 2 -> result[0] = amd ? 0 : 0xff01;
			// The lines that MONITOR watches; MWAIT has extensions, of which interrupts that end it though masked; no C-states.
			case 5 -> {
				boolean monitors = model.has(Feature.MONITOR);
				result[0] = monitors ? AddressMonitor.LINE : 0;
				result[1] = result[0];
				result[2] = monitors ? 3 : 0;
			}
			case 4 -> cache(amd ? -1 : subleaf, (1 << idBits) - 1, result);
			case 0xb, 0x1f -> topology(subleaf, result);
			case 0xd -> extendedState(subleaf, result);
			case 0x15 -> {
				result[0] = 1;
				result[1] = 1;
				result[2] = ProcessorModel.TICKS_PER_SECOND;
			}
			case 0x16 -> {
				result[0] = ProcessorModel.TICKS_PER_SECOND / 1_000_000;
				result[1] = result[0];
				result[2] = 100;
			}
			default -> {
				// nothing but feature bits
			}
		}
	}

	private void addExtended(int leaf, int subleaf, int[] result) {
		switch (leaf) {
			case 0x8000_0000 -> {
				result[0] = model.lastExtendedLeaf;
				if (amd) {
					vendorName(result);
				}
			}
			case 0x8000_0001 -> repeated(result);
			case 0x8000_0002, 0x8000_0003, 0x8000_0004 -> brand((leaf - 0x8000_0002) * 16, result);
			case 0x8000_0005 -> firstLevel(result);
			case 0x8000_0006 -> otherLevels(result);
			case 0x8000_0008 -> {
				result[0] = model.physicalAddressBits() | model.linearAddressBits() << 8;
				result[2] = amd ? Math.min(model.processors, 256) - 1 | idBits << 12 : 0;
			}
			case 0x8000_000a -> {
				// SVM revision, number of ASIDs.
				result[0] = model.has(Feature.SVM) ? 1 : 0;
				result[1] = model.has(Feature.SVM) ? 0x100 : 0;
			}
			// "Performance Optimization Identifiers": MOVU is no slower than MOVA, 256 bits at once.
			case 0x8000_001a -> result[0] = model.level() == Level.V2 ? 2 : 6;
			case 0x8000_001d -> cache(subleaf, model.processors - 1, result);
			case 0x8000_001e -> {
				result[0] = model.apicId();
				result[1] = model.apicId() & 0xff;
			}
			default -> {
				// nothing but feature bits
			}
		}
	}

	private void vendorName(int[] result) {
		String name = model.vendor().text;
		result[1] = text(name, 0);
		result[3] = text(name, 4);
		result[2] = text(name, 8);
	}

	private static int text(String from, int offset) {
		int value = 0;
		for (int i = 0; i < 4 && offset + i < from.length(); i++) {
			value |= from.charAt(offset + i) << (i << 3);
		}
		return value;
	}

	private void brand(int offset, int[] result) {
		String brand = "Hyperstep virtual processor, x86-64-" + (model.level() == Level.V2 ? "v2" : "v3");
		for (int i = 0; i < 4; i++) {
			result[i] = text(brand, offset + i * 4);
		}
	}

	/** AMD repeats many bits of leaf 1. */
	private void repeated(int[] result) {
		if (!amd) {
			return;
		}
		result[0] = model.signature();
		result[2] |= model.processors > 1 ? CMP_LEGACY : 0;
		for (Feature row : Feature.values()) {
			if (row.leaf == 1 && row.output == Output.EDX && model.has(row) && (row.mask & REPEATED) != 0) {
				result[3] |= row.mask;
			}
		}
	}

	// ---- caches ----

	/** "Deterministic Cache Parameters" and AMD's "Cache Topology Information": no such cache is a type of 0. */
	private void cache(int index, int sharing, int[] result) {
		if (index < 0 || index >= caches.length) {
			return;
		}
		Cache cache = caches[index];
		final int selfInitializing = 1 << 8;
		int cores = amd ? 0 : Math.min((1 << idBits) - 1, 63) << 26;
		result[0] = cache.type | cache.level << 5 | selfInitializing | (cache.shared ? sharing : 0) << 14 | cores;
		result[1] = LINE - 1 | cache.ways - 1 << 22;
		result[2] = cache.sets() - 1;
		result[3] = cache.level == 3 ? 2 : 0;
	}

	/** AMD's "L1 Cache and TLB Information": 64 fully associative entries of each kind. */
	private void firstLevel(int[] result) {
		if (amd) {
			result[0] = 0xff40_ff40;
			result[1] = 0xff40_ff40;
			result[2] = caches[0].kib << 24 | caches[0].ways << 16 | 1 << 8 | LINE;
			result[3] = caches[1].kib << 24 | caches[1].ways << 16 | 1 << 8 | LINE;
		}
	}

	/** "L2 Cache and TLB and L3 Cache Information"; Intel has the second level alone. */
	private void otherLevels(int[] result) {
		final int eightWays = 6;
		final int sixteenWays = 8;
		final int fourWays = 4;
		result[2] = caches[2].kib << 16 | (caches[2].ways == 8 ? eightWays : fourWays) << 12 | 1 << 8 | LINE;
		if (amd) {
			result[0] = 0x6400_6400;
			result[1] = 0x6400_6400;
			result[3] = caches[3].kib / 512 << 18 | sixteenWays << 12 | 1 << 8 | LINE;
		}
	}

	// ---- topology, state ----

	/** Extended topology: the cores of one package. */
	private void topology(int subleaf, int[] result) {
		result[3] = model.apicId();
		result[2] = subleaf & 0xff;
		if (subleaf == 0) {
			result[1] = 1;
			result[2] |= 1 << 8;
		} else if (subleaf == 1) {
			result[0] = idBits;
			result[1] = model.processors;
			result[2] |= 2 << 8;
		}
	}

	/** "Processor Extended State Enumeration Main Leaf" and its subleaves, without the sizes that follow XCR0. */
	private void extendedState(int subleaf, int[] result) {
		if (!model.has(Feature.XSAVE)) {
			return;
		}
		if (subleaf == 0) {
			result[0] = (int) model.xcr0Allowed();
			result[2] = StateComponent.standardSize(model.xcr0Allowed());
			return;
		}
		for (StateComponent component : StateComponent.values()) {
			if (component.number == subleaf && component.size > 0 && model.has(component.feature)) {
				result[0] = component.size;
				result[1] = component.offset;
			}
		}
	}
}
