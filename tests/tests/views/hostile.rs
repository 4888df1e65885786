//! Whatever an incident holds, every platform takes it and nobody is pinged. Each case comes from a seed, which a failure
//! prints; `MUSTER_SEED=7 MUSTER_CASES=1` tells it again.

use muster_core::command::Invocation;
use muster_core::ids::{IncidentId, PersonId, RoleKey, SeverityKey};
use muster_core::incident::entry::Entry;
use muster_core::incident::event::{Event, Subject};
use muster_core::incident::role::Assignment;
use muster_core::incident::task::{Assignee, Task, TaskList};
use muster_core::incident::{Incident, Update};
use muster_core::runbook::{self, Run, RunState, StepState};
use muster_core::view::form::{self, Form, FormField, Input};
use muster_core::view::{
    Action, Choice, Does, Field, Item, Line, Section, Span, TimeStyle, Tone, View, Weight, card, entry, run as shown,
    text,
};
use muster_tests::dice::{Dice, seeds};
use muster_tests::fixtures::{self, at, author};
use muster_tests::look::{CONSOLE, looks, mentioned};
use muster_tests::{generate, runs, sample};
use serde_json::json;
use std::panic::AssertUnwindSafe;

/// What a platform would read as more than text.
const MARKUP: &[&str] = &[
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<@UALICE>",
    "<!subteam^S1|@team>",
    "@channel",
    "@here",
    "<#CINC1>",
    "*bold*",
    "_it_",
    "~gone~",
    "`code`",
    "```fence```",
    "> quoted",
    "&lt;!channel&gt;",
    "&amp;",
    "<https://evil.example|ok>",
    ":fire:",
    "<",
    ">",
    "|",
    "&",
    "\n",
    "\r\n",
    "\u{0}",
    "\u{7}",
    "\u{202E}",
    "\u{2067}",
    "\u{200D}",
    "👩‍👩‍👧‍👦",
    "مرحبا",
    "https://evil.example/<!channel>",
    "<!date^0^{date}|x>",
    "@everyone",
    "<@1234567890123456789>",
    "<@&1234567890123456789>",
    "<#1234567890123456789>",
    "</inc new:1234567890123456789>",
    "<t:0:R>",
    "<:fire:1234567890123456789>",
    "[ok](https://evil.example)",
    "||hidden||",
    "__under__",
    "# heading",
    "-# small",
    "a b",
    "\t",
    "\u{FEFF}",
    "\u{2028}",
    " ",
];

/// A text of up to 100 KB, mostly short.
fn noise(dice: &mut Dice) -> String {
    let most = [0, 3, 30, 30, 300, 3_000, 100_000][dice.below(7)];
    let mut out = String::new();
    while out.len() < most {
        let piece = match dice.below(3) {
            0 => dice.one_of(MARKUP),
            1 => dice.one_of(generate::HOSTILE),
            _ => dice.one_of(generate::PLAIN),
        };
        out.push_str(piece);
        if dice.percent(2) {
            break;
        }
    }
    out
}

fn span(dice: &mut Dice) -> Span {
    match dice.below(9) {
        0 | 1 => text(noise(dice)),
        2 => Span::Strong(noise(dice)),
        3 => Span::Code(noise(dice)),
        4 => Span::Person { id: PersonId::new(noise(dice)), name: noise(dice) },
        5 => Span::Mention { id: PersonId::from(dice.one_of(&["alice", "a<!here>b", ""])), name: noise(dice) },
        6 => Span::Incident(IncidentId(1 + dice.below(3) as i64)),
        7 => Span::Time { at: at(dice.below(100_000) as i64), style: TimeStyle::Relative },
        _ => Span::Link {
            label: noise(dice),
            url: format!("{}{}", dice.one_of(&["", "https://x/", "javascript:"]), noise(dice)),
        },
    }
}

fn line(dice: &mut Dice) -> Line {
    (0..dice.below(5)).map(|_| span(dice)).collect()
}

fn call(dice: &mut Dice) -> Invocation {
    let call = generate::call(dice, 3);
    if dice.percent(20) { call.with("text", noise(dice)) } else { call }
}

fn action(dice: &mut Dice) -> Action {
    let does = match dice.below(4) {
        0 => Does::Run(call(dice)),
        1 => Does::Open(call(dice)),
        2 => {
            let count = [0, 1, 4, 150][dice.below(4)];
            Does::Choose((0..count).map(|_| Choice { label: noise(dice), run: call(dice) }).collect())
        }
        _ => Does::Visit(format!("{}{}", dice.one_of(&["https://x.example/", "", "ftp://"]), noise(dice))),
    };
    let weight = [Weight::Primary, Weight::Plain, Weight::Danger][dice.below(3)];
    Action { label: noise(dice), weight, does }
}

