/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.state;

/**
 * The architectural registers of one logical processor. Plain mutable state without behaviour of its own: the
 * execution engine, VM entry and VM exit, and the debugger's back end read and write it on the machine's thread.
 * RFLAGS is kept lazily by the execution engine; {@link #rflags} is exact only between runs of it.
 */
public final class CpuState {
	public static final int RAX = 0, RCX = 1, RDX = 2, RBX = 3, RSP = 4, RBP = 5, RSI = 6, RDI = 7;
	public static final int ES = 0, CS = 1, SS = 2, DS = 3, FS = 4, GS = 5, LDTR = 6, TR = 7;

	/** Bits of RFLAGS. */
	public static final long CF = 1, PF = 4, AF = 1 << 4, ZF = 1 << 6, SF = 1 << 7, TF = 1 << 8, IF = 1 << 9,
			DF = 1 << 10, OF = 1 << 11, IOPL = 3 << 12, NT = 1 << 14, RF = 1 << 16, VM = 1 << 17, AC = 1 << 18,
			VIF = 1 << 19, VIP = 1 << 20, ID = 1 << 21;

	/** General registers RAX to R15 in slots 0 to 15; higher slots are the execution engine's temporaries. */
	public final long[] general = new long[64];
	public long rip;
	/** Always has bit 1 set. */
	public long rflags = 2;
	/** ES, CS, SS, DS, FS, GS, LDTR, TR. */
	public final SegmentState[] segments = segments();
	public long gdtrBase;
	public int gdtrLimit;
	public long idtrBase;
	public int idtrLimit;
	public long cr0;
	public long cr2;
	public long cr3;
	public long cr4;
	/** The four PDPTE registers of PAE paging. */
	public final long[] pdpte = new long[4];
	/** Task priority, bits 3:0. */
	public long cr8;
	public long xcr0 = 1;
	/** IA32_XSS: supervisor state components that XSAVES and XRSTORS take in. */
	public long xss;
	public long efer;
	/** DR0 to DR3. */
	public final long[] breakpointAddress = new long[4];
	public long dr6 = 0xffff0ff0L;
	public long dr7 = 0x400;
	/** IA32_DEBUGCTL. */
	public long debugControl;
	/** Bits of IA32_DEBUGCTL: record branches, single-step on branches. */
	public static final long DEBUGCTL_LBR = 1, DEBUGCTL_BTF = 2;
	/** Intel's branch records. */
	public final BranchStack branches = new BranchStack();
	/** AMD's record of the last branch; and the one before the last exception or interrupt. */
	public long lastBranchFrom;
	public long lastBranchTo;
	public long lastExceptionFrom;
	public long lastExceptionTo;
	public long star;
	public long lstar;
	public long cstar;
	public long syscallMask;
	public long kernelGsBase;
	public long tscAux;
	/** Where the state save area of system-management mode and the handler's entry point are, less 0x8000. */
	public long smbase = INITIAL_SMBASE;
	/** The processor is in system-management mode. */
	public boolean inSystemManagementMode;
	/** SMBASE after reset. */
	public static final long INITIAL_SMBASE = 0x3_0000;
	/** IA32_TSC_ADJUST. */
	public long tscAdjust;
	public long sysenterCs;
	public long sysenterEsp;
	public long sysenterEip;
	public long pat = 0x0007040600070406L;
	/** State of the generator behind RDRAND and RDSEED. Keeps its value over RESET. */
	public long randomState;
	/** VM_CR, and the key that was written to SVM_KEY while it was not locked. */
	public long svmControl;
	public long svmKey;
	/** IA32_APIC_BASE. */
	public long apicBase;
	/** Current privilege level; equals SS.DPL. */
	public int cpl;
	/** x87, MMX, SSE and AVX registers. */
	public final ExtendedState extended = new ExtendedState();
	/** What holds events off, and which debug exceptions are pending. */
	public final org.hyperstep.x86.event.Interruptibility interruptibility = new org.hyperstep.x86.event.Interruptibility();
	/** Activity state of Intel's manual: active, halted, shut down, waiting for SIPI. */
	public Activity activity = Activity.ACTIVE;

	/** Activity states (Intel SDM, "Guest Non-Register State"), numbered as in the VMCS. */
	public enum Activity {
		ACTIVE, HALTED, SHUTDOWN, WAIT_FOR_SIPI
	}

	/** Bits of CR0. */
	public static final long CR0_PE = 1, CR0_MP = 2, CR0_EM = 4, CR0_TS = 8, CR0_ET = 16, CR0_NE = 32,
			CR0_WP = 1 << 16, CR0_AM = 1 << 18, CR0_NW = 1 << 29, CR0_CD = 1 << 30, CR0_PG = 1L << 31;
	/** Bits of CR4. */
	public static final long CR4_VME = 1, CR4_PVI = 2, CR4_TSD = 4, CR4_DE = 8, CR4_PSE = 1 << 4, CR4_PAE = 1 << 5,
			CR4_MCE = 1 << 6, CR4_PGE = 1 << 7, CR4_PCE = 1 << 8, CR4_OSFXSR = 1 << 9, CR4_OSXMMEXCPT = 1 << 10,
			CR4_UMIP = 1 << 11, CR4_LA57 = 1 << 12, CR4_VMXE = 1 << 13, CR4_FSGSBASE = 1 << 16, CR4_PCIDE = 1 << 17,
			CR4_OSXSAVE = 1 << 18, CR4_SMEP = 1 << 20, CR4_SMAP = 1 << 21, CR4_PKE = 1 << 22;
	/** Bits of XCR0: state components that the operating system has enabled. */
	public static final long XCR0_X87 = 1, XCR0_SSE = 2, XCR0_AVX = 4;
	/** Bits of IA32_EFER. */
	public static final long EFER_SCE = 1, EFER_LME = 1 << 8, EFER_LMA = 1 << 10, EFER_NXE = 1 << 11,
			EFER_SVME = 1 << 12, EFER_FFXSR = 1 << 14;

	/** CR0.PE. */
	public boolean protectedMode() {
		return (cr0 & CR0_PE) != 0;
	}

	/** EFER.LMA: IA-32e mode, 64-bit or compatibility. */
	public boolean longModeActive() {
		return (efer & EFER_LMA) != 0;
	}

	/** IA-32e mode with CS.L: 64-bit mode. */
	public boolean in64BitMode() {
		return (efer & EFER_LMA) != 0 && segments[CS].longMode();
	}

	/** Where the next instruction is: outside 64-bit mode linear addresses have 32 bits. */
	public long linearRip() {
		return in64BitMode() ? rip : rip + segments[CS].base & 0xffff_ffffL;
	}

	/** Virtual-8086 mode. */
	public boolean virtual8086() {
		return (rflags & VM) != 0;
	}

	/** RFLAGS.IOPL, 0 to 3. */
	public int ioPrivilegeLevel() {
		return (int) (rflags >> 12) & 3;
	}

	private static SegmentState[] segments() {
		SegmentState[] all = new SegmentState[8];
		for (int i = 0; i < all.length; i++) {
			all[i] = new SegmentState();
		}
		return all;
	}
}
