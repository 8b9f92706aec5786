/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
#include "events.h"

#include "apic.h"
#include "console.h"
#include "descriptors.h"
#include "guest.h"
#include "registers.h"

struct event events[MOST_EVENTS];
volatile unsigned event_count;
uint64_t recovery_rip;
struct debug_policy debug_policy;

/* In entries.S. */
void call_entry(void);
void leave_user_entry(void);
void self_entry(void);
void timer_entry(void);
void spurious_entry(void);

enum { VECTOR_DB = 1, VECTOR_BP = 3, VECTOR_OF = 4, VECTOR_PF = 14, EXCEPTIONS = 32 };

static void log_debug_exception(struct interrupt_frame *frame, struct event *event)
{
	event->dr6 = read_dr6();
	event->dr7 = read_dr7();
	if (!debug_policy.keep_dr6)
		write_dr6(DR6_CLEAR);
	if (debug_policy.resume_with_rf)
		frame->rflags |= RFLAGS_RF;
}

static bool is_fault(uint64_t vector)
{
	return vector < EXCEPTIONS && vector != VECTOR_DB && vector != VECTOR_NMI && vector != VECTOR_BP
		&& vector != VECTOR_OF;
}

static void abandon_seam(struct interrupt_frame *frame)
{
	frame->rip = (uint64_t)abandoned;
	frame->cs = SELECTOR_CODE64;
	frame->ss = SELECTOR_DATA;
	frame->rflags = RFLAGS_ALWAYS_ONE;
}

static void log_event(struct interrupt_frame *frame)
{
	struct event *event = &events[event_count];
	if (event_count == MOST_EVENTS) {
		print("seams: too many events\n");
		exit_guest(EXIT_UNEXPECTED_EXCEPTION);
	}
	*event = (struct event) {
		.vector = frame->vector, .error_code = frame->error_code, .rip = frame->rip, .cs = frame->cs,
		.flags = frame->rflags, .rcx = frame->rcx, .rdi = frame->rdi,
	};
	if (frame->vector == VECTOR_DB)
		log_debug_exception(frame, event);
	if (frame->vector == VECTOR_PF)
		event->cr2 = read_cr2();
	if (frame->vector == VECTOR_SELF || frame->vector == VECTOR_TIMER)
		write_apic(APIC_EOI, 0);
	if (is_fault(frame->vector) && recovery_rip) {
		frame->rip = recovery_rip;
		recovery_rip = 0;
	} else if (is_fault(frame->vector)) {
		abandon_seam(frame);
	}
	event_count++;
}

void clear_events(void)
{
	event_count = 0;
	recovery_rip = 0;
	debug_policy = (struct debug_policy) { 0 };
}

void open_events(void)
{
	for (unsigned vector = 0; vector < EXCEPTIONS; vector++)
		set_handler(vector, log_event);
	set_handler(VECTOR_CALL, log_event);
	set_handler(VECTOR_SELF, log_event);
	set_handler(VECTOR_TIMER, log_event);
	set_gate(VECTOR_CALL, call_entry, 3);
	set_gate(VECTOR_LEAVE_USER, leave_user_entry, 3);
	set_gate(VECTOR_SELF, self_entry, 0);
	set_gate(VECTOR_TIMER, timer_entry, 0);
	set_gate(VECTOR_SPURIOUS, spurious_entry, 0);
}
