/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tables of a qcow2 image that have one cluster each, by file offset. Those used last are kept, so that memory is bounded
 * whatever the file says. What is changed here reaches the file later; before it does, all that was written until then is
 * made to survive, so that a table never speaks of what is not there.
 */
final class ClusterTables {
	private static final int KEPT_BYTES = 4 << 20, FEWEST = 2, MOST = 64;

	private final DiskFile file;
	private final int clusterSize;
	private final int most;
	private final Map<Long, ByteBuffer> kept = new LinkedHashMap<>(16, 0.75f, true);
	private final Set<Long> changed = new HashSet<>();

	ClusterTables(DiskFile file, int clusterSize) {
		this.file = file;
		this.clusterSize = clusterSize;
		most = Math.clamp(KEPT_BYTES / clusterSize, FEWEST, MOST);
	}

	/** The table at a file offset, to be read, or changed by {@link #set}. */
	@SuppressWarnings("nls")
	ByteBuffer at(long offset) throws IOException {
		Optional<ByteBuffer> present = Optional.ofNullable(kept.get(Long.valueOf(offset)));
		if (present.isPresent()) {
			return present.get();
		}
		if (offset % clusterSize != 0 || offset <= 0 || offset > file.size() - clusterSize) {
			throw file.damaged("a table", offset);
		}
		ByteBuffer table = ByteBuffer.allocate(clusterSize);
		file.readFully(offset, table);
		keep(offset, table);
		return table;
	}

	/** A table that has just been written to the file. */
	void keep(long offset, ByteBuffer table) throws IOException {
		if (kept.size() >= most) {
			Iterator<Long> oldest = kept.keySet().iterator();
			long out = oldest.next().longValue();
			if (changed.contains(Long.valueOf(out))) {
				file.force();
				write(out);
			}
			kept.remove(Long.valueOf(out));
		}
		kept.put(Long.valueOf(offset), table);
	}

	/** Forgets a table that is one no more. */
	void drop(long offset) {
		kept.remove(Long.valueOf(offset));
		changed.remove(Long.valueOf(offset));
	}

	/** Changes an entry of eight bytes; the file learns of it later. */
	void set(long offset, int index, long value) throws IOException {
		at(offset).putLong(index * Long.BYTES, value);
		changed.add(Long.valueOf(offset));
	}

	boolean isChanged() {
		return !changed.isEmpty();
	}

	/** Writes what was changed. */
	void writeChanged() throws IOException {
		file.force();
		for (Long offset : changed.toArray(Long[]::new)) {
			write(offset.longValue());
		}
	}

	private void write(long offset) throws IOException {
		file.writeFully(offset, at(offset).duplicate().clear());
		changed.remove(Long.valueOf(offset));
	}
}
