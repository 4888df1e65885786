//! Digests: those in the company who are in no room are told of every internal update, and of each turn of the incident.

use super::send::send;
use crate::comms::{Bulletin, Cleared, Digest, Texts, Written};
use crate::decide::Draft;
use crate::incident::Incident;
use crate::incident::entry::Entry;
use crate::incident::event::Event;
use crate::view::text::line;
use crate::view::{TimeStyle, card, entry, time};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};

/// Sends the digests that the entries of this change call for: one to each, whatever has happened at once.
pub(super) fn follow(draft: &mut Draft<'_>) {
    let Ok(cleared) = Cleared::of(&draft.incident) else { return };
    if !draft.entries().iter().any(is_told) {
        return;
    }
    let digests = draft.org().comms.digests.iter();
    let wanted: Vec<_> = digests.filter(|digest| wants(digest, draft)).collect();
    let Some(bulletin) = wanted.first().map(|_| bulletin(cleared, draft)) else { return };
    for digest in wanted {
        let bulletin = Bulletin { audience: digest.name.clone(), ..bulletin.clone() };
        send(draft, &digest.to, &bulletin);
    }
}

fn bulletin(cleared: Cleared, draft: &Draft<'_>) -> Bulletin {
    let locale = draft.org().comms.locales.first().clone();
    Bulletin {
        cleared,
        number: 0,
        audience: String::new(),
        status: None,
        texts: Texts::from([(locale.clone(), written(draft))]),
        locale,
        components: BTreeMap::new(),
        concerns: BTreeSet::new(),
        at: draft.ctx().now,
        next_at: draft.incident.update_due,
        corrects: None,
        retracts: false,
        called_off: false,
        window: None,
    }
}

/// Whether those outside the rooms are told of it.
fn is_told(row: &Entry) -> bool {
    let is_turn = matches!(
        row.what,
        Event::Declared { .. }
            | Event::Updated { .. }
            | Event::StatusChanged { .. }
            | Event::Reopened { .. }
            | Event::SeverityChanged { .. }
    );
    is_turn && row.amendment.is_none()
}

/// Whoever hears of a severity hears, too, that it is another now.
fn wants(digest: &Digest, draft: &Draft<'_>) -> bool {
    let is_wanted = |incident: &Incident| {
        digest.severities.is_empty() || incident.severity.as_ref().is_some_and(|key| digest.severities.contains(key))
    };
    is_wanted(&draft.incident) || draft.before().is_some_and(is_wanted)
}

/// `INC-7 SEV1 investigating, update 10:42: Checkout is down`, and what one must know of it.
fn written(draft: &Draft<'_>) -> Written {
    let (incident, org) = (&draft.incident, draft.org());
    let zone = org.comms.zone();
    let severity = incident.severity.as_ref().map(|key| format!("{key} ")).unwrap_or_default();
    let title = format!("{} {severity}{}: {}", incident.id, stands(draft, zone), incident.title);
    let is_turn = |row: &&Entry| is_told(row) && !matches!(row.what, Event::Updated { .. });
    let turns: Vec<_> =
        draft.entries().iter().filter(is_turn).map(|row| line(&entry::sentence(row, org), zone)).collect();
    let mut paragraphs = vec![turns.join("\n")];
    paragraphs.extend(known(incident, zone));
    paragraphs.push(facts(incident, zone));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    Written { title, body: paragraphs.join("\n\n") }
}

/// What is new, so that no two letters have the same subject.
fn stands(draft: &Draft<'_>, zone: Tz) -> String {
    let stands = draft.incident.stands();
    let happened = |wanted: fn(&Event) -> bool| draft.entries().iter().any(|row| is_told(row) && wanted(&row.what));
    if happened(|what| matches!(what, Event::Declared { .. })) {
        return "declared".to_owned();
    }
    let now = draft.ctx().now.with_timezone(&zone).format("%H:%M");
    let is_update = happened(|what| matches!(what, Event::Updated { .. }));
    if is_update { format!("{stands}, update {now}") } else { format!("{stands} at {now}") }
}

/// The last update.
fn known(incident: &Incident, zone: Tz) -> Vec<String> {
    let Some(update) = &incident.last_update else { return Vec::new() };
    let at = line(&vec![time(update.at, TimeStyle::Clock)], zone);
    let known = format!("What we know ({at}): {}", update.text);
    let doing = update.doing.as_ref().map(|doing| format!("What we do: {doing}"));
    std::iter::once(known).chain(doing).collect()
}

/// Who leads it, and what customers know. When there will be more stands below, as in every bulletin.
fn facts(incident: &Incident, zone: Tz) -> String {
    let commander = incident.commander().map_or("nobody yet", |holder| holder.name.as_str());
    let customers = card::customers(incident).map(|customers| line(&customers, zone));
    let labelled = [("Commander", incident.status.is_open().then(|| commander.to_owned())), ("Customers", customers)];
    let rows = labelled.into_iter().filter_map(|(label, value)| Some(format!("{label}: {}", value?)));
    rows.collect::<Vec<_>>().join("\n")
}
