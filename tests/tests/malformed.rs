//! Bad input gets one sentence, and nothing changes. The mistakes are made from the table of commands: each begins
//! with a call that is accepted as it is, which the first test shows, and has one thing wrong with it.

use muster_core::app::Answer;
use muster_core::command::check::{Checked, Given, check};
use muster_core::command::parse;
use muster_core::command::spec::{Access, Arg, ArgKind, Slot, Spec, Verb};
use muster_core::command::{Invocation, SHORTCUTS, TABLE, find};
use muster_core::decide::Ctx;
use muster_core::ids::{IncidentId, PersonId, PlatformId, RequestId};
use muster_core::inbound::{Ask, Caller, Place};
use muster_core::refusal::Reason;
use muster_tests::clock::moment;
use muster_tests::dice::{Dice, seeds};
use muster_tests::generate::{HOSTILE, verbs};
use muster_tests::scene::{self, about, incidents, right};
use muster_tests::sentence;
use muster_tests::world::{Hand, MORNING, World};

fn required(arg: &Arg) -> bool {
    arg.required
}

fn every(_: &Arg) -> bool {
    true
}

/// Everything but what says something else than the rest: `link CODE` uses a code, `link` gives one; who promises the next word cannot
/// promise none.
fn harmless(arg: &Arg) -> bool {
    !matches!(arg.name, "code" | "no-promise")
}

async fn set_scene() -> World {
    let world = scene::world();
    scene::set(&world).await;
    world
}

#[tokio::test]
async fn what_the_mistakes_are_made_of_is_right() {
    for (spec, verb) in verbs() {
        for wanted in [required, harmless] {
            let call = right(spec, verb, wanted);
            let as_line = Ask::Line(call.to_line());
            for ask in [Ask::Call(call), as_line] {
                let world = set_scene().await;
                let shown = world.person(scene::actor(spec)).asks(ask.clone()).await;
                assert!(matches!(shown.raw(), Answer::Done(_)), "{ask:?} is refused: {}", shown.text());
            }
        }
    }
}

#[tokio::test]
async fn every_example_of_the_help_can_be_typed_as_it_is() {
    let org = scene::organisation();
    let place = Place { platform: PlatformId::console(), incident: Some(incidents::OPEN), address: None, forms: false };
    let now = moment(MORNING);
    let request = RequestId::from("example");
    let world = World::memory();
    let actor = world.muster.identify(&Caller::Person(PersonId::from("alice"))).await.expect("people can be read");
    let ctx = Ctx { now, actor: &actor, place: &place, request: &request, org: &org };
    for (spec, verb) in verbs() {
        for example in verb.examples {
            let call = parse::line(example, &org, &place).unwrap_or_else(|refusal| panic!("{example}: {refusal}"));
            let named = (call.command.as_str(), call.verb.as_str());
            assert_eq!(named, (spec.name, verb.name), "{example}");
            let checked = check(&call, Given::Sent, &ctx);
            assert!(matches!(checked, Ok(Checked::Command(_))), "{example}: {checked:?}");
        }
    }
}

/// What somebody asks that cannot be done, and why not.
struct Mistake {
    why: String,
    who: &'static str,
    here: Option<IncidentId>,
    ask: Ask,
    reason: Option<Reason>,
}

fn mistake(why: &str, ask: Ask) -> Mistake {
    Mistake { why: why.to_owned(), who: "alice", here: None, ask, reason: None }
}

/// The same mistake as a call and as a line.
fn both(why: &str, call: Invocation) -> [Mistake; 2] {
    let line = Ask::Line(call.to_line());
    [mistake(why, Ask::Call(call)), mistake(why, line)]
}

fn line(why: &str, line: impl Into<String>) -> Mistake {
    mistake(why, Ask::Line(line.into()))
}

