/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

/** How users write modules. */
@SuppressWarnings("nls")
class BootModuleTest {
	@Test
	void theTextGoesToTheEnd() throws ImageException {
		assertEquals(new BootModule(Path.of("/boot/a,b"), "console=hvc0 x=1,text=2"),
				BootModule.parse("/boot/a,b,text=console=hvc0 x=1,text=2"));
		assertEquals(BootModule.of(Path.of("plain,name")), BootModule.parse("plain,name"));
	}

	@Test
	void aModuleNeedsAFile() {
		assertEquals("a module needs the name of its file",
				assertThrows(ImageException.class, () -> BootModule.parse(",text=x")).getMessage());
		assertEquals("'a\0b' is not a file name",
				assertThrows(ImageException.class, () -> BootModule.parse("a\0b")).getMessage());
	}
}
