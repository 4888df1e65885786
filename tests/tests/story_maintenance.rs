//! Planned work as customers see it: announced, reminded of, begun and ended by the clock and by people, called off.

use muster_core::comms::library;
use muster_core::comms::template::{Purpose, Template};
use muster_core::comms::{
    Audience, Component, ComponentState, Destination, Locale, PublicIncident, PublicStatus, Stage,
};
use muster_core::decide::Needs;
use muster_core::ids::{PlatformId, SeverityKey};
use muster_core::org::Organisation;
use muster_core::record::{RecordKey, Wanted};
use muster_core::runbook::Who;
use muster_tests::chats::Loopback;
use muster_tests::clock::moment;
use muster_tests::fixtures::audience;
use muster_tests::memory::MemoryStore;
use muster_tests::sample;
use muster_tests::world::{World, number};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Customers read the page, a channel of a chat, and letters.
fn retailer() -> Organisation {
    let mut org = sample::retailer();
    let channel = Destination::Channel { platform: PlatformId::from("fakechat"), address: "C9".to_owned() };
    let to = vec![Destination::Page, Destination::Subscribers, channel];
    org.comms.audiences = vec![Audience { to, ..audience() }];
    org.comms.components = vec![Component {
        id: "store-lines".to_owned(),
        names: BTreeMap::from([(Locale::english(), "Card payments in stores".to_owned())]),
        descriptions: BTreeMap::new(),
        group: None,
        services: vec!["wan".to_owned()],
        sites: None,
    }];
    let templates = library::templates(&library::own()).into_iter().filter(|template| template.audience == "public");
    org.comms.templates = templates.map(Arc::new).collect();
    org
}

struct Scene {
    world: World,
    chat: Arc<Loopback>,
    subscribers: Arc<Loopback>,
}

impl Scene {
    fn new() -> Self {
        Self::of(retailer())
    }

    fn of(org: Organisation) -> Self {
        let (chat, subscribers) = (Loopback::new("fakechat"), Loopback::new("subscribers"));
        let chats: Vec<Arc<dyn muster_core::ports::chat::Chat>> =
            vec![Arc::clone(&chat) as _, Arc::clone(&subscribers) as _];
        let world = World::with_chats(Arc::new(MemoryStore::default()), org, chats);
        Self { world, chat, subscribers }
    }

    /// Lines are replaced tomorrow from six to eight, and that is announced.
    async fn announced() -> Self {
        Self::new().announces().await
    }

    async fn announces(self) -> Self {
        self.planned().await;
        self.does("comms publish 1").await;
        assert_eq!(self.outside(), (true, true), "it is announced everywhere");
        self
    }

    async fn planned(&self) {
        let line = "maintenance plan 2h new store lines --service wan --from \"2026-11-28 06:00 utc\"";
        self.world.person("alice").types(line).await.ok();
        self.world.room("INC-1").expects("Welcome to INC-1").await.ok();
        let drafts = self.world.whole("INC-1").await.incident.messages;
        assert_eq!(drafts.iter().map(|draft| draft.stage.clone()).collect::<Vec<_>>(), [Stage::Draft]);
        self.does("comms edit 1 effect=short").await;
    }

    async fn does(&self, line: &str) {
        self.world.person("alice").in_room("INC-1").types(line).await.ok();
        self.world.settle().await;
    }

    async fn until(&self, time: &str) {
        self.world.until(moment(time)).await;
    }

    /// Whether a channel was told since the last look, and whether those who have subscribed were.
    fn outside(&self) -> (bool, bool) {
        let (chat, subscribers) = (self.chat.heard(), self.subscribers.heard());
        assert!(chat.len() < 2 && subscribers.len() < 2, "{chat:?} {subscribers:?}");
        (!chat.is_empty(), !subscribers.is_empty())
    }

    /// What customers can see.
    async fn public(&self) -> Option<PublicIncident> {
        let id = number("INC-1");
        let needs = Needs { records: vec![Wanted::One(RecordKey::public(id))], ..Needs::default() };
        let state = self.world.muster.store().load(&needs).await.expect("the store answers");
        state.records.public(id).cloned()
    }

    async fn status(&self) -> PublicStatus {
        self.public().await.expect("it is public").status()
    }

    async fn line(&self) -> Option<ComponentState> {
        self.public().await?.components().get("store-lines").copied()
    }
}

