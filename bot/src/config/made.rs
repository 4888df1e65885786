//! What a config makes, by the sections that are there, be they sound or not: where messages and pages can go.

use super::section::Section;
use muster_core::ids::PlatformId;
use muster_core::org::Contact;

/// The chats, by their section and as a platform.
pub(super) const CHATS: [&str; 2] = ["slack", "discord"];
/// The ways that need an address of each person, each with the section that makes it.
pub(super) const WAYS: [(&str, &str); 5] =
    [("sms", "twilio"), ("voice", "twilio"), ("email", "email"), ("push", "ntfy"), ("webhook", "webhook")];

/// What is made. What is not among it carries nothing.
pub(super) struct Made<'a> {
    /// The chats.
    pub(super) chats: Vec<PlatformId>,
    /// The ways that need an address of each person.
    ways: Vec<PlatformId>,
    /// The other systems, by their names.
    pub(super) webhooks: Vec<&'a str>,
    /// The pages at Statuspage, by their names.
    pub(super) statuspages: Vec<&'a str>,
    /// Whether there is a status page.
    pub(super) page: bool,
    /// Whether anybody can subscribe.
    pub(super) subscribers: bool,
}

impl<'a> Made<'a> {
    /// By the sections that are there.
    pub(super) fn by(root: &Section<'a, '_>) -> Self {
        let chats = CHATS.into_iter().filter(|chat| root.has(chat));
        let ways = WAYS.into_iter().filter(|(_, section)| root.has(section)).map(|(way, _)| way);
        Self {
            chats: chats.map(PlatformId::from).collect(),
            ways: ways.map(PlatformId::from).collect(),
            webhooks: root.names("webhook"),
            statuspages: root.names("statuspage_io"),
            page: root.has("statuspage"),
            subscribers: root.has("subscribers"),
        }
    }

    /// Whether somebody is reached by that contact.
    pub(super) fn carries(&self, contact: &Contact) -> bool {
        self.chats.contains(&contact.platform) || self.ways.contains(&contact.platform)
    }
}
