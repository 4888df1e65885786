//! A bulletin as a letter: to somebody the config names, or to a subscriber.

use super::header::{Opening, word};
use super::layout::Layout;
use super::words as letter;
use crate::errand::Publication;
use lettre::message::{Mailbox, Message};
use muster_core::comms::{Bulletin, Locale, moment, words};
use muster_core::org::Organisation;
use muster_core::plain::clean;
use muster_core::view::bulletin::{mends, paragraphs, stands, tone};

/// A letter to somebody the config names, in their language.
pub(super) fn to_person(
    publication: &Publication<'_>,
    from: Mailbox,
    to: Mailbox,
) -> Result<Message, lettre::error::Error> {
    let Publication { bulletin, org, .. } = *publication;
    let locale = match publication.to.person("e-mail") {
        Ok((person, _)) => person.reach.locale.parse().unwrap_or_else(|_| bulletin.locale.clone()),
        Err(_) => bulletin.locale.clone(),
    };
    let mut layout = layout(bulletin, &locale, org);
    let locale = bulletin.written(&locale).map_or(&locale, |(locale, _)| locale);
    layout.foot = vec![letter::Words::of(letter::words(locale).named, &layout.sender)];
    let thread = thread(bulletin, from.email.domain());
    let opening =
        Opening { key: publication.key.as_str(), now: publication.now, subject: &subject(bulletin, locale, &layout) };
    opening.of(from, to).references(thread).multipart(layout.parts())
}

/// What the letters of one incident to one audience belong together by.
pub(super) fn thread(bulletin: &Bulletin, domain: &str) -> String {
    format!("<{}.{}@{domain}>", bulletin.cleared.incident(), word(&bulletin.audience))
}

/// The subject: where things stand first, since that is what is looked for. Of what takes a word back that is the subject, and of which
/// incident; which word it was, the letter says.
pub(super) fn subject(bulletin: &Bulletin, locale: &Locale, layout: &Layout) -> String {
    let words = words(locale);
    let status = bulletin.status.map(|status| stands(bulletin, status, words));
    match (mends(bulletin, words), status) {
        (Some(mends), Some(number)) if bulletin.retracts => format!("{mends}: {number}"),
        (Some(mends), _) => format!("{mends}: {}", layout.title),
        (None, Some(status)) => format!("{status}: {}", layout.title),
        (None, None) => layout.title.clone(),
    }
}

/// A bulletin in a language, without its foot.
pub(super) fn layout(bulletin: &Bulletin, locale: &Locale, org: &Organisation) -> Layout {
    let (locale, title, body) = match bulletin.written(locale) {
        Some((locale, written)) => (locale, written.title.clone(), written.body.as_str()),
        None => (locale, org.name.clone(), ""),
    };
    let words = words(locale);
    let status = bulletin.status.map(|status| stands(bulletin, status, words));
    let tag: Vec<_> = status.into_iter().chain(mends(bulletin, words).map(str::to_owned)).collect();
    let console = || format!("{}/incidents/{}", org.console_url, bulletin.cleared.incident());
    let link = if bulletin.is_digest() {
        Some((bulletin.cleared.incident().to_string(), console()))
    } else {
        bulletin.page(&org.comms, locale).map(|url| (words.page.to_owned(), url))
    };
    Layout {
        lang: locale.to_string(),
        sender: org.comms.page.as_ref().map_or(&org.name, |page| &page.name).clone(),
        tag: Some(tag.join(" · ")).filter(|tag| !tag.is_empty()),
        tone: tone(bulletin),
        title,
        paragraphs: paragraphs(&clean(body)),
        facts: facts(bulletin, locale, org),
        link,
        foot: Vec::new(),
        leave: None,
    }
}

fn facts(bulletin: &Bulletin, locale: &Locale, org: &Organisation) -> Vec<(String, String)> {
    let words = words(locale);
    let known = org.comms.components.iter().filter_map(|component| {
        let state = bulletin.components.get(&component.id)?;
        Some((component.name(locale, &org.comms).to_owned(), words.state(*state).to_owned()))
    });
    let zone = org.comms.zone();
    let planned = bulletin.unsaid_window(locale, zone).map(|window| {
        let (from, until) = (moment(locale, window.from, zone), moment(locale, window.until, zone));
        (words.planned.to_owned(), format!("{from} – {until}"))
    });
    let next = bulletin.unsaid_promise(locale, zone).map(|at| (words.next.to_owned(), moment(locale, at, zone)));
    known.chain(planned).chain(next).collect()
}
