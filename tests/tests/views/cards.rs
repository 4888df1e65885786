//! The cards, what rooms and people are told, answers, lists, help, forms.

use crate::Page;
use muster_core::inbound::Ask;
use muster_core::reply::Body;
use muster_core::view::{card, room};
use muster_tests::generate::{verbs, words_of};
use muster_tests::scene;
use muster_tests::world::World;
use std::fmt::Write as _;

async fn set_scene() -> World {
    let world = scene::world();
    scene::set(&world).await;
    world
}

#[tokio::test]
async fn the_headline_in_every_status() {
    let world = World::memory();
    let mut page = Page::default();
    let lines = [
        "new sev1 card payments fail in all stores --service payment,tills --site stockholm --field impact=high,ticket=OPS-7",
        "INC-1 ic",
        "INC-1 summary No store can take cards since 08:50. Web is not affected.",
        "INC-1 status investigating",
        "INC-1 update the bank confirms; we are failing over --next 30m",
    ];
    page.type_all(&world, "alice", &lines).await;
    world.pass(12).await;
    let lines = [
        "INC-1 status identified a bad certificate at the bank",
        "INC-1 mitigate",
        "INC-1 resolve",
        "INC-1 close",
        "INC-1 reopen Gothenburg still fails",
        "INC-1 cancel it was a rehearsal",
    ];
    page.type_all(&world, "alice", &lines).await;
    insta::assert_snapshot!(page.0);
}

#[tokio::test]
async fn the_headline_of_every_kind() {
    let world = World::memory();
    let mut page = Page::default();
    let lines = [
        "new something is odd",
        "new sev3 failover rehearsal --kind drill",
        "new replace the core switch --kind maintenance --site warehouse",
        "new sev2 odd logins at night --type security",
        "new sev4 the same oddity",
        "INC-5 merge INC-1",
        "show INC-1",
        "show INC-2",
    ];
    page.type_all(&world, "alice", &lines).await;
    insta::assert_snapshot!(page.0);
}

#[tokio::test]
async fn what_a_room_and_its_people_are_told() {
    let world = World::memory();
    let mut page = Page::default();
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    alice.types("new sev1 checkout is down").await.ok();
    page.shown("the first message of a room", &world.room("INC-1").expects("Welcome").await);
    alice.types("INC-1 ic").await.ok();
    alice.types("INC-1 handoff @bob").await.ok();
    page.shown("a handoff without a briefing", &world.room("INC-1").expects("offers").await);
    page.shown("what bob is told of it", &world.ear_of("bob").expects("offers").await);
    bob.types("INC-1 handoff decline").await.ok();
    page.shown("what alice is told when he declines", &world.ear_of("alice").expects("declined").await);
    let offered = alice.types("INC-1 handoff @bob the bank calls back at ten").await;
    page.shown("what the one who offers sees", &offered);
    world.ear_of("bob").skips().await;
    page.shown("a handoff with a briefing", &world.room("INC-1").expects("ten").await);
    bob.types("INC-1 handoff accept").await.ok();
    page.shown("what alice is told when he accepts", &world.ear_of("alice").expects("accepted").await);
    alice.types("INC-1 role scribe @bob").await.ok();
    page.shown("a role given to somebody", &world.ear_of("bob").expects("Scribe").await);
    alice.types("INC-1 ic --replace").await.ok();
    page.shown("command taken from somebody", &world.ear_of("bob").expects("Alice").await);
    alice.types("INC-1 join @carol").await.ok();
    page.shown("somebody brought in", &world.ear_of("carol").expects("brought").await);
    alice.types("INC-1 task restart the workers @bob").await.ok();
    page.shown("a task given to somebody", &world.ear_of("bob").expects("task").await);
    alice.types("INC-1 followup write to the bank @bob").await.ok();
    page.shown("a follow-up given to somebody", &world.ear_of("bob").expects("follow-up").await);
    world.pass(30).await;
    page.shown("an update is due", &world.room("INC-1").expects("due").await);
    page.shown("what its writer is told", &world.ear_of("alice").expects("due").await);
    alice.types("new a till prints twice").await.ok();
    world.room("INC-2").skips().await;
    world.pass(5).await;
    page.shown("nobody is in command", &world.room("INC-2").expects("commander").await);
    insta::assert_snapshot!(page.0);
}

