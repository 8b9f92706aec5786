/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.hyperstep.debug.RegisterDescription.Field;
import org.hyperstep.hypervisor.GuestRegister;

/** The fields of the registers that have any: one row of text a field: bit or high:low, name, meaning. */
@SuppressWarnings("nls")
final class RegisterFields {
	private static final String DEBUG_CONDITIONS = """
			31:30 LEN3 length of breakpoint 3: 1, 2, 8, 4 bytes
			29:28 RW3 condition of breakpoint 3: execution, write, I/O, read or write
			27:26 LEN2 length of breakpoint 2: 1, 2, 8, 4 bytes
			25:24 RW2 condition of breakpoint 2: execution, write, I/O, read or write
			23:22 LEN1 length of breakpoint 1: 1, 2, 8, 4 bytes
			21:20 RW1 condition of breakpoint 1: execution, write, I/O, read or write
			19:18 LEN0 length of breakpoint 0: 1, 2, 8, 4 bytes
			17:16 RW0 condition of breakpoint 0: execution, write, I/O, read or write
			""";
	private static final String RIGHTS = """
			16 UNUSABLE loaded with a null selector
			15 G limit counts pages of 4 KiB
			14 DB 32-bit default operand size or stack
			13 L 64-bit code
			12 AVL available to software
			7 P present
			6:5 DPL descriptor privilege level
			4 S code or data, not a system descriptor
			3:0 TYPE type
			""";
	private static final Map<GuestRegister, String> ROWS = Map.ofEntries(Map.entry(GuestRegister.RFLAGS, """
			21 ID CPUID can be executed
			20 VIP virtual interrupt pending
			19 VIF virtual interrupt flag
			18 AC alignment check, or supervisor access to user pages
			17 VM virtual-8086 mode
			16 RF resume: no instruction breakpoint for one instruction
			14 NT nested task
			13:12 IOPL I/O privilege level
			11 OF overflow
			10 DF direction of string instructions
			9 IF maskable interrupts are enabled
			8 TF single-step trap
			7 SF sign
			6 ZF zero
			4 AF auxiliary carry
			2 PF even parity of the low byte
			0 CF carry
			"""), Map.entry(GuestRegister.CR0, """
			31 PG paging
			30 CD caches disabled
			29 NW not write-through
			18 AM alignment mask
			16 WP write protection holds for the supervisor
			5 NE x87 errors are exceptions
			4 ET extension type
			3 TS task switched
			2 EM x87 emulation
			1 MP monitor coprocessor
			0 PE protected mode
			"""), Map.entry(GuestRegister.CR3, """
			51:12 BASE guest-physical address of the top paging structure, in pages
			4 PCD cache disabled for it
			3 PWT write-through for it
			"""), Map.entry(GuestRegister.CR4, """
			24 PKS protection keys for supervisor pages
			23 CET control-flow enforcement
			22 PKE protection keys for user pages
			21 SMAP supervisor-mode access prevention
			20 SMEP supervisor-mode execution prevention
			18 OSXSAVE XSAVE enabled
			17 PCIDE process-context identifiers
			16 FSGSBASE RDFSBASE and its relatives enabled
			14 SMXE safer mode
			13 VMXE VMX
			12 LA57 5-level paging
			11 UMIP SGDT and its relatives are privileged
			10 OSXMMEXCPT SIMD floating-point exceptions
			9 OSFXSR FXSAVE and SSE
			8 PCE RDPMC at any privilege level
			7 PGE global pages
			6 MCE machine-check exception
			5 PAE physical-address extension
			4 PSE pages of 4 MiB
			3 DE debugging extensions
			2 TSD RDTSC is privileged
			1 PVI protected-mode virtual interrupts
			0 VME virtual-8086 mode extensions
			"""), Map.entry(GuestRegister.EFER, """
			15 TCE translation-cache extension
			14 FFXSR fast FXSAVE
			13 LMSLE long-mode segment limits
			12 SVME SVM
			11 NXE no-execute pages
			10 LMA long mode active
			8 LME long mode enabled
			0 SCE SYSCALL
			"""), Map.entry(GuestRegister.DR6, """
			16 RTM outside a transactional region
			15 BT task switch
			14 BS single step
			13 BD debug-register access
			3 B3 breakpoint 3
			2 B2 breakpoint 2
			1 B1 breakpoint 1
			0 B0 breakpoint 0
			"""), Map.entry(GuestRegister.DR7, DEBUG_CONDITIONS + """
			13 GD general detect
			9 GE exact breakpoints, global
			8 LE exact breakpoints, local
			7 G3 breakpoint 3 enabled, global
			6 L3 breakpoint 3 enabled, local
			5 G2 breakpoint 2 enabled, global
			4 L2 breakpoint 2 enabled, local
			3 G1 breakpoint 1 enabled, global
			2 L1 breakpoint 1 enabled, local
			1 G0 breakpoint 0 enabled, global
			0 L0 breakpoint 0 enabled, local
			"""), Map.entry(GuestRegister.DEBUGCTL, """
			1 BTF single-step on branches
			0 LBR last-branch record
			"""), Map.entry(GuestRegister.APIC_BASE, """
			51:12 BASE guest-physical address of the local APIC's page, in pages
			11 EN local APIC enabled
			10 EXTD x2APIC mode
			8 BSP bootstrap processor
			"""), Map.entry(GuestRegister.CS_RIGHTS, RIGHTS), Map.entry(GuestRegister.SS_RIGHTS, RIGHTS),
			Map.entry(GuestRegister.DS_RIGHTS, RIGHTS), Map.entry(GuestRegister.ES_RIGHTS, RIGHTS),
			Map.entry(GuestRegister.FS_RIGHTS, RIGHTS), Map.entry(GuestRegister.GS_RIGHTS, RIGHTS),
			Map.entry(GuestRegister.LDTR_RIGHTS, RIGHTS), Map.entry(GuestRegister.TR_RIGHTS, RIGHTS));

	private RegisterFields() {
	}

	/** The fields of a register, most significant first. */
	static List<Field> of(GuestRegister register) {
		List<Field> fields = new ArrayList<>();
		ROWS.getOrDefault(register, "").lines().forEach(row -> fields.add(field(row)));
		return List.copyOf(fields);
	}

	private static Field field(String row) {
		String[] parts = row.split(" ", 3);
		String[] bits = parts[0].split(":");
		int high = Integer.parseInt(bits[0]);
		int low = Integer.parseInt(bits[bits.length - 1]);
		return new Field(parts[1], low, high - low + 1, parts[2]);
	}
}
