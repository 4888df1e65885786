//! Letters to subscribers, through a real mail server: in their language, with a way out, and nothing that anybody typed where it could
//! do harm.

use mail_parser::{HeaderName, MessageParser};
use muster_core::comms::{
    Bulk, Bulletin, Channel, Component, LinkKey, LinkUse, Parcel, PublicStatus, SubscriberId, Written,
};
use muster_core::ports::courier::{Courier, CourierError};
use muster_notify::{ConfigError, EmailCourier, EmailCourierConfig, read_bounce};
use muster_tests::memory::MemoryStore;
use muster_tests::notify::customers::{PAGE, bulk, bulletin, parcel, rules};
use muster_tests::notify::{Letter, MailServer, mail};
use muster_tests::sample;
use muster_tests::statuspage::language;
use muster_tests::world::World;
use std::sync::Arc;

fn key() -> LinkKey {
    LinkKey::new("a key of at least thirty-two characters").expect("a key")
}

fn config(port: u16) -> EmailCourierConfig {
    EmailCourierConfig {
        email: mail(port),
        key: key(),
        bounces: Some("bounces@example.com".to_owned()),
        connections: 2,
    }
}

/// A courier, and what tells it of customers.
fn courier(config: EmailCourierConfig) -> (World, EmailCourier) {
    let mut org = sample::retailer();
    org.comms = rules();
    let world = World::over(Arc::new(MemoryStore::default()), org, Box::new(()));
    let courier = EmailCourier::new(Arc::clone(&world.muster), config).expect("a config that works");
    (world, courier)
}

fn to(number: i64, address: &str, locale: &str) -> Parcel {
    parcel(Channel::Email, number, address, locale)
}

/// Somebody who has subscribed to two components.
fn choosy(parcel: Parcel) -> Parcel {
    let mut parcel = parcel;
    parcel.subscriber.components = ["checkout", "deliveries", "gone"].map(str::to_owned).into();
    parcel
}

fn question() -> Bulk {
    Bulk::Confirm { subscriber: SubscriberId(42) }
}

/// One letter, as it was received.
async fn letter(test: &str, parcel: &Parcel, bulk: &Bulk) -> Option<Letter> {
    let mut server = MailServer::start(test)?;
    let (_world, courier) = courier(config(server.port));
    courier.carry(parcel, bulk).await.expect("it is taken");
    Some(server.letter())
}

#[tokio::test]
async fn everybody_reads_it_in_their_language_and_others_in_the_default_one() {
    let Some(mut server) = MailServer::start("everybody reads it in their language") else { return };
    let (_world, courier) = courier(config(server.port));
    for (locale, subject, foot) in [
        ("sv", "Undersöks: Kortbetalningar går inte igenom", "Avsluta prenumerationen"),
        ("de", "In Untersuchung: Kartenzahlungen schlagen fehl", "Abmelden"),
        ("de-AT", "In Untersuchung: Kartenzahlungen schlagen fehl", "Abmelden"),
        ("en", "Investigating: Card payments fail", "Unsubscribe"),
        ("fi", "Investigating: Card payments fail", "Unsubscribe"),
    ] {
        courier.carry(&to(42, "anna@example.org", locale), &bulk(bulletin())).await.expect("it is taken");
        let letter = server.letter();
        assert_eq!(letter.header("subject"), subject, "{locale}");
        assert!(letter.plain.contains(foot) && letter.html.contains(foot), "{locale}: {}", letter.plain);
    }
}

