//! Subscribing: the form, and the small pages around it. Only markup: `serve/subscribing.rs` takes what is sent.

use super::frame;
use super::sheet::Sheet;
use maud::{Markup, html};
use muster_core::comms::{Component, Grouped, Subscriber};

/// The name of the field for the address.
pub(crate) const EMAIL: &str = "email";
/// The name of the field for the language.
pub(crate) const LOCALE: &str = "locale";
/// The name of the boxes for components, of which there may be none.
pub(crate) const COMPONENT: &str = "component";
/// The name of a field that no human sees: whoever fills it in is none.
pub(crate) const TRAP: &str = "website";

/// What somebody is told who subscribes, confirms or leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// There is a letter with a link, if the address is one.
    Asked,
    /// They come too often.
    TooMany,
    /// It could not be kept.
    Unavailable,
    /// The question whether it was them, with a button.
    Confirm,
    /// It was.
    Confirmed,
    /// The question whether they want to leave, with a button.
    Leave,
    /// They have left.
    Left,
    /// The link is not one of ours.
    WrongLink,
}

/// The form. `wrong` is set where the address of somebody was none; what they sent is not shown again.
pub(crate) fn page(sheet: Sheet<'_>, wrong: bool) -> Markup {
    let words = &sheet.words.subscribe;
    let problem = wrong.then_some("email-wrong");
    let main = html! {
        h1 { (words.title) }
        p.lead { (words.lead) }
        form.card method="post" {
            p.field {
                label for="email" { (words.email) }
                @if wrong { span.wrong #email-wrong { (words.wrong_email) } }
                input #email type="email" name=(EMAIL) required maxlength="254" autocomplete="email" spellcheck="false"
                    aria-invalid=[problem.map(|_| "true")] aria-describedby=[problem];
            }
            @if sheet.edition.rules.locales.are_several() {
                p.field {
                    label for="locale" { (words.language) }
                    select #locale name=(LOCALE) {
                        @for locale in sheet.edition.rules.locales.iter() {
                            option value=(locale) lang=(locale) selected[locale == sheet.locale()] { (locale.own_name()) }
                        }
                    }
                }
            }
            @if !sheet.edition.rules.components.is_empty() { (choice(sheet)) }
            p.trap aria-hidden="true" {
                label for="website" { (words.leave_empty) }
                input #website type="text" name=(TRAP) tabindex="-1" autocomplete="off";
            }
            button { (words.send) }
        }
        p {
            (words.feeds)
            @for (at, (name, kind, href)) in frame::feeds(sheet).into_iter().enumerate() {
                (if at > 0 { " · " } else { " " }) a href=(href) type=(kind) { (name) }
            }
        }
    };
    let title = if wrong { format!("{}: {}", words.wrong_email_title, words.title) } else { words.title.to_owned() };
    frame::page(sheet, &title, &main)
}

fn choice(sheet: Sheet<'_>) -> Markup {
    let Grouped { groups, others } = sheet.edition.rules.grouped();
    let name = (!groups.is_empty()).then_some(sheet.words.status.others);
    html! {
        fieldset aria-describedby="components-hint" {
            legend { (sheet.words.subscribe.components) }
            p #components-hint { (sheet.words.subscribe.components_hint) }
            @for (group, members) in &groups { (boxes(sheet, Some(group.name(sheet.locale(), sheet.edition.rules)), members)) }
            (boxes(sheet, name, &others))
        }
    }
}

fn boxes(sheet: Sheet<'_>, name: Option<&str>, components: &[&Component]) -> Markup {
    let all = html! {
        @for one in components {
            label.box { input type="checkbox" name=(COMPONENT) value=(one.id); " " (sheet.name(one)) }
        }
    };
    match name {
        Some(name) if !components.is_empty() => html! { fieldset { legend { (name) } (all) } },
        Some(_) | None => all,
    }
}

/// What somebody is told; a question has a button, which posts to where they are. Who confirms sees what.
pub(crate) fn answer(sheet: Sheet<'_>, answer: Answer, whom: Option<&Subscriber>) -> Markup {
    let words = &sheet.words.subscribe;
    let ((title, text), button) = match answer {
        Answer::Asked => (words.asked, None),
        Answer::TooMany => (words.too_many, None),
        Answer::Unavailable => (words.unavailable, None),
        Answer::Confirm => ((words.confirm.0, words.confirm.1), Some(words.confirm.2)),
        Answer::Confirmed => (words.confirmed, None),
        Answer::Leave => ((words.leave.0, words.leave.1), Some(words.leave.2)),
        Answer::Left => (words.left, None),
        Answer::WrongLink => (words.wrong_link, None),
    };
    let main = html! {
        h1 { (title) }
        p.lead { (text) }
        @if let Some(whom) = whom.filter(|_| matches!(answer, Answer::Confirm | Answer::Confirmed)) { (wish(sheet, whom)) }
        @if let Some(button) = button { form method="post" { button { (button) } } }
    };
    frame::aside(sheet, title, &main)
}

/// What somebody has asked for.
fn wish(sheet: Sheet<'_>, whom: &Subscriber) -> Markup {
    let words = &sheet.words.subscribe;
    let services = whom.hears_of(sheet.edition.rules);
    html! {
        dl.card.facts {
            div { dt { (words.email) } dd { (whom.address) } }
            div {
                dt { (words.components) }
                @if services.is_empty() { dd { (words.all) } }
                @for service in services { dd { (service) } }
            }
            div { dt { (words.language) } dd lang=(whom.locale) { (whom.locale.own_name()) } }
        }
    }
}
