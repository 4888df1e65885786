//! The organisation: its name, its severities, and everything the other files of this folder read.

use super::comms::Heard;
use super::made::Made;
use super::schedules::{self, CalendarSource};
use super::section::Section;
use super::{catalogue, people, policies, roles, rooms, routes};
use muster_core::comms::{ComponentState, PublicRules};
use muster_core::ids::SeverityKey;
use muster_core::org::{Organisation, Right, Severity};
use std::collections::HashMap;
use std::path::Path;
use toml::Spanned;

/// What a stranger from a chat may do.
const GUESTS: [(&str, Right); 3] = [("none", Right::None), ("view", Right::View), ("respond", Right::Respond)];

/// Reads the organisation, where the calendars of its schedules are, and what is said there of customers; `None` when too little of it is there.
pub(super) fn read(
    root: &Section<'_, '_>,
    folder: &Path,
    made: &Made<'_>,
) -> Option<(Organisation, Vec<CalendarSource>, Heard)> {
    let usual = Organisation::empty("Muster", "");
    let about = root.table("organisation");
    let about = about.as_ref();
    let name = about.and_then(|about| about.text("name")).map_or(usual.name, Spanned::into_inner);
    let guests = about.and_then(|about| about.choice("guests", &GUESTS)).unwrap_or(usual.guest_right);
    let commander = about.and_then(|about| about.span("commander_within")).unwrap_or(usual.commander_within);
    let zone = about.and_then(|about| super::value::time_zone(about, "time_zone")).unwrap_or_default();
    if let Some(about) = about {
        about.finish();
    }
    let people = people::people(root, zone, made);
    let (teams, followed) = people::teams(root, &people);
    let rooms = rooms::read(root, usual.rooms, &teams);
    let (severities, rules) = severities(root).unwrap_or((usual.severities, usual.comms.rules));
    let known = schedules::Known { people: &people, teams: &teams, zone };
    let (schedules, calendars) = schedules::read(root, &known, folder);
    let known = policies::Known { people: &people, teams: &teams, schedules: &schedules, severities: &severities };
    let paging = policies::paging(root, usual.paging, &known);
    let policies = policies::policies(root, paging.patience, &known);
    policies::check_followed(followed, &policies);
    let services = catalogue::services(root, &teams);
    let (sites, public_sites) = catalogue::sites(root);
    let known = routes::Known { teams: &teams, services: &services, sites: &sites, severities: &severities };
    let alerting = routes::read(root, &known);
    let org = Organisation {
        name,
        console_url: String::new(),
        severities,
        roles: roles::read(root, usual.roles),
        services,
        sites,
        categories: catalogue::types(root),
        fields: catalogue::fields(root),
        people,
        teams,
        guest_right: guests,
        commander_within: commander,
        chats: Vec::new(),
        groups: Vec::new(),
        rooms,
        schedules,
        policies,
        paging,
        alerting,
        runbooks: muster_core::org::RunbookRules::default(),
        comms: muster_core::comms::CommsRules::default(),
    };
    Some((org, calendars, Heard { rules, sites: public_sites }))
}

/// The severities, which take the place of the usual ones altogether.
fn severities(root: &Section<'_, '_>) -> Option<(Vec<Severity>, Vec<PublicRules>)> {
    let sections = root.tables("severity")?;
    if sections.is_empty() {
        root.problem(0..0, "severity", "there must be at least one; leave the key out for SEV1 to SEV4");
    }
    let mut seen = Seen::default();
    let (mut severities, mut rules) = (Vec::new(), Vec::new());
    for section in sections {
        let key = section.required("key", "SEV1");
        let meaning = section.text("meaning").map(Spanned::into_inner).unwrap_or_default();
        let update_every = section.span("update_every");
        let (first_within, every) = (section.span("public_first"), section.span("public_every"));
        let states = ComponentState::ALL.map(|state| (state.word(), state));
        let state = section.choice("public_state", &states);
        if let Some(key) = key {
            let legal = |c: char| c.is_ascii_alphanumeric() || c == '-';
            if !key.get_ref().chars().all(legal) || key.get_ref().eq_ignore_ascii_case("none") {
                let sentence = format!("“{}” cannot be typed as a severity; write it like SEV1", key.get_ref());
                section.problem(key.span(), "key", sentence);
            }
            seen.check(&section, "key", &key);
            let severity = SeverityKey::from(key.get_ref().as_str());
            rules.push(PublicRules { severity, first_within, every, state });
            severities.push(Severity { key: SeverityKey::from(key.get_ref().as_str()), meaning, update_every });
        }
        section.finish();
    }
    Some((severities, rules))
}

/// Names that were taken already. What people type is found without regard to case, so that is how names clash.
#[derive(Default)]
pub(super) struct Seen(HashMap<String, String>);

impl Seen {
    /// Notes a problem if the name is taken, and takes it.
    pub(super) fn check(&mut self, section: &Section<'_, '_>, key: &'static str, name: &Spanned<String>) {
        self.check_for(section, key, name, name.get_ref());
    }

    /// The same for the name of `owner`, who may have it several times.
    pub(super) fn check_for(
        &mut self,
        section: &Section<'_, '_>,
        key: &'static str,
        name: &Spanned<String>,
        owner: &str,
    ) {
        let taken = self.0.insert(name.get_ref().to_lowercase(), owner.to_owned());
        match taken {
            Some(by) if by != owner => {
                section.problem(name.span(), key, format!("“{}” already means `{by}`", name.get_ref()));
            }
            Some(_) if owner == name.get_ref() => {
                section.problem(name.span(), key, format!("`{owner}` is there twice"));
            }
            Some(_) | None => {}
        }
    }
}
