/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.Random;

import org.hyperstep.hypervisor.Virtualization;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.svm.SvmExitCode;
import org.hyperstep.x86.svm.Vmcb;
import org.hyperstep.x86.svm.VmcbField;
import org.hyperstep.x86.vmx.Vmcs;
import org.hyperstep.x86.vmx.VmcsField;
import org.hyperstep.x86.vmx.VmxControl;

/**
 * The smallest guest hypervisor that a generated program can be the guest of, on either vendor's processors: it enters the
 * program, deals with exits by CPUID, HLT, RDMSR, WRMSR and timers, takes interrupts by its own IDT (a halted guest goes on
 * behind them), gives exceptions back, and ends the machine with a failure at any other exit. What it intercepts is part of
 * the program.
 */
@SuppressWarnings("nls")
final class NestedProgram {
	/** The program's first instruction; the guest hypervisor's code is before it, that behind VM exits at {@link #HOST}. */
	static final long PROGRAM = BareGuest.CODE + 0x1000;
	private static final long HOST = BareGuest.CODE + 0x800;
	/** Pairs of encoding and value, ended by a negative one; VMXON region; VMCS region; an MSR bitmap of zeros. */
	private static final long TABLE = 0x18_0000, VMXON_REGION = 0x18_1000, VMCS_REGION = 0x18_2000,
			MSR_BITMAP = 0x18_3000;
	private static final long CONTROL_BLOCK = 0x18_4000, POINTERS = 0x18_6000, HOST_STACK = 0x18_8000;
	private static final int CONTROL_BLOCK_BYTES = 0x1000;
	/** Second-level tables of both formats: a root, a table of four entries, and four of 512 pages of 2 MBytes. */
	private static final long EPT = 0x18_8000, NPT = 0x18_e000;
	private static final long PML4 = 0x4000, GDT = 0x1000, IDT = 0x2000;
	private static final int GDT_LIMIT = 0x2f, IDT_LIMIT = 0xfff, CODE = 0x10, DATA = 0x18, TASK = 0x20;
	private static final int EPT_ALL = 7, EPT_WRITE_BACK = 6 << 3, WALK_OF_FOUR = 3 << 3, LARGE = 0x80;
	private static final long CR0 = 0x8000_0011L, NE = 0x20, CR4_PAE = 0x20, CR4_VMXE = 0x2000, SVME = 0x1000;
	private static final long LONG_MODE = 0x501;
	/** Exceptions that the guest hypervisor may intercept: #DE, #BP, #UD, #GP, #PF. */
	private static final int[] EXCEPTIONS = { 0, 1 << 6, 1 | 1 << 6, 1 << 3, 1 << 14,
			1 | 1 << 3 | 1 << 6 | 1 << 13 | 1 << 14 };
	/** One tick alone could be over at each entry. */
	private static final int LEAST_TIMER = 2, TIMERS = 8;

