/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import org.eclipse.osgi.util.NLS;

final class Messages extends NLS {
	public static String Column_number = ""; //$NON-NLS-1$
	public static String Column_numberHelp = ""; //$NON-NLS-1$
	public static String Column_time = ""; //$NON-NLS-1$
	public static String Column_timeHelp = ""; //$NON-NLS-1$
	public static String Column_cpu = ""; //$NON-NLS-1$
	public static String Column_cpuHelp = ""; //$NON-NLS-1$
	public static String Column_retired = ""; //$NON-NLS-1$
	public static String Column_retiredHelp = ""; //$NON-NLS-1$
	public static String Column_level = ""; //$NON-NLS-1$
	public static String Column_levelHelp = ""; //$NON-NLS-1$
	public static String FilterBar_textHelp = ""; //$NON-NLS-1$
	public static String Exit_reason = ""; //$NON-NLS-1$
	public static String Exit_reasonHelp = ""; //$NON-NLS-1$
	public static String Exit_number = ""; //$NON-NLS-1$
	public static String Exit_numberHelp = ""; //$NON-NLS-1$
	public static String Exit_count = ""; //$NON-NLS-1$
	public static String Exit_countHelp = ""; //$NON-NLS-1$
	public static String Exit_share = ""; //$NON-NLS-1$
	public static String Exit_shareHelp = ""; //$NON-NLS-1$
	public static String Exit_between = ""; //$NON-NLS-1$
	public static String Exit_betweenHelp = ""; //$NON-NLS-1$
	public static String Exit_addressHelp = ""; //$NON-NLS-1$
	public static String ExitFeed_name = ""; //$NON-NLS-1$
	public static String Exits_restart = ""; //$NON-NLS-1$
	public static String Exits_terms = ""; //$NON-NLS-1$
	public static String Exits_termsHelp = ""; //$NON-NLS-1$
	public static String Exits_byReason = ""; //$NON-NLS-1$
	public static String Exits_byPlace = ""; //$NON-NLS-1$
	public static String Exits_total = ""; //$NON-NLS-1$
	public static String Exits_exportTitle = ""; //$NON-NLS-1$
	public static String Column_event = ""; //$NON-NLS-1$
	public static String Column_eventHelp = ""; //$NON-NLS-1$
	public static String Column_details = ""; //$NON-NLS-1$
	public static String Column_detailsHelp = ""; //$NON-NLS-1$
	public static String Column_address = ""; //$NON-NLS-1$
	public static String Column_addressHelp = ""; //$NON-NLS-1$
	public static String Column_location = ""; //$NON-NLS-1$
	public static String Column_locationHelp = ""; //$NON-NLS-1$
	public static String EventExport_name = ""; //$NON-NLS-1$
	public static String EventExport_failed = ""; //$NON-NLS-1$
	public static String EventExport_progress = ""; //$NON-NLS-1$
	public static String FilterBar_kindsHelp = ""; //$NON-NLS-1$
	public static String FilterBar_allKinds = ""; //$NON-NLS-1$
	public static String FilterBar_someKinds = ""; //$NON-NLS-1$
	public static String FilterBar_showAll = ""; //$NON-NLS-1$
	public static String FilterBar_showNone = ""; //$NON-NLS-1$
	public static String FilterBar_cpusHelp = ""; //$NON-NLS-1$
	public static String FilterBar_allCpus = ""; //$NON-NLS-1$
	public static String FilterBar_cpu = ""; //$NON-NLS-1$
	public static String FilterBar_text = ""; //$NON-NLS-1$
	public static String FilterBar_counts = ""; //$NON-NLS-1$
	public static String FilterBar_countsOfNewest = ""; //$NON-NLS-1$
	public static String JournalFeed_name = ""; //$NON-NLS-1$
	public static String View_pause = ""; //$NON-NLS-1$
	public static String View_scrollLock = ""; //$NON-NLS-1$
	public static String View_export = ""; //$NON-NLS-1$
	public static String View_exportTitle = ""; //$NON-NLS-1$
	public static String View_exportTrace = ""; //$NON-NLS-1$
	public static String View_exportTraceMessage = ""; //$NON-NLS-1$
	public static String View_copy = ""; //$NON-NLS-1$
	public static String View_selectAll = ""; //$NON-NLS-1$
	public static String View_goTo = ""; //$NON-NLS-1$
	public static String View_noGuest = ""; //$NON-NLS-1$

	static {
		NLS.initializeMessages("org.hyperstep.ui.events.messages", Messages.class); //$NON-NLS-1$
	}

	private Messages() {
	}
}