fn section(dice: &mut Dice) -> Section {
    let many = [0, 1, 3, 12, 60][dice.below(5)];
    match dice.below(5) {
        0 => Section::Text(line(dice)),
        1 => Section::Heading(noise(dice)),
        2 => Section::Fields((0..many).map(|_| Field { label: noise(dice), value: line(dice) }).collect()),
        3 => {
            let item = |dice: &mut Dice| {
                let line = line(dice);
                Item { line, action: dice.percent(50).then(|| action(dice)) }
            };
            Section::List((0..many).map(|_| item(dice)).collect())
        }
        _ => Section::Code(noise(dice)),
    }
}

fn any_view(dice: &mut Dice) -> View {
    let tone = [Tone::Neutral, Tone::Good, Tone::Warning, Tone::Danger, Tone::Drill][dice.below(5)];
    let sections = [0, 1, 4, 70][dice.below(4)];
    let actions = [0, 1, 6, 40][dice.below(4)];
    View {
        title: line(dice),
        tone,
        sections: (0..sections).map(|_| section(dice)).collect(),
        actions: (0..actions).map(|_| action(dice)).collect(),
        footer: line(dice),
    }
}

fn any_incident(dice: &mut Dice) -> Incident {
    let mut incident = fixtures::incident(1 + dice.below(2) as i64);
    incident.title = noise(dice);
    incident.summary = dice.percent(50).then(|| noise(dice));
    incident.severity = dice.percent(50).then(|| SeverityKey::new(noise(dice)));
    incident.declared_by.name = noise(dice);
    incident.fields = (0..dice.below(4)).map(|_| (noise(dice), noise(dice))).collect();
    incident.services = (0..dice.below(40)).map(|_| noise(dice)).collect();
    let holder = |dice: &mut Dice, role: &str| Assignment {
        role: RoleKey::from(role),
        person: PersonId::new(noise(dice)),
        name: noise(dice),
        since: at(0),
    };
    incident.roles = ["commander", "sme", "sme"].iter().map(|role| holder(dice, role)).collect();
    incident.tasks = (0..[0, 3, 60, 400][dice.below(4)])
        .map(|number| Task {
            number,
            text: noise(dice),
            assignee: dice.percent(50).then(|| Assignee { person: PersonId::from("alice"), name: noise(dice) }),
            created_at: at(0),
            done_at: dice.percent(30).then(|| at(9)),
        })
        .collect();
    incident.last_update = dice.percent(50).then(|| Update {
        text: noise(dice),
        doing: Some(noise(dice)),
        by: author("alice"),
        at: at(1),
        next_at: Some(at(99)),
    });
    incident.update_due = dice.percent(50).then(|| at(99));
    incident
}

fn timeline(dice: &mut Dice, incident: &Incident) -> View {
    let many = [0, 20, 300, 5_000][dice.below(4)];
    let org = sample::retailer();
    let words: Vec<String> = (0..10).map(|_| noise(dice)).collect();
    let entry = |n: i64| Entry {
        what: Event::Noted { text: words[n as usize % words.len()].clone() },
        ..fixtures::note(incident.id.0, n, "")
    };
    let items = (1..=many).map(|n| Item { line: entry::line(&entry(n), &org), action: None });
    View::titled(Tone::Neutral, vec![text("Timeline of "), card::named(incident)]).with(Section::List(items.collect()))
}

/// A run of the worst runbook: names, answers and outputs are noise, and there are very many of them.
fn any_run(dice: &mut Dice) -> Run {
    let states = [
        StepState::Asking,
        StepState::Held,
        StepState::Failed { reason: noise(dice) },
        StepState::Unknown { reason: noise(dice) },
        StepState::Working { worker: noise(dice) },
        StepState::Skipped { by: subject(dice), reason: noise(dice) },
        StepState::Done,
    ];
    let at_step = ["which", "allow", "switch", "stores"][dice.below(4)];
    let mut run = runs::failover_at(at_step, states[dice.below(states.len())].clone());
    run.number = 1 + dice.below(200) as i64;
    run.book.name = noise(dice);
    run.inputs = (0..dice.below(4)).map(|_| (noise(dice), json!(noise(dice)))).collect();
    run.state = [RunState::Running, RunState::Stopped, RunState::Paused, RunState::Done][dice.below(4)].clone();
    for (step, at) in run.book.steps.iter_mut().zip(&mut run.steps) {
        step.name = noise(dice);
        step.id = noise(dice);
        at.id.clone_from(&step.id);
        at.outputs = (0..dice.below(4)).map(|_| (noise(dice), json!(noise(dice)))).collect();
        at.tail = (0..dice.below(9)).map(|_| noise(dice)).collect();
        at.asked = (0..dice.below(30)).map(|_| subject(dice)).collect();
        if let Some(asks) = &mut at.asks {
            asks.text = noise(dice);
            asks.checklist = (0..[0, 2, 60][dice.below(3)]).map(|_| noise(dice)).collect();
            for detail in asks.covers.iter_mut().flat_map(|step| &mut step.does) {
                detail.text = noise(dice);
            }
        }
        if let runbook::Action::Ask { choices, .. } = &mut step.action {
            let choice = |dice: &mut Dice| runbook::Choice { value: noise(dice), label: noise(dice) };
            *choices = (0..[1, 3, 30, 150][dice.below(4)]).map(|_| choice(dice)).collect();
        }
    }
    run
}

