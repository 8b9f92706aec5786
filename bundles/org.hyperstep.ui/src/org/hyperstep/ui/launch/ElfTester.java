/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

import org.eclipse.core.expressions.PropertyTester;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.runtime.Adapters;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.jdt.annotation.Nullable;

/** The property "isElf" of files: whether their first bytes are those of an ELF file. */
public final class ElfTester extends PropertyTester {
	private static final byte[] MAGIC = { 0x7f, 'E', 'L', 'F' };

	@Override
	public boolean test(@Nullable Object receiver, String property, Object[] arguments, @Nullable Object expected) {
		return Adapters.adapt(receiver, IFile.class) instanceof IFile file && isElf(file);
	}

	static boolean isElf(IFile file) {
		if (!file.isLocal(0) || !file.exists()) {
			return false;
		}
		try (InputStream content = file.getContents(true)) {
			return Arrays.equals(MAGIC, content.readNBytes(MAGIC.length));
		} catch (CoreException | IOException unreadable) {
			// what can't be read can't be launched
			return false;
		}
	}
}
