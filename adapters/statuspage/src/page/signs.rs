//! Signs for how things are. Each has a shape of its own, so that nobody needs to tell colours apart.

use super::sheet::Sheet;
use maud::{Markup, html};
use muster_core::comms::ComponentState;

/// A circle with a tick, a square with a spanner's slot, a diamond, a triangle, an octagon.
const SHAPES: [(&str, &str); 5] = [
    ("M10 1a9 9 0 1 1 0 18 9 9 0 0 1 0-18z", "M5.5 10.5l3 3 6-7"),
    (
        "M4 1.5h12a2.5 2.5 0 0 1 2.5 2.5v12a2.5 2.5 0 0 1-2.5 2.5h-12a2.5 2.5 0 0 1-2.5-2.5v-12a2.5 2.5 0 0 1 2.5-2.5z",
        "M10 5.5v5l3.5 2.5",
    ),
    ("M10 .6l9.4 9.4-9.4 9.4-9.4-9.4z", "M6 10h8"),
    ("M10 1.2l9.3 17.3h-18.6z", "M10 7.5v5M10 15.3v.4"),
    ("M6.1 .7h7.8l5.4 5.4v7.8l-5.4 5.4h-7.8l-5.4-5.4v-7.8z", "M6.7 6.7l6.6 6.6M13.3 6.7l-6.6 6.6"),
];

/// How bad a state is, from 0: the class of everything that shows it.
pub(crate) fn level(state: ComponentState) -> usize {
    ComponentState::ALL.iter().position(|one| *one == state).unwrap_or_default()
}

/// The shapes, once on a page.
pub(crate) fn defined() -> Markup {
    html! {
        svg.defs aria-hidden="true" {
            @for (level, (shape, mark)) in SHAPES.iter().enumerate() {
                symbol id={ "i" (level) } viewBox="0 0 20 20" {
                    path d=(shape) {}
                    path.mark d=(mark) {}
                }
            }
        }
    }
}

/// The sign of a state, for the eye only: words are always beside it.
pub(crate) fn sign(state: ComponentState) -> Markup {
    html! { svg class={ "i s" (level(state)) } aria-hidden="true" { use href={ "#i" (level(state)) } {} } }
}

/// A state in sign and words.
pub(crate) fn state(sheet: Sheet<'_>, state: ComponentState) -> Markup {
    html! { span.st { (sign(state)) (sheet.core_words().state(state)) } }
}

/// The sign as the icon of the page, so that a tab shows how things are.
pub(crate) fn icon(state: ComponentState) -> String {
    let level = level(state);
    let colour =
        ["%2317794a", "%232c62c8", "%23b17600", "%23c9540a", "%23c22531"].get(level).copied().unwrap_or_default();
    drawn(colour, SHAPES.get(level).copied().unwrap_or_default())
}

/// An icon that says nothing of how things are: a pulse.
pub(crate) fn plain_icon() -> String {
    drawn("%234a5160", ("M10 0a10 10 0 1 1 0 20a10 10 0 1 1 0-20", "M3.5 10.5h3l2-5 3 9 2-4h3"))
}

fn drawn(colour: &str, (shape, mark): (&str, &str)) -> String {
    let stroke = "fill='none' stroke='%23fff' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'";
    format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'%3E%3Cpath fill='{colour}' \
         d='{shape}'/%3E%3Cpath {stroke} d='{mark}'/%3E%3C/svg%3E"
    )
    .replace(' ', "%20")
}
