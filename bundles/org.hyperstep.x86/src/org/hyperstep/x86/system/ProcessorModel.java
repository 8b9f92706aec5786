/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.hyperstep.x86.system.Feature.*;

import java.util.EnumSet;
import java.util.Set;

import org.hyperstep.x86.state.CpuState;

/** What one logical processor is: its vendor, its features, and all that CPUID says. Immutable. */
@SuppressWarnings("nls")
public final class ProcessorModel {
	/** Whose flavour of the architecture it follows. */
	public enum Vendor {
		INTEL("GenuineIntel"), AMD("AuthenticAMD");

		/** As CPUID spells it. */
		final String text;

		Vendor(String text) {
			this.text = text;
		}
	}

	/** How much of the architecture it has: the levels of the x86-64 psABI. */
	public enum Level {
		/** SSE4.2, POPCNT, CMPXCHG16B. */
		V2,
		/** AVX2, BMI, FMA, F16C, MOVBE, LZCNT, XSAVE in addition. */
		V3
	}

	/** Ticks of the time-stamp counter and of the local APIC timer's input in a second of virtual time. */
	public static final int TICKS_PER_SECOND = 1_000_000_000;

	private static final Set<Feature> COMMON = EnumSet.of(FPU, VME, DE, PSE, Feature.TSC, MSR, PAE, MCE, CX8, APIC, SEP,
			MTRR, PGE, MCA, CMOV, PAT, PSE36, CLFSH, MMX, FXSR, SSE, SSE2, MONITOR, CMPXCHG16B, X2APIC, TSC_DEADLINE,
			POPCNT, SSE3, SSSE3, SSE4_1, SSE4_2, AES, PCLMULQDQ, ARAT, SMEP, SMAP,
			UMIP, ERMS, RDRAND, RDSEED, SYSCALL, NX, PAGE1GB, RDTSCP, LM, LAHF64, PREFETCHW, INVARIANT_TSC);
	private static final Set<Feature> LEVEL_3 = EnumSet.of(XSAVE, XSAVEOPT, XSAVEC, XGETBV1, XSAVES, AVX, AVX2, F16C,
			FMA,
			BMI1, BMI2, ABM, MOVBE, ADX, FSGSBASE, RDPID, CLFLUSHOPT, CLWB);
	private static final Set<Feature> INTEL_ONLY = EnumSet.of(VMX);
	private static final Set<Feature> INTEL_FEATURES = EnumSet.of(VMX, TSC_ADJUST, FCS_FDS_DEPRECATED);
	private static final Set<Feature> AMD_ONLY = EnumSet.of(SVM, FFXSR, SSE4A, ERROR_POINTERS, TOPOLOGY_EXTENSIONS,
			SVM_NESTED_PAGING,
			SVM_LBR_VIRTUALIZATION, SVM_LOCK, SVM_NRIP_SAVE, SVM_TSC_RATE, SVM_VMCB_CLEAN, SVM_FLUSH_BY_ASID,
			SVM_DECODE_ASSISTS, SVM_PAUSE_FILTER, SVM_PAUSE_FILTER_THRESHOLD, SVM_AVIC,
			SVM_VIRTUAL_VMLOAD_VMSAVE, SVM_VIRTUAL_GIF, SVM_VIRTUAL_NMI);
	private static final Set<Feature> PAGING = EnumSet.of(PCID, INVPCID);
	private static final int EXTENDED_STATE = 0xd;

	/** Whether the feature is the other vendor's alone. */
	static boolean isForeign(Vendor vendor, Feature feature) {
		return (vendor == Vendor.INTEL ? AMD_ONLY : INTEL_FEATURES).contains(feature);
	}

	private final Vendor vendor;
	private final Level level;
	private final int signature;
	private final int physicalAddressBits;
	final int lastLeaf;
	final int lastExtendedLeaf;
	private final int apicId;
	/** Logical processors of the machine. */
	final int processors;
	private final CpuidValues values;
	private final EnumSet<Feature> features;
	private final Feature[] rows;

