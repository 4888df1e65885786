//! Where a subscriber can be reached: what can be an address, written in one way.

use super::Channel;
use crate::web::https;
use url::Host;

/// The longest address of mail: a path has 256 octets, two of them its brackets.
/// <https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3>
const LONGEST_MAIL: usize = 254;
/// The longest part before the @. <https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.1>
const LONGEST_LOCAL: usize = 64;
/// The longest address of a webhook; more than 2,000 characters do not pass everywhere.
const LONGEST_URL: usize = 2_000;

/// The address as it is kept, or a sentence that says why it is none.
///
/// # Errors
/// When nobody can be reached there.
pub fn address(channel: Channel, typed: &str) -> Result<String, &'static str> {
    match channel {
        Channel::Email => mail(typed.trim()).ok_or("This is not an e-mail address: write it as name@example.com."),
        Channel::Webhook => webhook(typed.trim())
            .ok_or("This is not the address of a webhook: write it as https://example.com/status, without a password."),
    }
}

/// By what an address is known: two that differ in capitals alone are one mailbox nearly everywhere, whatever
/// <https://www.rfc-editor.org/rfc/rfc5321#section-2.4> allows.
#[must_use]
pub fn folded(channel: Channel, address: &str) -> String {
    match channel {
        Channel::Email => address.to_ascii_lowercase(),
        Channel::Webhook => address.to_owned(),
    }
}

/// Where what is sent to an address arrives: `anna+shop@example.com` is a way to write to `anna@example.com`.
/// <https://www.rfc-editor.org/rfc/rfc5233#section-1>
#[must_use]
pub fn mailbox(channel: Channel, address: &str) -> String {
    let folded = folded(channel, address);
    match (channel, folded.split_once('+'), folded.rsplit_once('@')) {
        (Channel::Email, Some((name, tag)), Some((_, domain))) if !name.is_empty() && tag.contains('@') => {
            format!("{name}@{domain}")
        }
        (Channel::Email | Channel::Webhook, _, _) => folded,
    }
}

/// An address without quotes, comments and literals, which exist, and which nobody has. The domain is in ASCII and lower case.
fn mail(typed: &str) -> Option<String> {
    let (local, domain) = typed.rsplit_once('@')?;
    let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(is_atext);
    if local.len() > LONGEST_LOCAL || !local.split('.').all(is_atom) {
        return None;
    }
    let Ok(Host::Domain(domain)) = Host::parse(domain) else { return None };
    let labels: Vec<_> = domain.split('.').collect();
    let is_label = |label: &&str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let address = format!("{local}@{domain}");
    (labels.len() > 1 && labels.iter().all(is_label) && address.len() <= LONGEST_MAIL).then_some(address)
}

/// What an address of mail is made of: <https://www.rfc-editor.org/rfc/rfc5322#section-3.2.3>.
fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// Whether an address may be reached is judged when it is: names lead elsewhere tomorrow.
fn webhook(typed: &str) -> Option<String> {
    let url = https(typed)?;
    (url.fragment().is_none() && url.as_str().len() <= LONGEST_URL).then(|| url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_have_is_an_address() {
        let mail = |typed| address(Channel::Email, typed);
        assert_eq!(mail(" Anna.Svensson+status@Example.COM "), Ok("Anna.Svensson+status@example.com".to_owned()));
        assert_eq!(mail("o'hara@example.co.uk"), Ok("o'hara@example.co.uk".to_owned()));
        assert_eq!(mail("kund@räksmörgås.se"), Ok("kund@xn--rksmrgs-5wao1o.se".to_owned()));
    }

    #[test]
    fn one_mailbox_is_known_however_it_is_written() {
        for (typed, known, arrives) in [
            ("Anna@example.com", "anna@example.com", "anna@example.com"),
            ("ANNA+Shop@example.com", "anna+shop@example.com", "anna@example.com"),
            ("anna+a+b@example.com", "anna+a+b@example.com", "anna@example.com"),
            ("+anna@example.com", "+anna@example.com", "+anna@example.com"),
        ] {
            let (folded, mailbox) = (folded(Channel::Email, typed), mailbox(Channel::Email, typed));
            assert_eq!((folded.as_str(), mailbox.as_str()), (known, arrives));
        }
        let hook = "https://example.com/Status+a@b";
        assert_eq!((folded(Channel::Webhook, hook), mailbox(Channel::Webhook, hook)), (hook.into(), hook.into()));
    }

    #[test]
    fn what_nobody_has_or_what_would_be_more_than_an_address_is_none() {
        let long = format!("{}@example.com", "a".repeat(65));
        let longer = format!("a@{}.com", "a.".repeat(130));
        let wrong = [
            "",
            "anna",
            "@example.com",
            "anna@",
            "anna@localhost",
            "anna@127.0.0.1",
            "anna@[127.0.0.1]",
            ".anna@example.com",
            "an..na@example.com",
            "anna@example..com",
            "anna@-example.com",
            "anna@exa_mple.com",
            "anna@example.com, eve@example.com",
            "anna@eve@example.com",
            "<anna@example.com>",
            "\"anna\"@example.com",
            "anna@example.com\r\nBcc: eve@example.com",
            "an\nna@example.com",
            "an na@example.com",
            "änna@example.com",
            &long,
            &longer,
        ];
        for typed in wrong {
            assert!(address(Channel::Email, typed).is_err(), "{typed:?}");
        }
    }

    #[test]
    fn a_webhook_is_reached_by_https_and_holds_no_secret() {
        let hook = |typed| address(Channel::Webhook, typed);
        assert_eq!(hook("HTTPS://Example.com/status?a=1"), Ok("https://example.com/status?a=1".to_owned()));
        for typed in [
            "http://example.com/",
            "https://",
            "https://anna:pw@example.com/",
            "ftp://example.com",
            "x",
            "https://example.com/#part",
            "file:///etc/passwd",
        ] {
            assert!(hook(typed).is_err(), "{typed}");
        }
    }
}
