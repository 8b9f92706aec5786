/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

/**
 * How AVIC's doorbell messages reach other processors (AMD APM volume 2, "Doorbell Mechanism"). Called on the machine's
 * thread.
 */
@FunctionalInterface
public interface Doorbell {
	/** No other processor is there. */
	Doorbell NONE = apicId -> {
	};

	/**
	 * Signals the processor with this physical APIC ID: a virtual interrupt may wait for its guest. An ID that no processor
	 * has, or one that runs no such guest, takes no notice.
	 */
	void ring(int apicId);
}
