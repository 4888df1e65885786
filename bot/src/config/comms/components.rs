//! `[[component]]` and `[[component_group]]`: what customers know, and see the state of.

use super::super::organisation::Seen;
use super::super::problem::did_you_mean;
use super::super::section::Section;
use super::super::value::check_id;
use super::names;
use muster_core::comms::{Component, ComponentGroup, Locale, Locales};
use muster_core::org::Organisation;
use std::collections::BTreeMap;
use toml::Spanned;

/// The groups and the components, in the order of the file.
pub(super) fn read(
    root: &Section<'_, '_>,
    locales: &Locales,
    org: &Organisation,
) -> (Vec<ComponentGroup>, Vec<Component>) {
    let groups = groups(root, locales);
    let mut seen = Seen::default();
    let mut components = Vec::new();
    for section in root.tables("component").unwrap_or_default() {
        let id = section.required("id", "card-payments");
        let names = names(&section, "name", locales);
        let descriptions = names_if_any(&section, "description", locales);
        let group = section.text("group");
        let known = || groups.iter().map(|group: &ComponentGroup| group.id.as_str());
        if let Some(group) = group.as_ref().filter(|group| !known().any(|id| id == group.get_ref())) {
            let near = did_you_mean(group.get_ref(), known());
            section.problem(
                group.span(),
                "group",
                format!("component_group `{}` does not exist{near}", group.get_ref()),
            );
        }
        let services = ids(&section, "services", org.services.iter().map(|one| one.id.as_str()).collect());
        let sites = ids(&section, "sites", org.sites.iter().map(|one| one.id.as_str()).collect());
        let sites = section.has("sites").then_some(sites);
        section.finish();
        let Some(id) = id else { continue };
        check_id(&section, "id", &id);
        seen.check(&section, "id", &id);
        let group = group.map(Spanned::into_inner);
        components.push(Component { id: id.into_inner(), names, descriptions, group, services, sites });
    }
    (groups, components)
}

fn groups(root: &Section<'_, '_>, locales: &Locales) -> Vec<ComponentGroup> {
    let mut seen = Seen::default();
    let mut groups = Vec::new();
    for section in root.tables("component_group").unwrap_or_default() {
        let id = section.required("id", "stores");
        let names = names(&section, "name", locales);
        section.finish();
        let Some(id) = id else { continue };
        check_id(&section, "id", &id);
        seen.check(&section, "id", &id);
        groups.push(ComponentGroup { id: id.into_inner(), names });
    }
    groups
}

fn names_if_any(section: &Section<'_, '_>, key: &'static str, locales: &Locales) -> BTreeMap<Locale, String> {
    if section.has(key) { names(section, key, locales) } else { BTreeMap::new() }
}

/// Ids that must exist.
fn ids(section: &Section<'_, '_>, key: &'static str, known: Vec<&str>) -> Vec<String> {
    let id = |typed: &Spanned<String>| {
        let id = typed.get_ref();
        let missing = || format!("`{id}` does not exist{}", did_you_mean(id, known.iter().copied()));
        let found = known.contains(&id.as_str()).then(|| id.clone());
        section.taken(key, typed, found.ok_or_else(missing))
    };
    section.texts(key).unwrap_or_default().iter().filter_map(id).collect()
}