	private ProcessorModel(Vendor vendor, Level level, int apicId, int processors) {
		boolean intel = vendor == Vendor.INTEL;
		this.vendor = vendor;
		this.level = level;
		this.apicId = apicId;
		this.processors = processors;
		signature = level == Level.V2 ? intel ? 0x106a5 : 0x60fb1 : intel ? 0xa0655 : 0xa20f10;
		physicalAddressBits = intel ? 46 : 48;
		lastLeaf = intel ? level == Level.V2 ? 0x15 : 0x1f : 0xd;
		lastExtendedLeaf = intel ? 0x8000_0008 : 0x8000_001e;
		features = EnumSet.copyOf(COMMON);
		features.addAll(intel ? INTEL_ONLY : AMD_ONLY);
		features.addAll(PAGING);
		if (intel) {
			features.add(TSC_ADJUST);
		}
		if (level == Level.V3) {
			features.add(PKU);
			features.addAll(LEVEL_3);
			if (intel) {
				features.add(FCS_FDS_DEPRECATED);
			}
		}
		rows = features.toArray(Feature[]::new);
		values = new CpuidValues(this);
	}

	private ProcessorModel(ProcessorModel from, EnumSet<Feature> features) {
		vendor = from.vendor;
		level = from.level;
		apicId = from.apicId;
		processors = from.processors;
		signature = from.signature;
		physicalAddressBits = from.physicalAddressBits;
		lastLeaf = from.lastLeaf;
		lastExtendedLeaf = from.lastExtendedLeaf;
		this.features = features;
		rows = features.toArray(Feature[]::new);
		values = new CpuidValues(this);
	}

	/**
	 * A processor with VMX or SVM, whichever is its vendor's.
	 *
	 * @param apicId     its initial APIC ID
	 * @param processors logical processors of the machine
	 */
	public static ProcessorModel of(Vendor vendor, Level level, int apicId, int processors) {
		return new ProcessorModel(vendor, level, apicId, processors);
	}

	/** The same processor with a feature that it has not, such as five-level paging, or without one that it has. */
	public ProcessorModel with(Feature feature, boolean wanted) {
		if (has(feature) == wanted) {
			return this;
		}
		EnumSet<Feature> other = EnumSet.copyOf(features);
		if (!other.remove(feature)) {
			other.add(feature);
		}
		return new ProcessorModel(this, other);
	}

	/**
	 * The same processor with the features that are chosen.
	 *
	 * @throws IllegalArgumentException with a message for the user if one is the other vendor's
	 */
	public ProcessorModel with(FeatureSelection selection) {
		selection.requireFrom(vendor);
		return selection.equals(FeatureSelection.NONE) ? this
				: new ProcessorModel(this, selection.applyTo(features));
	}

	/** A processor of the lower level with VMX; parameters as of {@link #of}. */
	public static ProcessorModel intel(int apicId, int processors) {
		return of(Vendor.INTEL, Level.V2, apicId, processors);
	}

	/** A processor of the lower level with SVM; parameters as of {@link #of}. */
	public static ProcessorModel amd(int apicId, int processors) {
		return of(Vendor.AMD, Level.V2, apicId, processors);
	}

	/** The same processor without VMX and SVM. */
	public ProcessorModel withoutVirtualization() {
		EnumSet<Feature> fewer = EnumSet.copyOf(features);
		fewer.removeIf(feature -> feature == VMX || feature == SVM || feature.leaf == SVM_NESTED_PAGING.leaf);
		return new ProcessorModel(this, fewer);
	}

	/** Whose flavour this is. */
	public Vendor vendor() {
		return vendor;
	}

	/** How much of the architecture it has. */
	public Level level() {
		return level;
	}

	/** Family, model and stepping as in EAX of CPUID leaf 1. */
	public int signature() {
		return signature;
	}

