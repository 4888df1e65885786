//! Small marks: severity, status, kind, faces, icons.

use maud::{Markup, html};
use muster_core::ids::SeverityKey;
use muster_core::incident::status::Phase;
use muster_core::incident::{Kind, Visibility};
use muster_core::org::Organisation;
use muster_core::view::Tone;

/// How bad it is.
pub(crate) fn severity(key: Option<&SeverityKey>, org: &Organisation) -> Markup {
    let Some(key) = key else {
        return html! { span.chip.sev.sev-none title="No severity yet" { span.unseen { "Severity: " } "SEV ?" } };
    };
    let class = match org.severity_rank(key) {
        0 | 1 => "chip sev sev-1",
        2 => "chip sev sev-2",
        3 => "chip sev sev-3",
        _ => "chip sev sev-4",
    };
    let meaning = org.severity(key).map(|severity| severity.meaning.as_str());
    html! { span class=(class) title=[meaning] { span.unseen { "Severity: " } (key) } }
}

/// Where the responders stand.
pub(crate) fn phase(phase: Phase) -> Markup {
    let class = format!("chip phase phase-{}", phase.word());
    html! { span class=(class) { span.unseen { "Status: " } (capital(phase.word())) } }
}

/// What is unusual about an incident.
pub(crate) fn marks(kind: Kind, visibility: Visibility) -> Markup {
    html! {
        @match kind {
            Kind::Incident => {}
            Kind::Drill => span.chip.badge.badge-drill { "Drill" }
            Kind::Maintenance => span.chip.badge.badge-maintenance { "Maintenance" }
        }
        @match visibility {
            Visibility::Public => {}
            Visibility::Private => span.chip.badge.badge-private title="Only those who have joined can see it" { (lock()) "Private" }
        }
    }
}

/// Nobody decides.
pub(crate) fn no_commander() -> Markup {
    html! { span.chip.badge.badge-alarm { "No commander" } }
}

/// Initials on a colour of their own.
pub(crate) fn face(name: &str, id: &str) -> Markup {
    let initials: String = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()))
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    let colour = id.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 6;
    html! { span class={ "face face-" (colour) } aria-hidden="true" { (initials) } }
}

/// A place that nobody has taken.
pub(crate) fn nobody() -> Markup {
    html! { span.face.face-none aria-hidden="true" { "?" } }
}

/// The class part of a tone.
pub(crate) fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "neutral",
        Tone::Good => "good",
        Tone::Warning => "warning",
        Tone::Danger => "danger",
        Tone::Drill => "drill",
    }
}

/// With a capital first letter.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn drawing(path: &str) -> Markup {
    html! {
        svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.75"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" { path d=(path) {} }
    }
}

/// A lock.
pub(crate) fn lock() -> Markup {
    html! {
        svg width="12" height="12" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true" {
            path d="M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5" {}
        }
    }
}

/// A tick.
pub(crate) fn tick() -> Markup {
    drawing("M4.5 8.5l2.5 2.5 4.5-5.5")
}

/// Something is amiss.
pub(crate) fn caution() -> Markup {
    html! {
        svg width="18" height="18" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.6"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" {
            path d="M8 2.2 14.5 13.5h-13zM8 6.5v3M8 11.6v.01" {}
        }
    }
}

/// The mark of Muster.
pub(crate) fn logo() -> Markup {
    html! {
        svg.logo width="26" height="26" viewBox="0 0 32 32" aria-hidden="true" {
            rect.logo-ground width="32" height="32" rx="8" {}
            path.logo-lines d="M9.5 8.5 14 16l-4.5 7.5M22.5 8.5 18 16l4.5 7.5" {}
            circle.logo-point cx="16" cy="16" r="2.6" {}
        }
    }
}
