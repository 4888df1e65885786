//! Letters, through a real mail server.

use muster_core::effect::Effect;
use muster_core::ports::chat::DeliveryError;
use muster_tests::notify::{Desk, MailServer, page};

#[tokio::test]
async fn a_letter_arrives_and_its_link_answers_the_page() {
    let Some(mut server) = MailServer::start("a letter arrives and its link answers the page") else { return };
    let desk = Desk::with_mail(server.port).await;
    desk.delivers(&page("email")).await.expect("it is taken");
    let letter = server.letter();
    assert_eq!(letter.receivers, ["alice@example.com"]);
    assert_eq!(letter.header("subject"), "INC-7 SEV1 Checkout is down");
    assert_eq!(letter.header("to"), "Alice Ek <alice@example.com>");
    assert_eq!(letter.header("from"), "Muster <muster@example.com>");
    assert_eq!(letter.header("message-id"), "<INC-7.12.0@example.com>");
    assert_eq!(letter.header("references"), "<INC-7@example.com>");
    assert_eq!(letter.header("auto-submitted"), "auto-generated");
    assert!(
        letter.plain.starts_with("INC-7 SEV1 Checkout is down\n\nAll stores; cards are declined"),
        "{}",
        letter.plain
    );
    let link = letter.plain.lines().find(|line| line.contains("/p/msa_")).expect("a link");
    assert!(letter.html.contains(&format!("href=\"{link}\"")), "{}", letter.html);
    assert_eq!(desk.opens(link).await.status(), 200);
}

#[tokio::test]
async fn a_second_attempt_is_known_for_the_same_letter() {
    let Some(mut server) = MailServer::start("a second attempt is known for the same letter") else { return };
    let desk = Desk::with_mail(server.port).await;
    for _ in 0..2 {
        desk.delivers(&page("email")).await.expect("it is taken");
    }
    let (first, second) = (server.letter(), server.letter());
    assert_eq!(first.header("message-id"), second.header("message-id"));
}

#[tokio::test]
async fn nothing_that_anybody_typed_becomes_a_header_or_markup() {
    let Some(mut server) = MailServer::start("nothing that anybody typed becomes a header or markup") else { return };
    let desk = Desk::with_mail(server.port).await;
    let mut hostile = page("email");
    if let Effect::Page { notice, .. } = &mut hostile.effect {
        notice.line = "Å\r\nBcc: eve@example.com\r\n\r\n<script>alert(1)</script>".to_owned();
        notice.message = "</p><img src=x onerror=alert(1)>\n.\nQUIT".to_owned();
    }
    desk.delivers(&hostile).await.expect("it is taken");
    let letter = server.letter();
    assert_eq!(letter.receivers, ["alice@example.com"]);
    assert_eq!(letter.header("subject"), "Å Bcc: eve@example.com <script>alert(1)</script>");
    assert!(!letter.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("bcc")), "{:?}", letter.headers);
    assert!(!letter.html.contains("<script>") && !letter.html.contains("<img"), "{}", letter.html);
    assert!(letter.plain.contains("\n.\nQUIT"), "{}", letter.plain);
    match desk.delivers(&page("email-odd")).await {
        Err(DeliveryError::Permanent { reason }) => {
            assert_eq!(reason, "the e-mail address of alice in the config is none");
        }
        other => panic!("an address with a line in it is sent to: {other:?}"),
    }
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_given_up_and_a_busy_server_is_asked_again() {
    let Some(server) = MailServer::start("a receiver that is gone is given up") else { return };
    let desk = Desk::with_mail(server.port).await;
    let gone = desk.delivers(&page("email-gone")).await.unwrap_err();
    assert_eq!(gone, DeliveryError::Permanent { reason: "the mail server refused the letter: 550".to_owned() });
    let later = desk.delivers(&page("email-later")).await.unwrap_err();
    assert_eq!(later, DeliveryError::Transient { reason: "the mail server answered 451".to_owned(), after: None });
    drop(server);
    let down = desk.delivers(&page("email")).await.unwrap_err();
    assert!(matches!(down, DeliveryError::Transient { .. }), "{down:?}");
}