	/** MAXPHYADDR. */
	public int physicalAddressBits() {
		return physicalAddressBits;
	}

	/** Bits of a linear address in 64-bit mode, with the largest number of paging levels. */
	public int linearAddressBits() {
		return has(LA57) ? 57 : 48;
	}

	/** Initial APIC ID. */
	public int apicId() {
		return apicId;
	}

	/** Whether the processor has the feature. */
	public boolean has(Feature feature) {
		return features.contains(feature);
	}

	/** CLAC and STAC exist. */
	public boolean hasSmap() {
		return features.contains(SMAP);
	}

	/** Bits of CR4 that are not reserved. */
	public long cr4Allowed() {
		long allowed = CpuState.CR4_TSD | CpuState.CR4_DE | CpuState.CR4_PSE | CpuState.CR4_PAE | CpuState.CR4_MCE
				| CpuState.CR4_PGE | CpuState.CR4_PCE | CpuState.CR4_OSFXSR | CpuState.CR4_OSXMMEXCPT;
		allowed |= bit(VME, CpuState.CR4_VME | CpuState.CR4_PVI) | bit(UMIP, CpuState.CR4_UMIP)
				| bit(FSGSBASE, CpuState.CR4_FSGSBASE)
				| bit(XSAVE, CpuState.CR4_OSXSAVE) | bit(SMEP, CpuState.CR4_SMEP) | bit(SMAP, CpuState.CR4_SMAP)
				| bit(VMX, CpuState.CR4_VMXE) | bit(PCID, CpuState.CR4_PCIDE) | bit(PKU, CpuState.CR4_PKE)
				| bit(LA57, CpuState.CR4_LA57);
		return allowed;
	}

	private long bit(Feature feature, long mask) {
		return features.contains(feature) ? mask : 0;
	}

	/** Bits of EFER that are not reserved. */
	public long eferAllowed() {
		return CpuState.EFER_SCE | CpuState.EFER_LME | CpuState.EFER_LMA | CpuState.EFER_NXE
				| bit(SVM, CpuState.EFER_SVME) | bit(FFXSR, CpuState.EFER_FFXSR);
	}

	/** State components that XCR0 can enable. */
	public long xcr0Allowed() {
		long allowed = 0;
		for (StateComponent component : StateComponent.values()) {
			allowed |= bit(component.feature, component.bit());
		}
		return allowed;
	}

	/** Whether software may give XCR0 this value: x87 always, AVX with SSE, nothing that the processor has not. */
	public boolean acceptsXcr0(long value) {
		return (value & ~xcr0Allowed()) == 0 && (value & CpuState.XCR0_X87) != 0
				&& ((value & CpuState.XCR0_AVX) == 0 || (value & CpuState.XCR0_SSE) != 0);
	}

	/** Supervisor state components that IA32_XSS can enable: none of those that exist is one. */
	public long xssAllowed() {
		return 0;
	}

	// ---- CPUID ----

	/**
	 * Answers CPUID, without the bits that follow control registers (APIC, OSXSAVE, size of the XSAVE area).
	 *
	 * @param result takes EAX, EBX, ECX, EDX
	 */
	public void cpuid(int leaf, int subleaf, int[] result) {
		java.util.Arrays.fill(result, 0);
		int answered = leaf;
		boolean extended = (leaf & 0x8000_0000) != 0;
		if (Integer.compareUnsigned(leaf, extended ? lastExtendedLeaf : lastLeaf) > 0) {
			if (vendor == Vendor.AMD) {
				return;
			}
			// Intel: a leaf beyond the last answers with the last basic one.
			answered = lastLeaf;
		}
		boolean indexed = answered == 7 || answered == EXTENDED_STATE;
		for (Feature row : rows) {
			if (row.leaf == answered && (!indexed || row.subleaf == subleaf)) {
				result[row.output.ordinal()] |= row.mask;
			}
		}
		values.add(answered, subleaf, result);
	}
}
