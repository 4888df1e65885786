//! The id of a request: who knows it can ask what has become of the request.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What a request asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ticket {
    /// What was to be done, in Opsgenie's word: `Create`, `Close`.
    pub(super) action: String,
    /// With which alert.
    pub(super) alias: String,
}

impl Ticket {
    /// The id that holds it; `fresh` makes it nobody else's.
    pub(super) fn id(&self, fresh: &str) -> String {
        format!("{fresh}-{}-{}", self.action, URL_SAFE_NO_PAD.encode(&self.alias))
    }

    /// What an id holds.
    pub(super) fn read(id: &str) -> Option<Self> {
        let mut parts = id.splitn(3, '-').skip(1);
        let (action, alias) = (parts.next()?, parts.next()?);
        let alias = String::from_utf8(URL_SAFE_NO_PAD.decode(alias).ok()?).ok()?;
        action.bytes().all(|b| b.is_ascii_alphabetic()).then(|| Self { action: action.to_owned(), alias })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_holds_what_was_asked_for() {
        let ticket = Ticket { action: "Create".to_owned(), alias: "disk – full/web-1?>".to_owned() };
        assert_eq!(Ticket::read(&ticket.id("0123")), Some(ticket));
        for other in ["", "0123", "0123-Create", "0123-Create-!", "0123-<b>-"] {
            assert_eq!(Ticket::read(other), None, "{other}");
        }
    }
}
