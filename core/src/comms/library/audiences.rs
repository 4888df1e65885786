//! The audiences that there are before the config says anything of them: those that the templates of the library are for.

use crate::comms::{Audience, Destination, Locales};
use crate::ids::RoleKey;
use crate::org::{Organisation, Right};
use crate::runbook::Who;

/// An id and a name each.
const USUAL: [(&str, &str); 7] = [
    (PUBLIC, "Customers"),
    ("business", "Business customers"),
    ("stores", "Stores"),
    ("support", "Support staff"),
    ("executives", "Executives"),
    ("regulators", "Regulators"),
    ("social", "Social media"),
];

/// Those who read the status page.
const PUBLIC: &str = "public";

/// What usual audiences are made of.
#[derive(Debug, Clone, Copy)]
pub struct Usual<'a> {
    /// Whose severities and roles there are.
    pub org: &'a Organisation,
    /// The languages, the default one first.
    pub locales: &'a Locales,
    /// Whether there is a status page.
    pub page: bool,
    /// Whether anybody can subscribe.
    pub subscribers: bool,
}

impl Usual<'_> {
    /// All of them.
    #[must_use]
    pub fn audiences(self) -> Vec<Audience> {
        USUAL.iter().map(|(id, name)| self.audience(id, name)).collect()
    }

    /// An audience of which nothing else is said. The public is told where there is something to read, in every language. What goes to
    /// customers takes a second person at the two worst severities, what goes to authorities at any.
    #[must_use]
    pub fn audience(self, id: &str, name: &str) -> Audience {
        let Self { org, locales, page, subscribers } = self;
        let is_public = id == PUBLIC;
        let severe = match id {
            PUBLIC | "business" => 2,
            "regulators" => org.severities.len(),
            _ => 0,
        };
        let comms_lead = org.find_role("comms").map(|role| Who::Role { role: role.key.clone() });
        let others = [Who::Role { role: RoleKey::commander() }, Who::Right { right: Right::Admin }];
        let to = [(Destination::Page, page), (Destination::Subscribers, subscribers)];
        Audience {
            id: id.to_owned(),
            name: name.to_owned(),
            to: to.into_iter().filter(|(_, is_there)| is_public && *is_there).map(|(to, _)| to).collect(),
            locales: if is_public { (*locales).clone() } else { Locales::new(locales.first().clone(), []) },
            waits_for_all: true,
            approval: org.severities.iter().take(severe).map(|severity| severity.key.clone()).collect(),
            approvers: comms_lead.into_iter().chain(others).collect(),
            clocked: is_public && page,
        }
    }
}

/// The ids of all of them.
pub(super) fn ids() -> Vec<String> {
    USUAL.iter().map(|(id, _)| (*id).to_owned()).collect()
}
