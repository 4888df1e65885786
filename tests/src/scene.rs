//! A scene in which every command of the table has something to act on, and the call of each that is right there.

use crate::chats::Loopback;
use crate::customers;
use crate::generate::words_of;
use crate::memory::MemoryStore;
use crate::runs;
use crate::sample;
use crate::world::World;
use muster_core::alert::{Action, AlertKey, Level, Signal};
use muster_core::command::Invocation;
use muster_core::command::spec::{Arg, ArgKind, Slot, Spec, Verb};
use muster_core::comms::{Destination, Message};
use muster_core::decide::Needs;
use muster_core::ids::{IncidentId, PlatformId};
use muster_core::org::{ChatRules, Organisation};
use muster_core::record::Wanted;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// What the private incident of the scene is about: no outsider may ever read these words.
pub const SECRET: &str = "zebracrossing payroll breach";

/// The incidents of the scene.
pub mod incidents {
    use muster_core::ids::IncidentId;

    /// Open; `alice` commands it, knows the part that is broken and has offered that to `carol`; `bob` is deputy and has offered that to `alice`. `payments` is
    /// paged: `alice` is called. Her contacts are being tested, and `bob` asks to be covered.
    pub const OPEN: IncidentId = IncidentId(1);
    /// Resolved.
    pub const RESOLVED: IncidentId = IncidentId(2);
    /// Private: only `bob` has joined.
    pub const PRIVATE: IncidentId = IncidentId(3);
    /// Open, and of nobody's interest.
    pub const OTHER: IncidentId = IncidentId(4);
    /// Work that is planned for tomorrow.
    pub const PLANNED: IncidentId = IncidentId(5);
    /// There is none.
    pub const NONE: IncidentId = IncidentId(999);
}

/// The number of the note that `alice` wrote in the open incident.
const NOTE: &str = "2";

/// What the chat calls the message that `alice` pinned there.
const PINNED: &str = "C1/1795770000.000200";

/// The chat on which incidents get a room when somebody asks for one.
const CHAT: &str = "discord";

/// The organisation of the scene.
#[must_use]
pub fn organisation() -> Organisation {
    let mut org = sample::retailer();
    org.runbooks.books.extend(runs::small_books());
    org.chats = vec![ChatRules { platform: PlatformId::from(CHAT), rooms: false, announces: false }];
    org.comms = customers::rules();
    // Nobody is due a word, and business customers read a channel.
    org.comms.rules.clear();
    if let Some(business) = org.comms.audiences.last_mut() {
        let platform = PlatformId::from(CHAT);
        business.to = vec![Destination::Channel { platform, address: "partners".to_owned() }];
    }
    org
}

/// A world in which the scene can be set.
#[must_use]
pub fn world() -> World {
    World::with_chats(Arc::new(MemoryStore::default()), organisation(), vec![Loopback::new(CHAT)])
}

/// Sets the scene.
pub async fn set(world: &World) {
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let here = alice.in_room("INC-1");
    alice.types("new sev2 checkout is slow --service checkout --site stockholm").await.ok();
    for line in [
        "note the bank sees time-outs",
        "ic",
        "role deputy @bob",
        "role sme",
        "handoff @carol she knows the bank --role sme",
        "task restart the workers",
        "task call the bank @bob",
        "task done 2",
        "followup write to the bank",
        "followup buy better cables @bob",
        "followup done 2",
        "update we are on it --next 30m",
        "summary checkout answers slowly since nine",
        "page payments the bank sees time-outs, and so do we",
        "contact test",
    ] {
        here.types(line).await.ok();
    }
    here.types(&format!("timeline pin the bank answers again --by Bob --message {PINNED}")).await.ok();
    bob.types("INC-1 handoff @alice --role deputy").await.ok();
    bob.types("oncall swap").await.ok();
    for book in ["call-round", "which-provider", "night-calls", "name-a-scribe"] {
        bob.types(&format!("INC-1 runbook run {book}")).await.ok();
    }
    bob.types("INC-1 runbook pause --run 2").await.ok();
    let allowed = world.whole("INC-1").await.runs.into_iter().find(|run| run.number == 3);
    let asks = allowed.and_then(|run| run.steps.into_iter().next()).and_then(|step| step.asks);
    MARK.get_or_init(|| asks.and_then(|asks| asks.hash).unwrap_or_default());
    write_messages(world).await;
    alice.types("new sev3 the fridges of Gothenburg are offline").await.ok();
    alice.types("INC-2 resolve").await.ok();
    bob.types(&format!("new sev1 {SECRET} --private --service payment --site warehouse --summary \"{SECRET}\""))
        .await
        .ok();
    bob.types(&format!("INC-3 note {SECRET}")).await.ok();
    bob.types(&format!("INC-3 task {SECRET}")).await.ok();
    alice.types("new sev4 a till prints twice").await.ok();
    alice.types("silence add host=till-9 12h the till is being replaced").await.ok();
    let work = "maintenance plan 2h new lines --service wan --site warehouse --from \"tomorrow 06:00\"";
    bob.types(work).await.ok();
    world.hears([alert()]).await;
    world.settle().await;
}

