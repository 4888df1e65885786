//! How it is on the whole, at a glance.

use super::sheet::Sheet;
use super::signs::{level, sign};
use crate::model::{Model, Scope};
use maud::{Markup, html};
use muster_core::comms::{ComponentState, PublicStatus};

/// How it is on the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overall {
    /// Nothing is wrong.
    Calm,
    /// Something is wrong, and no component is named.
    Noticed,
    /// Every component is well again, and what was wrong is not over yet.
    Watching,
    /// The worst that any component does.
    As(ComponentState),
}

impl Overall {
    /// How it is in a part of the world.
    pub(crate) fn of(model: &Model, scope: &Scope) -> Self {
        let worst = model.states(scope).iter().map(|one| one.state).max().unwrap_or(ComponentState::Operational);
        if worst > ComponentState::UnderMaintenance {
            return Self::As(worst);
        }
        let mut open = model.open(scope).peekable();
        if open.peek().is_none() {
            return if worst == ComponentState::Operational { Self::Calm } else { Self::As(worst) };
        }
        let is_watched = open.all(|incident| incident.status() == PublicStatus::Monitoring);
        if is_watched { Self::Watching } else { Self::Noticed }
    }

    /// The state whose sign and colour say it.
    pub(crate) fn state(self) -> ComponentState {
        match self {
            Self::Calm | Self::Watching => ComponentState::Operational,
            Self::Noticed => ComponentState::DegradedPerformance,
            Self::As(state) => state,
        }
    }

    /// It in words.
    pub(crate) fn words(self, sheet: Sheet<'_>) -> &'static str {
        let overall = &sheet.words.overall;
        match self {
            Self::Calm => overall.calm,
            Self::Noticed => overall.noticed,
            Self::Watching => overall.watching,
            Self::As(state) => sheet.core_words().state(state),
        }
    }
}

/// So many components are named in the banner. More are a list, which is below it.
const NAMED: usize = 6;

/// The banner of a page about a part of the world: `name` says which, where it is not all of it.
pub(crate) fn banner(sheet: Sheet<'_>, scope: &Scope, name: Option<&str>) -> Markup {
    let overall = Overall::of(sheet.model, scope);
    let words = &sheet.words.overall;
    let as_bad = |state: ComponentState| state > ComponentState::Operational;
    let affected: Vec<_> = sheet.model.states(scope).into_iter().filter(|one| as_bad(one.state)).collect();
    let names: Vec<_> =
        affected.iter().take(NAMED).map(|one| one.component.name(sheet.locale, &sheet.model.rules)).collect();
    let more = if affected.len() > NAMED { "…" } else { "" };
    html! {
        div class={ "banner s" (level(overall.state())) } {
            (sign(overall.state()))
            div {
                h1 { @if let Some(name) = name { (name) ": " } (overall.words(sheet)) }
                @if !names.is_empty() { p { (sheet.fill(words.affected, &names.join(", "))) (more) } }
                // No page loads itself anew, which takes whoever reads slowly back to its top
                // (https://www.w3.org/WAI/WCAG22/Techniques/failures/F41): it says how old it is, and how to look again.
                p.when { (sheet.times().phrase(words.as_of, sheet.model.now)) " · " a href=(sheet.to(sheet.place)) { (words.reload) } }
            }
        }
    }
}
