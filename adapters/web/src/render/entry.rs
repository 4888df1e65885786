//! Entries of the timeline.

use super::{Frame, badge, line, moment};
use chrono::NaiveDate;
use maud::{Markup, html};
use muster_core::clock::Timestamp;
use muster_core::command::Invocation;
use muster_core::incident::entry::{Amended, Entry};
use muster_core::incident::event::Event;
use muster_core::incident::status::Phase;
use muster_core::org::Organisation;
use muster_core::time::in_words;
use muster_core::view::{Action, TimeStyle, entry};

/// An entry of the timeline, with what one can do with it.
#[must_use]
pub fn render_entry(row: &Entry, org: &Organisation, frame: &Frame<'_>) -> Markup {
    let key = format!("entry-{}", row.number);
    html! {
        li id=(key) class={ "entry entry-" (sort(&row.what)) } {
            span.entry-time { (clock(row.at, frame)) }
            span.entry-dot { @if words(&row.what).is_some() { (badge::face(&row.by.name, row.by.person.as_str())) } }
            div.entry-body { (body(row, org, frame)) (marks(row, frame)) }
            @if frame.hands.is_some() { (tools(row, frame)) } @else { span {} }
        }
    }
}

fn body(row: &Entry, org: &Organisation, frame: &Frame<'_>) -> Markup {
    let Some((text, what)) = words(&row.what) else {
        return html! { p.entry-line dir="auto" { (line(&sentence(row, org), frame)) } };
    };
    html! {
        p.entry-line { span.person { bdi { (row.by.name) } } @if !what.is_empty() { " " (what) } (next_update(&row.what, frame)) }
        p.entry-text dir="auto" { (text) }
    }
}

/// Core's sentence; that an entry was edited is a mark of its own here.
fn sentence(row: &Entry, org: &Organisation) -> muster_core::view::Line {
    entry::sentence(&Entry { amendment: None, ..row.clone() }, org)
}

/// What somebody wrote, and what it is.
fn words(what: &Event) -> Option<(&str, &'static str)> {
    if let Event::Noted { text } = what {
        return Some((text, ""));
    }
    if let Event::Updated { text, .. } = what {
        return Some((text, "wrote an update"));
    }
    if let Event::Summarised { text } = what {
        return Some((text, "wrote the summary"));
    }
    None
}

fn next_update(what: &Event, frame: &Frame<'_>) -> Markup {
    if let Event::Updated { next_at: Some(next), .. } = what {
        return html! { " · next at " (moment(*next, TimeStyle::Clock, frame)) };
    }
    html! {}
}

/// The class part of an entry.
fn sort(what: &Event) -> &'static str {
    if let Event::Noted { .. } = what {
        return "note";
    }
    if let Event::Updated { .. } | Event::Summarised { .. } = what {
        return "update";
    }
    if let Event::Declared { .. } | Event::Reopened { .. } = what {
        return "danger";
    }
    if let Event::StatusChanged { to: Phase::Resolved | Phase::Closed, .. } | Event::TaskDone { .. } = what {
        return "good";
    }
    if let Event::StatusChanged { .. } | Event::SeverityChanged { .. } | Event::Reminded { .. } = what {
        return "warning";
    }
    "plain"
}

fn marks(row: &Entry, frame: &Frame<'_>) -> Markup {
    let amended = row.amendment.as_ref();
    let edited = amended.filter(|amendment| amendment.how != Amended::Removed);
    let late = row.is_backdated().then(|| in_words(row.recorded_at - row.at));
    if edited.is_none() && late.is_none() {
        return html! {};
    }
    let history = format!("/incidents/{}/entries/{}", row.incident, row.number);
    html! {
        p.entry-marks {
            @if let Some(late) = late {
                span title={ "Written down at " (row.recorded_at.with_timezone(&frame.zone).format("%H:%M:%S")) } { "written down " (late) " later" }
            }
            @if row.is_backdated() && edited.is_some() { " · " }
            @if edited.is_some() { a href=(history) data-show { "edited" } }
        }
    }
}

