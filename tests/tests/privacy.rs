//! To those who are not in it, a private incident does not exist: not in lists, not by its number, not in errors.

use muster_core::ids::PersonId;
use muster_tests::privacy::{OUTSIDERS, beginnings, leak, looks, outsider, probes, without_number};
use muster_tests::scene::{self, SECRET, incidents};
use muster_tests::world::World;

async fn set_scene() -> World {
    let world = scene::world();
    scene::set(&world).await;
    world
}

#[tokio::test]
async fn the_one_who_is_in_it_sees_it_everywhere() {
    let world = set_scene().await;
    let bob = world.person("bob");
    for line in ["list", "list mine", "show INC-3", "timeline INC-3", "INC-3 summary", "INC-3 task list", ""] {
        bob.types(line).await.shows(SECRET).ok();
    }
    let candidates = bob.completes("show ").await;
    assert!(candidates.iter().any(|one| one.label == "INC-3" && one.help == SECRET), "{candidates:?}");
    let merge = bob.types("INC-4 merge INC-3").await;
    merge.refused("INC-3 is private and would be seen by those who are not in it").ok_refusal();
}

#[tokio::test]
async fn whatever_an_outsider_tries_they_get_the_answer_of_what_does_not_exist() {
    let world = set_scene().await;
    let before = world.dump().await;
    let mut tried = 0;
    for name in OUTSIDERS {
        let pairs = probes(incidents::PRIVATE).into_iter().zip(probes(incidents::NONE));
        for (private, none) in pairs {
            let hand = outsider(&world, name);
            let of_private = hand.at(private.here).asks(private.ask.clone()).await;
            let of_none = hand.at(none.here).asks(none.ask).await;
            assert_eq!(leak(&of_private.text(), true), None, "{name} asks {:?}\n{}", private.ask, of_private.text());
            // Debug, not text: what is not shown, such as the reason of a refusal, must not tell either.
            let of_private = without_number(&format!("{of_private:?}"), incidents::PRIVATE);
            let of_none = without_number(&format!("{of_none:?}"), incidents::NONE);
            assert_eq!(of_private, of_none, "{name} asks {:?}", private.ask);
            tried += 1;
        }
    }
    assert!(tried > 1_000, "{tried}");
    let after = world.dump().await;
    assert_eq!(after.incidents.get(&incidents::PRIVATE), before.incidents.get(&incidents::PRIVATE));
    assert_eq!(after.log(incidents::PRIVATE), before.log(incidents::PRIVATE));
}

#[tokio::test]
async fn no_list_menu_or_completion_tells_of_it() {
    let world = set_scene().await;
    for name in OUTSIDERS {
        for here in [None, Some(incidents::OPEN), Some(incidents::PRIVATE)] {
            let hand = outsider(&world, name).at(here);
            for line in looks() {
                let text = hand.types(line).await.text();
                assert_eq!(leak(&text, false), None, "{name} types “{line}”:\n{text}");
            }
            for line in beginnings() {
                for candidate in hand.completes(&line).await {
                    let text = format!("{} {}", candidate.label, candidate.help);
                    assert_eq!(leak(&text, false), None, "{name} begins “{line}”: {text}");
                }
            }
        }
    }
}

#[tokio::test]
async fn whoever_may_not_even_look_is_offered_nothing() {
    let world = set_scene().await;
    for line in beginnings() {
        for name in ["zoe", "guest"] {
            assert_eq!(outsider(&world, name).completes(&line).await, [], "{name} begins “{line}”");
        }
    }
    assert!(!outsider(&world, "victor").completes("show ").await.is_empty());
}

#[tokio::test]
async fn looking_without_a_command_finds_nothing() {
    let world = set_scene().await;
    for name in ["mallory", "dave", "victor", "zoe", "fakechat/u1"] {
        let viewer = PersonId::from(name);
        let incident = world.muster.incident(&viewer, incidents::PRIVATE, None).await.expect("the store answers");
        assert_eq!(incident, None);
        assert_eq!(world.muster.whole(&viewer, incidents::PRIVATE).await.expect("the store answers"), None);
    }
    let seen = world.muster.whole(&PersonId::from("bob"), incidents::PRIVATE).await.expect("the store answers");
    assert!(seen.is_some_and(|seen| !seen.entries.is_empty()));
}

/// What happens in it changes nothing that an outsider can see, not even an order or a count.
#[tokio::test]
async fn what_happens_in_it_cannot_be_noticed_outside() {
    let world = set_scene().await;
    // Of INC-1, which is no secret, Dave is asked to approve messages.
    world.ear_of("dave").skips().await;
    let mut views = Vec::new();
    for round in 0..2 {
        let mut seen = Vec::new();
        for name in OUTSIDERS {
            let hand = outsider(&world, name);
            for line in looks().into_iter().chain(["show INC-1", "timeline INC-1", "show INC-4", "role list INC-2"]) {
                seen.push(hand.types(line).await.text());
            }
            for line in beginnings() {
                seen.push(format!("{:?}", hand.completes(&line).await));
            }
        }
        views.push(seen);
        if round == 0 {
            let bob = world.person("bob").in_room("INC-3");
            for line in [
                "ic",
                "sev sev2",
                "mitigate",
                "join @carol",
                "update all is well --next 10m",
                "edit --service checkout",
            ] {
                bob.types(line).await.ok();
            }
            world.settle().await;
            world.person("bob").types("new another secret --private").await.ok();
        }
    }
    assert_eq!(views[0], views[1]);
    for person in ["mallory", "dave", "victor"] {
        world.ear_of(person).is_quiet().await;
    }
}

#[tokio::test]
async fn a_public_incident_that_becomes_private_is_gone_for_all_but_its_participants() {
    let world = set_scene().await;
    let (alice, mallory) = (world.person("alice"), world.person("mallory"));
    mallory.types("show INC-1").await.shows("checkout is slow").ok();
    alice.types("INC-1 edit --visibility private").await.ok();
    mallory.types("show INC-1").await.refused("There is no such incident").ok_refusal();
    mallory.types("list all").await.hides("checkout is slow").ok();
    alice.types("INC-1 join @mallory").await.ok();
    mallory.types("show INC-1").await.shows("checkout is slow (private)").ok();
}

#[tokio::test]
async fn an_incident_of_a_private_type_is_private_from_the_start() {
    let world = set_scene().await;
    world.person("carol").types("new odd logins at night --type security").await.shows("(private)").ok();
    world.person("mallory").types("show INC-6").await.refused("There is no such incident").ok_refusal();
}
