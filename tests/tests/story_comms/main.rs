//! What customers are told, as those live it who tell them: the first word by a click, drafts, a second person who looks, two updates on
//! time and one late, the end, and a line that is taken back. What customers see is checked at each moment.

mod hostile;
mod night;
mod planned;
mod quiet;
mod slips;
mod told;
mod two_chats;

use muster_core::comms::{Locale, PublicIncident};
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::record::{RecordKey, Wanted};
use muster_tests::customers;
use muster_tests::stage::Stage;

/// The config says who is told, how soon, and who lets it go.
fn equipped(stage: &Stage) {
    stage.configure(|org| org.comms = customers::rules());
}

/// What customers can see of INC-1.
async fn public(stage: &Stage) -> Option<PublicIncident> {
    let id = IncidentId(1);
    let needs = Needs { records: vec![Wanted::One(RecordKey::public(id))], ..Needs::default() };
    let state = stage.muster().store().load(&needs).await.expect("records can be read");
    state.records.public(id).cloned()
}

/// The posts of INC-1 as customers read them in a language: where things stand, and the title.
async fn posts(stage: &Stage, language: &str) -> Vec<String> {
    let locale: Locale = language.parse().expect("a language");
    let posts = public(stage).await.map(|public| public.posts).unwrap_or_default();
    let line = |post: &muster_core::comms::Post| match post.retracted {
        Some(_) => format!("{}: taken back", post.status.word()),
        None => format!("{}: {}", post.status.word(), post.texts.get(&locale).map_or("", |text| text.title.as_str())),
    };
    posts.iter().map(line).collect()
}
