//! What is kept from one time to the next is what would be made anew: whatever happens in between.
//!
//! `MUSTER_SEED=… MUSTER_CASES=… cargo test -p muster-tests --test statuspage_files press` tries others.

use chrono::{Datelike, TimeDelta};
use muster_core::comms::{ComponentState, Correction, Locales, Post, PublicIncident, PublicStatus};
use muster_core::ids::IncidentId;
use muster_statuspage::{File, Model, Press, files};
use muster_tests::dice::{Dice, seeds};
use muster_tests::statuspage::{calm, open, outage, texts};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const STEPS: usize = 40;

/// Something that happens: to an incident, to the config, or time passes. What is kept is of use only after the first and some of the
/// last, so these come more often.
fn happens(dice: &mut Dice, model: &Model) -> Model {
    let Model { rules, mut incidents, mut now } = model.clone();
    let mut rules = Arc::unwrap_or_clone(rules);
    let which = dice.below(incidents.len().max(1));
    match dice.below(12) {
        0 => rules.components.rotate_left(1),
        1 => rules.locales = turned(&rules.locales),
        2 => {
            let page = rules.page.as_mut().unwrap();
            page.name = format!("{}!", page.name);
        }
        3 => now += TimeDelta::days(1),
        4 => now += TimeDelta::days(60),
        5 | 6 => now += TimeDelta::minutes(1),
        7 => drop((!incidents.is_empty()).then(|| incidents.remove(which))),
        8 => {
            let number = incidents.iter().map(|one| one.incident.0).max().unwrap_or_default() + 1;
            incidents.push(PublicIncident { incident: IncidentId(number), began_at: now, ..open() });
        }
        9..12 => {
            if let Some(one) = incidents.get_mut(which) {
                is_said(dice, one, now);
            }
        }
        _ => unreachable!("there are twelve"),
    }
    Model::new(Arc::new(rules), incidents, now)
}

/// Something is said of an incident, put right, or taken back.
fn is_said(dice: &mut Dice, incident: &mut PublicIncident, at: muster_core::clock::Timestamp) {
    let said = texts([("A word", "One."), ("Ett ord", "Ett."), ("Ein Wort", "Eins.")]);
    let post = dice.below(incident.posts.len());
    let post = &mut incident.posts[post];
    match dice.below(4) {
        0 => post.retracted = Some(at),
        1 => {
            let was = std::mem::replace(&mut post.texts, said);
            post.corrected.push(Correction { at, was });
        }
        2 => incident.ended_at = incident.ended_at.xor(Some(at)),
        _ => {
            let state = ComponentState::ALL[dice.below(5)];
            incident.states.push((at, BTreeMap::from([("tills".to_owned(), state)])));
            let (number, status) = (incident.posts.len() as i64 + 1, PublicStatus::Identified);
            let next_at = None;
            incident.posts.push(Post {
                number,
                at,
                status,
                texts: said,
                next_at,
                corrected: Vec::new(),
                retracted: None,
            });
        }
    }
}

/// The files that are the very same, not only alike.
fn kept<'a>(before: &'a BTreeMap<String, File>, after: &'a BTreeMap<String, File>) -> BTreeSet<&'a str> {
    let is_kept =
        |path: &&String| before.get(*path).is_some_and(|one| one.bytes.as_ptr() == after[*path].bytes.as_ptr());
    after.keys().filter(is_kept).map(String::as_str).collect()
}

#[test]
fn what_is_printed_again_is_what_would_be_printed_anew() {
    for seed in seeds(1) {
        let (mut dice, mut press, mut model) = (Dice::new(seed), Press::default(), outage());
        for step in 0..STEPS {
            let printed = press.print(&model);
            let anew = files(&model);
            let others: Vec<_> = anew.iter().filter(|(path, file)| printed.get(*path) != Some(file)).collect();
            let others: Vec<_> = others.into_iter().map(|(path, _)| path).collect();
            assert!(others.is_empty() && printed.len() == anew.len(), "seed {seed}, step {step}: {others:?}");
            model = happens(&mut dice, &model);
        }
    }
}

#[test]
fn a_word_about_one_incident_leaves_the_pages_of_all_others() {
    let mut press = Press::default();
    let before = press.print(&calm());
    let after = press.print(&outage());
    let stories: BTreeSet<_> =
        before.keys().map(String::as_str).filter(|path| path.contains("incidents/INC")).collect();
    assert_eq!(kept(&before, &after), stories, "those of before are kept, and nothing else");
    assert!(stories.len() > 50);
}

#[test]
fn a_page_of_the_past_names_its_year_once_that_is_over() {
    let says = |files: &BTreeMap<String, File>, words: &str| {
        let page = std::str::from_utf8(&files["incidents/INC-142/index.html"].bytes).unwrap();
        page.contains(words)
    };
    let mut press = Press::default();
    let mut model = outage();
    assert!(says(&press.print(&model), ">21 November, 10:42 CET<"));
    model.now += TimeDelta::days(60);
    assert_ne!(model.now.year(), outage().now.year());
    assert!(says(&press.print(&model), ">21 November 2026, 10:42 CET<"));
    // In summer the clock of the page is called otherwise.
    model.now += TimeDelta::days(150);
    assert!(says(&press.print(&model), "CEST (Europe/Stockholm)"));
}

/// Another of them is the default one.
fn turned(locales: &Locales) -> Locales {
    let mut turned: Vec<_> = locales.iter().cloned().collect();
    turned.rotate_left(1);
    Locales::new(turned.remove(0), turned)
}