/// Values that an argument of that kind cannot have.
fn wrong(arg: &Arg) -> Vec<String> {
    let long = |max: usize| vec!["x".repeat(max + 1), "é ".repeat(max), "🔥".repeat(max + 1)];
    let these = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    match arg.kind {
        ArgKind::Line(max) if arg.name == "before" => {
            [long(max), these(&["bogus", "-", "1-", "9-9-9x", "INC-1"])].concat()
        }
        ArgKind::Line(max) | ArgKind::Paragraph(max) => long(max),
        ArgKind::Severity => these(&["sev9", "critical", "sev1,sev2", "0", "sev1!", "ＳＥＶ１", "\"sev1"]),
        ArgKind::Status => these(&["on-fire", "done", "open", "triage", "merged", "“identified"]),
        ArgKind::Role => these(&["wizard", "king of all", "commander,deputy", "role"]),
        ArgKind::Person => these(&["@nobody-at-all", "victor", "@", "everybody", "@alice @bob", "\"@bob"]),
        ArgKind::Incident => {
            these(&["checkout", "INC-0", "INC--1", "-1", "INC-99999999999999999999", "INC-1x", "INC-٣"])
        }
        ArgKind::Services => these(&["toaster", "checkout,toaster", "checkout;payment"]),
        ArgKind::Sites => these(&["moon", "stockholm,moon"]),
        ArgKind::Category => these(&["party", "outage,security"]),
        ArgKind::Chat => these(&["pigeon", "discord,pigeon"]),
        ArgKind::Target => these(&["pigeons", "@nobody-at-all", "payments,stores", "schedule:moon"]),
        ArgKind::Duty => these(&["pigeons", "@alice", "payments,stores"]),
        ArgKind::When => these(&["soon", "25:61", "in -1h", "1066-10-14 09:00", "in 5x", "9999d"]),
        ArgKind::Kind => these(&["party", "drills", "incident,drill"]),
        ArgKind::Moment => these(&[
            "soon",
            "25:61",
            "tomorrow 10:00",
            "2026-13-45 10:00",
            "2099-01-01 10:00",
            "2026-11-27T23:59:00Z",
            "5x ago",
            "9999d ago",
            "99999999999999999999m ago",
            "1066-10-14 09:00",
            "ago",
        ]),
        ArgKind::Span => these(&["soon", "-5", "0", "1.5h", "99999999999999999999h", "9999d", "m", "30m30x", "٣٠m"]),
        ArgKind::Number => these(&["zero", "0", "-1", "1.5", "99999999999999999999", "１", "#", "777", "1,2"]),
        ArgKind::Fields => {
            [these(&["impact", "bogus=1", "impact=purple", "=x"]), vec![format!("ticket={}", "x".repeat(201))]].concat()
        }
        ArgKind::Runbook => these(&["frobnicate", "payment", "../payment-failover", "0"]),
        ArgKind::Template => these(&["frobnicate", "../public-identified", "0"]),
        ArgKind::Audience => these(&["martians", "public,business", "0"]),
        ArgKind::Components => these(&["moon=down", "card-payments", "card-payments=sad", "=down"]),
        ArgKind::RunbookOrRun => these(&["frobnicate", "0", "-1", "99", "99999999999999999999"]),
        ArgKind::Inputs => {
            these(&["region", "region=moon", "bogus=1", "region=eu region=us", "=", "region=", "${{x}}"])
        }
        ArgKind::Word(_) | ArgKind::PublicStatus => these(&["sideways", "0", "open,mine"]),
        ArgKind::Command => these(&["frobnicate", "INC-1", "please help"]),
        // Whatever is said of a toggle, it is on or off.
        ArgKind::Toggle => Vec::new(),
    }
}

fn wrong_values(spec: &Spec, verb: &Verb) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for arg in verb.args {
        for value in wrong(arg) {
            let is_text = matches!(arg.kind, ArgKind::Line(_) | ArgKind::Paragraph(_));
            // What cannot be seen does not make a wrong value right.
            let disguised = ["\u{202e}", "\0\u{1b}[31m", "\u{feff}"].map(|hidden| format!("{hidden}{value}"));
            let forms = if is_text { Vec::new() } else { disguised.to_vec() };
            for value in std::iter::once(value).chain(forms) {
                let call = right(spec, verb, required).with(arg.name, value);
                mistakes.extend(both(&format!("a wrong {}", arg.name), call));
            }
        }
    }
    mistakes
}

