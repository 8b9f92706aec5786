/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.journal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.hyperstep.debug.EventKind;
import org.hyperstep.debug.JournalEntry;

/** How a trace is laid out, in the Trace Stream Description Language of CTF 1.8; the one table of events' fields. */
@SuppressWarnings("nls")
final class CtfMetadata {
	private static final String BEFORE_EVENTS = """
			/* CTF 1.8 */
			typealias integer { size = 8; align = 8; signed = false; } := uint8_t;
			typealias integer { size = 32; align = 8; signed = false; } := uint32_t;
			typealias integer { size = 32; align = 8; signed = true; } := int32_t;
			typealias integer { size = 64; align = 8; signed = false; } := uint64_t;
			typealias integer { size = 64; align = 8; signed = false; base = 16; } := address_t;
			trace {
				major = 1;
				minor = 8;
				byte_order = le;
				packet.header := struct { uint32_t magic; uint32_t stream_id; };
			};
			env {
				domain = "hypervisor";
				tracer_name = "hyperstep";
				tracer_major = 1;
				tracer_minor = 0;
			};
			clock {
				name = virtual;
				description = "The guest's own time since its start";
				freq = 1000000000;
				offset = 0;
			};
			typealias integer { size = 64; align = 8; signed = false; map = clock.virtual.value; } := timestamp_t;
			stream {
				id = 0;
				packet.context := struct {
					timestamp_t timestamp_begin;
					timestamp_t timestamp_end;
					uint64_t content_size;
					uint64_t packet_size;
					uint64_t events_discarded;
					uint32_t cpu_id;
				};
				event.header := struct { uint8_t id; timestamp_t timestamp; };
				event.context := struct {
					uint8_t level;
					uint64_t number;
					uint64_t retired;
					address_t linear;
				};
			};
			""";
	private static final String EVENT = """
			event {
				id = %d;
				name = "%s";
				stream_id = 0;
				fields := struct { %s};
			};
			""";

	private CtfMetadata() {
	}

	/** A field of an event. */
	enum Field {
		VECTOR("uint32_t vector"), REASON("uint32_t reason"), MODE("uint32_t mode"), STARTUP("int32_t startup_vector"),
		PORT("uint32_t port"), INFORMATION("address_t information") {
			@Override
			void put(ByteBuffer to, JournalEntry entry) {
				to.putLong(entry.information());
			}
		},
		SIZE("uint8_t size") {
			@Override
			void put(ByteBuffer to, JournalEntry entry) {
				to.put((byte) (entry.information() >>> Integer.SIZE));
			}
		},
		VALUE("uint32_t value") {
			@Override
			void put(ByteBuffer to, JournalEntry entry) {
				to.putInt((int) entry.information());
			}
		};

		private final String declaration;

		Field(String declaration) {
			this.declaration = declaration;
		}

		/** Writes the entry's code, which is what all fields but one are. */
		void put(ByteBuffer to, JournalEntry entry) {
			to.putInt(entry.code());
		}
	}

	/** The fields of a kind of event, in their order. */
	static List<Field> fields(EventKind kind) {
		return switch (kind.code()) {
			case VECTOR -> kind == EventKind.EXCEPTION ? List.of(Field.VECTOR, Field.INFORMATION)
					: List.of(Field.VECTOR);
			case EXIT_REASON -> List.of(Field.REASON, Field.INFORMATION);
			case MODE -> List.of(Field.MODE, Field.INFORMATION);
			case STARTUP -> List.of(Field.STARTUP);
			case PORT -> List.of(Field.PORT, Field.SIZE, Field.VALUE);
			case NOTHING -> List.of();
		};
	}

	/** The whole metadata. */
	static String text() {
		StringBuilder text = new StringBuilder(BEFORE_EVENTS);
		for (EventKind kind : EventKind.values()) {
			String fields = fields(kind).stream().map(field -> field.declaration + "; ").collect(Collectors.joining());
			text.append(EVENT.formatted(kind.ordinal(), kind.name().toLowerCase(Locale.ROOT), fields));
		}
		return text.toString();
	}
}
