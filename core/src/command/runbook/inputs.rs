//! What a runbook asks for: as fields of a form, offered while somebody types.

use super::values::{choices, read, shown};
use crate::command::inputs::{Pair, pairs, written};
use crate::org::Organisation;
use crate::runbook::{Input, InputKind, Runbook};
use crate::view::form::{Choice, FormField, Input as Field};

/// The most characters of all inputs together.
pub(in crate::command) const INPUTS: usize = 4_000;

/// Whether the runbook cannot run without something that is not there.
fn is_needed(input: &Input) -> bool {
    input.required && input.default.is_none()
}

/// Whether all that is wrong with what is given is that something is missing.
pub(in crate::command) fn lacks(book: &Runbook, given: &str, org: &Organisation) -> bool {
    read(book, pairs(given), org).is_ok_and(|inputs| !inputs.missing.is_empty())
}

/// A field for each input, those it cannot run without first.
pub(in crate::command) fn fields(book: &Runbook, given: &[Pair], org: &Organisation) -> Vec<FormField> {
    let mut inputs: Vec<_> = book.inputs.iter().collect();
    inputs.sort_by_key(|input| !is_needed(input));
    let field = |input: &Input| {
        let typed = given.iter().find(|(name, _)| *name == input.id).and_then(|(_, value)| value.clone());
        FormField {
            name: input.id.clone(),
            label: input.label.clone(),
            hint: input.help.clone(),
            input: filled_in(input, org),
            required: is_needed(input),
            aside: !is_needed(input),
            value: typed.or_else(|| input.default.as_ref().map(shown)),
        }
    };
    inputs.into_iter().map(field).collect()
}

fn filled_in(input: &Input, org: &Organisation) -> Field {
    let offered = || choices(&input.kind, org).into_iter().map(|(value, label)| Choice { value, label }).collect();
    match &input.kind {
        InputKind::Text { max, long: true, .. } => Field::Paragraph { max: *max },
        InputKind::Text { max, long: false, .. } => Field::Line { max: *max },
        InputKind::Number { .. } | InputKind::Span => Field::Line { max: 40 },
        InputKind::Person => Field::Person(offered()),
        InputKind::Toggle | InputKind::Choice { .. } | InputKind::Service | InputKind::Site | InputKind::Team => {
            Field::Select(offered())
        }
    }
}

/// Its inputs with their values, but for those that are given.
pub(in crate::command) fn offers(book: &Runbook, given: &[String], org: &Organisation) -> Vec<(String, String)> {
    let open = book.inputs.iter().filter(|input| !given.contains(&input.id));
    let offered = open.flat_map(|input| {
        let mut values = choices(&input.kind, org);
        if values.is_empty() {
            values.extend(input.default.as_ref().map(|value| (shown(value), String::new())));
        }
        values.into_iter().map(|(value, label)| {
            let help = if label.is_empty() { input.label.clone() } else { format!("{}: {label}", input.label) };
            (written(&(input.id.clone(), Some(value))), help)
        })
    });
    offered.collect()
}
