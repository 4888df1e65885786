//! What is around every page: head, header, foot.

use super::place::Place;
use super::sheet::Sheet;
use super::signs;
use crate::overall::Overall;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// A page with what is around it. `title` is said before the name of the whole.
pub(crate) fn page(sheet: Sheet<'_>, title: &str, main: &Markup) -> Markup {
    around(sheet, &html! { (head(sheet, title, &signs::plain_icon())) (elsewhere(sheet)) }, main)
}

/// A page about how things are: a tab shows that. Every other has an icon that is the same for ever.
pub(crate) fn status(sheet: Sheet<'_>, (title, overall): (&str, Overall), main: &Markup) -> Markup {
    around(sheet, &html! { (head(sheet, title, &signs::icon(overall.state()))) (elsewhere(sheet)) }, main)
}

/// A page that is nobody's but whoever has come to it: not to be found by searching, and the same in no other language.
pub(crate) fn aside(sheet: Sheet<'_>, title: &str, main: &Markup) -> Markup {
    around(sheet, &html! { (head(sheet, title, &signs::plain_icon())) meta name="robots" content="noindex"; }, main)
}

fn around(sheet: Sheet<'_>, head: &Markup, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(sheet.locale().tongue().locale()) {
            head { (head) }
            body { (body(sheet, main)) }
        }
    }
}

fn head(sheet: Sheet<'_>, title: &str, icon: &str) -> Markup {
    let frame = &sheet.words.frame;
    html! {
        meta charset="utf-8";
        // Here rather than in a header, so that it holds where the page is a file on another host.
        meta http-equiv="Content-Security-Policy" content=(sheet.style.policy);
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="referrer" content="no-referrer";
        title { (title) " · " (sheet.fill(frame.title, &sheet.edition.page.name)) }
        meta name="description" content=(sheet.fill(frame.description, &sheet.edition.page.name));
        meta name="color-scheme" content="light dark";
        link rel="icon" type="image/svg+xml" href=(icon);
        style { (PreEscaped(&sheet.style.sheet)) }
    }
}

/// The same page for the whole world and in other languages, and the feeds.
fn elsewhere(sheet: Sheet<'_>) -> Markup {
    let locales = &sheet.edition.rules.locales;
    html! {
        link rel="canonical" href=(sheet.address(sheet.locale()));
        @if locales.are_several() {
            @for locale in locales.iter() { link rel="alternate" hreflang=(locale) href=(sheet.address(locale)); }
            link rel="alternate" hreflang="x-default" href=(sheet.address(locales.first()));
        }
        @for (name, kind, href) in feeds(sheet) { link rel="alternate" type=(kind) title=(name) href=(href); }
    }
}

/// The feeds: name, media type, where.
pub(crate) fn feeds(sheet: Sheet<'_>) -> [(&'static str, &'static str, String); 3] {
    [
        ("Atom", "application/atom+xml", sheet.to_file("history.atom")),
        ("RSS", "application/rss+xml", sheet.to_file("history.rss")),
        (sheet.words.frame.calendar, "text/calendar", sheet.to_file("maintenance.ics")),
    ]
}

fn body(sheet: Sheet<'_>, main: &Markup) -> Markup {
    let frame = &sheet.words.frame;
    html! {
        a.skip href="#main" { (frame.skip) }
        (signs::defined())
        header.top {
            div.wrap {
                a.brand href=(sheet.to(&Place::HOME)) {
                    @if let Some(logo) = super::logo::name(sheet.edition.page) { img src={ (sheet.root) (logo) } alt="" height="32"; }
                    span { (sheet.fill(frame.title, &sheet.edition.page.name)) }
                }
                nav aria-label=(frame.pages) {
                    ul {
                        (tab(sheet, &Place::HOME, frame.status))
                        (tab(sheet, &Place::History, frame.history))
                        @if sheet.edition.rules.subscribable().is_some() { (tab(sheet, &Place::Subscribe, frame.subscribe)) }
                    }
                }
            }
        }
        main #main.wrap tabindex="-1" { (main) }
        footer { div.wrap { (foot(sheet)) } }
    }
}

fn tab(sheet: Sheet<'_>, place: &Place, label: &str) -> Markup {
    let is_here = sheet.place == place;
    html! { li { a href=(sheet.to(place)) aria-current=[is_here.then_some("page")] { (label) } } }
}

fn foot(sheet: Sheet<'_>) -> Markup {
    let (frame, theme) = (&sheet.words.frame, &sheet.edition.page.theme);
    let locales = &sheet.edition.rules.locales;
    html! {
        @if locales.are_several() {
            nav aria-label=(frame.language) {
                ul.row {
                    @for locale in locales.iter() {
                        @let is_here = (locale == sheet.locale()).then_some("true");
                        li {
                            a href=(sheet.in_language(locale)) hreflang=(locale) lang=(locale) aria-current=[is_here] {
                                (locale.own_name())
                            }
                        }
                    }
                }
            }
        }
        ul.row {
            @for (name, kind, href) in feeds(sheet) { li { a href=(href) type=(kind) { (name) } } }
            @if let Some(contact) = &theme.contact { li { a href=(contact_link(contact)) { (frame.contact) } } }
            @if let Some(home) = &theme.home_url { li { a href=(home) { (frame.home) } } }
        }
        p { (sheet.times().zone()) }
    }
}

/// An address of the web as it is, any other as one to write to.
fn contact_link(contact: &str) -> String {
    let is_mail = contact.contains('@') && !contact.contains(':') && !contact.contains('/');
    if is_mail { format!("mailto:{contact}") } else { contact.to_owned() }
}
