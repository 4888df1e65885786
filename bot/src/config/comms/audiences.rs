//! `[[audience]]`: who is told together, where, in which languages, and who must let it go. `[[digest]]`: who hears of internal updates.

use super::super::organisation::Seen;
use super::super::section::Section;
use super::super::value::check_id;
use super::whom;
use muster_core::comms::{Audience, Destination, Digest, Locales};
use muster_core::ids::{RoleKey, SeverityKey};
use muster_core::incident::role::COMMANDER;
use muster_core::org::{Organisation, Right};
use muster_core::runbook::Who;
use toml::Spanned;

/// What there is to send to.
#[derive(Clone, Copy)]
pub(super) struct Has {
    /// Whether there is a status page.
    pub(super) page: bool,
    /// Whether anybody can subscribe.
    pub(super) subscribers: bool,
}

/// The usual audiences: an id and a name.
const USUAL: [(&str, &str); 7] = [
    ("public", "Customers"),
    ("business", "Business customers"),
    ("stores", "Stores"),
    ("support", "Support staff"),
    ("executives", "Executives"),
    ("regulators", "Regulators"),
    ("social", "Social media"),
];

/// The usual audiences, changed and added to by `[[audience]]`.
pub(super) fn audiences(root: &Section<'_, '_>, locales: &Locales, has: Has, org: &Organisation) -> Vec<Audience> {
    let usual = |id: &str, name: &str| usual(id, name, locales, (has, org));
    let mut audiences: Vec<_> = USUAL.iter().map(|(id, name)| usual(id, name)).collect();
    let mut seen = Seen::default();
    for section in root.tables("audience").unwrap_or_default() {
        let id = section.required("id", "public");
        let name = section.text("name").map(Spanned::into_inner);
        let to = whom::destinations(&section, "to", org);
        if !has.page && to.iter().flatten().any(|one| *one == Destination::Page) {
            section.problem(section.at(), "to", "there is no page to send to: it takes a [statuspage]");
        }
        let spoken = section.texts("locales").and_then(|typed| spoken(&section, &typed, locales));
        let waits_for_all = section.flag("wait_for_all");
        let approval = whom::severities(&section, "approval", org);
        let approvers = whom::who(&section, "approvers", org);
        let clocked = section.flag("clock");
        section.finish();
        let Some(id) = id else { continue };
        check_id(&section, "id", &id);
        seen.check(&section, "id", &id);
        let at = audiences.iter().position(|audience| audience.id == *id.get_ref());
        let before = at.map(|at| audiences.remove(at));
        let before = before.unwrap_or_else(|| usual(id.get_ref(), id.get_ref()));
        let to = to.unwrap_or(before.to);
        let audience = Audience {
            name: name.unwrap_or(before.name),
            locales: spoken.unwrap_or(before.locales),
            waits_for_all: waits_for_all.unwrap_or(before.waits_for_all),
            approval: approval.unwrap_or(before.approval),
            approvers: approvers.unwrap_or(before.approvers),
            clocked: clocked.unwrap_or_else(|| to.contains(&Destination::Page)),
            to,
            ..before
        };
        audiences.insert(at.unwrap_or(audiences.len()), audience);
    }
    audiences
}

/// An audience of which nothing is said: the public sees the page, and what goes to it or to authorities takes two at the worst severities.
fn usual(id: &str, name: &str, locales: &Locales, (has, org): (Has, &Organisation)) -> Audience {
    let is_public = id == "public";
    let worst = match id {
        "public" | "business" => 2,
        "regulators" => org.severities.len(),
        _ => 0,
    };
    let role = |key: &str| org.find_role(key).map(|role| Who::Role { role: role.key.clone() });
    let commander = Who::Role { role: RoleKey::from(COMMANDER) };
    let approvers = role("comms").into_iter().chain([commander, Who::Right { right: Right::Admin }]);
    let to = [(Destination::Page, has.page), (Destination::Subscribers, has.subscribers)];
    Audience {
        id: id.to_owned(),
        name: name.to_owned(),
        to: to.into_iter().filter(|(_, is_there)| is_public && *is_there).map(|(to, _)| to).collect(),
        locales: if is_public { locales.clone() } else { Locales::new(locales.first().clone(), []) },
        waits_for_all: true,
        approval: org.severities.iter().take(worst).map(|severity| severity.key.clone()).collect::<Vec<SeverityKey>>(),
        approvers: approvers.collect(),
        clocked: is_public && has.page,
    }
}

/// The languages an audience is told in, the default one first.
fn spoken(section: &Section<'_, '_>, typed: &[Spanned<String>], locales: &Locales) -> Option<Locales> {
    let known = |typed: &Spanned<String>| {
        let found = locales.iter().find(|locale| locale.as_str().eq_ignore_ascii_case(typed.get_ref()));
        let unknown = || format!("{} is not among comms.locales", typed.get_ref());
        section.taken("locales", typed, found.ok_or_else(unknown))
    };
    let mut named = typed.iter().filter_map(known).cloned();
    let Some(first) = named.next() else {
        section.problem(section.at(), "locales", "an audience is told in one language at least");
        return None;
    };
    Some(Locales::new(first, named))
}

/// Who in the company hears of internal updates.
pub(super) fn digests(root: &Section<'_, '_>, org: &Organisation) -> Vec<Digest> {
    let mut seen = Seen::default();
    let mut digests = Vec::new();
    for section in root.tables("digest").unwrap_or_default() {
        let name = section.required("name", "executives");
        let to = whom::destinations(&section, "to", org).unwrap_or_default();
        let severities = whom::severities(&section, "severities", org).unwrap_or_default();
        section.finish();
        let is_for_customers = |one: &Destination| matches!(one, Destination::Page | Destination::Subscribers);
        if to.is_empty() || to.iter().any(is_for_customers) {
            let sentence = "this must name channels, people or webhooks of the company; for example to = [\"@alice\"]";
            section.problem(section.at(), "to", sentence);
        }
        if let Some(name) = name {
            seen.check(&section, "name", &name);
            digests.push(Digest { name: name.into_inner(), to, severities });
        }
    }
    digests
}