fn missing(spec: &Spec, verb: &Verb) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for arg in verb.args.iter().filter(|arg| arg.required) {
        let whole = right(spec, verb, required);
        let mut without = whole.clone();
        without.args.remove(arg.name);
        mistakes.extend(both(&format!("no {}", arg.name), without));
        for nothing in ["", "   ", "\n\t", "\u{202e}\u{2066}", "\0"] {
            mistakes.extend(both(&format!("an empty {}", arg.name), whole.clone().with(arg.name, nothing)));
        }
    }
    mistakes
}

fn unknown_arguments(spec: &Spec, verb: &Verb) -> Vec<Mistake> {
    let whole = right(spec, verb, required);
    let long = "x".repeat(5_000);
    let mut mistakes = Vec::new();
    for name in ["bogus", "titel", "💥", "\u{202e}eltit", "__proto__", long.as_str()] {
        mistakes.push(mistake("an unknown argument", Ask::Call(whole.clone().with(name, "x"))));
        mistakes.push(line("an unknown flag", format!("{} --{name} x", whole.to_line())));
        mistakes.push(line("an unknown flag", format!("{} --{name}=x", whole.to_line())));
        mistakes.push(line("an unknown flag", format!("{} —{name}", whole.to_line())));
    }
    for name in ["incident", "Title", "TITLE", "", " "] {
        mistakes.push(mistake("an unknown argument", Ask::Call(whole.clone().with(name, "x"))));
    }
    mistakes
}

fn flags(spec: &Spec, verb: &Verb) -> Vec<Mistake> {
    let whole = right(spec, verb, required);
    let mut mistakes = Vec::new();
    for arg in verb.args {
        let once = right(spec, verb, every).args[arg.name].clone();
        let flag = if arg.is_toggle() { format!("--{}", arg.name) } else { format!("--{} \"{once}\"", arg.name) };
        mistakes.push(line("a flag twice", format!("{} {flag} {flag}", whole.to_line())));
        mistakes.push(line(
            "a flag twice",
            format!("{flag} {}", whole.to_line()).replacen(&flag, &format!("{} {flag} {flag}", whole.to_line()), 1),
        ));
        if !arg.is_toggle() {
            let mut without = whole.clone();
            without.args.remove(arg.name);
            mistakes.push(line("a flag without a value", format!("{} --{}", without.to_line(), arg.name)));
            mistakes.push(line("a flag for a value", format!("{} --{} --bogus", without.to_line(), arg.name)));
        }
    }
    if spec.scope.names_one_with(verb) {
        for wrong in ["foo", "INC-0", "INC-99999999999999999999", "\"\""] {
            mistakes.push(line("a wrong incident", format!("{} --incident {wrong}", whole.to_line())));
        }
        mistakes.push(line("a flag without a value", format!("{} --incident", whole.to_line())));
    }
    mistakes
}

/// Every place is taken, and still there are words.
fn extra_words(spec: &Spec, verb: &Verb) -> Vec<Mistake> {
    let full = right(spec, verb, |arg| arg.slot != Slot::Flag);
    let words = ["banana", "🔥 and more", "\"quoted\"", "sev1 @bob INC-1"];
    words.map(|words| line("words too many", format!("{} {words}", full.to_line()))).into()
}

fn wrong_incidents(spec: &Spec, verb: &Verb) -> Vec<Mistake> {
    if !spec.scope.names_one_with(verb) {
        return Vec::new();
    }
    let whole = right(spec, verb, required);
    let mut mistakes = Vec::new();
    for id in [incidents::NONE, incidents::PRIVATE, IncidentId(i64::MAX)] {
        let asked = both("an incident that is not there", about(whole.clone(), id));
        mistakes.extend(asked.map(|mistake| Mistake { reason: Some(Reason::NotFound), ..mistake }));
        let nowhere = Invocation { incident: None, ..whole.clone() };
        let in_room = both("a room that is not there", nowhere);
        mistakes.extend(in_room.map(|mistake| Mistake { here: Some(id), reason: Some(Reason::NotFound), ..mistake }));
    }
    // What is one's own can be meant without naming any.
    if spec.scope.demands_one(verb) {
        mistakes.extend(both("no incident", Invocation { incident: None, ..whole.clone() }));
    }
    let chosen = Invocation { incident: None, ..whole }.with("incident", "INC-0");
    mistakes.push(mistake("a chosen incident that is none", Ask::Call(chosen)));
    mistakes
}

