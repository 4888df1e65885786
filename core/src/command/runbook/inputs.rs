//! What a runbook asks for, on its way in: as `name=value` on a line, as fields of a form, offered while somebody types.

use super::values::{choices, read, shown};
use crate::command::Invocation;
use crate::command::spec::{ArgKind, Verb};
use crate::command::verb_of;
use crate::command::words::{Word, flag, is_plain, quote, split};
use crate::org::Organisation;
use crate::runbook::{Input, InputKind, Runbook};
use crate::view::form::{Choice, FormField, Input as Field};

/// The most characters of all inputs together.
pub(in crate::command) const INPUTS: usize = 4_000;

/// The argument that holds them all, and how their fields in a form begin.
const ARGUMENT: &str = "inputs";
const FIELD: &str = "inputs.";

/// The inputs on a line, by name; what is none of any name stands alone.
pub(super) fn pairs(text: &str) -> Vec<(String, Option<String>)> {
    let pair = |word: Word| match word.text.split_once('=') {
        Some((name, value)) => (name.trim().to_owned(), Some(value.to_owned())),
        None => (word.text, None),
    };
    split(text).into_iter().map(pair).collect()
}

fn written((name, value): &(String, Option<String>)) -> String {
    let word = value.as_ref().map_or_else(|| name.clone(), |value| format!("{name}={value}"));
    if is_plain(&word) { word } else { quote(&word) }
}

fn takes_inputs(verb: &Verb) -> bool {
    verb.args.iter().any(|arg| arg.kind == ArgKind::Inputs)
}

fn book<'a>(call: &Invocation, org: &'a Organisation) -> Option<&'a Runbook> {
    let verb = verb_of(call).filter(|verb| takes_inputs(verb))?;
    let arg = verb.args.iter().find(|arg| arg.kind == ArgKind::Runbook)?;
    org.find_runbook(call.args.get(arg.name)?).map(AsRef::as_ref)
}

/// The call with what its form's fields hold in the one argument. A field that was left empty takes its input away.
pub(in crate::command) fn gathered(mut call: Invocation) -> Invocation {
    let is_field = |name: &String| name.starts_with(FIELD);
    if !verb_of(&call).is_some_and(takes_inputs) || !call.args.keys().any(is_field) {
        return call;
    }
    let mut all = pairs(&call.args.remove(ARGUMENT).unwrap_or_default());
    let (fields, others) = std::mem::take(&mut call.args).into_iter().partition(|(name, _)| is_field(name));
    call.args = others;
    for (field, value) in fields {
        let name = field[FIELD.len()..].to_owned();
        all.retain(|(other, _)| *other != name);
        all.extend((!value.trim().is_empty()).then_some((name, Some(value))));
    }
    if !all.is_empty() {
        call.args.insert(ARGUMENT.to_owned(), all.iter().map(written).collect::<Vec<_>>().join(" "));
    }
    call
}

/// Whether the runbook cannot run without something that is not there.
fn is_needed(input: &Input) -> bool {
    input.required && input.default.is_none()
}

/// Whether all that a call lacks is something that its runbook cannot run without: what is wrong is refused instead.
pub(in crate::command) fn lacks(verb: &Verb, call: &Invocation, org: &Organisation) -> bool {
    let Some(book) = book(call, org).filter(|_| takes_inputs(verb)) else { return false };
    let given = call.args.get(ARGUMENT).map_or("", String::as_str);
    read(book, given, org).is_ok_and(|inputs| !inputs.missing.is_empty())
}

/// The name of the runbook that a call is about.
pub(in crate::command) fn name(call: &Invocation, org: &Organisation) -> Option<String> {
    book(call, org).map(|book| book.name.clone())
}

/// The call without its inputs, where each has a field of its own: what is left empty there must not come back.
pub(in crate::command) fn asked_for_in_fields(mut call: Invocation, org: &Organisation) -> Invocation {
    if book(&call, org).is_some() {
        call.args.remove(ARGUMENT);
    }
    call
}

/// A field for each input of the runbook, those it cannot run without first.
pub(in crate::command) fn fields(call: &Invocation, org: &Organisation) -> Vec<FormField> {
    let Some(book) = book(call, org) else { return Vec::new() };
    let given = pairs(call.args.get(ARGUMENT).map_or("", String::as_str));
    let mut inputs: Vec<_> = book.inputs.iter().collect();
    inputs.sort_by_key(|input| !is_needed(input));
    let field = |input: &Input| {
        let typed = given.iter().find(|(name, _)| *name == input.id).and_then(|(_, value)| value.clone());
        FormField {
            name: format!("{FIELD}{}", input.id),
            label: input.label.clone(),
            hint: input.help.clone(),
            input: filled_in(input, org),
            required: is_needed(input),
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

/// What could come next after a runbook has been named: its inputs with their values. Nothing if none has been named.
pub(in crate::command) fn offers(verb: &Verb, done: &[Word], org: &Organisation) -> Option<Vec<(String, String)>> {
    let mut said = done.iter().filter(|word| takes_inputs(verb) && flag(word).is_none());
    let book = org.find_runbook(&said.next()?.text)?;
    let given: Vec<_> = said.flat_map(|word| pairs(&word.text)).map(|(name, _)| name).collect();
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
    Some(offered.collect())
}
