//! Answers made shorter where the page already shows most of them.

use crate::session::Viewer;
use crate::web::Web;
use chrono::TimeDelta;
use muster_core::decide::Entries;
use muster_core::ids::IncidentId;
use muster_core::view::{Section, Tone, View, card, entry, text};

/// A command is answered by this long after it was recorded.
const JUST_NOW: TimeDelta = TimeDelta::seconds(15);

/// In its own room, the headline of an incident as an answer says nothing that is not there already. What was
/// recorded is said instead.
pub(crate) async fn brief(web: &Web, viewer: &Viewer, here: Option<IncidentId>, view: View) -> View {
    let Some(id) = here else { return view };
    let latest = Some(Entries::Latest { limit: 5, before: None });
    let Ok(Some(seen)) = web.muster.incident(&viewer.actor.person, id, latest).await else { return view };
    let org = web.muster.org();
    let (now, me) = (web.muster.now(), &viewer.actor.person);
    let is_more = view.sections.iter().any(|section| matches!(section, Section::Heading(_) | Section::List(_)));
    if is_more || view.title != card::headline(&seen.incident, &org, now).title {
        return view;
    }
    let mine = seen.entries.iter().filter(|row| &row.by.person == me && now - row.recorded_at < JUST_NOW);
    let title = mine.max_by_key(|row| row.seq).map_or_else(|| vec![text("Done")], |row| entry::sentence(row, &org));
    View::titled(Tone::Good, title)
}