#[tokio::test]
async fn answers_about_an_incident() {
    let world = set_scene().await;
    let mut page = Page::default();
    let lines = [
        "INC-1 note the second bank sees it too",
        "INC-1 note first complaints --at 20m ago",
        "INC-1 timeline edit 2 both banks see time-outs",
        "INC-1 timeline backdate 2 09:40",
        "INC-1 timeline remove 2",
        "INC-1 timeline history 2",
        "INC-1 timeline",
        "INC-1 show",
        "INC-1 role list",
        "INC-1 task list",
        "INC-1 followup list",
        "INC-4 task list",
        "INC-4 followup list",
        "INC-1 summary",
        "INC-4 summary",
        "INC-1 update we are still on it",
        "INC-4 update nothing new",
        "INC-1 update snooze 45m",
        "INC-1 handoff withdraw",
        "INC-1 edit checkout and tills are slow --service none --field impact=low",
    ];
    page.type_all(&world, "alice", &lines).await;
    insta::assert_snapshot!(page.0);
}

#[tokio::test]
async fn lists_and_menus() {
    let empty = World::memory();
    let mut page = Page::default();
    page.type_all(&empty, "alice", &["", "list", "list mine", "list ended", "list all --severity sev1"]).await;
    let world = set_scene().await;
    page.type_all(&world, "bob", &["", "list", "list mine", "list ended", "list all --service payment"]).await;
    for n in 0..12 {
        world.person("alice").types(&format!("new sev4 oddity {n}")).await.ok();
    }
    page.type_all(&world, "alice", &["list all"]).await;
    insta::assert_snapshot!(page.0);
}

#[tokio::test]
async fn linking() {
    let world = World::memory();
    let mut page = Page::default();
    let code = world.person("alice").types("link").await;
    page.shown("alice: link", &code);
    let line = code.text();
    let line = line.lines().map(str::trim).find(|line| line.starts_with("link ")).expect("the code is shown");
    page.shown("somebody on a chat: link CODE", &world.handle("fakechat", "u1", "ally").types(line).await);
    insta::assert_snapshot!(page.0);
}

#[tokio::test]
async fn help() {
    let world = World::memory();
    let mut page = Page::default();
    page.type_all(&world, "alice", &["help"]).await;
    for spec in muster_core::command::TABLE {
        page.type_all(&world, "alice", &[&format!("help {}", spec.name)]).await;
    }
    insta::assert_snapshot!(page.0);
}

#[tokio::test]
async fn forms() {
    let world = set_scene().await;
    let mut page = Page::default();
    for (spec, verb) in verbs() {
        let call = scene::right(spec, verb, |arg| arg.required && arg.name != "text");
        let shown = world.person("alice").asks(Ask::Open(call)).await;
        page.form(&words_of(spec, verb), shown.form());
    }
    insta::assert_snapshot!(page.0);
}

#[tokio::test]
async fn what_every_command_answers() {
    let mut page = Page::default();
    for (spec, verb) in verbs() {
        let world = set_scene().await;
        let call = scene::right(spec, verb, |arg| arg.required);
        let answer = world.person(scene::actor(spec)).calls(call.clone()).await;
        match &answer.reply().body {
            Body::View(view) => page.view(&call.to_line(), view),
            Body::Form(form) => page.form(&call.to_line(), form),
        }
    }
    insta::assert_snapshot!(page.0);
}

#[tokio::test]
async fn what_only_chats_show() {
    let world = World::memory();
    let alice = world.person("alice");
    alice.types("new sev1 checkout is down --service checkout").await.ok();
    let mut page = Page::default();
    let org = world.muster.org();
    let before = world.whole("INC-1").await.incident;
    page.view("the headline that stays in the room", &card::standing(&before, &org));
    page.topic("the topic", &room::topic(&before));
    page.view("the announcement", &room::announcement(&before, &org));
    for line in ["INC-1 ic", "INC-1 note the *bank* sees <time-outs> too", "INC-1 resolve rolled back"] {
        alice.types(line).await.ok();
    }
    let after = world.whole("INC-1").await;
    page.view("what the room is told", &room::news(&after.entries[1..], &org).expect("there is news"));
    page.view("the headline in the end", &card::standing(&after.incident, &org));
    page.topic("the topic in the end", &room::topic(&after.incident));
    page.view("the announcement in the end", &room::announcement(&after.incident, &org));
    page.view("the announcement of what has become private", &room::retracted(&after.incident));
    insta::assert_snapshot!(page.0);
}

#[tokio::test]
async fn completions() {
    let world = set_scene().await;
    let mut page = String::new();
    let lines = [
        "",
        "n",
        "re",
        "new ",
        "new s",
        "new sev1 x --",
        "new x --service ",
        "show ",
        "role ",
        "role commander ",
        "task ",
        "task done ",
        "handoff ",
        "handoff @",
        "note x --at ",
        "status ",
        "INC-1 ",
        "INC-1 sev ",
        "update x --next ",
        "list ",
        "help ",
        "merge ",
    ];
    for line in lines {
        let _ = writeln!(page, "“{line}”");
        for candidate in world.person("alice").in_room("INC-1").completes(line).await {
            let _ = writeln!(page, "    {:<24} {}", candidate.label, candidate.help);
        }
    }
    insta::assert_snapshot!(page);
}
