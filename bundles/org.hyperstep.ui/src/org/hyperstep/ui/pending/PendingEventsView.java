/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.pending;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.action.Action;
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
import org.eclipse.ui.part.ViewPart;
import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.ui.HyperstepUi;
import org.hyperstep.ui.session.ActiveGuest;
import org.hyperstep.ui.session.EngineRequest;
import org.hyperstep.ui.session.Guests;
import org.hyperstep.ui.session.Newest;
import org.hyperstep.ui.table.RowTable;

/** What is held back from each CPU of the guest that the user looks at, and why; each can be delivered now. */
public final class PendingEventsView extends ViewPart {
	private final Newest<List<PendingEvent>> arrivals = new Newest<>(this::show);
	private final IAction deliver = new DeliverAction();
	private final IAction deliverAll = action(Messages.View_deliverAll, HyperstepUi.DELIVER_ALL_COMMAND,
			() -> guest().ifPresent(DeliverAllHandler::deliverAll));
	private final List<IAction> raising = Arrays.stream(Raise.values()).map(this::action).toList();
	private @Nullable ActiveGuest active;
	private @Nullable PendingFeed feed;
	private @Nullable RowTable<PendingEvent> table;

	@Override
	public void createPartControl(Composite parent) {
		GridLayoutFactory.fillDefaults().applyTo(parent);
		RowTable<PendingEvent> events = new RowTable<>(parent, PendingColumns.ALL);
		GridDataFactory.fillDefaults().grab(true, true).applyTo(events.control());
		events.onSelect(this::enableDelivery);
		events.onOpen(this::deliver);
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
		ActiveGuest guests = new ActiveGuest(getSite().getWorkbenchWindow(), this::follow);
		active = guests;
		follow(guests.get());
	}

	@Override
	public void setFocus() {
		if (table instanceof RowTable<PendingEvent> shown) {
			shown.control().setFocus();
		}
	}

	@Override
	public void dispose() {
		if (active instanceof ActiveGuest following) {
			following.close();
		}
		unfollow();
		super.dispose();
	}

	/** The events that are shown now. */
	List<PendingEvent> events() {
		return table instanceof RowTable<PendingEvent> shown ? shown.rows() : List.of();
	}

	private void follow(Optional<Target> guest) {
		unfollow();
		arrivals.forget();
		show(List.of());
		guest.ifPresent(target -> feed = new PendingFeed(target, arrivals::comes));
	}

	private void unfollow() {
		if (feed instanceof PendingFeed old) {
			old.close();
		}
		feed = null;
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

	private Optional<Target> guest() {
		return active instanceof ActiveGuest following ? following.get() : Optional.empty();
	}

	private Optional<PendingEvent> selected() {
		return table instanceof RowTable<PendingEvent> shown && !shown.control().isDisposed() ? shown.single()
				: Optional.empty();
	}

	private IAction action(Raise raise) {
		return action(raise.label(), raise.command(),
				() -> guest().ifPresent(guest -> raise.perform(getSite().getShell(), guest)));
	}

	private static IAction action(String text, String command, Runnable run) {
		Action action = new Action(text) {
			@Override
			public void run() {
				run.run();
			}
		};
		action.setActionDefinitionId(command);
		return action;
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

	/** "Deliver this one now", for the button, the context menu and the key. */
	private final class DeliverAction extends Action {
		DeliverAction() {
			super(Messages.View_deliver, HyperstepUi.icon("deliver")); //$NON-NLS-1$
			setToolTipText(Messages.View_deliverHelp);
			setActionDefinitionId(HyperstepUi.DELIVER_COMMAND);
		}

		@Override
		public void run() {
			selected().ifPresent(PendingEventsView.this::deliver);
		}
	}
}
