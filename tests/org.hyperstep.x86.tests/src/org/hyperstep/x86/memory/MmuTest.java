/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.SystemFixture;
import org.hyperstep.x86.virtualization.Interception;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class MmuTest {
	private static final long USER = 4, WRITABLE = 2, PRESENT = 1, ACCESSED = 0x20, DIRTY = 0x40, LARGE = 0x80,
			GLOBAL = 0x100, NX = 1L << 63;
	private static final long PAGE = 0x20_0000;

	private final SystemFixture fixture = new SystemFixture();
	private final CpuState state = fixture.state;
	private final Mmu mmu = fixture.unit.mmu;

	private String read(long linear) {
		return fixture.outcome(() -> mmu.read8(linear));
	}

	private String write(long linear) {
		return fixture.outcome(() -> mmu.write8(linear, 1));
	}

	private String fetch(long linear) {
		return fixture.outcome(() -> mmu.fetch(linear));
	}

	private void level(int cpl) {
		state.cpl = cpl;
		mmu.privilegeChanged();
	}

	@Test
	void withoutPagingLinearIsPhysical() {
		fixture.protectedMode(0);
		mmu.write32(0x12345, 0xcafe_babeL);
		assertEquals(0xcafe_babeL, fixture.memory.read(0x12345, 4));
	}

	@Test
	void walkSetsAccessedEverywhereAndDirtyInTheLastEntryOnWrite() {
		fixture.longMode(0);
		long leaf = fixture.entry(PAGE, 1);
		mmu.read8(PAGE);
		assertEquals(ACCESSED, fixture.memory.read(leaf, 8) & (ACCESSED | DIRTY));
		assertEquals(ACCESSED, fixture.memory.read(fixture.entry(PAGE, 4), 8) & (ACCESSED | DIRTY));
		mmu.write8(PAGE, 1);
		assertEquals(ACCESSED | DIRTY, fixture.memory.read(leaf, 8) & (ACCESSED | DIRTY));
		assertEquals(ACCESSED, fixture.memory.read(fixture.entry(PAGE, 2), 8) & (ACCESSED | DIRTY));
	}

	@Test
	void errorCodeTellsPresentWriteUserAndFetch() {
		fixture.longMode(0).map(PAGE, 0, 0).map(PAGE + 0x1000, 0, PRESENT | NX);
		assertEquals("14(0)", read(PAGE));
		assertEquals("14(2)", write(PAGE));
		assertEquals("14(10)", fetch(PAGE));
		assertEquals("14(3)", write(PAGE + 0x1000));
		assertEquals("14(11)", fetch(PAGE + 0x1000));
		level(3);
		assertEquals("14(4)", read(PAGE));
		assertEquals("14(5)", read(PAGE + 0x1000));
		assertEquals("14(7)", write(PAGE + 0x1000));
		assertEquals("14(15)", fetch(PAGE + 0x1000));
	}

	@Test
	void pageFaultCarriesTheLinearAddressOfTheByteThatFailed() {
		fixture.longMode(0).map(PAGE + 0x1000, 0, 0);
		assertEquals(PAGE + 0x1000, fixture.faultOf(() -> mmu.read64(PAGE + 0xffc)).payload());
		assertEquals(PAGE + 0x1000, fixture.faultOf(() -> mmu.write64(PAGE + 0xffc, -1)).payload());
		assertEquals(0, mmu.read32(PAGE + 0xffc), "a write that faults on its second page stores nothing");
	}

	@Test
	void reservedBitsFault() {
		fixture.longMode(0).map(PAGE, 1L << 50, PRESENT);
		assertEquals("14(9)", read(PAGE));
		fixture.memory.write(fixture.entry(PAGE, 4), 8, fixture.memory.read(fixture.entry(PAGE, 4), 8) | LARGE);
		mmu.flushAll();
		assertEquals("14(9)", read(PAGE));
	}

	@Test
	void noExecuteBitIsReservedWithoutNxe() {
		fixture.longMode(0).map(PAGE, 0, PRESENT | NX);
		state.efer &= ~CpuState.EFER_NXE;
		assertEquals("14(9)", read(PAGE));
		assertEquals("14(9)", fetch(PAGE), "no fetch bit without NX and SMEP");
	}

	@Test
	void supervisorWritesReadOnlyPagesOnlyWithoutWriteProtect() {
		fixture.longMode(0).map(PAGE, 0x5000, PRESENT);
		assertEquals("14(3)", write(PAGE));
		state.cr0 &= ~CpuState.CR0_WP;
		mmu.flushAll();
		assertEquals("none", write(PAGE));
		level(3);
		assertEquals("14(7)", write(PAGE));
	}

	@Test
	void smepAndSmapKeepTheSupervisorFromUserPages() {
		fixture.longMode(0).map(PAGE, 0x5000, PRESENT | WRITABLE | USER);
		assertEquals("none", fetch(PAGE));
		state.cr4 |= CpuState.CR4_SMEP | CpuState.CR4_SMAP;
		mmu.flushAll();
		assertEquals("14(11)", fetch(PAGE));
		assertEquals("14(1)", read(PAGE));
		assertEquals("14(3)", write(PAGE));
		state.rflags |= CpuState.AC;
		mmu.privilegeChanged();
		assertEquals("none", read(PAGE));
		assertEquals("14(1)", fixture.outcome(() -> mmu.readSupervisor(PAGE, 8)),
				"AC does not help implicit accesses");
		level(3);
		assertEquals("none", fetch(PAGE));
	}

	@Test
	void userSeesPageOnlyIfEveryLevelAllows() {
		fixture.longMode(3);
		assertEquals("none", read(PAGE));
		long middle = fixture.entry(PAGE, 2);
		fixture.memory.write(middle, 8, fixture.memory.read(middle, 8) & ~USER);
		assertEquals("none", read(PAGE), "the TLB still has it");
		mmu.flushPage(PAGE);
		assertEquals("14(5)", read(PAGE));
		assertEquals("none", fixture.outcome(() -> mmu.readSupervisor(PAGE, 1)));
	}

	@Test
	void largePagesTranslateAndInvlpgDropsAllTheirParts() {
		fixture.longMode(0);
		long linear = 0x8000_0000L;
		long directory = fixture.entry(linear, 2);
		fixture.memory.write(directory, 8, 0x20_0000 | PRESENT | WRITABLE | LARGE);
		mmu.write8(linear + 0x5123, 0x77);
		mmu.write8(linear + 0x6123, 0x78);
		assertEquals(0x77, fixture.memory.read(0x20_5123, 1));
		fixture.memory.write(directory, 8, 0 | PRESENT | WRITABLE | LARGE);
		mmu.flushPage(linear);
		mmu.write8(linear + 0x6123, 0x79);
		assertEquals(0x78, fixture.memory.read(0x20_6123, 1));
		assertEquals(0x79, fixture.memory.read(0x6123, 1));
		fixture.memory.write(directory, 8, 0x1000 << 1 | PRESENT | LARGE);
		mmu.flushPage(linear);
		assertEquals("14(9)", read(linear), "bits 20:13 of a 2-MByte page are reserved");
	}

	@Test
	void oneGigabytePageTranslates() {
		fixture.longMode(0);
		long linear = 0x40_0000_0000L;
		fixture.memory.write(fixture.entry(linear, 3), 8, PRESENT | WRITABLE | LARGE);
		mmu.write8(linear + 0x30_0123, 0x55);
		assertEquals(0x55, fixture.memory.read(0x30_0123, 1));
		assertEquals(0x30_0123, mmu.translateForDebugger(linear + 0x30_0123));
	}

	@Test
	void globalPagesSurviveTheLoadOfCr3() {
		fixture.longMode(0);
		state.cr4 |= CpuState.CR4_PGE;
		fixture.map(PAGE, 0x5000, PRESENT | GLOBAL).map(PAGE + 0x1000, 0x5000, PRESENT);
		mmu.read8(PAGE);
		mmu.read8(PAGE + 0x1000);
		fixture.memory.write(fixture.entry(PAGE, 1), 8, 0);
		fixture.memory.write(fixture.entry(PAGE + 0x1000, 1), 8, 0);
		mmu.flush();
		assertEquals("none", read(PAGE));
		assertEquals("14(0)", read(PAGE + 0x1000));
		mmu.flushPage(PAGE);
		assertEquals("14(0)", read(PAGE));
	}

	@Test
	void nonCanonicalAddressIsGeneralProtectionOrStackFault() {
		fixture.longMode(0);
		assertEquals("13(0)", read(0x8000_0000_0000L));
		assertEquals("13(0)", fixture.outcome(() -> mmu.read64(0x7fff_ffff_fffcL)));
		assertEquals(Vector.SS,
				fixture.faultOf(() -> mmu.read8(0x8000_0000_0000L)).throughStackSegment().vector());
	}

	@Test
	void twoLevelPagingWithAndWithoutLargePages() {
		fixture.protectedMode(0);
		long directory = 0x10000;
		long table = 0x11000;
		fixture.memory.write(directory, 4, table | PRESENT | WRITABLE);
		fixture.memory.write(directory + 4, 4, PRESENT | WRITABLE | LARGE);
		fixture.memory.write(table + 5 * 4, 4, 0x7000 | PRESENT);
		state.cr3 = directory;
		state.cr4 |= CpuState.CR4_PSE;
		state.cr0 |= CpuState.CR0_PG | CpuState.CR0_WP;
		mmu.stateReplaced();
		fixture.memory.write(0x7010, 1, 0x31);
		assertEquals(0x31, mmu.read8(0x5010));
		assertEquals("14(3)", write(0x5010));
		mmu.write8(0x40_0000 + 0x7011, 0x32);
		assertEquals(0x32, fixture.memory.read(0x7011, 1));
		assertEquals(PRESENT | WRITABLE | LARGE | ACCESSED | DIRTY, fixture.memory.read(directory + 4, 4));
		assertEquals("14(0)", fetch(0x80_0000), "no fetch bit without NX and SMEP");
		assertEquals(0x7010, mmu.translateForDebugger(0x5010));
	}

	@Test
	void paePagingUsesThePdpteRegisters() {
		fixture.protectedMode(0);
		fixture.memory.write(0x11000, 8, 0x12000 | 7);
		fixture.memory.write(0x12000 + 8, 8, 0x7000 | PRESENT | WRITABLE);
		fixture.memory.write(0x12000 + 16, 8, 0x7000 | PRESENT | 1L << 52);
		state.pdpte[3] = 0x11000 | PRESENT;
		state.cr4 |= CpuState.CR4_PAE;
		state.cr0 |= CpuState.CR0_PG;
		mmu.stateReplaced();
		mmu.write8(0xc000_1044L, 0x66);
		assertEquals(0x66, fixture.memory.read(0x7044, 1));
		assertEquals("14(9)", read(0xc000_2000L), "bits 62:52 are reserved in PAE paging");
		assertEquals("14(0)", read(0x4000_0000L));
		assertEquals(0x7044, mmu.translateForDebugger(0xc000_1044L));
	}

	@Test
	void alignmentIsCheckedForTheUserWithBothBitsSet() {
		fixture.longMode(3);
		state.rflags |= CpuState.AC;
		mmu.privilegeChanged();
		assertEquals("none", fixture.outcome(() -> mmu.read32(PAGE + 1)));
		state.cr0 |= CpuState.CR0_AM;
		mmu.privilegeChanged();
		assertEquals("17(0)", fixture.outcome(() -> mmu.read32(PAGE + 1)));
		assertEquals("17(0)", fixture.outcome(() -> mmu.write64(PAGE + 4, 0)));
		assertEquals("none", fixture.outcome(() -> mmu.read32(PAGE + 4)));
		level(0);
		assertEquals("none", fixture.outcome(() -> mmu.read32(PAGE + 1)));
	}

	@Test
	void prepareWriteFaultsAsAWriteBeforeAnythingIsRead() {
		fixture.longMode(0).map(PAGE + 0x1000, 0x5000, PRESENT);
		assertEquals("14(3)", fixture.outcome(() -> mmu.prepareWrite(PAGE + 0xffe, 4)));
		assertEquals("none", fixture.outcome(() -> mmu.prepareWrite(PAGE + 0xffe, 2)));
	}

	@Test
	void storesIntoCodePagesAreToldThoughTheTlbHasThem() {
		fixture.longMode(0);
		int[] told = { 0 };
		fixture.memory.addCodeListener((address, length) -> {
			told[0]++;
			return 1;
		});
		mmu.write8(PAGE + 0x10, 1);
		fixture.memory.markCode(PAGE, 64);
		mmu.write8(PAGE + 0x10, 2);
		mmu.write8(PAGE + 0x50, 2);
		mmu.write64(PAGE + 0x3c, 2);
		assertEquals(2, told[0]);
	}

	@Test
	void pageThatHoldsNoCodeAnyMoreIsWrittenFastAgainUntilItDoes() {
		fixture.longMode(0);
		int[] told = { 0 };
		fixture.memory.addCodeListener((address, length) -> {
			told[0]++;
			return 0;
		});
		fixture.memory.markCode(PAGE, 64);
		int index = (int) (PAGE >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | mmu.section;
		mmu.write8(PAGE + 0x10, 1);
		assertNotEquals(PAGE, mmu.tlb.writeTag[index]);
		for (int i = 0; i < 100; i++) {
			mmu.write8(PAGE + 0x10, 2);
		}
		assertEquals(1, told[0]);
		assertEquals(PAGE, mmu.tlb.writeTag[index]);
		fixture.memory.markCode(PAGE, 64);
		mmu.write8(PAGE + 0x10, 3);
		assertEquals(2, told[0]);
	}

	@Test
	void debuggerTranslatesWithoutEffect() {
		fixture.longMode(0).map(PAGE, 0x5000, PRESENT);
		assertEquals(0x5123, mmu.translateForDebugger(PAGE + 0x123));
		assertEquals(0, fixture.memory.read(fixture.entry(PAGE, 1), 8) & ACCESSED);
		assertEquals(-1, mmu.translateForDebugger(0x7000_0000_0000L));
	}

	@Test
	void secondLevelTranslatesPagesAndWalksAndLimitsPermissions() {
		fixture.longMode(0);
		int[] walks = { 0 };
		fixture.unit.setInterception(new Interception() {
			@Override
			public long translate(long guestPhysical, int access, long linear, boolean forWalk) {
				walks[0] += forWalk ? 1 : 0;
				return forWalk ? guestPhysical : guestPhysical ^ 0x10_0000;
			}

			@Override
			public int pagePermissions() {
				return READ;
			}
		});
		fixture.memory.write(PAGE, 8, 1);
		fixture.memory.write(PAGE ^ 0x10_0000, 8, 2);
		assertEquals(2, mmu.read64(PAGE));
		// four entries read, each then written with its accessed bit
		assertEquals(true, walks[0] >= 4 && walks[0] <= 8);
		int before = walks[0];
		mmu.read64(PAGE + 8);
		assertEquals(before, walks[0], "the TLB answers");
		mmu.fetch(PAGE);
		assertEquals(before + 4, walks[0], "EXECUTE was not in the entry: asked again");
	}

	@Test
	void dataBreakpointsMatchByLengthAndKind() {
		fixture.longMode(0);
		state.breakpointAddress[0] = PAGE + 0x10;
		state.breakpointAddress[1] = PAGE + 0x21;
		// DR0: write, 4 bytes; DR1: read or write, 1 byte
		state.dr7 = 0x400 | 1 | 4 | 0xd_0000L | 0x30_0000L;
		mmu.breakpointsChanged();
		mmu.read32(PAGE + 0x10);
		mmu.write8(PAGE + 0x14, 1);
		mmu.write8(PAGE + 0xf, 1);
		assertEquals(0, mmu.breakpoints.met);
		mmu.write8(PAGE + 0x13, 1);
		assertEquals(1, mmu.breakpoints.met);
		mmu.read64(PAGE + 0x1a);
		assertEquals(3, mmu.breakpoints.met);
	}

	@Test
	void portBreakpointsNeedDebugExtensions() {
		fixture.protectedMode(0);
		state.breakpointAddress[2] = 0x3f8;
		state.dr7 = 0x400 | 1 << 4 | 2L << 24;
		mmu.breakpointsChanged();
		mmu.breakpoints.notePort(0x3f8, 1);
		assertEquals(0, mmu.breakpoints.met);
		state.cr4 |= CpuState.CR4_DE;
		mmu.breakpoints.notePort(0x3f7, 1);
		assertEquals(0, mmu.breakpoints.met);
		mmu.breakpoints.notePort(0x3f7, 2);
		assertEquals(4, mmu.breakpoints.met);
	}

	/** A guest may rely on no translation that it has not flushed; but runs must be alike whatever was stored before. */
	@Test
	void storesIntoAPageThatHeldCodeDoNotTouchItsTranslation() {
		fixture.longMode(0);
		long page = 0x30_0000;
		fixture.memory.markCode(page, 1);
		assertEquals("none", write(page));
		fixture.memory.write(fixture.entry(page, 1), 8, 0);
		for (int i = 0; i < 100; i++) {
			assertEquals("none", write(page + 0x800), "store " + i);
		}
	}
}
