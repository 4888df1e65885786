//! How a bulletin looks where customers and the company read along: in their channels.

use super::{Field, Line, Section, Span, TimeStyle, Tone, View, strong, text, time};
use crate::comms::{Bulletin, ComponentState, Locale, PublicStatus, Words, words};
use crate::org::Organisation;
use crate::web::{Piece, pieces};

/// What a channel is told, in the language of those who have not chosen one.
#[must_use]
pub fn view(bulletin: &Bulletin, org: &Organisation) -> View {
    let Some((locale, written)) = bulletin.written(&bulletin.locale) else {
        return View::titled(Tone::Neutral, vec![text(org.name.clone())]);
    };
    let words = words(locale);
    let mut view = View::titled(tone(bulletin), vec![text(written.title.clone())]);
    view.sections.extend(standing(bulletin, words).map(Section::Text));
    view.sections.extend(paragraphs(&written.body).into_iter().map(Section::Text));
    let fields = fields(bulletin, org, locale);
    if !fields.is_empty() {
        view = view.with(Section::Fields(fields));
    }
    view.footed(footer(bulletin, org, words))
}

/// The paragraphs of a text, with its web addresses as links.
#[must_use]
pub fn paragraphs(body: &str) -> Vec<Line> {
    body.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(linked).collect()
}

/// The mood of a bulletin, by how bad things are said to be.
#[must_use]
pub fn tone(bulletin: &Bulletin) -> Tone {
    let is_out = bulletin.components.values().any(|state| match state {
        ComponentState::PartialOutage | ComponentState::MajorOutage => true,
        ComponentState::Operational | ComponentState::UnderMaintenance | ComponentState::DegradedPerformance => false,
    });
    match bulletin.status {
        None | Some(PublicStatus::Scheduled) => Tone::Neutral,
        Some(PublicStatus::Resolved | PublicStatus::Completed) => Tone::Good,
        Some(PublicStatus::Investigating | PublicStatus::Identified) if is_out => Tone::Danger,
        Some(
            PublicStatus::Investigating
            | PublicStatus::Identified
            | PublicStatus::Monitoring
            | PublicStatus::InProgress
            | PublicStatus::Verifying,
        ) => Tone::Warning,
    }
}

/// Where things stand, and whether this puts something right. What takes a word back says of which incident: where that stands follows
/// from the words that are left.
fn standing(bulletin: &Bulletin, words: &Words) -> Option<Line> {
    let status = bulletin.status.map(|status| strong(stands(bulletin, status, words)));
    let mends = mends(bulletin, words).map(text);
    let mut line = Line::new();
    for span in status.into_iter().chain(mends) {
        if !line.is_empty() {
            line.push(text(" · "));
        }
        line.push(span);
    }
    (!line.is_empty()).then_some(line)
}

/// Where things stand, in words; of what takes a word back, the number of the incident.
#[must_use]
pub fn stands(bulletin: &Bulletin, status: PublicStatus, words: &Words) -> String {
    match (bulletin.retracts, bulletin.called_off) {
        (true, _) => bulletin.cleared.incident().to_string(),
        (false, true) => words.called_off.to_owned(),
        (false, false) => words.status(status).to_owned(),
    }
}

/// What it does to an earlier word, in words.
#[must_use]
pub fn mends(bulletin: &Bulletin, words: &Words) -> Option<&'static str> {
    match (bulletin.retracts, bulletin.corrects) {
        (true, _) => Some(words.retracts),
        (false, Some(_)) => Some(words.corrects),
        (false, None) => None,
    }
}

fn fields(bulletin: &Bulletin, org: &Organisation, locale: &Locale) -> Vec<Field> {
    let words = words(locale);
    let field = |label: &str, value: Line| Field { label: label.to_owned(), value };
    let known = org.comms.components.iter().filter_map(|component| {
        let state = bulletin.components.get(&component.id)?;
        Some(field(component.name(locale, &org.comms), vec![text(words.state(*state))]))
    });
    let zone = org.comms.zone();
    let planned = bulletin.unsaid_window(locale, zone).map(|window| {
        let until = time(window.until, TimeStyle::Full);
        field(words.planned, vec![time(window.from, TimeStyle::Full), text(" – "), until])
    });
    let next = bulletin.unsaid_promise(locale, zone).map(|at| field(words.next, vec![time(at, TimeStyle::Full)]));
    known.chain(planned).chain(next).collect()
}

/// Customers are led to their page, the company to the console.
fn footer(bulletin: &Bulletin, org: &Organisation, words: &Words) -> Line {
    if bulletin.is_digest() {
        let incident = bulletin.cleared.incident();
        let url = format!("{}/incidents/{incident}", org.console_url);
        return vec![Span::Link { label: incident.to_string(), url }];
    }
    let page = bulletin.page(&org.comms, &bulletin.locale);
    page.map(|url| Span::Link { label: words.page.to_owned(), url }).into_iter().collect()
}

/// Text with what is a web address in it as links.
fn linked(paragraph: &str) -> Line {
    let span = |piece| match piece {
        Piece::Words(words) => text(words),
        Piece::Link(url) => Span::Link { label: url.to_owned(), url: url.to_owned() },
    };
    pieces(paragraph).into_iter().map(span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::text::line as plain;
    use chrono_tz::Tz;

    #[test]
    fn addresses_become_links() {
        let lines = paragraphs("See https://shop.example/help, please.");
        let link = |span: &Span| matches!(span, Span::Link { url, .. } if url == "https://shop.example/help");
        assert_eq!(lines.iter().flatten().filter(|span| link(span)).count(), 1, "{lines:?}");
    }

    #[test]
    fn no_word_of_a_paragraph_is_lost() {
        let body = "One\ntwo  three.\n\n\nFour (five).\n\n";
        let told: Vec<_> = paragraphs(body).iter().map(|line| plain(line, Tz::UTC)).collect();
        assert_eq!(told, ["One\ntwo  three.", "Four (five)."]);
    }
}
