//! The timeline: entries that are only added, and what they amount to.

use crate::home::*;
use muster_core::decide::{Entries, Needs};
use muster_core::ids::IncidentId;
use muster_core::incident::entry::{Amended, Entry};
use muster_core::incident::event::Event;
use muster_core::ports::store::Store;
use muster_tests::fixtures::{at, incident, note, restated, write};
use std::sync::Arc;

on_both_engines! {
    the_timeline_shows_the_current_form_of_each_entry
    the_timeline_is_read_in_pages
    the_log_is_read_from_where_one_stopped
}

async fn timeline(store: &Arc<dyn Store>, which: Entries) -> (Vec<Entry>, bool) {
    let state = store.load(&Needs { entries: Some(which), ..about(1) }).await.unwrap();
    (state.entries, state.more)
}

fn latest(limit: i64) -> Entries {
    Entries::Latest { limit, before: None }
}

async fn the_timeline_shows_the_current_form_of_each_entry(home: Home) {
    let store = home.store;
    let (one, two, three) = (note(1, 1, "one"), note(1, 2, "two"), note(1, 3, "three"));
    let edited = Entry { what: Event::Noted { text: "ONE".to_owned() }, ..restated(&one, 4, Amended::Edited) };
    let moved = Entry { at: at(-60), ..restated(&edited, 5, Amended::Moved) };
    let removed = restated(&two, 6, Amended::Removed);
    let mut making = write("declare").incident(&incident(1));
    for entry in [&one, &two, &three, &edited, &moved, &removed] {
        making = making.entry(entry.clone());
    }
    commits(&store, making).await;
    commits(&store, write("other").incident(&incident(2)).entry(note(2, 1, "of another incident"))).await;

    assert_eq!(timeline(&store, latest(10)).await, (vec![three.clone(), moved.clone()], false));
    assert_eq!(timeline(&store, Entries::One(1)).await.0, std::slice::from_ref(&moved));
    assert_eq!(timeline(&store, Entries::One(3)).await.0, [three]);
    assert_eq!(timeline(&store, Entries::One(2)).await.0, std::slice::from_ref(&removed), "even if removed");
    assert_eq!(timeline(&store, Entries::One(4)).await.0, [], "a row that restates is no entry of its own");
    assert_eq!(timeline(&store, Entries::History(1)).await.0, [one, edited, moved]);
    assert_eq!(timeline(&store, Entries::History(2)).await.0, [two, removed]);
}

async fn the_timeline_is_read_in_pages(home: Home) {
    let store = home.store;
    let mut making = write("declare").incident(&incident(1));
    for seq in 1..=7 {
        // Three at one moment: then the number decides.
        making = making.entry(Entry { at: at(seq / 3), ..note(1, seq, "note") });
    }
    commits(&store, making).await;
    let (mut pages, mut before) = (Vec::new(), None);
    loop {
        let (entries, more) = timeline(&store, Entries::Latest { limit: 2, before }).await;
        before = entries.last().map(|entry| (entry.at, entry.number));
        pages.push(entries.iter().map(|entry| entry.number).collect::<Vec<_>>());
        if !more {
            break;
        }
    }
    assert_eq!(pages, [vec![7, 6], vec![5, 4], vec![3, 2], vec![1]]);
}

async fn the_log_is_read_from_where_one_stopped(home: Home) {
    let store = home.store;
    let mut making = write("declare").incident(&incident(1));
    for seq in 1..=5 {
        making = making.entry(note(1, seq, "note"));
    }
    commits(&store, making.entry(restated(&note(1, 2, "note"), 6, Amended::Removed))).await;
    let seqs = async |after, limit| -> Vec<i64> {
        let rows = store.log(IncidentId(1), after, limit).await.unwrap();
        rows.iter().map(|entry| entry.seq).collect()
    };
    assert_eq!(seqs(0, 3).await, [1, 2, 3]);
    assert_eq!(seqs(3, 9).await, [4, 5, 6]);
    assert_eq!(seqs(6, 9).await, [] as [i64; 0]);
}
