//! A notice as a letter: headers in which nothing that anybody typed can end a line, the text, and the same as a page.

use super::header::{Opening, fixed};
use crate::errand::Errand;
use lettre::message::{Mailbox, Message, MultiPart};
use maud::{DOCTYPE, html};
use muster_core::effect::About;
use muster_core::org::Loudness;
use muster_core::plain::{clean, one_line};

/// The letters of one incident belong together.
fn thread(errand: &Errand<'_>, domain: &str) -> Option<String> {
    match &errand.notice.about {
        About::Page { incident, .. } => Some(format!("<{incident}@{domain}>")),
        About::Test => None,
    }
}

pub(super) fn write(errand: &Errand<'_>, from: Mailbox, to: Mailbox) -> Result<Message, lettre::error::Error> {
    let domain = from.email.domain().to_owned();
    let opening = Opening { key: errand.key.as_str(), now: errand.now, subject: &errand.notice.line };
    let mut builder = opening.of(from, to);
    if let Some(thread) = thread(errand, &domain) {
        builder = builder.references(thread);
    }
    if errand.notice.loudness == Loudness::High {
        builder = builder.raw_header(fixed("Importance", "high"));
    }
    builder.multipart(MultiPart::alternative_plain_html(plain(errand), page(errand)))
}

/// What can be done, in words.
fn ask(errand: &Errand<'_>) -> &'static str {
    match errand.notice.about {
        About::Page { .. } => "Acknowledge it, or say that it is not for you",
        About::Test => "Confirm that it has arrived",
    }
}

fn footer(errand: &Errand<'_>) -> String {
    format!("Muster of {} sends this because you are to be reached here. The link answers as you.", errand.org.name)
}

fn plain(errand: &Errand<'_>) -> String {
    let (line, message) = (one_line(&errand.notice.line), clean(&errand.notice.message));
    let link = errand.link.iter().map(|link| format!("{}:\n{link}\n", ask(errand)));
    let mut parts = vec![line];
    parts.extend(Some(message.trim().to_owned()).filter(|message| !message.is_empty()));
    parts.extend(link);
    parts.push(format!("More: {}", errand.page));
    parts.push(format!("-- \n{}", footer(errand)));
    parts.join("\n\n")
}

fn page(errand: &Errand<'_>) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            body style="font-family: sans-serif; max-width: 40em" {
                h1 style="font-size: 1.25em" { (one_line(&errand.notice.line)) }
                p style="white-space: pre-line" { (clean(&errand.notice.message).trim()) }
                @if let Some(link) = &errand.link {
                    p { a href=(link) style="font-size: 1.25em" { (ask(errand)) } }
                }
                p { a href=(errand.page) { "More in the console" } }
                hr;
                p style="color: #666" { (footer(errand)) }
            }
        }
    };
    page.into_string()
}