fn tools(row: &Entry, frame: &Frame<'_>) -> Markup {
    let call = |verb: &str| {
        Invocation::of(&format!("timeline {verb}")).on(row.incident).with("number", row.number.to_string())
    };
    let mut actions = Vec::new();
    if let Some((text, _)) = words(&row.what) {
        actions.push(Action::open("Edit", call("edit").with("text", text)));
    }
    let at = row.at.with_timezone(&frame.zone).format("%Y-%m-%d %H:%M:%S").to_string();
    actions.push(Action::open("Correct the time", call("backdate").with("at", at)));
    actions.push(Action::run("History", call("history")));
    if let Event::Noted { .. } = row.what {
        actions.push(Action::run("Remove", call("remove")).danger());
    }
    html! {
        details.menu.entry-tools {
            summary aria-label={ "More about entry " (row.number) } { "⋯" }
            div.menu-items {
                p.quiet.small { "#" (row.number) " · " (moment(row.at, TimeStyle::Full, frame)) " · from the " (row.via) }
                @for one in &actions { (super::action(one, "menu-item bare", frame)) }
            }
        }
    }
}

/// The time of day, in the viewer's zone.
fn clock(at: Timestamp, frame: &Frame<'_>) -> Markup {
    let local = at.with_timezone(&frame.zone);
    let title = format!("{} · {}", local.format("%a %-d %b %Y %H:%M:%S %Z"), at.format("%H:%M:%S UTC"));
    html! { time datetime=(at.format("%Y-%m-%dT%H:%M:%SZ")) title=(title) { (local.format("%H:%M")) } }
}

/// The day of a moment, in the viewer's zone.
pub(crate) fn day(at: Timestamp, frame: &Frame<'_>) -> NaiveDate {
    at.with_timezone(&frame.zone).date_naive()
}

/// A line between two days.
pub(crate) fn feed_day(date: NaiveDate, frame: &Frame<'_>) -> Markup {
    let today = day(frame.now, frame);
    let name = match (today - date).num_days() {
        0 => "Today".to_owned(),
        1 => "Yesterday".to_owned(),
        _ => date.format("%A %-d %B %Y").to_string(),
    };
    html! { li.day id={ "day-" (date) } { (name) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;
    use muster_core::ids::{IncidentId, PersonId, PlatformId};
    use muster_core::incident::entry::{Amendment, Author};

    fn note(text: &str) -> Entry {
        let at: Timestamp = "2026-11-27T09:42:00Z".parse().expect("a moment");
        Entry {
            incident: IncidentId(1),
            seq: 3,
            number: 3,
            at,
            recorded_at: at,
            by: Author { person: PersonId::from("alice"), name: "Alice Ek".into() },
            via: PlatformId::console(),
            what: Event::Noted { text: text.to_owned() },
            amendment: None,
        }
    }

    fn shown(entry: &Entry) -> String {
        let now = "2026-11-27T10:00:00Z".parse().expect("a moment");
        let frame = Frame { now, zone: Tz::Europe__Stockholm, hands: None };
        render_entry(entry, &Organisation::empty("Test", ""), &frame).into_string()
    }

    #[test]
    fn a_note_shows_who_wrote_what_and_when_where_the_viewer_is() {
        let all = shown(&note("<i>5xx</i> up"));
        assert!(all.contains("Alice Ek") && all.contains("&lt;i&gt;5xx&lt;/i&gt; up"), "{all}");
        assert!(all.contains(">10:42</time>") && all.contains("09:42:00 UTC"), "{all}");
        assert!(!all.contains("entry-marks"), "{all}");
    }

    #[test]
    fn what_was_written_later_or_rewritten_says_so() {
        let mut entry = note("x");
        entry.recorded_at += chrono::TimeDelta::minutes(12);
        entry.amendment = Some(Amendment { by: entry.by.clone(), how: Amended::Edited });
        let all = shown(&entry);
        assert!(all.contains("written down 12 minutes later"), "{all}");
        assert!(all.contains(r#"href="/incidents/INC-1/entries/3""#) && all.contains(">edited</a>"), "{all}");
    }
}
