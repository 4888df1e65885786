//! The library of runbooks: each fits the sample config, is safe as a reviewer would want it, and plays its tests.

use chrono_tz::Tz;
use muster_core::ids::{IncidentId, PersonId, RoleKey, SeverityKey};
use muster_core::incident::Incident;
use muster_core::incident::entry::Author;
use muster_core::org::{Category, Organisation, Person, Reach, Right, Role, Service, ServiceKind, Site, Team};
use muster_core::runbook::{Action, Call, Detail, Planned, Probe, Runbook, Step, plan};
use muster_runbooks::library::{LIBRARY, README, Sample};
use muster_runbooks::trial::Trials;
use muster_runbooks::{Source, read};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use toml::Table;

/// What `muster init` writes.
const CONFIG: &str = include_str!("../../bot/src/config/sample.toml");

/// Whom and what the sample config knows.
fn organisation() -> Organisation {
    let config: Table = CONFIG.parse().expect("the sample is TOML");
    let each = |kind: &str| -> Vec<Table> {
        let all = config.get(kind).and_then(toml::Value::as_array).cloned().unwrap_or_default();
        all.into_iter().map(|one| one.as_table().expect("a table").clone()).collect()
    };
    let word = |table: &Table, key: &str| table.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
    let right = |table: &Table| match word(table, "right").as_str() {
        "admin" => Right::Admin,
        "view" => Right::View,
        _ => Right::Respond,
    };
    let members = |table: &Table| -> Vec<PersonId> {
        let all = table.get("members").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        all.iter().filter_map(|one| one.as_str()).map(PersonId::from).collect()
    };
    let mut org = Organisation::empty("Nordic Retail", "https://muster.example.com");
    org.people = each("person")
        .iter()
        .map(|it| Person {
            id: PersonId::from(word(it, "id").as_str()),
            name: word(it, "name"),
            email: Some(word(it, "email")),
            right: right(it),
            time_zone: Tz::Europe__Stockholm,
            reach: Reach::default(),
        })
        .collect();
    org.teams = each("team")
        .iter()
        .map(|it| Team { id: word(it, "id"), name: word(it, "name"), members: members(it), policy: None })
        .collect();
    org.services = each("service")
        .iter()
        .map(|it| Service { id: word(it, "id"), name: word(it, "name"), kind: ServiceKind::Web, owner: None })
        .collect();
    org.sites = each("site").iter().map(|it| Site { id: word(it, "id"), name: word(it, "name") }).collect();
    let category = |it: &Table| Category { key: word(it, "key"), name: word(it, "name"), private: true };
    org.categories = each("type").iter().map(category).collect();
    org.roles.extend(each("role").iter().map(|it| Role {
        key: RoleKey::from(word(it, "key").as_str()),
        name: word(it, "name"),
        aliases: Vec::new(),
        brief: String::new(),
        many: false,
    }));
    org
}

/// All of them, read together: some run others.
fn books() -> Vec<(Sample, Runbook)> {
    let source = |sample: &Sample| Source { file: format!("{}.yaml", sample.id), text: sample.text.to_owned() };
    let sources: Vec<_> = LIBRARY.iter().map(source).collect();
    let books = read(&sources, Some(&organisation())).unwrap_or_else(|faults| {
        let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
        panic!("the library fits the sample config:\n{}", faults.join("\n"))
    });
    let book = |sample: Sample| {
        let book = books.iter().find(|book| book.id == sample.id).expect("a file is called as its runbook");
        (sample, book.clone())
    };
    LIBRARY.into_iter().map(book).collect()
}

/// What the first test gives to a runbook, and else its defaults.
fn inputs(sample: &Sample, book: &Runbook) -> BTreeMap<String, Value> {
    let given = &Trials::read(sample.tests).expect("tests").cases[0].inputs;
    let value = |id: &String, default: &Option<Value>| given.get(id).or(default.as_ref()).cloned();
    book.inputs.iter().filter_map(|it| Some((it.id.clone(), value(&it.id, &it.default)?))).collect()
}

fn dry(sample: &Sample, book: &Runbook) -> Vec<Planned> {
    let by = Author { person: PersonId::from("alice"), name: "Alice Ek".to_owned() };
    let noon = "2026-11-27T12:00:00Z".parse().expect("a moment");
    let mut incident = Incident::declared(IncidentId(7), "Something broke", by, noon);
    incident.severity = Some(SeverityKey::from("SEV1"));
    plan(book, &inputs(sample, book), &incident, &organisation())
}

/// Whether a machine changes something outside.
fn acts(step: &Step) -> bool {
    if let Action::Http(call) = &step.action { call.method != "GET" } else { matches!(step.action, Action::Run(_)) }
}

#[test]
fn all_files_of_the_folder_are_in_the_library() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("library");
    let names = std::fs::read_dir(folder).expect("the folder").map(|file| file.expect("a file").file_name());
    let there: BTreeSet<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    let brought = LIBRARY.iter().flat_map(|it| [format!("{}.yaml", it.id), format!("{}.test.yaml", it.id)]);
    assert_eq!(there, brought.chain(["README.md".to_owned()]).collect());
}

#[test]
fn every_runbook_says_when_to_use_it_and_when_not_and_who_keeps_it() {
    for (_, book) in books() {
        let id = &book.id;
        assert!(book.description.len() >= 80, "{id}: {}", book.description);
        assert!(book.description.contains("Use it") && book.description.contains("Not "), "{id}: {}", book.description);
        assert!(book.owner.is_some(), "{id} has no owner");
        assert!(!book.triggers.is_empty(), "{id} never offers itself");
        for input in &book.inputs {
            assert!(input.help.len() > 10, "{id}: nobody is told what {} is", input.id);
        }
    }
}

