//! Letters that come back: to an address that says who was not reached, with the proof that it was we who wrote to them.

use lettre::Address;
use mail_parser::{MessageParser, MimeHeaders};
use muster_core::comms::SubscriberId;

/// The longest name before the `@`. <https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.1>
const LOCAL_PART: usize = 64;
/// A proof of a bounce, in characters: see `LinkKey::proof`.
const PROOF: usize = 32;
/// Room for the number of a subscriber.
const NUMBER: usize = 12;
/// Where a mail server writes down for whom a letter was that it has taken.
const RECEIVERS: [&str; 5] = ["to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to"];

/// What a letter that came back tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// Who was not reached.
    pub subscriber: SubscriberId,
    /// What proves that we wrote to them; it is to be looked at by whoever has the key.
    pub proof: String,
    /// Whether they will not be: what only says that it takes longer, or that somebody is on holiday, is not.
    pub permanent: bool,
}

/// Whether an address has room for a subscriber and their proof.
pub(super) fn has_room(address: &Address) -> bool {
    address.user().len() + "+s.".len() + NUMBER + PROOF <= LOCAL_PART && !address.user().contains('+')
}

/// The address to which a letter to that subscriber comes back.
pub(super) fn return_path(bounces: &Address, subscriber: SubscriberId, proof: &str) -> Option<Address> {
    Address::new(format!("{}+{subscriber}.{proof}", bounces.user()), bounces.domain()).ok()
}

/// Reads a letter that came to the address for bounces; `None` if it names no subscriber. What is reported is read as
/// <https://www.rfc-editor.org/rfc/rfc3464> has it.
#[must_use]
pub fn read_bounce(letter: &[u8]) -> Option<Bounce> {
    let letter = MessageParser::default().parse(letter)?;
    let receivers = letter.headers_raw().filter(|(name, _)| RECEIVERS.iter().any(|one| name.eq_ignore_ascii_case(one)));
    let (subscriber, proof) = receivers.into_iter().find_map(|(_, value)| addressed(value))?;
    let is_report = |part: &&mail_parser::MessagePart<'_>| {
        part.content_type().is_some_and(|kind| {
            kind.ctype().eq_ignore_ascii_case("message")
                && kind.subtype().is_some_and(|kind| kind.eq_ignore_ascii_case("delivery-status"))
        })
    };
    let permanent = letter.parts.iter().filter(is_report).any(|part| is_final(part.contents()));
    Some(Bounce { subscriber, proof, permanent })
}

/// Whom an address of ours is about: `bounces+s42.PROOF@example.com`.
fn addressed(header: &str) -> Option<(SubscriberId, String)> {
    header.split('+').skip(1).find_map(|rest| {
        let (tag, _) = rest.split_once('@')?;
        let (subscriber, proof) = tag.split_once('.')?;
        let is_proof = proof.len() == PROOF && proof.bytes().all(|byte| byte.is_ascii_hexdigit());
        let subscriber = subscriber.parse().ok().filter(|_| is_proof)?;
        Some((subscriber, proof.to_ascii_lowercase()))
    })
}

/// Whether a report says that somebody will not be reached.
fn is_final(report: &[u8]) -> bool {
    let report = String::from_utf8_lossy(report).replace("\r\n", "\n");
    report.split("\n\n").any(|block| {
        let field = |wanted: &str| {
            let fields = block.lines().filter_map(|line| line.split_once(':'));
            let mut found = fields.filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
            found.next().map(|(_, value)| value.trim().to_ascii_lowercase())
        };
        let failed = field("action").is_some_and(|action| action == "failed");
        failed && field("status").is_some_and(|status| status.starts_with("5."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROVEN: &str = "00112233445566778899aabbccddeeff";

    fn report(to: &str, action: &str, status: &str) -> String {
        format!(
            "From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nI could not deliver it.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
             Final-Recipient: rfc822; anna@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\nTo: anna@example.org\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
        )
    }

    #[test]
    fn a_letter_that_comes_back_says_who_was_not_reached_and_whether_for_good() {
        let to = format!("bounces+s42.{PROVEN}@example.com");
        let read = |action: &str, status: &str| read_bounce(report(&to, action, status).as_bytes()).expect("a bounce");
        assert_eq!(
            read("failed", "5.1.1"),
            Bounce { subscriber: SubscriberId(42), proof: PROVEN.to_owned(), permanent: true }
        );
        assert!(!read("delayed", "4.4.1").permanent && !read("failed", "4.4.7").permanent);
        assert!(!read("relayed", "2.0.0").permanent);
    }

    #[test]
    fn an_address_in_other_letters_is_the_same_and_one_without_a_proof_is_nobodys() {
        let shouted = format!("BOUNCES+S42.{}@EXAMPLE.COM", PROVEN.to_uppercase());
        let bounce = read_bounce(report(&shouted, "failed", "5.1.1").as_bytes()).expect("a bounce");
        assert_eq!((bounce.subscriber, bounce.proof.as_str()), (SubscriberId(42), PROVEN));
        for to in ["bounces@example.com", "bounces+s42.short@example.com", "bounces+s-1.x@example.com", "", "+@"] {
            assert_eq!(read_bounce(report(to, "failed", "5.1.1").as_bytes()), None, "{to}");
        }
    }

    #[test]
    fn who_is_on_holiday_has_not_gone() {
        let letter = format!("To: bounces+s7.{PROVEN}@example.com\r\nSubject: On holiday\r\n\r\nStatus: 5.1.1\r\n");
        let bounce = read_bounce(letter.as_bytes()).expect("it names a subscriber");
        assert!(!bounce.permanent);
    }

    #[test]
    fn an_address_has_room_for_what_is_put_into_it() {
        let address = |text: &str| text.parse::<Address>().expect("an address");
        assert!(has_room(&address("bounces@example.com")) && has_room(&address("status-bounces@example.com")));
        assert!(!has_room(&address("all-the-bounces-of-status@example.com")) && !has_room(&address("a+b@example.com")));
        let whole = return_path(&address("bounces@example.com"), SubscriberId(42), PROVEN).expect("an address");
        assert_eq!(whole.to_string(), format!("bounces+s42.{PROVEN}@example.com"));
    }
}
