//! Actions as rows of buttons and selects. What does not fit is left out, and the message says so.

use super::{limits, press, words};
use muster_core::chat::fit::web;
use muster_core::view::{Action, Does, Item, Section, View, Weight};
use serenity::builder::{
    CreateActionRow, CreateButton, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption,
};
use serenity::model::application::ButtonStyle;
use std::collections::HashSet;

/// The rows of a message, and whether something was left out.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) rows: Vec<CreateActionRow>,
    pub(super) lacking: bool,
}

/// A select before it is cut into pages.
struct Menu {
    label: String,
    /// Label and value of each option; without a value where Discord cannot hold it.
    options: Vec<(String, Option<String>)>,
}

/// The rows of a view: its buttons, its selects, one select for what can be done with the items of its lists, and one
/// for the buttons there is no place for.
pub(super) fn of(view: &View) -> Rows {
    let is_menu = |action: &&Action| matches!(action.does, Does::Choose(_));
    let (menus, buttons): (Vec<_>, Vec<_>) = view.actions.iter().partition(is_menu);
    let (buttons, more) = foremost(buttons);
    let mut rows = Rows::default();
    rows.buttons(&buttons);
    let menus = menus.into_iter().map(|action| Menu { label: action.label.clone(), options: options("", action) });
    let rest = more.into_iter().flat_map(|action| options("", action)).collect();
    let more = Menu { label: "More…".to_owned(), options: rest };
    for menu in menus.chain(beside_items(view)).chain([more]) {
        rows.menu(menu);
    }
    rows
}

/// The buttons there is place for, and the others. Links stay, since no select can lead anywhere, and what stands out.
fn foremost(actions: Vec<&Action>) -> (Vec<&Action>, Vec<&Action>) {
    let is_needed = |action: &Action| matches!(action.does, Does::Visit(_)) || action.weight == Weight::Primary;
    let needed = actions.iter().filter(|action| is_needed(action)).count();
    let mut places = limits::BUTTONS.saturating_sub(needed);
    let mut needed_places = limits::BUTTONS;
    actions.into_iter().partition(|action| {
        let left = if is_needed(action) { &mut needed_places } else { &mut places };
        let fits = *left > 0;
        *left = left.saturating_sub(1);
        fits
    })
}

/// What can be done with the items of the lists, by what it is called.
fn beside_items(view: &View) -> Vec<Menu> {
    let items = view.sections.iter().flat_map(|section| match section {
        Section::List(items) => items.as_slice(),
        Section::Text(_) | Section::Heading(_) | Section::Fields(_) | Section::Code(_) => &[],
    });
    let mut menus: Vec<Menu> = Vec::new();
    for Item { line, action } in items {
        let Some(action) = action else { continue };
        let label = format!("{}…", action.label);
        let options = options(&words::of(line), action);
        match menus.iter_mut().find(|menu| menu.label == label) {
            Some(menu) => menu.options.extend(options),
            None => menus.push(Menu { label, options }),
        }
    }
    menus
}

/// What an action offers in a select, about something or by its own name.
fn options(about: &str, action: &Action) -> Vec<(String, Option<String>)> {
    let name = if about.is_empty() { &action.label } else { about };
    match &action.does {
        Does::Run(call) => vec![(name.to_owned(), press::option(call, action.weight, false))],
        Does::Open(call) => vec![(name.to_owned(), press::option(call, action.weight, true))],
        Does::Visit(_) => vec![(name.to_owned(), None)],
        Does::Choose(choices) => {
            let name = |choice: &str| {
                if about.is_empty() { choice.to_owned() } else { format!("{choice}: {about}") }
            };
            let of = |choice: &muster_core::view::Choice| {
                (name(&choice.label), press::option(&choice.run, action.weight, false))
            };
            choices.iter().map(of).collect()
        }
    }
}

impl Rows {
    fn buttons(&mut self, actions: &[&Action]) {
        let mut seen = HashSet::new();
        let mut buttons = Vec::new();
        for action in actions {
            let made = button(action);
            self.lacking |= made.is_none();
            // Two that do the same cannot stand in one message: an id is there once.
            buttons.extend(made.filter(|(id, _)| seen.insert(id.clone())).map(|(_, button)| button));
        }
        if !buttons.is_empty() {
            self.rows.push(CreateActionRow::Buttons(buttons));
        }
    }

    fn menu(&mut self, menu: Menu) {
        let mut seen = HashSet::new();
        let all = menu.options.len();
        let kept: Vec<_> = menu.options.into_iter().filter_map(|(label, value)| Some((label, value?))).collect();
        self.lacking |= kept.len() < all;
        let kept: Vec<_> = kept.into_iter().filter(|(_, value)| seen.insert(value.clone())).collect();
        for (n, page) in kept.chunks(limits::OPTIONS).enumerate() {
            if self.rows.len() == limits::ROWS {
                self.lacking = true;
                return;
            }
            let first = n * limits::OPTIONS + 1;
            let which = format!(" ({first}–{})", first + page.len() - 1);
            let which = if kept.len() > limits::OPTIONS { which.as_str() } else { "" };
            let label = words::label(&menu.label, limits::PLACEHOLDER - which.len());
            let option = |(label, value): &(String, String)| {
                CreateSelectMenuOption::new(words::label(label, limits::OPTION), value)
            };
            let kind = CreateSelectMenuKind::String { options: page.iter().map(option).collect() };
            let select = CreateSelectMenu::new(press::select(self.rows.len()), kind);
            self.rows.push(CreateActionRow::SelectMenu(select.placeholder(format!("{label}{which}"))));
        }
    }
}

/// A button and what makes it the only one of its kind.
fn button(action: &Action) -> Option<(String, CreateButton)> {
    let (id, button) = match &action.does {
        Does::Visit(url) => {
            let url = web(url, limits::URL)?;
            (url.to_owned(), CreateButton::new_link(url))
        }
        Does::Run(_) | Does::Open(_) | Does::Choose(_) => {
            let id = press::button(action)?;
            let style = match action.weight {
                Weight::Primary => ButtonStyle::Primary,
                Weight::Plain => ButtonStyle::Secondary,
                Weight::Danger => ButtonStyle::Danger,
            };
            (id.clone(), CreateButton::new(id).style(style))
        }
    };
    Some((id, button.label(words::label(&action.label, limits::BUTTON))))
}
