//! What became of a message: what was changed in it and by whom, who let it go and who did not, when it was out.

use super::buttons::look;
use super::{in_order, title, who};
use crate::clock::Timestamp;
use crate::comms::{Message, Revision, Stage, Texts, Written};
use crate::incident::Incident;
use crate::org::Organisation;
use crate::view::{Item, Line, Section, Span, TimeStyle, Tone, View, code, text, time};
use similar::{ChangeTag, TextDiff};

/// So many things that happened are shown: the latest.
const SHOWN: usize = 20;

/// So much of a seal is shown, enough to find it on the audit log.
const SEAL: usize = 12;

/// What became of a message, the first first.
#[must_use]
pub fn history(message: &Message, others: &[&Message], incident: &Incident, org: &Organisation) -> View {
    let mut happened = written(message, org);
    happened.extend(judged(message));
    happened.extend(out(&message.stage));
    happened.sort_by_key(|(at, _)| *at);
    let earlier = happened.len().saturating_sub(SHOWN);
    let view = View::titled(Tone::Neutral, [vec![text("History of ")], title(message, incident, org)].concat());
    let view = happened.into_iter().skip(earlier).flat_map(|(_, sections)| sections).fold(view, View::with);
    let corrections = others.iter().filter(|one| one.corrects == Some(message.number));
    let item =
        |one: &&Message| Item { line: title(one, incident, org), action: Some(look((one.incident, one.number))) };
    let items: Vec<_> = corrections.map(item).collect();
    if items.is_empty() {
        return view;
    }
    view.with(Section::Heading("What came after".to_owned())).with(Section::List(items))
}

/// Something that happened, and when.
type Happened = (Timestamp, Vec<Section>);

fn said(at: Timestamp, what: Line) -> Section {
    Section::Text([vec![time(at, TimeStyle::Full), text(" ")], what].concat())
}

/// Each text it has had: the first whole, of the others what is not as it was.
fn written(message: &Message, org: &Organisation) -> Vec<Happened> {
    let before = std::iter::once(None).chain(message.history.iter().map(|one| Some(&one.texts)));
    let sections = |(before, now): (Option<&Texts>, &Revision)| {
        let verb = if before.is_some() { " changed it" } else { " wrote it" };
        let mut sections = vec![said(now.at, vec![who(&now.by), text(verb)])];
        sections.extend(match before {
            None => in_order(&now.texts, org)
                .into_iter()
                .map(|(locale, is)| Section::Code(format!("[{locale}] {}", whole(is))))
                .collect(),
            Some(before) => changed(before, &now.texts, org),
        });
        (now.at, sections)
    };
    before.zip(&message.history).map(sections).collect()
}

/// The lines that are not as they were, language by language.
fn changed(before: &Texts, now: &Texts, org: &Organisation) -> Vec<Section> {
    let all = before.iter().chain(now).map(|(locale, written)| (locale.clone(), written.clone())).collect();
    let differs = |locale: &crate::comms::Locale| {
        let [was, is] = [before, now].map(|texts| texts.get(locale).map(whole).unwrap_or_default());
        (was != is).then(|| Section::Code(format!("[{locale}]\n{}", lines(&was, &is))))
    };
    in_order(&all, org).into_iter().filter_map(|(locale, _)| differs(locale)).collect()
}

fn whole(written: &Written) -> String {
    format!("{}\n{}", written.title, written.body)
}

/// What went and what came: `- It is slow.`, `+ It is down.`
fn lines(was: &str, is: &str) -> String {
    let diff = TextDiff::from_lines(was, is);
    let line = |change: similar::Change<&str>| {
        let sign = match change.tag() {
            ChangeTag::Equal => return None,
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        let said = change.value().trim_end();
        (!said.is_empty()).then(|| format!("{sign} {said}"))
    };
    diff.iter_all_changes().filter_map(line).collect::<Vec<_>>().join("\n")
}

/// Who let it go, and who did not.
fn judged(message: &Message) -> Vec<Happened> {
    let no = |one: &crate::comms::Rejection| {
        (one.at, vec![said(one.at, vec![who(&one.by), text(format!(" did not approve it: {}", one.reason))])])
    };
    let mut all: Vec<_> = message.rejections.iter().map(no).collect();
    all.extend(message.approval.as_ref().map(|yes| {
        let seal: String = yes.seal.chars().take(SEAL).collect();
        (yes.at, vec![said(yes.at, vec![who(&yes.by), text(" approved it: "), code(seal)])])
    }));
    all
}

/// When it went out, and was taken back.
fn out(stage: &Stage) -> Vec<Happened> {
    let line = |at: &Timestamp, words: String| (*at, vec![said(*at, vec![Span::Text(words)])]);
    match stage {
        Stage::Published { at } => vec![line(at, "It went out".to_owned())],
        Stage::Retracted { published_at, at, reason } => {
            vec![line(published_at, "It went out".to_owned()), line(at, format!("It was taken back: {reason}"))]
        }
        Stage::Draft | Stage::InReview { .. } | Stage::Approved | Stage::Scheduled { .. } | Stage::Discarded => {
            Vec::new()
        }
    }
}