	/** From 64-bit mode into the program, and on AMD's processors the loop of VMRUN and what follows #VMEXIT. */
	static final String BOOT = ""
			// mov esp,0x188000; xor eax,eax; cpuid; cmp ebx,0x68747541; je svm; mov rax,cr0; or eax,0x20
			+ "bc00801800 31c0 0fa2 81fb41757468 746d 0f20c0 83c820"
			// mov cr0,rax; mov rax,cr4; or eax,0x2000; mov cr4,rax; mov ecx,0x480; rdmsr; mov [0x181000],eax
			+ "0f22c0 0f20e0 0d00200000 0f22e0 b980040000 0f32 89042500101800"
			// mov [0x182000],eax; vmxon [0x186000]; vmclear [0x186008]; vmptrld [0x186008]; mov esi,0x180000
			+ "89042500201800 f30fc7342500601800 660fc7342508601800 0fc7342508601800 be00001800"
			// 1: lodsq; mov rcx,rax; lodsq; test rcx,rcx; js 2f; vmwrite rcx,rax; jmp 1b
			+ "48ad 4889c1 48ad 4885c9 7805 0f79c8 ebef"
			// 2: xor ebx,ebx; xor eax,eax; xor ecx,ecx; xor edx,edx; xor esi,esi; vmlaunch
			+ "31db 31c0 31c9 31d2 31f6 0f01c2"
			// fail: cli; mov al,1; out 0xf4,al; jmp $
			+ "fa b001 e6f4 ebfe"
			// svm: mov ecx,0xc0000080; rdmsr; or eax,0x1000; wrmsr; mov ecx,0xc0010117; mov eax,0x185000; xor edx,edx
			+ "b9800000c0 0f32 0d00100000 0f30 b9170101c0 b800501800 31d2"
			// wrmsr; clgi; sti; xor ebx,ebx; xor ecx,ecx; xor edx,edx
			+ "0f30 0f01dd fb 31db 31c9 31d2"
			// again: mov eax,0x184000; vmrun
			+ "b800401800 0f01d8"
			// push rcx; push rdx; push rbx; mov eax,[0x184070]; cmp eax,0x60; je interrupt; cmp eax,0x72
			+ "51 52 53 8b042570401800 83f860 747b 83f872"
			// je identify; cmp eax,0x78; je halt; sub eax,0x40; cmp eax,0x20; jae fail; cmp eax,3
			+ "747f 83f878 0f84b7000000 83e840 83f820 73a6 83f803"
			// jne 1f; mov rcx,[0x1840c8]; mov [0x184578],rcx
			+ "7510 488b0c25c8401800 48890c2578451800"
			// 1: mov edx,eax; or edx,0x80000300; cmp eax,13; jb 3f; mov ecx,[0x184078]; mov [0x1840ac],ecx; or edx,0x800
			+ "89c2 81ca00030080 83f80d 7229 8b0c2578401800 890c25ac401800 81ca00080000"
			// cmp eax,14; jne 3f; mov rcx,[0x184080]; mov [0x184640],rcx
			+ "83f80e 7510 488b0c2580401800 48890c2540461800"
			// 3: mov [0x1840a8],edx
			+ "891425a8401800"
			// resume: mov dword ptr [0x1840c0],0; pop rbx; pop rdx; pop rcx; jmp again
			+ "c70425c040180000000000 5b 5a 59 e96effffff"
			// interrupt: stgi; nop; clgi; jmp resume
			+ "0f01dc 90 0f01dd ebe4"
			// identify: mov eax,[0x1845f8]; mov ecx,[rsp+16]; cpuid; mov [0x1845f8],rax; mov [rsp+16],rcx; mov [rsp+8],rdx; mov [rsp],rbx
			+ "8b0425f8451800 8b4c2410 0fa2 48890425f8451800 48894c2410 4889542408 48891c24"
			// skip: mov rax,[0x1840c8]; mov [0x184578],rax; mov qword ptr [0x184068],0; jmp resume
			+ "488b0425c8401800 4889042578451800 48c704256840180000000000 eba3"
			// halt: stgi; hlt; clgi; jmp skip
			+ "0f01dc f4 0f01dd ebd9";

