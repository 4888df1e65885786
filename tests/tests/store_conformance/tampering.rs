//! Whoever has the database can change the audit log, and is found out.

use crate::audit::{checked, does, log};
use crate::home::*;
use muster_core::audit::{Broken, Check, Head, check};

on_both_engines! {
    whatever_is_done_to_a_row_is_found_where_it_was_done
    the_head_tells_when_the_end_is_cut_off
}

/// Each column of each row, one after another, in a log of seven.
async fn whatever_is_done_to_a_row_is_found_where_it_was_done(home: Home) {
    does(&home.store, 1..=7).await;
    let whole = checked(&home.store).await.unwrap();
    home.sql("CREATE TABLE kept AS SELECT * FROM audit").await;
    for place in 1..=7 {
        let gap = Broken::Removed { from: place, to: place };
        let shift = |by: i64, rows: &str| {
            let away = format!("UPDATE audit SET seq = -seq WHERE {rows}");
            format!("{away}; UPDATE audit SET seq = -seq + {by} WHERE seq < 0")
        };
        let mut tamperings = vec![
            (
                format!("UPDATE audit SET body = replace(body, 'step', 'stop') WHERE seq = {place}"),
                Broken::Altered(place),
            ),
            (format!("UPDATE audit SET body = body || ' ' WHERE seq = {place}"), Broken::Altered(place)),
            (format!("UPDATE audit SET seal = '{}' WHERE seq = {place}", "0".repeat(64)), Broken::SealAltered(place)),
            (format!("UPDATE audit SET seq = -99 WHERE seq = {place}"), Broken::Inserted(-99)),
            (format!("UPDATE audit SET seq = 0 WHERE seq = {place}"), Broken::Inserted(0)),
            (format!("DELETE FROM audit WHERE seq = {place}"), gap.clone()),
            (
                format!(
                    "{}; INSERT INTO audit VALUES ({place}, 'forged', 'forged')",
                    shift(1, &format!("seq >= {place}")),
                ),
                Broken::Inserted(place),
            ),
        ];
        if place < 7 {
            let swapped = format!(
                "UPDATE audit SET seq = -1 WHERE seq = {place}; UPDATE audit SET seq = {place} WHERE seq = {place} + 1;
                 UPDATE audit SET seq = {place} + 1 WHERE seq = -1"
            );
            tamperings.push((swapped, Broken::Reordered(place)));
        }
        if place < 6 {
            let closed = format!("DELETE FROM audit WHERE seq = {place}; {}", shift(-1, &format!("seq > {place}")));
            tamperings.push((closed, gap));
        }
        for (statements, broken) in tamperings {
            for statement in statements.split(';') {
                home.sql(statement).await;
            }
            assert_eq!(checked(&home.store).await, Err(broken), "{statements}");
            home.sql("DELETE FROM audit").await;
            home.sql("INSERT INTO audit SELECT * FROM kept").await;
            assert_eq!(checked(&home.store).await.as_ref(), Ok(&whole));
        }
    }
}

/// What was known elsewhere finds what the log itself cannot tell.
async fn the_head_tells_when_the_end_is_cut_off(home: Home) {
    let store = &home.store;
    does(store, 1..=7).await;
    let whole = checked(store).await.unwrap();
    let entries = log(store).await;
    let knowing = async |known: &Head| check(&**store, Check::new(None, vec![known.clone()])).await.unwrap();

    home.sql("DELETE FROM audit WHERE seq > 4").await;
    assert_eq!(checked(store).await, Err(Broken::Removed { from: 5, to: 7 }));
    home.sql(&format!("UPDATE audit_head SET seq = 4, seal = '{}'", entries[3].seal)).await;
    assert_eq!(checked(store).await.unwrap().seq, 4, "nothing in the log tells");
    assert_eq!(knowing(&whole).await, Err(Broken::Removed { from: 5, to: 7 }));

    home.sql("UPDATE audit_head SET seq = 3").await;
    assert_eq!(checked(store).await, Err(Broken::PastEnd(3)));
    home.sql("UPDATE audit_head SET seq = 4, seal = 'forged'").await;
    assert_eq!(checked(store).await, Err(Broken::Rewritten(Head { seq: 4, seal: "forged".to_owned() })));

    home.sql("DELETE FROM audit").await;
    home.sql(&format!("UPDATE audit_head SET seq = 0, seal = '{}'", Head::genesis().seal)).await;
    does(store, 11..=18).await;
    assert_eq!(checked(store).await.unwrap().seq, 8, "a log that was written anew is whole");
    assert_eq!(knowing(&whole).await, Err(Broken::Rewritten(whole)));
}
