//! Commands out of the table, at random: as people would give them, and as nobody should.

use crate::dice::Dice;
use muster_core::command::spec::{Arg, ArgKind, Slot, Spec, Verb};
use muster_core::command::{Invocation, TABLE};
use muster_core::ids::IncidentId;
use muster_core::incident::status::Phase;

/// Texts that have broken software before.
pub const HOSTILE: &[&str] = &[
    "",
    " ",
    "\"",
    "\\",
    "\\\"",
    "“half",
    "a “quoted” word",
    "„low",
    "it's",
    "--",
    "--at",
    "—",
    "a — b",
    "-",
    "--text \"x\"",
    "INC-1",
    "INC-1 resolve",
    "@bob",
    "sev1",
    "done",
    "list",
    "@everyone <!channel> <@U123>",
    "<script>alert(1)</script>",
    "'; DROP TABLE incidents; --",
    "%s%n{}{0}${x}",
    "line one\nline two",
    "tab\there",
    "carriage\r\nreturn",
    "nul\0in the middle",
    "bell\u{7} escape\u{1b}[31m",
    "\u{202e}turned",
    "\u{2066}isolated\u{2069}",
    "\u{feff}bom",
    "zero\u{200b}width",
    "line\u{2028}separator",
    "e\u{301}\u{301}\u{301}\u{301}",
    "👩‍🚒 fire 🔥",
    "İstanbul ǅ ß ﬃ",
    "日本語のタイトル",
    "مرحبا",
    "ｆｕｌｌ　ｗｉｄｔｈ",
    "9999999999999999999999",
    "-1",
    "1e9",
    "NaN",
    "🏳️‍🌈",
];

/// Words that nobody objects to.
pub const PLAIN: &[&str] = &[
    "checkout is slow",
    "the bank sees time-outs too",
    "rolled back to build 811",
    "card payments fail in all stores",
    "error rate normal for 30 minutes",
    "call the bank",
    "x",
];

/// People, as they are typed; the last may not respond.
pub const PEOPLE: &[&str] = &["@alice", "bob", "Carol Åberg", "dave@example.com", "me", "@ALICE", "@victor"];

/// A text: plain, or hostile.
pub fn text(dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => dice.one_of(HOSTILE).to_owned(),
        1 => format!("{} {}", dice.one_of(PLAIN), dice.one_of(HOSTILE)),
        _ => dice.one_of(PLAIN).to_owned(),
    }
}