#[tokio::test]
async fn customers_are_told_when_it_begins_and_when_it_is_over() {
    let scene = Scene::announced().await;
    assert_eq!(
        (scene.status().await, scene.line().await),
        (PublicStatus::Scheduled, Some(ComponentState::Operational))
    );
    scene.until("2026-11-28T04:59:00Z").await;
    assert_eq!(scene.outside(), (false, false));
    scene.until("2026-11-28T05:00:00Z").await;
    assert_eq!(scene.outside(), (false, true), "only who has subscribed is reminded");
    scene.until("2026-11-28T06:00:00Z").await;
    assert_eq!(scene.outside(), (true, true));
    assert_eq!(scene.status().await, PublicStatus::InProgress);
    assert_eq!(scene.line().await, Some(ComponentState::UnderMaintenance));

    scene.does("ic").await;
    scene.does("mitigate the lines are in").await;
    assert_eq!(scene.outside(), (false, false), "what the responders look at is their business");
    scene.does("maintenance finish").await;
    assert_eq!(scene.outside(), (true, true));
    let public = scene.public().await.expect("it is public");
    assert_eq!((public.status(), public.ended_at), (PublicStatus::Completed, Some(moment("2026-11-28T06:00:00Z"))));
    assert_eq!(scene.line().await, Some(ComponentState::Operational));
    let titles: Vec<_> = public.posts.iter().map(|post| post.texts[&Locale::english()].title.as_str()).collect();
    assert_eq!(titles.len(), 3, "the reminder is not on the page: {titles:?}");
    scene.until("2026-11-30T06:00:00Z").await;
    assert_eq!(scene.outside(), (false, false));
    scene.world.finish().await;
}

#[tokio::test]
async fn what_was_never_announced_stays_inside() {
    let scene = Scene::new();
    scene.planned().await;
    scene.until("2026-11-28T06:00:00Z").await;
    scene.does("ic").await;
    scene.does("maintenance finish").await;
    scene.world.settle().await;
    assert_eq!((scene.outside(), scene.public().await), ((false, false), None));
    scene.world.finish().await;
}

#[tokio::test]
async fn who_moves_it_gets_the_announcement_to_publish_again() {
    let scene = Scene::new();
    scene.planned().await;
    let before = scene.world.person("alice").types("INC-1 comms preview 1").await.text();
    scene.does("maintenance move --from \"2026-11-29 06:00 utc\"").await;
    let after = scene.world.person("alice").types("INC-1 comms preview 1").await.text();
    assert_ne!(before, after, "a draft speaks of the time that holds now");
    scene.does("comms publish 1").await;
    assert_eq!(scene.outside(), (true, true));
    scene.does("maintenance move --for 3h").await;
    assert_eq!(scene.outside(), (false, false), "nobody is told of another time by itself");
    scene.does("comms publish 2").await;
    assert_eq!(scene.outside(), (true, true));
    let window = scene.public().await.and_then(|public| public.window).expect("it is planned");
    assert_eq!(window.until, moment("2026-11-29T09:00:00Z"));
    // Both reminders are of the day on which it is done now.
    scene.until("2026-11-28T05:59:00Z").await;
    assert_eq!(scene.outside(), (false, false));
    scene.until("2026-11-28T06:00:00Z").await;
    assert_eq!(scene.outside(), (false, true));
    scene.does("maintenance begin").await;
    assert_eq!((scene.outside(), scene.status().await), ((true, true), PublicStatus::InProgress));
    scene.does("ic").await;
    scene.until("2026-11-28T09:30:00Z").await;
    assert_eq!(scene.outside(), (false, false), "nobody is reminded of what has begun");
    scene.does("maintenance finish").await;
    scene.outside();
    scene.world.finish().await;
}

#[tokio::test]
async fn who_moves_the_end_of_what_has_begun_tells_customers_at_once() {
    let scene = Scene::announced().await;
    scene.until("2026-11-28T05:30:00Z").await;
    scene.outside();
    scene.until("2026-11-28T07:30:00Z").await;
    scene.outside();
    scene.does("ic").await;
    let said = scene.world.person("alice").types("INC-1 maintenance extend 1h").await.text();
    assert!(said.contains("Customers are told, by message 4."), "{said}");
    scene.world.settle().await;
    assert_eq!(scene.outside(), (true, true));
    let public = scene.public().await.expect("it is public");
    assert_eq!(public.window.map(|window| window.until), Some(moment("2026-11-28T09:00:00Z")));
    assert_eq!((public.status(), public.posts.len()), (PublicStatus::InProgress, 3));
    let said = public.posts[2].texts[&Locale::english()].body.as_str();
    assert!(said.contains("it is to be over by Sat 28 Nov, 09:00 UTC now"), "{said}");
    scene.does("maintenance finish").await;
    scene.outside();
    scene.world.room("INC-1").skips().await;
    scene.world.finish().await;
}