#[tokio::test]
async fn mail_programs_show_a_button_to_leave_and_can_sort_and_thread() {
    let name = "mail programs show a button to leave";
    let Some(letter) = letter(name, &to(42, "anna@example.org", "sv"), &bulk(bulletin())).await else { return };
    let leave = format!("{PAGE}/leave/s42/{}", key().proof(LinkUse::Leave, SubscriberId(42)));
    assert_eq!(letter.header("list-unsubscribe"), format!("<{leave}>"));
    assert_eq!(letter.header("list-unsubscribe-post"), "List-Unsubscribe=One-Click");
    assert_eq!(letter.header("list-id"), "<public.status.example.com>");
    assert_eq!(letter.header("message-id"), "<INC-7.12.3.s42@example.com>");
    assert_eq!(letter.header("references"), "<INC-7.public@example.com>");
    assert_eq!(letter.header("auto-submitted"), "auto-generated");
    assert_eq!(letter.header("to"), "anna@example.org");
    assert!(letter.plain.contains(&leave) && letter.html.contains(&format!("href=\"{leave}\"")), "{}", letter.plain);
    assert_eq!(letter.receivers, ["anna@example.org"]);
    assert_eq!(
        letter.sender,
        format!("bounces+s42.{}@example.com", key().proof(LinkUse::Bounce, SubscriberId(42))),
        "it comes back to where it says who was not reached"
    );
}

#[tokio::test]
async fn a_signer_finds_what_it_signs_once_each_and_nothing_a_relay_would_change() {
    let name = "a signer finds what it signs once each";
    let Some(letter) = letter(name, &to(42, "anna@example.org", "de"), &bulk(bulletin())).await else { return };
    // What DKIM should sign: <https://www.rfc-editor.org/rfc/rfc6376#section-5.4.1>; and RFC 8058 wants its two headers signed.
    let (head, body) = letter.raw.split_once("\r\n\r\n").expect("a head and a body");
    let starts: Vec<_> = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])).collect();
    for header in [
        "From",
        "To",
        "Date",
        "Subject",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
        "References",
        "List-Id",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
    ] {
        let count =
            starts.iter().filter(|line| line.to_lowercase().starts_with(&format!("{}:", header.to_lowercase())));
        assert_eq!(count.count(), 1, "{header}: {head}");
    }
    assert!(letter.raw.is_ascii(), "no relay has to encode it anew");
    assert!(!letter.raw.replace("\r\n", "").contains(['\r', '\n']), "every line ends as it must");
    assert!(letter.raw.lines().all(|line| line.len() <= 998), "no line is too long");
    assert!(head.lines().all(|line| line.len() <= 200), "{head}");
    assert!(body.to_lowercase().contains("content-transfer-encoding: quoted-printable"), "{body}");
}

#[tokio::test]
async fn another_parser_reads_the_same() {
    let name = "another parser reads the same";
    let Some(letter) = letter(name, &choosy(to(42, "anna@example.org", "de")), &bulk(bulletin())).await else { return };
    let read = MessageParser::default().parse(letter.raw.as_bytes()).expect("a letter");
    assert_eq!(read.subject(), Some("In Untersuchung: Kartenzahlungen schlagen fehl"));
    assert_eq!(read.message_id(), Some("INC-7.12.3.s42@example.com"));
    assert_eq!(read.from().and_then(|from| from.first()).and_then(|from| from.address()), Some("muster@example.com"));
    assert!(read.header(HeaderName::ListUnsubscribe).is_some() && read.date().is_some());
    assert_eq!((read.text_body_count(), read.html_body_count(), read.attachment_count()), (1, 1, 0));
    let text = read.body_text(0).expect("a text").replace("\r\n", "\n");
    assert_eq!(text.trim_end(), letter.plain.trim_end());
    assert!(text.contains("Ihr Abonnement umfasst: Kasse, Lieferungen."), "{text}");
    assert_eq!(read_bounce(letter.raw.as_bytes()), None, "it is no bounce itself");
}

