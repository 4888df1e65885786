//! `[[audience]]`: who is told together, where, in which languages, and who must let it go. `[[digest]]`: who hears of internal updates.

use super::super::organisation::Seen;
use super::super::section::Section;
use super::super::value::check_id;
use super::{Known, places, whom};
use muster_core::comms::library::Usual;
use muster_core::comms::{Audience, Destination, Digest, Locales};
use toml::Spanned;

/// The usual audiences, changed and added to by `[[audience]]`.
pub(super) fn audiences(root: &Section<'_, '_>, usual: Usual<'_>, known: Known<'_>) -> Vec<Audience> {
    let mut audiences = usual.audiences();
    let mut seen = Seen::default();
    for section in root.tables("audience").unwrap_or_default() {
        let id = section.required("id", "public");
        let name = section.text("name").map(Spanned::into_inner);
        let to = places::all(&section, "to", known);
        let spoken = section.texts("locales").and_then(|typed| spoken(&section, &typed, usual.locales));
        let waits_for_all = section.flag("wait_for_all");
        let approval = whom::severities(&section, "approval", known.org);
        let approvers = whom::who(&section, "approvers", known.org);
        let clocked = section.flag("clock");
        section.finish();
        let Some(id) = id else { continue };
        check_id(&section, "id", &id);
        seen.check(&section, "id", &id);
        let at = audiences.iter().position(|audience| audience.id == *id.get_ref());
        let before = at.map(|at| audiences.remove(at));
        let before = before.unwrap_or_else(|| usual.audience(id.get_ref(), id.get_ref()));
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

/// The languages an audience is told in, the default one first.
fn spoken(section: &Section<'_, '_>, typed: &[Spanned<String>], locales: &Locales) -> Option<Locales> {
    let known = |typed: &Spanned<String>| {
        let found = locales.iter().find(|locale| locale.as_str().eq_ignore_ascii_case(typed.get_ref()));
        let unknown = || format!("{} is not among comms.locales", typed.get_ref());
        section.taken("locales", typed, found.ok_or_else(unknown))
    };
    if typed.is_empty() {
        section.problem(section.at(), "locales", "an audience is told in one language at least");
    }
    let mut named = typed.iter().filter_map(known).cloned();
    Some(Locales::new(named.next()?, named))
}

/// Who in the company hears of internal updates.
pub(super) fn digests(root: &Section<'_, '_>, known: Known<'_>) -> Vec<Digest> {
    let mut seen = Seen::default();
    let mut digests = Vec::new();
    for section in root.tables("digest").unwrap_or_default() {
        let name = section.required("name", "executives");
        let to = places::within(&section, "to", known);
        let severities = whom::severities(&section, "severities", known.org).unwrap_or_default();
        section.finish();
        let Some(name) = name else { continue };
        seen.check(&section, "name", &name);
        digests.push(Digest { name: name.into_inner(), to, severities });
    }
    digests
}
