/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.pending;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.eclipse.jdt.annotation.NonNull;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.action.ActionContributionItem;
import org.eclipse.jface.action.IAction;
import org.eclipse.jface.action.IMenuManager;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.jface.action.Separator;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.jface.commands.ActionHandler;
import org.eclipse.ui.handlers.IHandlerService;
import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.ui.HyperstepUi;
import org.hyperstep.ui.ViewAction;
import org.hyperstep.ui.session.EngineRequest;
import org.hyperstep.ui.session.Guests;
import org.hyperstep.ui.session.GuestView;
import org.hyperstep.ui.session.Newest;
import org.hyperstep.ui.table.RowTable;

/** What is held back from each CPU of the guest that the user looks at, and why; each can be delivered now. */
public final class PendingEventsView extends GuestView<@NonNull PendingFeed> {
	private final Newest<List<PendingEvent>> arrivals = new Newest<>(this::show);
	/** For the button, the context menu and the key. */
	private final IAction deliver = new ViewAction(Messages.View_deliver, () -> selected().ifPresent(this::deliver))
			.withIcon("deliver").withCommand(HyperstepUi.DELIVER_COMMAND); //$NON-NLS-1$
	private final IAction deliverAll = new ViewAction(Messages.View_deliverAll,
			() -> guest().ifPresent(DeliverAllHandler::deliverAll)).withCommand(HyperstepUi.DELIVER_ALL_COMMAND);
	private final List<IAction> raising = Arrays.stream(Raise.values()).map(this::action).toList();
	private @Nullable RowTable<PendingEvent> table;

	@Override
	public void createPartControl(Composite parent) {
		GridLayoutFactory.fillDefaults().applyTo(parent);
		RowTable<PendingEvent> events = new RowTable<>(parent, PendingColumns.ALL);
		GridDataFactory.fillDefaults().grab(true, true).applyTo(events.control());
		events.onSelect(this::enableDelivery);
		events.onOpen(this::deliver);
		deliver.setToolTipText(Messages.View_deliverHelp);
		table = events;
		getSite().getService(IHandlerService.class).activateHandler(HyperstepUi.DELIVER_COMMAND,
				new ActionHandler(deliver));
		ActionContributionItem button = new ActionContributionItem(deliver);
		button.setMode(ActionContributionItem.MODE_FORCE_TEXT);
		getViewSite().getActionBars().getToolBarManager().add(button);
		ActionContributionItem allButton = new ActionContributionItem(deliverAll);
		allButton.setMode(ActionContributionItem.MODE_FORCE_TEXT);
		getViewSite().getActionBars().getToolBarManager().add(allButton);
		MenuManager context = new MenuManager();
		for (IMenuManager menu : List.of(context, getViewSite().getActionBars().getMenuManager())) {
			menu.add(deliver);
			menu.add(deliverAll);
			menu.add(new Separator());
			raising.forEach(menu::add);
		}
		events.control().setMenu(context.createContextMenu(events.control()));
		begin();
	}

	@Override
	public void setFocus() {
		if (table instanceof RowTable<PendingEvent> shown) {
			shown.control().setFocus();
		}
	}

	/** The events that are shown now. */
	List<PendingEvent> events() {
		return table instanceof RowTable<PendingEvent> shown ? shown.rows() : List.of();
	}

	@Override
	protected void clear() {
		arrivals.forget();
		show(List.of());
	}

	@Override
	protected PendingFeed feedOf(Target guest) {
		return new PendingFeed(guest, arrivals::comes);
	}

	private void show(List<PendingEvent> events) {
		if (table instanceof RowTable<PendingEvent> shown && !shown.control().isDisposed()) {
			shown.show(events, false);
			if (shown.control().getSelectionCount() == 0 && !events.isEmpty()) {
				shown.control().select(0);
			}
			setContentDescription(description(events.size()));
			enableDelivery();
		}
	}

	private String description(int count) {
		Optional<Target> guest = guest();
		if (guest.isEmpty()) {
			return Messages.View_noGuest;
		}
		Optional<StopEvent.Halted> halted = halted(guest.get());
		if (halted.isPresent()) {
			return Messages.bind(Messages.View_halted, new Object[] { guest.get().name(),
					Integer.valueOf(halted.get().cpu()), Integer.valueOf(halted.get().heldBack()) });
		}
		String state = guest.get().policy().masks() ? Messages.View_masked : Messages.View_notMasked;
		return count == 0 ? Messages.bind(Messages.View_nothing, guest.get().name(), state)
				: Messages.bind(Messages.View_some, new Object[] { guest.get().name(), state, Integer.valueOf(count) });
	}

	/** A CPU that only an event can wake that the debugger holds back. */
	private static Optional<StopEvent.Halted> halted(Target guest) {
		return IntStream.range(0, guest.cpus()).mapToObj(guest::lastStop).flatMap(Optional::stream)
				.filter(StopEvent.Halted.class::isInstance).map(StopEvent.Halted.class::cast)
				.filter(halted -> halted.heldBack() > 0).findFirst();
	}

	private Optional<PendingEvent> selected() {
		return table instanceof RowTable<PendingEvent> shown && !shown.control().isDisposed() ? shown.single()
				: Optional.empty();
	}

	private IAction action(Raise raise) {
		return new ViewAction(raise.label(),
				() -> guest().ifPresent(guest -> raise.perform(getSite().getShell(), guest)))
				.withCommand(raise.command());
	}

	/** Has the engine deliver an event; the stop that follows comes back through the session like any other. */
	void deliver(PendingEvent event) {
		guest().ifPresent(target -> EngineRequest.ask(
				Messages.bind(Messages.View_delivering, PendingColumns.kind(event.kind()), event.source()),
				() -> target.deliverNow(event.cpu(), event)));
	}

	private boolean stands(PendingEvent event) {
		return guest().filter(Guests::lives).filter(target -> !target.running(event.cpu())).isPresent();
	}

	private void enableDelivery() {
		boolean lives = guest().filter(Guests::lives).isPresent();
		raising.forEach(action -> action.setEnabled(lives));
		deliver.setEnabled(selected().filter(this::stands).isPresent());
		deliverAll.setEnabled(events().stream().anyMatch(this::stands));
	}
}