#[tokio::test]
async fn letters_as_people_read_them() {
    let Some(mut server) = MailServer::start("letters as people read them") else { return };
    let (_world, courier) = courier(config(server.port));
    let mut page = String::new();
    let withdrawn = Bulletin { number: 4, corrects: Some(3), retracts: true, next_at: None, ..bulletin() };
    let resolved = Bulletin { status: Some(PublicStatus::Resolved), next_at: None, ..bulletin() };
    for (locale, bulk) in [
        ("en", bulk(bulletin())),
        ("sv", bulk(bulletin())),
        ("de", bulk(bulletin())),
        ("sv", bulk(withdrawn)),
        ("de", bulk(resolved)),
        ("en", question()),
        ("sv", question()),
        ("de", question()),
    ] {
        courier.carry(&choosy(to(42, "anna@example.org", locale)), &bulk).await.expect("it is taken");
        let letter = server.letter();
        page += &format!("=== {}\n{}\n\n--- html\n{}\n\n", letter.header("subject"), letter.plain, letter.html);
    }
    insta::assert_snapshot!(page);
}

#[tokio::test]
async fn whoever_is_asked_whether_it_was_them_can_say_so_and_is_sent_nothing_else() {
    let name = "whoever is asked whether it was them can say so";
    let Some(letter) = letter(name, &choosy(to(42, "anna@example.org", "sv")), &question()).await else { return };
    let link = format!("{PAGE}/confirm/s42/{}", key().proof(LinkUse::Confirm, SubscriberId(42)));
    assert!(letter.plain.contains(&link) && letter.html.contains(&format!("href=\"{link}\"")), "{}", letter.plain);
    assert_eq!(letter.header("subject"), "Nordvaror: Bekräfta din prenumeration");
    let asked = "Adress: anna@example.org\nTjänster: Kassan, Leveranser\nSpråk: Svenska";
    assert!(letter.plain.contains(asked), "{}", letter.plain);
    assert!(
        !letter.raw.contains("/leave/") && !letter.raw.contains("List-Unsubscribe"),
        "there is nothing to leave yet"
    );
    let proof = link.rsplit('/').next().expect("a proof");
    assert!(key().accepts(LinkUse::Confirm, SubscriberId(42), proof));
}

#[tokio::test]
async fn what_comes_back_says_who_was_not_reached_and_that_we_wrote_to_them() {
    let name = "what comes back says who was not reached";
    let Some(letter) = letter(name, &to(42, "anna@example.org", "sv"), &bulk(bulletin())).await else { return };
    let report = format!(
        "To: <{}>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; \
         anna@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n",
        letter.sender
    );
    let bounce = read_bounce(report.as_bytes()).expect("a bounce");
    assert!(bounce.permanent && key().accepts(LinkUse::Bounce, bounce.subscriber, &bounce.proof));
    assert!(!key().accepts(LinkUse::Leave, bounce.subscriber, &bounce.proof), "it proves nothing else");
}

#[tokio::test]
async fn who_is_not_there_is_told_from_a_full_box_and_from_a_server_that_does_not_like_us() {
    let Some(server) = MailServer::start("who is not there is told from a full box") else { return };
    let (_world, courier) = courier(config(server.port));
    let failed = async |address: &str| {
        let ended = courier.carry(&to(42, address, "sv"), &bulk(bulletin())).await.unwrap_err();
        assert!(!format!("{ended:?}").contains("example.org"), "the address is told: {ended:?}");
        ended
    };
    let said = |reason: &str| reason.to_owned();
    assert_eq!(
        failed("gone@example.org").await,
        CourierError::Nobody { reason: said("the mail server refused the letter: 550 5.1.1") }
    );
    assert_eq!(
        failed("full@example.org").await,
        CourierError::Refused { reason: said("the mail server refused the letter: 552 5.2.2") }
    );
    assert_eq!(
        failed("blocked@example.org").await,
        CourierError::Again { reason: said("the mail server refused the letter: 554 5.7.1"), after: None }
    );
    assert_eq!(
        failed("later@example.org").await,
        CourierError::Again { reason: said("the mail server answered 451"), after: None }
    );
    for odd in ["", "anna", "anna@example.org\r\nBcc: eve@example.org", "anna@example.org, eve@example.org"] {
        assert!(matches!(failed(odd).await, CourierError::Nobody { .. }), "{odd}");
    }
    drop(server);
    assert!(matches!(failed("anna@example.org").await, CourierError::Again { .. }));
}