	/** Behind VM exits on Intel's processors. */
	private static final String EXIT = ""
			// push rax; push rcx; push rdx; push rbx; mov ecx,0x4402; vmread rax,rcx; cmp eax,1
			+ "50 51 52 53 b902440000 0f78c8 83f801"
			// je interrupt; cmp eax,10; je identify; cmp eax,12; je halt; cmp eax,31; je protection
			+ "0f848c000000 83f80a 0f849e000000 83f80c 0f84d4000000 83f81f 745c"
			// cmp eax,32; je protection; cmp eax,37; je resume; cmp eax,52; je resume; test eax,eax
			+ "83f820 7457 83f825 7478 83f834 7473 85c0"
			// jne fail; mov ecx,0x4404; vmread rax,rcx; mov edx,eax; and eax,0x80000fff; mov ecx,0x4016; vmwrite rcx,rax
			+ "7576 b904440000 0f78c8 89c2 25ff0f0080 b916400000 0f79c8"
			// mov ecx,0x4406; vmread rax,rcx; mov ecx,0x4018; vmwrite rcx,rax; mov ecx,0x440c; vmread rax,rcx; mov ecx,0x401a
			+ "b906440000 0f78c8 b918400000 0f79c8 b90c440000 0f78c8 b91a400000"
			// vmwrite rcx,rax; cmp dl,14; jne resume; mov ecx,0x6400; vmread rax,rcx; mov cr2,rax; jmp resume
			+ "0f79c8 80fa0e 7533 b900640000 0f78c8 0f22d0 eb26"
			// protection: mov ecx,0x4016; mov eax,0x80000b0d; vmwrite rcx,rax; mov ecx,0x4018; xor eax,eax; vmwrite rcx,rax; jmp resume
			+ "b916400000 b80d0b0080 0f79c8 b918400000 31c0 0f79c8 eb0d"
			// interrupt: sti; nop; cli; mov ecx,0x4826; xor eax,eax; vmwrite rcx,rax
			+ "fb 90 fa b926480000 31c0 0f79c8"
			// resume: pop rbx; pop rdx; pop rcx; pop rax; vmresume
			+ "5b 5a 59 58 0f01c3"
			// fail: cli; mov al,1; out 0xf4,al; jmp $
			+ "fa b001 e6f4 ebfe"
			// identify: mov eax,[rsp+24]; mov ecx,[rsp+16]; cpuid; mov [rsp+24],rax; mov [rsp+16],rcx; mov [rsp+8],rdx; mov [rsp],rbx
			+ "8b442418 8b4c2410 0fa2 4889442418 48894c2410 4889542408 48891c24"
			// skip: mov ecx,0x440c; vmread rdx,rcx; mov ecx,0x681e; vmread rax,rcx; add rax,rdx; vmwrite rcx,rax; mov ecx,0x4824
			+ "b90c440000 0f78ca b91e680000 0f78c8 4801d0 0f79c8 b924480000"
			// xor eax,eax; vmwrite rcx,rax; jmp resume
			+ "31c0 0f79c8 ebb3"
			// halt: sti; hlt; cli; jmp skip
			+ "fb f4 fa ebd9";

	/**
	 * What the guest hypervisor wants of the hardware.
	 *
	 * @param interrupts  exits for external interrupts; otherwise the program takes them by the same IDT
	 * @param paging      a second level of translation
	 * @param halts       exits for HLT
	 * @param exceptions  the exception bitmap
	 * @param timer       of the VMX-preemption timer, 0 for none
	 * @param monitorTrap the monitor trap flag is the guest hypervisor's, too
	 */
	record Wishes(boolean interrupts, boolean paging, boolean halts, int exceptions, int timer, boolean monitorTrap) {
		/** Some that a program's own random numbers choose. */
		static Wishes of(Random random) {
			return new Wishes(random.nextBoolean(), random.nextBoolean(), random.nextBoolean(),
					EXCEPTIONS[random.nextInt(EXCEPTIONS.length)],
					random.nextInt(4) == 0 ? LEAST_TIMER + random.nextInt(TIMERS) : 0, random.nextInt(8) == 0);
		}
	}

	private final PhysicalMemory memory;

	private NestedProgram(BareGuest guest) {
		memory = guest.machine.physicalMemory();
	}

	/** Puts what is the same for all programs into a guest's memory. */
	static void build(BareGuest guest) {
		NestedProgram nested = new NestedProgram(guest);
		guest.put(HOST, EXIT);
		nested.memory.write(POINTERS, 8, VMXON_REGION);
		nested.memory.write(POINTERS + 8, 8, VMCS_REGION);
		nested.secondLevel(EPT, EPT_ALL, EPT_ALL | EPT_WRITE_BACK | LARGE);
		nested.secondLevel(NPT, 7, 7 | LARGE);
	}

	private void secondLevel(long root, int table, int page) {
		memory.write(root, 8, root + 0x1000 | table);
		for (int i = 0; i < 4; i++) {
			memory.write(root + 0x1000 + 8 * i, 8, root + 0x2000 + 0x1000 * i | table);
		}
		for (long i = 0; i < 2048; i++) {
			memory.write(root + 0x2000 + 8 * i, 8, i << 21 | page);
		}
	}

	/** Puts there what the guest hypervisor enters the program with. */
	static void enter(BareGuest guest, Wishes wishes) {
		NestedProgram nested = new NestedProgram(guest);
		if (guest.guest.virtualization() == Virtualization.VMX) {
			nested.writeVmcs(wishes);
		} else {
			nested.writeVmcb(wishes);
		}
	}

	// ---- VMX ----

