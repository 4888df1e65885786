//! What can break and where, the types of incident, and the custom fields.

use super::organisation::Seen;
use super::problem::did_you_mean;
use super::section::Section;
use super::value::check_id;
use muster_core::comms::PublicSite;
use muster_core::org::{Category, CustomField, Service, ServiceKind, Site, Team};
use muster_statuspage::Scope;
use std::collections::BTreeMap;
use toml::Spanned;

const KINDS: [(&str, ServiceKind); 5] = [
    ("web", ServiceKind::Web),
    ("backend", ServiceKind::Backend),
    ("point_of_sale", ServiceKind::PointOfSale),
    ("iot", ServiceKind::Iot),
    ("network", ServiceKind::Network),
];

/// What every row has: an id and a name, both of which may be typed to mean it.
struct Named {
    id: String,
    name: String,
}

fn named(section: &Section<'_, '_>, key: &'static str, example: &str, seen: &mut Seen) -> Option<Named> {
    let id = section.required(key, example);
    let name = section.text("name");
    let id = id?;
    check_id(section, key, &id);
    seen.check(section, key, &id);
    if let Some(name) = name.as_ref().filter(|name| !name.get_ref().eq_ignore_ascii_case(id.get_ref())) {
        // A list is typed with commas between.
        if name.get_ref().contains(',') {
            section.problem(name.span(), "name", "a name with a comma in it cannot be typed in a command");
        }
        seen.check_for(section, "name", name, id.get_ref());
    }
    let name = name.map(Spanned::into_inner).filter(|name| !name.is_empty());
    Some(Named { name: name.unwrap_or_else(|| id.get_ref().clone()), id: id.into_inner() })
}

/// The services. Every owner must be a team.
pub(super) fn services(root: &Section<'_, '_>, teams: &[Team]) -> Vec<Service> {
    let mut seen = Seen::default();
    let mut services = Vec::new();
    for section in root.tables("service").unwrap_or_default() {
        let named = named(&section, "id", "checkout", &mut seen);
        let kind = section.choice("kind", &KINDS).unwrap_or(ServiceKind::Backend);
        let owner = section.text("owner");
        let known = || teams.iter().map(|team| team.id.as_str());
        if let Some(owner) = owner.as_ref().filter(|owner| !known().any(|id| id == owner.get_ref())) {
            let near = did_you_mean(owner.get_ref(), known());
            section.problem(owner.span(), "owner", format!("team `{}` does not exist{near}", owner.get_ref()));
        }
        let owner = owner.map(Spanned::into_inner);
        services.extend(named.map(|Named { id, name }| Service { id, name, kind, owner }));
        section.finish();
    }
    services
}

/// The sites, and what customers know of them.
pub(super) fn sites(root: &Section<'_, '_>) -> (Vec<Site>, Vec<PublicSite>) {
    let mut seen = Seen::default();
    let (mut sites, mut public, mut folders) = (Vec::new(), Vec::new(), Folders::default());
    for section in root.tables("site").unwrap_or_default() {
        let named = named(&section, "id", "stockholm", &mut seen);
        let (shown, region) = (section.text("public_name"), section.text("region"));
        section.finish();
        let Some(Named { id, name }) = named else { continue };
        if let Some(shown) = shown {
            section.taken("public_name", &shown, folders.take(&Scope::Site(id.clone()), &id));
            if let Some(region) = &region {
                let name = region.get_ref();
                section.taken("region", region, folders.take(&Scope::Region(name.clone()), name));
            }
            let region = region.map(Spanned::into_inner);
            public.push(PublicSite { site: id.clone(), name: shown.into_inner(), region });
        }
        sites.push(Site { id, name });
    }
    (sites, public)
}

/// The folders of the status page, each with the name that has it.
#[derive(Default)]
struct Folders(BTreeMap<String, String>);

impl Folders {
    /// A name has its folder for itself: what would be written there for another would be lost.
    fn take(&mut self, scope: &Scope, name: &str) -> Result<(), String> {
        let owner = self.0.entry(scope.folder()).or_insert_with(|| name.to_owned());
        let shared = || format!("“{name}” and “{owner}” are one folder on the page: call one otherwise");
        if owner == name { Ok(()) } else { Err(shared()) }
    }
}

/// The types of incident.
pub(super) fn types(root: &Section<'_, '_>) -> Vec<Category> {
    let mut seen = Seen::default();
    let mut types = Vec::new();
    for section in root.tables("type").unwrap_or_default() {
        let named = named(&section, "key", "security", &mut seen);
        let private = section.flag("private").unwrap_or_default();
        types.extend(named.map(|Named { id, name }| Category { key: id, name, private }));
        section.finish();
    }
    types
}

/// The custom fields.
pub(super) fn fields(root: &Section<'_, '_>) -> Vec<CustomField> {
    let mut seen = Seen::default();
    let mut fields = Vec::new();
    for section in root.tables("field").unwrap_or_default() {
        let named = named(&section, "key", "region", &mut seen);
        let mut choices = Vec::new();
        let mut chosen = Seen::default();
        for choice in section.texts("choices").unwrap_or_default() {
            if choice.get_ref().is_empty() || choice.get_ref().contains(',') {
                section.problem(choice.span(), "choices", "a choice needs a text without commas");
            }
            chosen.check(&section, "choices", &choice);
            choices.push(choice.into_inner());
        }
        fields.extend(named.map(|Named { id, name }| CustomField { key: id, name, choices }));
        section.finish();
    }
    fields
}