#[test]
fn every_runbook_proves_that_it_works_and_gives_the_proof_time() {
    for (_, book) in books() {
        let proofs: Vec<_> =
            book.flat().into_iter().filter(|step| matches!(step.action, Action::Probe(_))).cloned().collect();
        assert!(!proofs.is_empty(), "{} proves nothing", book.id);
        for step in proofs {
            let Action::Probe(Probe { holds, every, times, .. }) = &step.action else { continue };
            assert!(holds.is_some(), "{}/{} holds whatever is answered", book.id, step.id);
            let least = *every * times.saturating_sub(1);
            let limit = step.timeout.expect("a time limit");
            assert!(limit > least, "{}/{} cannot hold {times} times within {limit:?}", book.id, step.id);
        }
    }
}

#[test]
fn nothing_acts_twice_or_alone_before_a_second_person_allows_it() {
    for (_, book) in books() {
        let mut allowed: BTreeSet<&String> = BTreeSet::new();
        let flat = book.flat();
        for step in &flat {
            if let Action::Approve { covers, .. } = &step.action {
                allowed.extend(covers);
            }
            let is_harmless = !acts(step) || step.idempotent;
            assert!(is_harmless || allowed.contains(&step.id), "{}/{} acts without approval", book.id, step.id);
        }
        assert!(!allowed.is_empty(), "{} asks nobody", book.id);
    }
}

#[test]
fn what_acts_can_be_taken_back_or_says_why_not() {
    for (_, book) in books() {
        for step in book.flat().into_iter().filter(|step| acts(step)) {
            let says = ["nothing to undo", "cannot be undone"].iter().any(|why| step.name.contains(why));
            let (id, step_id) = (&book.id, &step.id);
            assert!(
                step.undo.is_some() != says,
                "{id}/{step_id} has an undo, or says that there is none: {}",
                step.name
            );
        }
    }
}

#[test]
fn the_readme_names_every_program_and_address() {
    for (_, book) in books() {
        assert!(README.contains(&format!("`{}`", book.id)), "the table lacks {}", book.id);
        for step in book.flat() {
            for action in std::iter::once(&step.action).chain(step.undo.iter().map(|undo| &undo.action)) {
                explained(action);
            }
        }
    }
}

/// Whether a program with its verb, or an address, is explained.
fn explained(action: &Action) {
    if let Action::Run(program) = action {
        let verb = program.args.first().map(|verb| String::from(verb.clone())).unwrap_or_default();
        let has_row = README.contains(&format!("\n| `{}` | ", program.program));
        assert!(has_row, "{} is not explained", program.program);
        assert!(README.contains(&format!("`{verb} ")), "{} {verb} is not explained", program.program);
    }
    if let Action::Http(Call { url, .. }) | Action::Probe(Probe { call: Call { url, .. }, .. }) = action {
        let url = String::from(url.clone());
        let path = url.strip_prefix("https://ops.example.com/v1").unwrap_or("/health");
        let kind = path.split(['/', '?', '$']).nth(1).unwrap_or_default();
        assert!(README.contains(&format!("/{kind}")), "{url} is not explained");
    }
}

#[test]
fn every_test_of_the_library_passes() {
    let org = organisation();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (sample, book) in books() {
        let trials = Trials::read(sample.tests).unwrap_or_else(|why| panic!("{}: {why}", sample.id));
        assert!(trials.cases.len() >= 2, "{} has too few tests", sample.id);
        for case in &trials.cases {
            count += 1;
            wrong.extend(
                case.judge(&book, &org).into_iter().map(|what| format!("{}: {}: {what}", sample.id, case.name)),
            );
        }
        let ends: BTreeSet<_> = trials.cases.iter().map(|case| case.expect.state.as_str()).collect();
        assert!(ends.contains("done") && ends.len() > 1, "{} is only tested one way: {ends:?}", sample.id);
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_dry_run_fills_everything_in() {
    for (sample, book) in books() {
        for step in dry(&sample, &book) {
            for Detail { label, text } in step.does.iter().chain(&step.undo) {
                let is_full = !text.contains("${{");
                assert!(is_full, "{}/{}: {label} {text}", book.id, step.id);
            }
        }
    }
}

/// As people read it before they run it.
fn page(sample: &Sample, book: &Runbook) -> String {
    let mut page = format!("{}\n{}\n", book.name, book.description);
    for step in dry(sample, book) {
        let indent = "  ".repeat(step.depth + 1);
        let _ = writeln!(page, "\n{indent}{}", step.name);
        if let Some(condition) = &step.condition {
            let _ = writeln!(page, "{indent}  if {condition}");
        }
        for (mark, Detail { label, text }) in
            step.does.iter().map(|it| ("", it)).chain(step.undo.iter().map(|it| ("undo ", it)))
        {
            let is_told = !["Authorization", "TOKEN"].contains(&label.as_str());
            let text = text.trim().replace('\n', &format!("\n{indent}    "));
            if is_told {
                let _ = writeln!(page, "{indent}  {mark}{label}: {text}");
            }
        }
    }
    page
}

#[test]
fn people_read_them_so() {
    let pages: Vec<_> = books().iter().map(|(sample, book)| page(sample, book)).collect();
    insta::assert_snapshot!(pages.join("\n\n=====\n\n"));
}
