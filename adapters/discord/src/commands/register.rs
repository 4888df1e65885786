//! The commands as they are registered, and whether Discord has them so.
//! <https://docs.discord.com/developers/interactions/application-commands#application-command-object>

use super::option::{GROUP, STRING, SUBCOMMAND, is_required, registered};
use super::shelf::{Shelf, shelves};
use super::{LINE, MUSTER, ON_MESSAGE, OnMessage, SLASH, WHICH, is_group, limits};
use muster_core::chat::fit::cut;
use muster_core::command::spec::{Arg, ArgKind, Spec, Verb};
use serde_json::{Map, Value, json};

/// Which incident: the last option of all commands about one.
pub(super) const INCIDENT: Arg = Arg::optional(WHICH, ArgKind::Incident, "which one, if not this room's");

/// Where a command can be used: in servers, and in direct messages with the bot.
/// <https://docs.discord.com/developers/interactions/application-commands#interaction-contexts>
const GUILD: u64 = 0;
const BOT_DM: u64 = 1;
/// It comes with the app that is installed to a server.
const GUILD_INSTALL: u64 = 0;

/// Every command, as Discord is told of it. It depends on the table alone.
#[must_use]
pub fn registration() -> Vec<Value> {
    let named = |shelf: &'static Shelf| shelf.names.iter().map(|name| slash(name, shelf.description, rows(shelf)));
    let shelved = shelves().iter().flat_map(named);
    let on_message = OnMessage::ALL.iter().map(|what| on_message(*what));
    shelved.chain(std::iter::once(muster())).chain(on_message).collect()
}

fn rows(shelf: &Shelf) -> Vec<Value> {
    shelf.rows.iter().copied().map(subcommand).collect()
}

fn slash(name: &str, description: &str, options: Vec<Value>) -> Value {
    let more =
        json!({ "type": SLASH, "options": options, "contexts": [GUILD, BOT_DM], "integration_types": [GUILD_INSTALL] });
    with(named(name, description), more)
}

fn muster() -> Value {
    let line = named(LINE, "As one types it: new sev1 checkout is down · INC-42 status · help");
    let line = with(line, json!({ "type": STRING, "max_length": limits::VALUE, "autocomplete": true }));
    slash(MUSTER, "A whole line, as it is typed everywhere else", vec![line])
}

/// They have no descriptions.
fn on_message(what: OnMessage) -> Value {
    json!({ "type": ON_MESSAGE, "name": what.name(), "contexts": [GUILD], "integration_types": [GUILD_INSTALL] })
}

/// A row of the table: a subcommand, or a group of them.
pub(super) fn subcommand(spec: &Spec) -> Value {
    if !is_group(spec) {
        return spec.verbs.first().map(|verb| leaf(spec, verb, spec.name)).unwrap_or_default();
    }
    let verbs: Vec<_> = spec.verbs.iter().map(|verb| leaf(spec, verb, &spec.word(verb))).collect();
    with(named(spec.name, spec.summary), json!({ "type": GROUP, "options": verbs }))
}

fn leaf(spec: &Spec, verb: &Verb, name: &str) -> Value {
    let options: Vec<_> = options(spec, verb).into_iter().map(registered).collect();
    with(named(name, verb.summary), json!({ "type": SUBCOMMAND, "options": options }))
}

/// The arguments that Discord asks for, in its order: what it demands comes first. What only programs know is left out.
pub(super) fn options<'a>(spec: &Spec, verb: &'a Verb) -> Vec<&'a Arg> {
    let group = |arg: &Arg| (!is_required(arg), !arg.required);
    let mut options: Vec<_> = verb.args.iter().filter(|arg| arg.asked).collect();
    options.sort_by_key(|arg| group(arg));
    options.extend((spec.scope.names_one_with(verb)).then_some(&INCIDENT));
    options.truncate(limits::OPTIONS);
    options
}

/// The table has one language yet: once it has more, `description_localizations` are added here.
fn named(name: &str, description: &str) -> Value {
    json!({ "name": name, "description": cut(description, limits::DESCRIPTION) })
}

fn with(mut command: Value, more: Value) -> Value {
    if let (Value::Object(command), Value::Object(more)) = (&mut command, more) {
        command.extend(more);
    }
    command
}

/// What Discord counts of a command or of a part of it: names, descriptions and values.
pub(super) fn size(part: &Value) -> usize {
    match part {
        Value::Array(parts) => parts.iter().map(size).sum(),
        Value::Object(fields) => {
            let text = |key| fields.get(key).and_then(Value::as_str).map_or(0, |text: &str| text.chars().count());
            let parts = |key| fields.get(key).map_or(0, size);
            text("name") + text("description") + text("value") + parts("options") + parts("choices")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// Whether Discord has what the table says: of one command, or of a list in any order. What Discord adds by itself (ids,
/// versions, defaults) does not count.
#[must_use]
pub fn is_same(known: &Value, wanted: &Value) -> bool {
    match (known, wanted) {
        (Value::Array(known), Value::Array(wanted)) => {
            let has = |one: &Value| known.iter().any(|other| is_same(other, one));
            known.len() == wanted.len() && wanted.iter().all(has)
        }
        (known, wanted) => {
            // Discord keeps these for commands that exist everywhere, not for those of one server.
            let places = ["contexts", "integration_types"];
            let agree = |key: &str| known[key].is_null() || sorted(&known[key]) == sorted(&wanted[key]);
            places.into_iter().all(agree) && essence(known) == essence(wanted)
        }
    }
}

fn sorted(list: &Value) -> Vec<u64> {
    let mut list: Vec<_> = list.as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
    list.sort_unstable();
    list
}

/// What we say of commands, options and choices; what is missing, off or empty is all the same.
const SAID: [&str; 14] = [
    "name",
    "name_localizations",
    "description",
    "description_localizations",
    "type",
    "required",
    "autocomplete",
    "value",
    "min_value",
    "max_value",
    "max_length",
    "choices",
    "options",
    "default_member_permissions",
];

fn essence(part: &Value) -> Value {
    match part {
        Value::Array(parts) => parts.iter().map(essence).collect(),
        Value::Object(fields) => {
            let said = fields.iter().filter(|(key, value)| SAID.contains(&key.as_str()) && !is_nothing(value));
            Value::Object(said.map(|(key, value)| (key.clone(), essence(value))).collect::<Map<_, _>>())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => part.clone(),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(on) => !on,
        Value::Number(_) => false,
        Value::String(text) => text.is_empty(),
        Value::Array(parts) => parts.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}