#[tokio::test]
async fn nothing_that_anybody_typed_becomes_a_header_markup_or_a_link_elsewhere() {
    let Some(mut server) = MailServer::start("nothing that anybody typed becomes a header") else { return };
    let mut hostile = bulletin();
    let title = "Å\r\nBcc: eve@example.org\r\n\r\n<script>alert(1)</script>\u{202E}";
    let body = "</p><img src=x onerror=alert(1)>\n\n<a href=\"javascript:alert(1)\">x</a> javascript:alert(1)\n\n\
                https://shop.example.com/\"><script>\n\n.\nQUIT\n\n=?utf-8?q?x?=\u{0}\u{7}";
    hostile.texts.insert(language("sv"), Written { title: title.to_owned(), body: body.to_owned() });
    let mut org = sample::retailer();
    org.comms = rules();
    let evil = "<b>Kassan</b>\r\nX-Evil: 1";
    let named = |component: Component| Component { names: [(language("sv"), evil.to_owned())].into(), ..component };
    org.comms.components = org.comms.components.into_iter().map(named).collect();
    let page = org.comms.page.as_mut().expect("a page");
    page.name = "Nord\r\nX-Evil: 1\r\n<i>varor".to_owned();
    let world = World::over(Arc::new(MemoryStore::default()), org, Box::new(()));
    let courier = EmailCourier::new(Arc::clone(&world.muster), config(server.port)).expect("a config that works");
    for bulk in [bulk(hostile), question()] {
        courier.carry(&choosy(to(42, "anna@example.org", "sv")), &bulk).await.expect("it is taken");
        let letter = server.letter();
        assert_eq!(letter.receivers, ["anna@example.org"]);
        for (name, _) in &letter.headers {
            assert!(!["bcc", "x-evil"].contains(&name.to_lowercase().as_str()), "{:?}", letter.headers);
        }
        let html = letter.html.to_lowercase();
        for markup in ["<script", "<img", "<b>", "<i>", "href=\"javascript", "\u{202e}", "\u{0}"] {
            assert!(!html.contains(markup), "{markup}: {html}");
        }
    }
}

#[test]
fn a_config_that_cannot_work_is_told_at_the_start() {
    let with = |bounces: &str| EmailCourierConfig { bounces: Some(bounces.to_owned()), ..config(25) };
    assert_eq!(with("bounces@example.com").check(), Ok(()));
    for odd in ["bounces", "a+b@example.com", "bounces@example.com\r\n", "all-bounces-of-the-status@example.com"] {
        assert_eq!(with(odd).check(), Err(ConfigError::Bounces), "{odd}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_to_a_letter_that_was_given_up_is_not_taken_for_that_of_the_next() {
    let Some(mut server) = MailServer::start("the answer to a letter that was given up") else { return };
    let one = EmailCourierConfig { connections: 1, ..config(server.port) };
    let (_world, courier) = courier(one);
    let courier = Arc::new(courier);
    let carrying = {
        let courier = Arc::clone(&courier);
        tokio::spawn(async move { courier.carry(&to(1, "slow@example.org", "en"), &bulk(bulletin())).await })
    };
    let server = tokio::task::spawn_blocking(move || {
        server.letter();
        server
    });
    let _server = server.await.expect("the server has it, and has not said so yet");
    carrying.abort();
    assert!(carrying.await.is_err_and(|error| error.is_cancelled()));
    // Whatever is done with the connection, is done now.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    let next = courier.carry(&to(2, "heavy@example.org", "en"), &bulk(bulletin())).await;
    assert!(matches!(next, Err(CourierError::Refused { .. })), "{next:?}");
}