	private void writeVmcs(Wishes wishes) {
		Vmcs vmcs = new Vmcs();
		controls(vmcs, wishes);
		host(vmcs);
		guest(vmcs);
		long at = TABLE;
		for (VmcsField field : VmcsField.values()) {
			if (field.present() && !field.readOnly() && vmcs.read(field) != 0) {
				memory.write(at, 8, field.encoding());
				memory.write(at + 8, 8, vmcs.read(field));
				at += 16;
			}
		}
		memory.write(at, 8, -1);
	}

	private static void controls(Vmcs vmcs, Wishes wishes) {
		for (VmcsField field : new VmcsField[] { VmcsField.PIN_BASED_CONTROLS,
				VmcsField.PRIMARY_PROCESSOR_BASED_CONTROLS, VmcsField.VM_EXIT_CONTROLS, VmcsField.VM_ENTRY_CONTROLS }) {
			vmcs.write(field, VmxControl.allowedZero(field));
		}
		for (VmxControl control : new VmxControl[] { VmxControl.USE_MSR_BITMAPS, VmxControl.SAVE_DEBUG_CONTROLS,
				VmxControl.LOAD_DEBUG_CONTROLS, VmxControl.HOST_ADDRESS_SPACE_SIZE, VmxControl.IA_32E_MODE_GUEST }) {
			vmcs.set(control, true);
		}
		vmcs.set(VmxControl.EXTERNAL_INTERRUPT_EXITING, wishes.interrupts);
		vmcs.set(VmxControl.HLT_EXITING, wishes.halts);
		vmcs.set(VmxControl.ACTIVATE_SECONDARY_CONTROLS, wishes.paging);
		vmcs.set(VmxControl.ENABLE_EPT, wishes.paging);
		vmcs.set(VmxControl.MONITOR_TRAP_FLAG, wishes.monitorTrap);
		vmcs.set(VmxControl.ACTIVATE_VMX_PREEMPTION_TIMER, wishes.timer != 0);
		vmcs.write(VmcsField.VMX_PREEMPTION_TIMER_VALUE, wishes.timer);
		vmcs.write(VmcsField.EXCEPTION_BITMAP, wishes.exceptions);
		vmcs.write(VmcsField.ADDRESS_OF_MSR_BITMAPS, MSR_BITMAP);
		vmcs.write(VmcsField.EPT_POINTER, wishes.paging ? EPT | 6 | WALK_OF_FOUR : 0);
		vmcs.write(VmcsField.VMCS_LINK_POINTER, -1);
	}

	private static void host(Vmcs vmcs) {
		vmcs.write(VmcsField.HOST_CR0, CR0 | NE);
		vmcs.write(VmcsField.HOST_CR3, PML4);
		vmcs.write(VmcsField.HOST_CR4, CR4_PAE | CR4_VMXE);
		vmcs.write(VmcsField.HOST_CS_SELECTOR, CODE);
		for (VmcsField data : new VmcsField[] { VmcsField.HOST_SS_SELECTOR, VmcsField.HOST_DS_SELECTOR,
				VmcsField.HOST_ES_SELECTOR }) {
			vmcs.write(data, DATA);
		}
		vmcs.write(VmcsField.HOST_TR_SELECTOR, TASK);
		vmcs.write(VmcsField.HOST_GDTR_BASE, GDT);
		vmcs.write(VmcsField.HOST_IDTR_BASE, IDT);
		vmcs.write(VmcsField.HOST_RSP, HOST_STACK);
		vmcs.write(VmcsField.HOST_RIP, HOST);
	}