/// A value for an argument, such as one would give where there are so many incidents.
pub fn value(dice: &mut Dice, kind: ArgKind, incidents: i64) -> String {
    let phases = Phase::ALL.map(Phase::word);
    match kind {
        ArgKind::Line(max) => text(dice).chars().take(max).collect(),
        ArgKind::Paragraph(_) => text(dice),
        ArgKind::Severity => dice.one_of(&["sev1", "SEV2", "sev3", "Sev4", "none"]).to_owned(),
        ArgKind::Status => dice.one_of(&phases).to_owned(),
        ArgKind::Role => dice.one_of(&["commander", "ic", "commander", "deputy", "sme", "comms", "Scribe"]).to_owned(),
        ArgKind::Person => dice.one_of(PEOPLE).to_owned(),
        ArgKind::Incident => IncidentId(1 + dice.below(usize::try_from(incidents).unwrap_or(0) + 1) as i64).to_string(),
        ArgKind::Services => dice.one_of(&["checkout", "payment, Tills", "none"]).to_owned(),
        ArgKind::Sites => dice.one_of(&["stockholm", "gothenburg,warehouse", "none"]).to_owned(),
        ArgKind::Category => dice.one_of(&["outage", "Security", "none"]).to_owned(),
        ArgKind::Chat => dice.one_of(&["discord", "pigeon"]).to_owned(),
        ArgKind::Target => dice.one_of(&["payments", "@bob", "stores", "carol"]).to_owned(),
        ArgKind::Duty => dice.one_of(&["payments", "stores"]).to_owned(),
        ArgKind::When => dice.one_of(&["in 1h", "tomorrow 09:00", "18:00"]).to_owned(),
        ArgKind::Kind => dice.one_of(&["incident", "incident", "drill", "maintenance"]).to_owned(),
        ArgKind::Moment => dice.one_of(&["now", "5m ago", "20m ago", "yesterday 10:42", "08:15"]).to_owned(),
        ArgKind::Span => dice.one_of(&["30m", "1h", "1h30m", "2", "1d"]).to_owned(),
        ArgKind::Number => (1 + dice.below(9)).to_string(),
        ArgKind::Runbook => dice.one_of(&["payment-failover", "Fail payments over"]).to_owned(),
        ArgKind::Template => dice.one_of(&["public-identified", "public-free", "business-update"]).to_owned(),
        ArgKind::Audience => dice.one_of(&["public", "Customers", "business"]).to_owned(),
        ArgKind::Components => dice.one_of(&["card-payments=down", "web-shop=slow,card-payments=ok", "-"]).to_owned(),
        ArgKind::RunbookOrRun => dice.one_of(&["payment-failover", "1", "#2"]).to_owned(),
        ArgKind::Inputs => dice.one_of(&["region=eu", "region=us note=\"two words\"", "note=x"]).to_owned(),
        ArgKind::Fields => dice.one_of(&["impact=high", "Ticket=OPS-1, impact=low", "impact=", "ticket="]).to_owned(),
        ArgKind::PublicStatus => dice.one_of(&["identified", "in_progress", "Monitoring"]).to_owned(),
        ArgKind::Word(words) => dice.one_of(words).to_owned(),
        ArgKind::Command => dice.one_of(&["role", "new", "ic", "timeline"]).to_owned(),
        ArgKind::Toggle => "yes".to_owned(),
    }
}

/// The name of a call: `task done`.
#[must_use]
pub fn words_of(spec: &Spec, verb: &Verb) -> String {
    [spec.name, verb.name].join(" ").trim().to_owned()
}

/// Every verb of every command.
pub fn verbs() -> impl Iterator<Item = (&'static Spec, &'static Verb)> {
    TABLE.iter().flat_map(|spec| spec.verbs.iter().map(move |verb| (spec, verb)))
}

/// A call that the grammar allows, with all that is required and some of the rest.
pub fn call(dice: &mut Dice, incidents: i64) -> Invocation {
    let spec = &TABLE[dice.below(TABLE.len())];
    let verb = &spec.verbs[dice.below(spec.verbs.len())];
    let mut call = Invocation::of(&words_of(spec, verb));
    for arg in verb.args {
        if arg.required || dice.percent(35) {
            let value = value(dice, arg.kind, incidents);
            call = call.with(arg.name, value);
        }
    }
    if spec.scope.names_one_with(verb) && dice.percent(80) {
        call = call.on(IncidentId(1 + dice.below(usize::try_from(incidents).unwrap_or(0) + 1) as i64));
    }
    call
}

/// The call as people type it: the incident after the command, arguments in their places, flags at the end.
#[must_use]
pub fn as_typed(call: &Invocation, verb: &Verb) -> String {
    let mut words = vec![call.command.clone()];
    words.extend(Some(call.verb.clone()).filter(|verb| !verb.is_empty()));
    words.extend(call.incident.map(|incident| incident.to_string()));
    let given = |arg: &Arg| call.args.get(arg.name).cloned();
    let in_order = |slot: Slot| verb.args.iter().filter(move |arg| arg.slot == slot);
    words.extend(in_order(Slot::Positional).filter_map(given));
    words.extend(in_order(Slot::Rest).filter_map(given));
    for arg in in_order(Slot::Flag) {
        let Some(value) = given(arg) else { continue };
        words.push(format!("--{}", arg.name));
        words.extend(Some(value).filter(|_| !arg.is_toggle()));
    }
    words.join(" ")
}