/// Bob has written to customers: a draft, what is in review, approved, scheduled; business customers were told something.
async fn write_messages(world: &World) {
    let (bob, dave) = (world.person("bob"), world.person("dave"));
    for number in 1..=5 {
        let template = if number == 5 {
            "business-update impact=payments progress=found"
        } else {
            "public-identified impact=shop-down"
        };
        bob.types(&format!("INC-1 comms draft {template}")).await.ok();
        if number == 1 {
            continue;
        }
        bob.types(&format!("INC-1 comms submit {number}")).await.ok();
        let seal = mark_of(world, number).await;
        if number == 2 {
            SEAL.get_or_init(|| seal);
            continue;
        }
        dave.types(&format!("INC-1 comms approve {number} --seal {seal}")).await.ok();
    }
    bob.types("INC-1 comms schedule 4 in 6h").await.ok();
    bob.types("INC-1 comms publish 5").await.ok();
}

/// The mark of what a message of the open incident says.
async fn mark_of(world: &World, number: i64) -> String {
    let needs = Needs { records: vec![Wanted::MessagesOf(incidents::OPEN)], ..Needs::default() };
    let state = world.muster.store().load(&needs).await.expect("messages can be read");
    state.records.message(incidents::OPEN, number).map(Message::mark).unwrap_or_default()
}

/// An alert that is kept, and concerns nobody.
fn alert() -> Signal {
    Signal {
        source: "scene".to_owned(),
        key: "backup".to_owned(),
        action: Action::Trigger,
        title: "The backup took longer than usual".to_owned(),
        text: None,
        level: Some(Level::Info),
        labels: BTreeMap::new(),
        links: Vec::new(),
        at: None,
    }
}

/// Who makes the right call: `alice`, except that she has joined already.
#[must_use]
pub fn actor(spec: &Spec) -> &'static str {
    if spec.name == "join" { "dave" } else { "alice" }
}

/// The mark of what `bob` wants to be allowed in the third run, once the scene has been set: the same every time.
static MARK: OnceLock<String> = OnceLock::new();

/// The mark of what the message says that is in review, once the scene has been set: the same every time.
static SEAL: OnceLock<String> = OnceLock::new();

/// The message of the open incident to which that verb makes sense.
fn right_message(verb: &Verb) -> &'static str {
    match verb.name {
        "approve" | "reject" | "edit" | "history" => "2",
        "publish" | "schedule" => "3",
        "unschedule" => "4",
        "retract" => "5",
        _ => "1",
    }
}

/// The run of the open incident in which that verb makes sense, and its step. All are `bob`'s: a call round, a question
/// that is paused, something to be allowed, something that has failed.
fn right_run(verb: &Verb) -> (&'static str, &'static str) {
    match verb.name {
        "answer" | "resume" => ("2", "which"),
        "approve" | "deny" => ("3", "allow"),
        "retry" | "confirm" => ("4", "name"),
        _ => ("1", "call"),
    }
}