	private static void guest(Vmcs vmcs) {
		vmcs.write(VmcsField.GUEST_CR0, CR0 | NE);
		vmcs.write(VmcsField.GUEST_CR3, PML4);
		vmcs.write(VmcsField.GUEST_CR4, CR4_PAE | CR4_VMXE);
		int es = VmcsField.GUEST_ES_SELECTOR.encoding();
		for (int i = 0; i < 6; i++) {
			vmcs.write(es + 2 * i, i == 1 ? CODE : DATA);
			vmcs.write(VmcsField.GUEST_ES_LIMIT.encoding() + 2 * i, 0xffff_ffffL);
			vmcs.write(VmcsField.GUEST_ES_ACCESS_RIGHTS.encoding() + 2 * i, i == 1 ? 0xa09b : 0xc093);
		}
		vmcs.write(VmcsField.GUEST_LDTR_ACCESS_RIGHTS, 0x1_0000);
		vmcs.write(VmcsField.GUEST_TR_SELECTOR, TASK);
		vmcs.write(VmcsField.GUEST_TR_LIMIT, 0x67);
		vmcs.write(VmcsField.GUEST_TR_ACCESS_RIGHTS, 0x8b);
		vmcs.write(VmcsField.GUEST_GDTR_BASE, GDT);
		vmcs.write(VmcsField.GUEST_GDTR_LIMIT, GDT_LIMIT);
		vmcs.write(VmcsField.GUEST_IDTR_BASE, IDT);
		vmcs.write(VmcsField.GUEST_IDTR_LIMIT, IDT_LIMIT);
		vmcs.write(VmcsField.GUEST_DR7, 0x400);
		vmcs.write(VmcsField.GUEST_RSP, BareGuest.STACK);
		vmcs.write(VmcsField.GUEST_RIP, PROGRAM);
		vmcs.write(VmcsField.GUEST_RFLAGS, 2);
	}

	// ---- SVM ----

	private void writeVmcb(Wishes wishes) {
		Vmcb vmcb = new Vmcb();
		for (SvmExitCode code : new SvmExitCode[] { SvmExitCode.VMRUN, SvmExitCode.CPUID, SvmExitCode.SHUTDOWN }) {
			vmcb.intercept(code, true);
		}
		vmcb.intercept(SvmExitCode.INTR, wishes.interrupts);
		vmcb.intercept(SvmExitCode.HLT, wishes.halts);
		vmcb.write(VmcbField.INTERCEPT_EXCEPTIONS, wishes.exceptions);
		vmcb.write(VmcbField.GUEST_ASID, 1);
		vmcb.write(VmcbField.NP_ENABLE, wishes.paging ? Vmcb.NESTED_PAGING : 0);
		vmcb.write(VmcbField.N_CR3, wishes.paging ? NPT : 0);
		vmcb.write(VmcbField.G_PAT, 0x0007_0406_0007_0406L);
		guest(vmcb);
		// What an earlier program left there would be entered with.
		for (int i = 0; i < CONTROL_BLOCK_BYTES; i += 8) {
			memory.write(CONTROL_BLOCK + i, 8, 0);
		}
		for (VmcbField field : VmcbField.values()) {
			if (vmcb.read(field) != 0) {
				memory.write(CONTROL_BLOCK + field.offset(), field.bytes(), vmcb.read(field));
			}
		}
	}

	private static void guest(Vmcb vmcb) {
		vmcb.write(VmcbField.CS_SELECTOR, CODE);
		vmcb.write(VmcbField.CS_ATTRIB, 0xa9b);
		vmcb.write(VmcbField.CS_LIMIT, 0xffff_ffffL);
		VmcbField[][] segments = { { VmcbField.ES_SELECTOR, VmcbField.ES_ATTRIB, VmcbField.ES_LIMIT },
				{ VmcbField.SS_SELECTOR, VmcbField.SS_ATTRIB, VmcbField.SS_LIMIT },
				{ VmcbField.DS_SELECTOR, VmcbField.DS_ATTRIB, VmcbField.DS_LIMIT } };
		for (VmcbField[] segment : segments) {
			vmcb.write(segment[0], DATA);
			vmcb.write(segment[1], 0xc93);
			vmcb.write(segment[2], 0xffff_ffffL);
		}
		vmcb.write(VmcbField.GDTR_BASE, GDT);
		vmcb.write(VmcbField.GDTR_LIMIT, GDT_LIMIT);
		vmcb.write(VmcbField.IDTR_BASE, IDT);
		vmcb.write(VmcbField.IDTR_LIMIT, IDT_LIMIT);
		vmcb.write(VmcbField.CR0, CR0);
		vmcb.write(VmcbField.CR3, PML4);
		vmcb.write(VmcbField.CR4, CR4_PAE);
		vmcb.write(VmcbField.EFER, LONG_MODE | SVME);
		vmcb.write(VmcbField.DR6, 0xffff_0ff0L);
		vmcb.write(VmcbField.DR7, 0x400);
		vmcb.write(VmcbField.RSP, BareGuest.STACK);
		vmcb.write(VmcbField.RIP, PROGRAM);
		vmcb.write(VmcbField.RFLAGS, 2);
	}
}