#[tokio::test]
async fn what_needs_somebody_to_let_it_go_is_drafted_and_the_answer_says_so() {
    let mut org = retailer();
    let unapproved = |template: &Arc<Template>| {
        let is_it = template.purpose == Purpose::NewEnd;
        Arc::new(Template { preapproved: template.preapproved && !is_it, ..template.as_ref().clone() })
    };
    org.comms.templates = org.comms.templates.iter().map(unapproved).collect();
    let scene = Scene::of(org).announces().await;
    scene.until("2026-11-28T05:30:00Z").await;
    scene.outside();
    scene.until("2026-11-28T07:30:00Z").await;
    scene.outside();
    scene.does("ic").await;
    // From now on somebody must look at what customers are told.
    let mut org = (*scene.world.muster.org()).clone();
    org.comms.audiences[0].approval = vec![SeverityKey::from("SEV1")];
    org.comms.audiences[0].approvers = vec![Who::Responders];
    scene.world.muster.reconfigure(org);
    let said = scene.world.person("alice").types("INC-1 maintenance extend 1h").await.text();
    assert!(said.contains("Message 4 is to tell Customers. What Customers are told needs a second person"), "{said}");
    assert!(said.contains("comms submit 4"), "{said}");
    let said = scene.world.person("alice").types("INC-1 maintenance extend 1h").await.text();
    assert!(said.contains("comms submit 4"), "the same draft speaks of the end that holds now: {said}");
    scene.world.settle().await;
    assert_eq!(scene.outside(), (false, false));
    let preview = scene.world.person("alice").types("INC-1 comms preview 4").await.text();
    assert!(preview.contains("10:00 UTC"), "{preview}");
    scene.does("maintenance finish").await;
    scene.outside();
    scene.world.room("INC-1").skips().await;
    scene.world.finish().await;
}

#[tokio::test]
async fn words_are_found_by_what_they_are_for_whatever_they_and_their_audience_are_called() {
    let mut org = retailer();
    org.comms.audiences[0].id = "shoppers".to_owned();
    let renamed = |(n, template): (usize, &Arc<Template>)| {
        let (id, audience) = (format!("text-{n}"), "shoppers".to_owned());
        Arc::new(Template { id, audience, ..template.as_ref().clone() })
    };
    org.comms.templates = org.comms.templates.iter().enumerate().map(renamed).collect();
    let scene = Scene::of(org).announces().await;
    scene.until("2026-11-28T05:00:00Z").await;
    assert_eq!(scene.outside(), (false, true), "reminded");
    scene.until("2026-11-28T06:00:00Z").await;
    assert_eq!((scene.outside(), scene.status().await), ((true, true), PublicStatus::InProgress));
    scene.does("ic").await;
    scene.does("maintenance extend 1h").await;
    assert_eq!(scene.outside(), (true, true));
    scene.does("maintenance finish").await;
    assert_eq!((scene.outside(), scene.status().await), ((true, true), PublicStatus::Completed));
    scene.world.finish().await;
}

#[tokio::test]
async fn customers_hear_that_it_is_called_off_before_it_began_and_after() {
    for from in ["2026-11-27T12:01:00Z", "2026-11-28T06:30:00Z"] {
        let scene = Scene::announced().await;
        scene.until(from).await;
        drop((scene.chat.heard(), scene.subscribers.heard()));
        scene.does("cancel the supplier is ill").await;
        assert_eq!((scene.outside(), scene.status().await), ((true, true), PublicStatus::Completed));
        assert_eq!(scene.line().await, Some(ComponentState::Operational));
        let public = scene.public().await.expect("it is public");
        let said = public.posts.last().map(|post| post.texts[&Locale::english()].body.as_str()).unwrap_or_default();
        assert!(said.starts_with("We have called the planned work off.") && !said.contains("supplier"), "{said}");
        scene.until("2026-11-28T09:00:00Z").await;
        assert_eq!(scene.outside(), (false, false), "nobody is reminded of it");
        scene.world.room("INC-1").skips().await;
        scene.world.finish().await;
    }
}

#[tokio::test]
async fn without_words_for_it_what_is_called_off_is_for_people_to_explain() {
    let mut org = retailer();
    org.comms.templates.retain(|template| template.purpose != Purpose::CalledOff);
    let scene = Scene::of(org).announces().await;
    scene.does("cancel the supplier is ill").await;
    let asked = scene.world.room("INC-1").expects("INC-1 is cancelled, and customers have not been told").await;
    asked.shows("comms draft").ok();
    scene.until("2026-11-28T09:00:00Z").await;
    assert_eq!((scene.outside(), scene.status().await), ((false, false), PublicStatus::Scheduled));
    scene.world.finish().await;
}

#[tokio::test]
async fn nothing_of_what_has_become_private_leaves() {
    let scene = Scene::announced().await;
    scene.does("edit --visibility private").await;
    scene.until("2026-11-28T06:00:00Z").await;
    scene.world.room("INC-1").expects("INC-1 is in progress, and customers have not been told").await.ok();
    scene.does("ic").await;
    scene.does("maintenance finish").await;
    scene.world.room("INC-1").expects("INC-1 is completed, and customers have not been told").await.ok();
    assert_eq!((scene.outside(), scene.status().await), ((false, false), PublicStatus::Scheduled));
    scene.world.finish().await;
}
