//! The main story as two people live it, each in a real browser, against the real binary.

use muster_tests::browser::{Browser, Driver, Look};
use muster_tests::process::Installation;

async fn signs_in(driver: &Driver, muster: &Installation, person: &str, look: Look) -> Browser {
    let browser = driver.open(look).await;
    let printed = muster.prints(&["login-link", person]);
    let link = printed.split_whitespace().find(|word| word.starts_with("http")).expect("a link is printed");
    browser.goes_to(link).await;
    browser.presses("Sign in").await;
    browser.sees("main", "Declare").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_from_declaring_to_export() {
    let Some(driver) = Driver::start("story_browser") else { return };
    let muster = Installation::on_sqlite();
    let server = muster.start().await;
    let room = format!("{}/incidents/INC-1", muster.url());
    let alice = signs_in(&driver, &muster, "alice", Look::DESKTOP).await;
    let bob = signs_in(&driver, &muster, "bob", Look::PHONE).await;

    // Alice declares, with the form.
    alice.goes_to(&format!("{}/new", muster.url())).await;
    alice.types("#field-title", "Checkout is <b>slow</b> in all stores").await;
    alice.types("#field-severity", "SEV2").await;
    alice.presses("Declare").await;
    alice.sees("#headline h1", "Checkout is <b>slow</b> in all stores").await;
    alice.sees("#headline", "SEV2").await;
    alice.reads("#timeline", "declared").await;

    // She takes command; Bob, who watches, sees it without doing anything.
    bob.goes_to(&room).await;
    alice.presses("Take command").await;
    alice.sees("#headline .headline-commander", "Alice Ek").await;
    bob.sees("#headline .headline-commander", "Alice Ek").await;

    // She hands over; it takes effect when Bob accepts, and not before.
    alice.commands("handoff @bob the bank has been called").await;
    alice.reads("#timeline", "offers Incident Commander of INC-1 to @Bob Lind").await;
    alice.sees("#headline .headline-commander", "Alice Ek").await;
    bob.reads("#timeline", "the bank has been called").await;
    bob.presses("Accept").await;
    bob.sees("#headline .headline-commander", "Bob Lind").await;
    alice.sees("#headline .headline-commander", "Bob Lind").await;

    // Severity, notes, one of them backdated and put right.
    alice.commands("sev sev1 the web shop, too").await;
    alice.sees("#headline", "SEV1").await;
    alice.commands("note the bank sees time-outs").await;
    alice.commands("note first complaints from stores --at \"20m ago\"").await;
    alice.reads("#timeline", "first complaints from stores").await;
    alice.commands("task restart the payment workers @bob").await;
    alice.sees("#tasks", "restart the payment workers").await;
    bob.reads("#timeline", "restart the payment workers").await;
    alice.commands("update we fail over to the second bank --next 30m").await;
    alice.reads("#timeline", "we fail over to the second bank").await;
    alice.photographs("story-desktop").await;
    bob.photographs("story-phone").await;

    // A slip is told to its author alone, with what to type instead, and changes nothing.
    alice.types("#command-line", "resovle\u{E007}").await;
    alice.sees("#reply", "is not a command").await;
    alice.sees("#reply", "resolve").await;
    alice.photographs("story-slip").await;
    assert!(!bob.text("#timeline").await.unwrap_or_default().contains("resovle"));
    alice.goes_to(&room).await;

    // Mitigated, resolved, and back again with a reason.
    alice.commands("mitigate traffic is on the second bank").await;
    alice.sees("#headline", "monitoring").await;
    alice.commands("resolve error rate normal for 30 minutes").await;
    alice.sees("#headline", "resolved").await;
    alice.presses("Reopen").await;
    alice.types("#dialog-body textarea", "stores in the north fail again").await;
    alice.clicks("//dialog//button[@type='submit']").await;
    alice.reads("#timeline", "stores in the north fail again").await;
    bob.sees("#headline", "investigating").await;
    alice.commands("resolve the last store is back").await;
    alice.reads("#timeline", "the last store is back").await;
    alice.photographs("story-resolved").await;

    // The export has it all, in order, the backdated note first.
    let export = muster.client("alice").export("INC-1").await;
    let lines: Vec<_> = export["timeline"]
        .as_array()
        .expect("a timeline")
        .iter()
        .map(|row| row["text"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(lines.first().map(String::as_str), Some("Alice Ek noted: first complaints from stores"));
    let expected = [
        "declared",
        "became Incident Commander",
        "offered Incident Commander to Bob Lind",
        "accepted Incident Commander",
        "SEV1",
        "time-outs",
        "restart the payment workers",
        "second bank",
        "monitoring",
        "resolved",
        "reopened",
        "the last store is back",
    ];
    let mut rest = lines.iter();
    for part in expected {
        assert!(rest.any(|line| line.contains(part)), "{part} is missing, or out of order, in {lines:#?}");
    }

    for (who, browser) in [("alice", &alice), ("bob", &bob)] {
        assert_eq!(browser.complaints().await, Vec::<String>::new(), "the browser of {who}");
    }
    alice.closes().await;
    bob.closes().await;
    assert!(server.terminate().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_light_and_dark_on_a_desktop_and_a_phone() {
    let Some(driver) = Driver::start("pages") else { return };
    let muster = Installation::on_sqlite();
    let server = muster.start().await;
    let alice = muster.client("alice");
    for line in [
        "new sev1 Card payments fail in all stores --service checkout",
        "new sev3 Label printers offline in Gothenburg",
        "new sev2 Black Friday drill: lose the second bank --kind drill",
        "new --private --summary somebody_reads_what_they_should_not A suspicious login from the warehouse network",
    ] {
        alice.does(line, None).await;
    }
    let long = "x".repeat(140);
    alice.does(&format!("new sev4 {long}"), None).await;
    for line in [
        "ic",
        "role comms @carol",
        "role scribe @dave",
        "status identified the bank's certificate expired at 10:00",
        "summary Cards are declined in every store since 10:04. Web is not affected. The bank has confirmed and is rolling back.",
        "note first complaints from stores --at \"25m ago\"",
        "task ring the bank's duty line @bob",
        "task print the outage sign @erin",
        "task done 2",
        "followup add a check of the bank's certificate",
        "update the bank is rolling back; tills fall back to offline --next 30m",
        "handoff @bob my shift ends at noon",
    ] {
        alice.does(line, Some("INC-1")).await;
    }
    for look in [Look::DESKTOP, Look::DESKTOP.dark(), Look::PHONE, Look::PHONE.dark()] {
        let browser = signs_in(&driver, &muster, "bob", look).await;
        let name =
            format!("{}-{}", if look.phone { "phone" } else { "desktop" }, if look.dark { "dark" } else { "light" });
        for (page, path, sight) in [
            ("board", "/", "Card payments fail"),
            ("room", "/incidents/INC-1", "offers Incident Commander"),
            ("new", "/new", "Declare"),
            ("people", "/people", "Alice Ek"),
            ("help", "/help", "handoff"),
            ("incidents", "/incidents", "Label printers"),
        ] {
            browser.goes_to(&format!("{}{path}", muster.url())).await;
            browser.sees("main", sight).await;
            browser.photographs(&format!("{page}-{name}")).await;
            let overflow = browser
                .evaluates("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
                .await;
            assert_eq!(overflow, 0, "{page} is wider than the window: {name}");
        }
        assert_eq!(browser.complaints().await, Vec::<String>::new(), "{name}");
        browser.closes().await;
    }
    assert!(server.terminate().await.success());
}
