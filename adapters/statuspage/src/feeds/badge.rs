//! Badges: how things are at a glance, for other sites to show. They need no script and no font of ours.

use crate::atlas::Part;
use crate::edition::Edition;
use maud::{Markup, html};
use muster_core::comms::ComponentState;
use muster_core::plain::one_line;

/// About how wide a character is, in pixels: the text is fitted to the sum.
const CHARACTER: usize = 7;
/// The space beside a text.
const MARGIN: usize = 8;
/// A longer name is cut.
const LONGEST: usize = 40;

/// Those of a language: one of the whole, and one of each component.
pub(super) fn badges(edition: &Edition<'_>, part: &Part<'_>) -> Vec<(String, Markup)> {
    let mut badges = vec![("badge.svg".to_owned(), badge(&edition.page.name, part.overall.state(), edition))];
    badges.extend(part.states.iter().map(|one| {
        let name = format!("badges/{}.svg", one.component.id);
        (name, badge(one.component.name(edition.locale, edition.rules), one.state, edition))
    }));
    badges
}

/// Colours on which white text reads well: 4.5 to 1 at least. <https://www.w3.org/TR/WCAG22/#contrast-minimum>
fn colour(state: ComponentState) -> &'static str {
    match state {
        ComponentState::Operational => "#1a7f37",
        ComponentState::UnderMaintenance => "#0b5cad",
        ComponentState::DegradedPerformance => "#8a5a00",
        ComponentState::PartialOutage => "#b0440a",
        ComponentState::MajorOutage => "#b42318",
    }
}

fn badge(name: &str, state: ComponentState, edition: &Edition<'_>) -> Markup {
    let name: String = one_line(name).chars().take(LONGEST).collect();
    let says = edition.words().state(state);
    let (left, right) = (width(&name), width(says));
    let whole = left + right;
    let text = |text: &str, x: usize, width: usize| {
        let length = width - 2 * MARGIN;
        html! { text x=(x + MARGIN) y="14" textLength=(length) lengthAdjust="spacingAndGlyphs" { (text) } }
    };
    html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(whole) height="20" role="img" xml:lang=(edition.locale.as_str())
            aria-label={ (name) ": " (says) } {
            title { (name) ": " (says) }
            rect width=(whole) height="20" rx="3" fill="#333333" {}
            path fill=(colour(state)) d={ "M" (left) " 0h" (right - 3) "a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-" (right - 3) "z" } {}
            g fill="#ffffff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11" {
                (text(&name, 0, left))
                (text(says, left, right))
            }
        }
    }
}

fn width(text: &str) -> usize {
    text.chars().count().max(1) * CHARACTER + 2 * MARGIN
}