fn without_right(spec: &Spec, verb: &Verb) -> Vec<Mistake> {
    let whole = right(spec, verb, required);
    let who: &[&'static str] = match verb.access {
        Access::Open => &[],
        Access::Reads => &["guest", "zoe"],
        Access::Writes => &["guest", "zoe", "victor"],
    };
    let mut mistakes = Vec::new();
    for who in who {
        let open = mistake("a form without the right", Ask::Open(whole.clone()));
        let asked = both("no right", whole.clone()).into_iter().chain([open]);
        mistakes.extend(asked.map(|mistake| Mistake { who, reason: Some(Reason::Forbidden), ..mistake }));
    }
    mistakes
}

fn unknown_commands(dice: &mut Dice) -> Vec<Mistake> {
    let mut words: Vec<String> =
        ["frobnicate", "résolve", "🔥", "\u{202e}wen", "new\u{200b}", "INC-", "INC-0", "--", "—", "\"new\"", "$(new)"]
            .map(str::to_owned)
            .into();
    for _ in 0..200 {
        words.push((0..1 + dice.below(12)).map(|_| char::from(b'a' + dice.below(26) as u8)).collect());
        let spec = &TABLE[dice.below(TABLE.len())];
        let mut near = spec.name.to_owned();
        near.insert(dice.below(near.len()), char::from(b'a' + dice.below(26) as u8));
        words.push(near);
    }
    words.push("x".repeat(70_000));
    words.retain(|word| find(word).is_none() && !SHORTCUTS.iter().any(|(short, _)| short == word));
    let mut mistakes = Vec::new();
    for word in words {
        let rest = dice.one_of(HOSTILE);
        mistakes.push(line("an unknown command", format!("{word} {rest}")));
        mistakes.push(line("an unknown command", format!("/{word} {rest}")));
        mistakes.push(line("an unknown command", format!("INC-1 {word}{}", " x".repeat(dice.below(300)))));
        mistakes.push(mistake("an unknown command", Ask::Call(Invocation::of(&word))));
        mistakes.push(mistake("an unknown form", Ask::Open(Invocation::of(&word))));
        let spec = &TABLE[dice.below(TABLE.len())];
        let call = Invocation { verb: word, ..Invocation::of(spec.name) };
        mistakes.push(mistake("an unknown verb", Ask::Call(call)));
    }
    mistakes
}

#[tokio::test]
async fn every_mistake_gets_one_sentence_and_changes_nothing() {
    let world = set_scene().await;
    let mut mistakes = Vec::new();
    for (spec, verb) in verbs() {
        let by_the_right_person = [wrong_values, missing, unknown_arguments, flags, extra_words, wrong_incidents];
        for make in by_the_right_person {
            let made = make(spec, verb).into_iter();
            mistakes.extend(made.map(|mistake| Mistake { who: scene::actor(spec), ..mistake }));
        }
        mistakes.extend(without_right(spec, verb));
    }
    for seed in seeds(3) {
        mistakes.extend(unknown_commands(&mut Dice::new(seed)));
    }
    assert!(mistakes.len() > 1_000, "{}", mistakes.len());
    let before = world.dump().await;
    let mut complaints = Vec::new();
    for Mistake { why, who, here, ask, reason } in mistakes {
        let hand: Hand<'_> = match who {
            "guest" => world.handle("fakechat", "u1", "Guest"),
            who => world.person(who),
        };
        let shown = hand.at(here).asks(ask.clone()).await;
        let asked: String = format!("{why}: {who} asks {ask:?}").chars().take(400).collect();
        assert_eq!(world.dump().await, before, "something changed; {asked}");
        let Answer::Refused(refusal) = shown.raw() else {
            complaints.push(format!("not refused; {asked}\n    {}", shown.text().lines().next().unwrap_or_default()));
            continue;
        };
        if let Err(complaint) = sentence::check(refusal) {
            complaints.push(format!("{complaint}; {asked}"));
        }
        if reason.is_some_and(|reason| reason != refusal.reason) {
            complaints.push(format!("refused as {:?}: {}; {asked}", refusal.reason, refusal.sentence));
        }
    }
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}
