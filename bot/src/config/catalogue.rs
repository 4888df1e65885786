//! What can break and where, the types of incident, and the custom fields.

use super::organisation::Seen;
use super::problem::did_you_mean;
use super::section::Section;
use super::value::check_id;
use muster_core::comms::PublicSite;
use muster_core::org::{Category, CustomField, Service, ServiceKind, Site, Team};
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
    let (mut sites, mut public) = (Vec::new(), Vec::new());
    for section in root.tables("site").unwrap_or_default() {
        let named = named(&section, "id", "stockholm", &mut seen);
        let shown = section.text("public_name").map(Spanned::into_inner);
        let region = section.text("region").map(Spanned::into_inner);
        section.finish();
        let Some(Named { id, name }) = named else { continue };
        public.extend(shown.map(|name| PublicSite { site: id.clone(), name, region }));
        sites.push(Site { id, name });
    }
    (sites, public)
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
