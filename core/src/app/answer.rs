//! Answering a page without signing in: each notice that goes out holds a secret of its own, good for one answer of one
//! person about one thing.

use super::{Answer, Muster};
use crate::command::Invocation;
use crate::effect::{About, Recipient};
use crate::ids::{IncidentId, PersonId, PlatformId, RequestId};
use crate::inbound::{Ask, Caller, Inbound, Place};
use crate::ports::credentials::{Credential, CredentialKind};
use crate::ports::store::StoreError;
use crate::reply::Body;
use crate::secret::Secret;
use crate::view::text;
use chrono::TimeDelta;
use chrono_tz::Tz;

/// How long a notice can be answered.
const LIFE: TimeDelta = TimeDelta::hours(24);

/// What the label of a credential begins with when a contact is tested.
const TEST: &str = "test";

/// What somebody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Response {
    /// They have it; of a test: it has arrived.
    Acknowledge,
    /// It is not for them.
    Decline,
}

impl Response {
    /// Every answer.
    pub const ALL: [Self; 2] = [Self::Acknowledge, Self::Decline];

    /// The word for it in addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Acknowledge => "ack",
            Self::Decline => "decline",
        }
    }

    /// The words on its button.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Acknowledge => "Acknowledge",
            Self::Decline => "Not me",
        }
    }
}

/// Somebody was sent a notice, and can answer it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summons {
    /// Who.
    pub person: PersonId,
    /// By which of their contacts, by name.
    pub contact: String,
    /// What about.
    pub about: About,
}

impl Summons {
    /// As a label: `INC-7/1/sms`, `test/sms-private`.
    fn label(&self) -> String {
        match &self.about {
            About::Page { incident, number } => format!("{incident}/{number}/{}", self.contact),
            About::Test => format!("{TEST}/{}", self.contact),
        }
    }

    fn of(credential: Credential) -> Option<Self> {
        let (first, rest) = credential.label.split_once('/')?;
        let (about, contact) = if first == TEST {
            (About::Test, rest)
        } else {
            let (number, contact) = rest.split_once('/')?;
            (About::Page { incident: first.parse().ok()?, number: number.parse().ok()? }, contact)
        };
        Some(Self { contact: contact.to_owned(), about, person: credential.person })
    }

    /// The incident it is about, if it is about one.
    #[must_use]
    pub fn incident(&self) -> Option<IncidentId> {
        match &self.about {
            About::Page { incident, .. } => Some(*incident),
            About::Test => None,
        }
    }

    /// The answers there are. Whoever gets a test need not decline it: silence does.
    #[must_use]
    pub fn responses(&self) -> &'static [Response] {
        match &self.about {
            About::Page { .. } => &Response::ALL,
            About::Test => &[Response::Acknowledge],
        }
    }

    /// The answer as a request of theirs. The same `request` again changes nothing more.
    #[must_use]
    pub fn answered(&self, response: Response, request: RequestId) -> Inbound {
        let call = match (&self.about, response) {
            (About::Page { incident, number }, Response::Acknowledge) => {
                Invocation::of("ack").on(*incident).with("page", number.to_string())
            }
            (About::Page { incident, number }, Response::Decline) => {
                Invocation::of("ack decline").on(*incident).with("page", number.to_string())
            }
            (About::Test, Response::Acknowledge | Response::Decline) => {
                Invocation::of("contact confirm").with("contact", &self.contact)
            }
        };
        answered_by(&self.person, self.platform(), call, request)
    }

    /// The platform that carries the contact: its name begins with it.
    #[must_use]
    pub fn platform(&self) -> PlatformId {
        PlatformId::from(self.contact.split('-').next().unwrap_or_default())
    }
}

/// A call that somebody makes by one of their contacts.
#[must_use]
pub fn answered_by(person: &PersonId, platform: PlatformId, call: Invocation, request: RequestId) -> Inbound {
    Inbound {
        caller: Caller::Person(person.clone()),
        place: Place { platform, incident: call.incident, address: None, forms: false },
        request,
        ask: Ask::Call(call),
    }
}

impl Muster {
    /// A fresh link by which a person can answer for a day what they are sent about; none for what is not sent to a person.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn answer_link(&self, about: &About, to: &Recipient) -> Result<Option<String>, StoreError> {
        let Recipient::Person { person, contact } = to else { return Ok(None) };
        let summons = Summons { person: person.clone(), contact: contact.clone(), about: about.clone() };
        let secret = Secret::generate("msa_", self.entropy());
        let now = self.now();
        let credential = Credential {
            hash: secret.hash(),
            kind: CredentialKind::Answer,
            person: summons.person.clone(),
            label: summons.label(),
            created_at: now,
            expires_at: Some(now + LIFE),
        };
        self.store.grant(&credential).await?;
        Ok(Some(format!("{}/p/{}", self.org().console_url, secret.reveal())))
    }

    /// What is answered by such a link, while it is good.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn summons(&self, secret: &Secret) -> Result<Option<Summons>, StoreError> {
        let found = self.store.check(CredentialKind::Answer, &secret.hash(), self.now()).await?;
        Ok(found.and_then(Summons::of))
    }

    /// What a person was last sent by a platform, about that incident if one is named: what a bare “ok” answers.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn last_summons(
        &self,
        person: &PersonId,
        platform: &PlatformId,
        incident: Option<IncidentId>,
    ) -> Result<Option<Summons>, StoreError> {
        let now = self.now();
        let all = self.store.list(CredentialKind::Answer).await?.into_iter();
        let good = all.filter(|one| &one.person == person && one.expires_at.is_none_or(|ends| ends > now));
        let is_meant = |summons: &Summons| {
            &summons.platform() == platform && (incident.is_none() || summons.incident() == incident)
        };
        Ok(good.filter_map(Summons::of).find(is_meant))
    }
}

/// What came of an answer, in one sentence, for whoever reads a line or hears it.
#[must_use]
pub fn sentence(answer: &Answer, zone: Tz) -> String {
    match answer {
        Answer::Done(reply) => match &reply.body {
            Body::View(view) => text::line(&view.title, zone),
            Body::Form(_) => "This needs more than one word: answer in the console or in a chat".to_owned(),
        },
        Answer::Refused(refusal) => refusal.sentence.clone(),
        Answer::Late => "The database is slow, and this is not saved yet: answer once more in a moment".to_owned(),
        Answer::Failed(why) => why.clone(),
    }
}

/// Names the answer given by a link: pressed twice, it is one.
#[must_use]
pub fn answer_of(secret: &Secret, response: Response) -> RequestId {
    let hash = secret.hash();
    RequestId::new(format!("answer/{}/{}", &hash.as_str()[..32], response.word()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::secret::SecretHash;

    fn credential(label: &str) -> Credential {
        Credential {
            hash: SecretHash::stored("hash".to_owned()),
            kind: CredentialKind::Answer,
            person: PersonId::from("alice"),
            label: label.to_owned(),
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: None,
        }
    }

    #[test]
    fn a_label_says_what_was_sent_and_by_what() {
        let page = About::Page { incident: IncidentId(7), number: 1 };
        for (about, contact, label) in
            [(page, "sms", "INC-7/1/sms"), (About::Test, "email-private", "test/email-private")]
        {
            let summons = Summons { person: PersonId::from("alice"), contact: contact.to_owned(), about };
            assert_eq!(summons.label(), label);
            assert_eq!(Summons::of(credential(label)), Some(summons));
        }
        for odd in ["", "test", "INC-7", "INC-7/sms", "INC-7/x/sms", "x/1/sms"] {
            assert_eq!(Summons::of(credential(odd)), None, "{odd}");
        }
    }
}
