//! A command's form, derived from its row of the table and filled with what is known.

use super::call::{INCIDENT, Invocation};
use super::check::{permit, rows};
use super::comms;
use super::spec::{Arg, ArgKind, Slot};
use super::targets::{duties, targets};
use super::{inputs, runbook};
use crate::decide::{Ctx, Needs, State, Summary};
use crate::inbound::Place;
use crate::incident::Kind;
use crate::incident::status::Phase;
use crate::org::{ChatRules, Organisation};
use crate::refusal::Refusal;
use crate::view::form::{Choice, Form, FormField, Input};

/// What most people fill in, although they need not.
const USUAL: [&str; 5] = ["severity", "service", "title", "doing", "next"];

/// Whether a form of that call has to ask which incident is meant.
#[must_use]
pub fn asks_which(call: &Invocation, place: &Place) -> bool {
    let is_about_one = rows(call).is_ok_and(|(spec, verb)| spec.scope.names_one_with(verb));
    is_about_one && call.incident.or(place.incident).is_none()
}

/// What must be read before the form of a call can be filled with what is known; nothing if it needs nothing.
#[must_use]
pub fn needs(call: &Invocation, place: &Place) -> Option<Needs> {
    comms::needs(call, place)
}

/// The call with what was read, so that its form shows it.
#[must_use]
pub fn known(call: Invocation, state: &State, org: &Organisation) -> Invocation {
    comms::known(call, state, org)
}

/// The form of a call. Where it is not said which incident is meant, `open` are those to choose from.
///
/// # Errors
/// When there is no such command, or the actor may not use it.
pub fn open(call: &Invocation, open: &[Summary], ctx: &Ctx<'_>) -> Result<Form, Refusal> {
    let (spec, verb) = rows(call)?;
    permit(verb.right(), ctx)?;
    let incident = call.incident.or(ctx.place.incident);
    let which = match (spec.scope.demands_one(verb), incident) {
        (true, None) if open.is_empty() => {
            return Err(Refusal::not_found("There is no open incident: name another after the command").instead("list"));
        }
        (true, None) => Some(which_incident(open)),
        (true, Some(_)) | (false, _) => None,
    };
    let asker = inputs::name(call, ctx.org);
    let is_asked = |arg: &&Arg| inputs::is_asked(arg, call, ctx.org);
    let shown = |required: bool| verb.args.iter().filter(is_asked).filter(move |arg| arg.required == required);
    let fields = shown(true).chain(shown(false)).flat_map(|arg| {
        let is_many = arg.kind == ArgKind::Inputs;
        if is_many { inputs::fields(call, ctx.org) } else { vec![field(arg, call, ctx)] }
    });
    let fields = which.into_iter().chain(fields);
    let what = asker.as_deref().unwrap_or(verb.summary);
    let title = match incident {
        Some(incident) if spec.scope.names_one_with(verb) => format!("{what} · {incident}"),
        Some(_) | None => what.to_owned(),
    };
    Ok(Form {
        title,
        submit: if verb.name.is_empty() { spec.button.to_owned() } else { capital(verb.name) },
        target: Invocation {
            incident: incident.filter(|_| spec.scope.names_one_with(verb)),
            ..inputs::asked_for_in_fields(call.clone(), ctx.org)
        },
        fields: fields.collect(),
    })
}

fn which_incident(open: &[Summary]) -> FormField {
    let label = |summary: &Summary| {
        let severity = summary.severity.as_ref().map(|key| format!("{key} · ")).unwrap_or_default();
        format!("{} · {severity}{}", summary.id, summary.title)
    };
    FormField {
        name: INCIDENT.to_owned(),
        label: "Incident".to_owned(),
        hint: "which one it is about".to_owned(),
        input: Input::Select(open.iter().map(|one| choice(&one.id.to_string(), &label(one))).collect()),
        required: true,
        aside: false,
        value: None,
    }
}

fn field(arg: &Arg, call: &Invocation, ctx: &Ctx<'_>) -> FormField {
    FormField {
        name: arg.name.to_owned(),
        label: arg.label.map_or_else(|| capital(&worded(arg.name)), str::to_owned),
        hint: if arg.label.is_some_and(|label| label.eq_ignore_ascii_case(arg.help)) { "" } else { arg.help }
            .to_owned(),
        input: input(arg, call, ctx),
        required: arg.required,
        aside: !arg.required && !USUAL.contains(&arg.name),
        value: call.args.get(arg.name).cloned(),
    }
}

/// A word as people write it: that of a machine has signs where they have spaces.
fn worded(word: &str) -> String {
    word.replace(['_', '-'], " ")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn choice(value: &str, label: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned() }
}

fn input(arg: &Arg, call: &Invocation, ctx: &Ctx<'_>) -> Input {
    let org = ctx.org;
    match arg.kind {
        ArgKind::Line(max) => Input::Line { max },
        ArgKind::Paragraph(max) => Input::Paragraph { max },
        ArgKind::Severity => Input::Select(
            org.severities
                .iter()
                .map(|severity| choice(severity.key.as_str(), &format!("{}: {}", severity.key, severity.meaning)))
                .collect(),
        ),
        ArgKind::Status => Input::Select(Phase::USUAL.iter().map(|phase| choice(phase.word(), phase.word())).collect()),
        ArgKind::Role => Input::Select(org.roles.iter().map(|role| choice(role.key.as_str(), &role.name)).collect()),
        ArgKind::Person => {
            Input::Person(org.responders().map(|person| choice(person.id.as_str(), &person.name)).collect())
        }
        ArgKind::Target => Input::Select(targets(org).map(|(typed, name)| choice(&typed, &name)).collect()),
        ArgKind::Duty => Input::Select(duties(org).map(|(typed, name)| choice(&typed, &name)).collect()),
        ArgKind::Services => {
            Input::MultiSelect(org.services.iter().map(|service| choice(&service.id, &service.name)).collect())
        }
        ArgKind::Sites => Input::MultiSelect(org.sites.iter().map(|site| choice(&site.id, &site.name)).collect()),
        ArgKind::Category => {
            Input::Select(org.categories.iter().map(|category| choice(&category.key, &category.name)).collect())
        }
        ArgKind::Chat => {
            let name = |chat: &ChatRules| choice(chat.platform.as_str(), chat.platform.as_str());
            Input::Select(org.chats.iter().map(name).collect())
        }
        ArgKind::Kind => Input::Select(Kind::ALL.iter().map(|kind| choice(kind.word(), kind.word())).collect()),
        ArgKind::Word(words) => Input::Select(words.iter().map(|word| choice(word, &worded(word))).collect()),
        ArgKind::PublicStatus => Input::Select(comms::statuses(call, org)),
        ArgKind::Toggle => Input::Toggle,
        ArgKind::Incident | ArgKind::Number | ArgKind::Moment | ArgKind::When | ArgKind::Span | ArgKind::Command => {
            Input::Line { max: if arg.slot == Slot::Rest { 200 } else { 40 } }
        }
        ArgKind::Fields => Input::Line { max: 400 },
        ArgKind::RunbookOrRun => Input::Line { max: 100 },
        ArgKind::Runbook => Input::Select(org.runbooks.books.iter().map(|book| choice(&book.id, &book.name)).collect()),
        ArgKind::Template => Input::Select(org.comms.offered().map(|one| choice(&one.id, &one.name)).collect()),
        ArgKind::Audience => Input::Select(org.comms.audiences.iter().map(|one| choice(&one.id, &one.name)).collect()),
        ArgKind::Components => comms::states(org),
        ArgKind::Inputs => Input::Paragraph { max: runbook::INPUTS },
    }
}
