//! How it is on the whole, at a glance.

use super::sheet::Sheet;
use super::signs::{level, sign};
use crate::atlas::Part;
use crate::overall::Overall;
use maud::{Markup, html};
use muster_core::clock::Timestamp;
use muster_core::comms::ComponentState;

/// So many components are named in the banner. More are a list, which is below it.
const NAMED: usize = 6;

/// It in words.
pub(crate) fn words(sheet: Sheet<'_>, overall: Overall) -> &'static str {
    let words = &sheet.words.overall;
    match overall {
        Overall::Calm => words.calm,
        Overall::Noticed => words.noticed,
        Overall::Watching => words.watching,
        Overall::As(state) => sheet.core_words().state(state),
    }
}

/// The banner of a page about a part of the world: `name` says which, where it is not all of it.
pub(crate) fn banner(sheet: Sheet<'_>, part: &Part<'_>, name: Option<&str>, now: Timestamp) -> Markup {
    let gaps = &sheet.words.overall;
    let affected: Vec<_> = part.states.iter().filter(|one| one.state > ComponentState::Operational).collect();
    let names: Vec<_> = affected.iter().take(NAMED).map(|one| sheet.name(one.component)).collect();
    let more = if affected.len() > NAMED { "…" } else { "" };
    html! {
        div class={ "banner s" (level(part.overall.state())) } {
            (sign(part.overall.state()))
            div {
                h1 { @if let Some(name) = name { (name) ": " } (words(sheet, part.overall)) }
                @if !names.is_empty() { p { (sheet.fill(gaps.affected, &names.join(", "))) (more) } }
                // No page loads itself anew, which takes whoever reads slowly back to its top
                // (https://www.w3.org/WAI/WCAG22/Techniques/failures/F41): it says how old it is, and how to look again.
                p.when { (sheet.times().phrase(gaps.as_of, now)) " · " a href=(sheet.to(sheet.place)) { (gaps.reload) } }
            }
        }
    }
}