fn subject(dice: &mut Dice) -> Subject {
    Subject { person: PersonId::new(noise(dice)), name: noise(dice) }
}

#[test]
fn any_run_is_taken_and_pings_nobody() {
    let org = sample::retailer();
    for seed in seeds(30) {
        let run = any_run(&mut Dice::new(seed));
        let step = &run.steps[3];
        let views = [
            shown::card(&run, &org),
            shown::brief(&run),
            shown::whole(&run, &fixtures::incident(1), &org),
            shown::output(&run, step, None, &org),
            shown::list(&fixtures::incident(1), &[&run], &org),
            shown::book(&run.book, Some(&fixtures::incident(1)), &org),
            shown::suggestion(&run.book, &fixtures::incident(1)),
        ];
        for view in &views {
            assert!(mentioned(view).is_empty());
            for look in looks() {
                telling(seed, || look.view(view));
            }
        }
    }
}

#[test]
fn any_incident_is_taken_and_pings_nobody() {
    let org = sample::retailer();
    for seed in seeds(20) {
        let mut dice = Dice::new(seed);
        let incident = any_incident(&mut dice);
        let views = [
            card::headline(&incident, &org, at(500)),
            card::welcome(&incident, &org),
            card::declared(&incident, &org),
            card::roles(&incident, &org),
            card::tasks(&incident, TaskList::Task),
            View::titled(Tone::Warning, card::brief(&incident)),
            timeline(&mut dice, &incident),
        ];
        for view in &views {
            assert!(mentioned(view).is_empty());
            for look in looks() {
                telling(seed, || look.view(view));
            }
        }
        for look in looks() {
            telling(seed, || look.topic(&card::brief(&incident)));
        }
    }
}

#[test]
fn any_view_is_taken_and_pings_only_whom_it_means() {
    for seed in seeds(40) {
        let view = any_view(&mut Dice::new(seed));
        for look in looks() {
            telling(seed, || look.view(&view));
        }
    }
}

#[test]
fn any_form_is_taken() {
    for seed in seeds(40) {
        let mut dice = Dice::new(seed);
        let choices = |dice: &mut Dice| -> Vec<form::Choice> {
            let many = [0, 1, 20, 100, 101, 400][dice.below(6)];
            (0..many).map(|_| form::Choice { value: noise(dice), label: noise(dice) }).collect()
        };
        let field = |dice: &mut Dice, n: usize| FormField {
            name: format!("field_{n}"),
            label: noise(dice),
            hint: noise(dice),
            input: match dice.below(7) {
                0 => Input::Line { max: dice.below(10_000) },
                1 => Input::Paragraph { max: dice.below(10_000) },
                2 => Input::Select(choices(dice)),
                3 => Input::MultiSelect(choices(dice)),
                4 => Input::Person(choices(dice)),
                5 => Input::Each { of: choices(dice), is: choices(dice) },
                _ => Input::Toggle,
            },
            required: dice.percent(50),
            aside: dice.percent(50),
            value: dice.percent(50).then(|| noise(dice)),
        };
        let fields = (0..dice.below(8)).map(|n| field(&mut dice, n)).collect();
        let (title, submit) = (noise(&mut dice), noise(&mut dice));
        let form = Form { title, submit, target: call(&mut dice), fields };
        for look in looks() {
            telling(seed, || look.form(&form));
        }
    }
}

#[test]
fn what_does_not_fit_is_said_and_the_whole_is_one_click_away() {
    let incident = fixtures::incident(2);
    let long = "All work and no play. ".repeat(5_000);
    let view = card::headline(&Incident { summary: Some(long), ..incident }, &sample::retailer(), at(500));
    for look in looks().into_iter().filter(|look| look.name() != "console") {
        let picture = look.view(&view);
        assert!(picture.contains("Not all of this fits here: see the whole"), "{picture}");
        assert!(picture.contains(&format!("{CONSOLE}/incidents/INC-2")), "{picture}");
        for label in ["Update", "Severity", "Resolve", "Task"] {
            assert!(picture.contains(label), "the action {label} is kept");
        }
    }
}

/// Runs a case; when it panics, the seed that made it is told.
fn telling<T>(seed: u64, case: impl FnOnce() -> T) -> T {
    std::panic::catch_unwind(AssertUnwindSafe(case))
        .unwrap_or_else(|_| panic!("the case of MUSTER_SEED={seed} MUSTER_CASES=1"))
}