/// A value that the actor may give for an argument in the open incident.
fn right_value(verb: &Verb, arg: &Arg) -> String {
    let value = match arg.kind {
        ArgKind::Line(64) if arg.name == "hash" => return MARK.get().cloned().unwrap_or_default(),
        ArgKind::Line(64) if arg.name == "seal" => return SEAL.get().cloned().unwrap_or_default(),
        ArgKind::Number if arg.help.starts_with("which message") => right_message(verb),
        ArgKind::Number if arg.name == "run" => right_run(verb).0,
        ArgKind::Line(_) if arg.name == "step" => right_run(verb).1,
        ArgKind::Line(_) if verb.name == "answer" => "adyen",
        ArgKind::Line(64) => CHAT,
        ArgKind::Line(60) => "1795770000000000-2",
        ArgKind::Line(40) => "k3fm-9ta2",
        ArgKind::Line(_) if arg.name == "match" => "service=checkout,host=web-*",
        ArgKind::Line(_) if arg.name == "alert" => return AlertKey::from(&alert()).code(),
        ArgKind::Line(_) if arg.name == "link" => "https://chat.example.com/archives/C1/p1795770000000200",
        ArgKind::Line(_) if arg.name == "message" && verb.name == "unpin" => PINNED,
        ArgKind::Line(_) | ArgKind::Paragraph(_) => "the second bank sees it too",
        ArgKind::Severity => "sev1",
        ArgKind::Status => "identified",
        ArgKind::Role => match verb.name {
            "accept" | "decline" => "deputy",
            "withdraw" => "sme",
            "" if arg.slot == Slot::Positional => "comms",
            _ => "commander",
        },
        ArgKind::Person if verb.name == "release" => "@alice",
        ArgKind::Person if arg.help.starts_with("who") && arg.help.contains("; you") && verb.name.is_empty() => {
            "@mallory"
        }
        ArgKind::Person => "@dave",
        ArgKind::Incident => "INC-4",
        ArgKind::Services => "payment,tills",
        ArgKind::Sites => "gothenburg",
        ArgKind::Category => "outage",
        ArgKind::Chat => CHAT,
        ArgKind::Target if verb.name == "reassign" => "@dave",
        ArgKind::Target => "stores",
        ArgKind::Duty => "payments",
        ArgKind::When if arg.name == "until" => "in 9h",
        ArgKind::When => "in 1h",
        ArgKind::Kind => "incident",
        ArgKind::Moment => "20m ago",
        ArgKind::Span => "45m",
        ArgKind::Number if matches!(verb.name, "edit" | "backdate" | "remove" | "history") => NOTE,
        ArgKind::Number if verb.name == "reopen" => "2",
        ArgKind::Number => "1",
        ArgKind::Fields => "impact=high",
        ArgKind::Runbook => "payment-failover",
        ArgKind::RunbookOrRun => "1",
        ArgKind::Inputs if arg.name == "values" => "impact=shop-slow",
        ArgKind::Inputs => "region=eu",
        ArgKind::Template => "public-identified",
        ArgKind::Audience => "public",
        ArgKind::Components => "card-payments=down",
        ArgKind::PublicStatus => "investigating",
        ArgKind::Word(words) => words[0],
        ArgKind::Command => "role",
        ArgKind::Toggle => "yes",
    };
    value.to_owned()
}

/// The call of a verb that its actor may make, with those of its arguments that `wanted` picks.
#[must_use]
pub fn right(spec: &Spec, verb: &Verb, wanted: fn(&Arg) -> bool) -> Invocation {
    let mut call = Invocation::of(&words_of(spec, verb));
    // To edit nothing at all is refused, and so is to keep everything from people. Of several runs one must be named.
    // So must one of several messages, and what becomes of it.
    let must_say = matches!((spec.name, verb.name), ("edit" | "runbook", _) | ("maintenance", "add" | "move"));
    let of_message = |arg: &Arg| match verb.name {
        "edit" => matches!(arg.name, "number" | "values"),
        _ => matches!(arg.name, "number" | "seal"),
    };
    let makes_sense = |arg: &&Arg| {
        wanted(arg)
            || (spec.name == "comms" && of_message(arg))
            || (must_say
                && matches!(arg.name, "title" | "service" | "from" | "which" | "inputs" | "run" | "step" | "hash"))
    };
    for arg in verb.args.iter().filter(makes_sense) {
        call = call.with(arg.name, right_value(verb, arg));
    }
    let incident = match spec.name {
        "reopen" | "close" => incidents::RESOLVED,
        "maintenance" => incidents::PLANNED,
        _ => incidents::OPEN,
    };
    if spec.scope.names_one_with(verb) { call.on(incident) } else { call }
}

/// What is right, about another incident.
#[must_use]
pub fn about(call: Invocation, incident: IncidentId) -> Invocation {
    if call.incident.is_some() { call.on(incident) } else { call }
}
