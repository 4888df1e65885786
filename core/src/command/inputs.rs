//! What a runbook or a template asks for, on its way in: as `name=value` on a line, as fields of a form, offered while somebody
//! types.

use super::spec::{Arg, ArgKind, Verb};
use super::words::{Word, flag, is_plain, quote, split};
use super::{Invocation, comms, runbook, verb_of};
use crate::comms::template::Template;
use crate::org::Organisation;
use crate::runbook::Runbook;
use crate::view::form::FormField;

/// A name, and what was given for it; nothing where it stands alone.
pub(super) type Pair = (String, Option<String>);

/// What asks.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asker<'a> {
    /// A runbook, before it runs.
    Book(&'a Runbook),
    /// The template of a message.
    Template(&'a Template),
}

/// The pairs on a line; what is none of any name stands alone.
pub(super) fn pairs(text: &str) -> Vec<Pair> {
    let pair = |word: Word| match word.text.split_once('=') {
        Some((name, value)) => (name.trim().to_owned(), Some(value.to_owned())),
        None => (word.text, None),
    };
    split(text).into_iter().map(pair).collect()
}

pub(super) fn written((name, value): &Pair) -> String {
    let word = value.as_ref().map_or_else(|| name.clone(), |value| format!("{name}={value}"));
    if is_plain(&word) { word } else { quote(&word) }
}

/// All pairs on one line.
pub(super) fn line(pairs: &[Pair]) -> String {
    pairs.iter().map(written).collect::<Vec<_>>().join(" ")
}

/// The argument that holds all that is asked for.
fn argument(verb: &'static Verb) -> Option<&'static Arg> {
    verb.args.iter().find(|arg| arg.kind == ArgKind::Inputs)
}

/// How its fields in a form begin.
fn prefix(arg: &Arg) -> String {
    format!("{}.", arg.name)
}

/// What asks in that call, once it is named.
pub(super) fn asker<'a>(call: &Invocation, org: &'a Organisation) -> Option<Asker<'a>> {
    let verb = verb_of(call)?;
    argument(verb)?;
    let named = |kind: ArgKind| call.args.get(verb.args.iter().find(|arg| arg.kind == kind)?.name);
    let book = named(ArgKind::Runbook).and_then(|typed| org.find_runbook(typed));
    let template = || named(ArgKind::Template).and_then(|typed| org.comms.template(typed.trim()));
    book.map(|book| Asker::Book(book)).or_else(|| template().map(|template| Asker::Template(template)))
}

/// The call with what its form's fields hold in the one argument. A field that was left empty takes its input away; that of a message
/// says so, since what is not said of one stays.
pub(super) fn gathered(mut call: Invocation) -> Invocation {
    let Some(arg) = verb_of(&call).and_then(argument) else { return call };
    let prefix = prefix(arg);
    let is_field = |name: &String| name.starts_with(&prefix);
    if !call.args.keys().any(is_field) {
        return call;
    }
    let mut all = pairs(&call.args.remove(arg.name).unwrap_or_default());
    let keeps_empty = call.command == comms::SPEC.name;
    let (fields, others) = std::mem::take(&mut call.args).into_iter().partition(|(name, _)| is_field(name));
    call.args = others;
    for (field, value) in fields {
        let name = field[prefix.len()..].to_owned();
        all.retain(|(other, _)| *other != name);
        let value = value.trim();
        all.extend((!value.is_empty() || keeps_empty).then(|| (name, Some(value.to_owned()))));
    }
    if !all.is_empty() {
        call.args.insert(arg.name.to_owned(), line(&all));
    }
    call
}

fn given(call: &Invocation) -> &str {
    let arg = verb_of(call).and_then(argument);
    arg.and_then(|arg| call.args.get(arg.name)).map_or("", String::as_str)
}

/// Whether a call lacks nothing but what a form would ask for: what is wrong is refused instead.
pub(super) fn lacks(call: &Invocation, org: &Organisation) -> bool {
    match asker(call, org) {
        Some(Asker::Book(book)) => runbook::lacks(book, given(call), org),
        Some(Asker::Template(template)) => comms::lacks(template, given(call)),
        None => comms::changes_nothing(call),
    }
}

/// The name of what asks in a call.
pub(super) fn name(call: &Invocation, org: &Organisation) -> Option<String> {
    asker(call, org).map(|asker| match asker {
        Asker::Book(book) => book.name.clone(),
        Asker::Template(template) => template.name.clone(),
    })
}

/// Whether a form asks for that argument of a call: not for what asks, once it is named, since its own fields follow.
pub(super) fn is_asked(arg: &Arg, call: &Invocation, org: &Organisation) -> bool {
    let is_named = match asker(call, org) {
        None => false,
        Some(Asker::Book(_)) => arg.kind == ArgKind::Runbook,
        Some(Asker::Template(_)) => matches!(arg.kind, ArgKind::Template | ArgKind::Audience | ArgKind::Number),
    };
    arg.asked && !is_named
}

/// The call without its inputs, where each has a field of its own: what is left empty there must not come back.
pub(super) fn asked_for_in_fields(mut call: Invocation, org: &Organisation) -> Invocation {
    if let Some(arg) = verb_of(&call).and_then(argument).filter(|_| asker(&call, org).is_some()) {
        call.args.remove(arg.name);
    }
    call
}

/// A field for each that is asked for.
pub(super) fn fields(call: &Invocation, org: &Organisation) -> Vec<FormField> {
    let Some(arg) = verb_of(call).and_then(argument) else { return Vec::new() };
    let given = pairs(given(call));
    let fields = match asker(call, org) {
        Some(Asker::Book(book)) => runbook::fields(book, &given, org),
        Some(Asker::Template(template)) => comms::fields(template, &given, org),
        None => Vec::new(),
    };
    fields.into_iter().map(|field| FormField { name: format!("{}{}", prefix(arg), field.name), ..field }).collect()
}

/// What could come next after what asks has been named: its inputs with their values. Nothing if none has been named.
pub(super) fn offers(verb: &'static Verb, done: &[Word], org: &Organisation) -> Option<Vec<(String, String)>> {
    argument(verb)?;
    let mut said = done.iter().filter(|word| flag(word).is_none());
    let first = &said.next()?.text;
    let given: Vec<_> = said.flat_map(|word| pairs(&word.text)).map(|(name, _)| name).collect();
    let takes = |kind: ArgKind| verb.args.iter().any(|arg| arg.kind == kind);
    if takes(ArgKind::Runbook) {
        return org.find_runbook(first).map(|book| runbook::offers(book, &given, org));
    }
    let template = org.comms.template(first).filter(|_| takes(ArgKind::Template));
    template.map(|template| comms::offers(template, &given, org))
}
