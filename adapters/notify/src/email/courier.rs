//! Letters to those who have subscribed: in their language, with a way out by one click.

use super::bounce::return_path;
use super::bulletin::{layout, subject, thread};
use super::header::{Opening, fixed, word};
use super::layout::Layout;
use super::mailer::Mailer;
use super::server::{self, MailError};
use super::words::{Words, words};
use crate::config::{ConfigError, EmailConfig};
use async_trait::async_trait;
use lettre::Address;
use lettre::address::Envelope;
use lettre::message::{Mailbox, Message};
use muster_core::app::Muster;
use muster_core::comms::{Bulk, Bulletin, Channel, LinkKey, LinkUse, PageRules, Parcel, Subscriber};
use muster_core::org::Organisation;
use muster_core::ports::courier::{Courier, CourierError};
use muster_core::view::{Tone, text};
use std::sync::Arc;
use tokio::sync::Semaphore;
use url::Url;

/// What it takes to write to those who have subscribed.
#[derive(Debug, Clone)]
pub struct EmailCourierConfig {
    /// The mail server, and whom letters are from.
    pub email: EmailConfig,
    /// What links in letters are made with.
    pub key: LinkKey,
    /// Where letters go that come back: `bounces@example.com`. The number of the subscriber and its proof are put behind the name,
    /// `bounces+s42.PROOF@example.com`. Without it they go to the address letters are from.
    pub bounces: Option<String>,
    /// So many connections to the mail server at most. They are beside those of pages, so that no page waits for one.
    pub connections: u32,
}

impl EmailCourierConfig {
    /// What is wrong with it, if anything is.
    ///
    /// # Errors
    /// What to write instead.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.email.check()?;
        bounces(self.bounces.as_deref()).map(drop)
    }

    /// Whether an address for letters that come back is one, and has room for the sign of a subscriber.
    ///
    /// # Errors
    /// What to write instead.
    pub fn has_room(address: &str) -> Result<(), ConfigError> {
        bounces(Some(address)).map(drop)
    }
}

/// The address for letters that come back, if it has room for what is put into it.
fn bounces(address: Option<&str>) -> Result<Option<Address>, ConfigError> {
    let Some(address) = address else { return Ok(None) };
    let address: Address = address.parse().map_err(|_| ConfigError::Bounces)?;
    if super::bounce::has_room(&address) { Ok(Some(address)) } else { Err(ConfigError::Bounces) }
}

/// Carries letters to those who have subscribed.
pub struct EmailCourier {
    muster: Arc<Muster>,
    mailer: Mailer,
    from: Mailbox,
    key: LinkKey,
    bounces: Option<Address>,
    connections: Semaphore,
}

/// A letter, and what is needed to write it.
struct Draft<'a> {
    parcel: &'a Parcel,
    page: &'a PageRules,
    org: &'a Organisation,
    to: Address,
}

impl EmailCourier {
    /// A courier to the mail server of a config. Nothing is sent yet.
    ///
    /// # Errors
    /// When the config cannot work.
    pub fn new(muster: Arc<Muster>, config: EmailCourierConfig) -> Result<Self, ConfigError> {
        let connections = config.connections.max(1);
        Ok(Self {
            muster,
            mailer: Mailer::new(&config.email, connections)?,
            from: server::from(&config.email)?,
            bounces: bounces(config.bounces.as_deref())?,
            key: config.key,
            connections: Semaphore::new(usize::try_from(connections).unwrap_or(1)),
        })
    }

