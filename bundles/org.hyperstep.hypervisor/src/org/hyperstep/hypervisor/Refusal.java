/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/**
 * Why the hypervisor does not do what it was asked. Immutable.
 *
 * @param text readable reason
 */
public record Refusal(String text) {
}
