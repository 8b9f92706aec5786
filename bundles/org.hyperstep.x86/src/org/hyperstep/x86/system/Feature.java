/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

/** A bit of CPUID. The rows are what the processors of this project can offer; a {@link ProcessorModel} chooses. */
public enum Feature {
	FPU(1, Output.EDX, 0), VME(1, Output.EDX, 1), DE(1, Output.EDX, 2), PSE(1, Output.EDX, 3), TSC(1, Output.EDX, 4),
	MSR(1, Output.EDX, 5),
	PAE(1, Output.EDX, 6), MCE(1, Output.EDX, 7), CX8(1, Output.EDX, 8), APIC(1, Output.EDX, 9), SEP(1, Output.EDX, 11),
	MTRR(1, Output.EDX, 12), PGE(1, Output.EDX, 13), MCA(1, Output.EDX, 14), CMOV(1, Output.EDX, 15),
	PAT(1, Output.EDX, 16), PSE36(1, Output.EDX, 17), CLFSH(1, Output.EDX, 19), MMX(1, Output.EDX, 23),
	FXSR(1, Output.EDX, 24), SSE(1, Output.EDX, 25), SSE2(1, Output.EDX, 26),
	SSE3(1, Output.ECX, 0), PCLMULQDQ(1, Output.ECX, 1), MONITOR(1, Output.ECX, 3), VMX(1, Output.ECX, 5),
	SSSE3(1, Output.ECX, 9), FMA(1, Output.ECX, 12), CMPXCHG16B(1, Output.ECX, 13), PCID(1, Output.ECX, 17),
	SSE4_1(1, Output.ECX, 19),
	SSE4_2(1, Output.ECX, 20),
	X2APIC(1, Output.ECX, 21), MOVBE(1, Output.ECX, 22), POPCNT(1, Output.ECX, 23), TSC_DEADLINE(1, Output.ECX, 24),
	AES(1, Output.ECX, 25), XSAVE(1, Output.ECX, 26), AVX(1, Output.ECX, 28),
	F16C(1, Output.ECX, 29), RDRAND(1, Output.ECX, 30),
	ARAT(6, Output.EAX, 2),
	FSGSBASE(7, Output.EBX, 0), TSC_ADJUST(7, Output.EBX, 1), BMI1(7, Output.EBX, 3), AVX2(7, Output.EBX, 5),
	SMEP(7, Output.EBX, 7),
	BMI2(7, Output.EBX, 8), ERMS(7, Output.EBX, 9), INVPCID(7, Output.EBX, 10),
	/** "Deprecates FPU CS and FPU DS values": FCS and FDS are saved as zeros. */
	FCS_FDS_DEPRECATED(7, Output.EBX, 13),
	RDSEED(7, Output.EBX, 18), ADX(7, Output.EBX, 19), SMAP(7, Output.EBX, 20), CLFLUSHOPT(7, Output.EBX, 23),
	CLWB(7, Output.EBX, 24), UMIP(7, Output.ECX, 2), PKU(7, Output.ECX, 3), LA57(7, Output.ECX, 16),
	RDPID(7, Output.ECX, 22),
	/** Subleaf 1 of leaf 0DH: see {@link #subleaf}. */
	XSAVEOPT(0xd, 1, Output.EAX, 0), XSAVEC(0xd, 1, Output.EAX, 1), XGETBV1(0xd, 1, Output.EAX, 2),
	XSAVES(0xd, 1, Output.EAX, 3),
	SYSCALL(0x8000_0001, Output.EDX, 11), NX(0x8000_0001, Output.EDX, 20), FFXSR(0x8000_0001, Output.EDX, 25),
	PAGE1GB(0x8000_0001, Output.EDX, 26), RDTSCP(0x8000_0001, Output.EDX, 27), LM(0x8000_0001, Output.EDX, 29),
	LAHF64(0x8000_0001, Output.ECX, 0), SVM(0x8000_0001, Output.ECX, 2), ABM(0x8000_0001, Output.ECX, 5),
	SSE4A(0x8000_0001, Output.ECX, 6), PREFETCHW(0x8000_0001, Output.ECX, 8),
	TOPOLOGY_EXTENSIONS(0x8000_0001, Output.ECX, 22),
	INVARIANT_TSC(0x8000_0007, Output.EDX, 8),
	/** "XSaveErPtr": the x87 error pointers are always in the area that FXSAVE and XSAVE write. */
	ERROR_POINTERS(0x8000_0008, Output.EBX, 2),
	SVM_NESTED_PAGING(0x8000_000a, Output.EDX, 0), SVM_LBR_VIRTUALIZATION(0x8000_000a, Output.EDX, 1),
	SVM_LOCK(0x8000_000a, Output.EDX, 2), SVM_NRIP_SAVE(0x8000_000a, Output.EDX, 3),
	SVM_TSC_RATE(0x8000_000a, Output.EDX, 4), SVM_VMCB_CLEAN(0x8000_000a, Output.EDX, 5),
	SVM_FLUSH_BY_ASID(0x8000_000a, Output.EDX, 6), SVM_DECODE_ASSISTS(0x8000_000a, Output.EDX, 7),
	SVM_PAUSE_FILTER(0x8000_000a, Output.EDX, 10), SVM_PAUSE_FILTER_THRESHOLD(0x8000_000a, Output.EDX, 12),
	SVM_AVIC(0x8000_000a, Output.EDX, 13), SVM_VIRTUAL_VMLOAD_VMSAVE(0x8000_000a, Output.EDX, 15),
	SVM_VIRTUAL_GIF(0x8000_000a, Output.EDX, 16), SVM_VIRTUAL_NMI(0x8000_000a, Output.EDX, 25);

	/** Register of CPUID's result; its ordinal is the index in a result array. */
	enum Output {
		EAX, EBX, ECX, EDX
	}

	final int leaf;
	/** ECX on input, where the leaf has subleaves. */
	final int subleaf;
	final Output output;
	final int mask;

	Feature(int leaf, Output output, int bit) {
		this(leaf, 0, output, bit);
	}

	Feature(int leaf, int subleaf, Output output, int bit) {
		this.leaf = leaf;
		this.subleaf = subleaf;
		this.output = output;
		mask = 1 << bit;
	}
}