    /// A bulletin, with the headers by which mail programs show a button to leave: <https://www.rfc-editor.org/rfc/rfc8058>,
    /// <https://www.rfc-editor.org/rfc/rfc2369#section-3.2>.
    fn bulletin(&self, draft: &Draft<'_>, bulletin: &Bulletin) -> Result<Message, lettre::error::Error> {
        let Draft { parcel, page, org, .. } = draft;
        let subscriber = &parcel.subscriber;
        let locale = bulletin.written(&subscriber.locale).map_or(&subscriber.locale, |(locale, _)| locale);
        let (mut layout, words) = (layout(bulletin, locale, org), words(locale));
        let leave = self.key.link(&page.url, LinkUse::Leave, subscriber.id);
        let hears_of = words.hears_of(&subscriber.hears_of(&org.comms));
        layout.foot = std::iter::once(Words::of(words.because, &page.name)).chain(hears_of).collect();
        layout.leave = Some((words.leave.to_owned(), leave.clone()));
        let subject = subject(bulletin, locale, &layout);
        let opening = Opening { key: &parcel.key(), now: self.muster.now(), subject: &subject };
        opening
            .of(self.from.clone(), Mailbox::new(None, draft.to.clone()))
            .references(thread(bulletin, self.from.email.domain()))
            .raw_header(fixed("List-Id", &list_id(&subscriber.audience, page)))
            .raw_header(fixed("List-Unsubscribe", &format!("<{leave}>")))
            .raw_header(fixed("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
            .multipart(layout.parts())
    }

    /// The question whether it was them who asked. Opening its link changes nothing: the page it leads to asks once more.
    fn question(&self, draft: &Draft<'_>) -> Result<Message, lettre::error::Error> {
        let Draft { parcel, page, org, .. } = draft;
        let subscriber = &parcel.subscriber;
        let words = words(&subscriber.locale);
        let asked = Words::of(words.asked, &page.name);
        let yes = self.key.link(&page.url, LinkUse::Confirm, subscriber.id);
        let layout = Layout {
            lang: subscriber.locale.tongue().locale().to_string(),
            sender: page.name.clone(),
            tag: None,
            tone: Tone::Neutral,
            title: words.ask.to_owned(),
            paragraphs: vec![vec![text(asked)]],
            facts: words.wish.of(subscriber, &org.comms),
            link: Some((words.yes.to_owned(), yes)),
            foot: vec![words.no.to_owned()],
            leave: None,
        };
        let subject = format!("{}: {}", page.name, words.ask);
        let opening = Opening { key: &parcel.key(), now: self.muster.now(), subject: &subject };
        opening.of(self.from.clone(), Mailbox::new(None, draft.to.clone())).multipart(layout.parts())
    }

    /// From whom it is on its way, so that it comes back there and nowhere else.
    fn sender(&self, subscriber: &Subscriber) -> Option<Address> {
        match &self.bounces {
            Some(bounces) => return_path(bounces, subscriber.id, &self.key.proof(LinkUse::Bounce, subscriber.id)),
            None => Some(self.from.email.clone()),
        }
    }
}

/// What mail programs sort letters by: `<public.status.example.com>`. <https://www.rfc-editor.org/rfc/rfc2919>
fn list_id(audience: &str, page: &PageRules) -> String {
    let host = Url::parse(&page.url).ok().and_then(|url| url.host_str().map(str::to_owned));
    format!("<{}.{}>", word(audience), host.unwrap_or_default())
}

#[async_trait]
impl Courier for EmailCourier {
    fn channel(&self) -> Channel {
        Channel::Email
    }

    async fn carry(&self, parcel: &Parcel, bulk: &Bulk) -> Result<(), CourierError> {
        let org = self.muster.org();
        let page = org.comms.page.as_ref().ok_or_else(no_page)?;
        let to: Address = parcel.subscriber.address.parse().map_err(|_| nobody("the address is none"))?;
        let draft = Draft { parcel, page, org: &org, to: to.clone() };
        let letter = match bulk {
            Bulk::Bulletin(bulletin) => self.bulletin(&draft, bulletin),
            Bulk::Confirm { .. } => self.question(&draft),
        };
        let unwritten = || CourierError::Refused { reason: "the letter could not be written".to_owned() };
        let letter = letter.map_err(|_| unwritten())?;
        let envelope = Envelope::new(self.sender(&parcel.subscriber), vec![to]).map_err(|_| unwritten())?;
        let _connection = self.connections.acquire().await;
        self.mailer.send_raw(&envelope, &letter.formatted()).await.map_err(failed)
    }
}

/// Links have to lead somewhere.
pub(crate) fn no_page() -> CourierError {
    let reason = "the config has no status page, where the links of subscribers lead".to_owned();
    CourierError::Again { reason, after: None }
}

fn nobody(reason: &str) -> CourierError {
    CourierError::Nobody { reason: reason.to_owned() }
}

/// Codes of a mail server that does not know us: whoever the letter is for has nothing to do with it.
/// <https://www.rfc-editor.org/rfc/rfc4954#section-6>
const STRANGERS: [&str; 4] = ["530", "534", "535", "538"];
/// What is wrong with the receiver's address: <https://www.iana.org/assignments/smtp-enhanced-status-codes>.
const NO_SUCH_ADDRESS: [&str; 5] = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"];
/// What is wrong with ours.
const OUR_ADDRESS: [&str; 2] = ["5.1.7", "5.1.8"];

/// What becomes of a letter that was not taken. What is about us and not about its receiver must not cost them their subscription:
/// `5.7` is about policies, such as what is thought of our server (<https://www.rfc-editor.org/rfc/rfc3463#section-3.8>).
fn failed(error: MailError) -> CourierError {
    let reason = error.to_string();
    let MailError::Refused { code, about } = error else { return CourierError::Again { reason, after: None } };
    let about = about.unwrap_or_default();
    let is_about_us =
        STRANGERS.contains(&code.as_str()) || OUR_ADDRESS.contains(&about.as_str()) || about.starts_with("5.7.");
    if is_about_us {
        return CourierError::Again { reason: format!("{reason} {about}").trim_end().to_owned(), after: None };
    }
    if NO_SUCH_ADDRESS.contains(&about.as_str()) {
        return CourierError::Nobody { reason: format!("{reason} {about}") };
    }
    CourierError::Refused { reason: format!("{reason} {about}").trim_end().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_there_is_told_from_a_letter_that_is_not_liked_and_from_a_server_that_does_not_like_us() {
        let sort = |code: &str, about: Option<&str>| {
            let (code, about) = (code.to_owned(), about.map(str::to_owned));
            match failed(MailError::Refused { code, about }) {
                CourierError::Again { .. } => "again",
                CourierError::Refused { .. } => "refused",
                CourierError::Nobody { .. } => "nobody",
                CourierError::Gone { .. } => "gone",
            }
        };
        for about in NO_SUCH_ADDRESS {
            assert_eq!(sort("550", Some(about)), "nobody", "{about}");
        }
        for about in [None, Some("5.2.1"), Some("5.2.2"), Some("5.6.0"), Some("5.1.0")] {
            assert_eq!(sort("550", about), "refused", "{about:?}");
        }
        assert_eq!((sort("535", Some("5.7.8")), sort("530", None)), ("again", "again"));
        assert_eq!((sort("553", Some("5.1.8")), sort("554", Some("5.7.1"))), ("again", "again"));
        for later in [MailError::Later { code: "451".into() }, MailError::Away, MailError::Wrong] {
            assert!(matches!(failed(later), CourierError::Again { after: None, .. }));
        }
    }
}
