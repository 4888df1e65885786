//! People and teams.

use super::made::Made;
use super::organisation::Seen;
use super::policies::Followed;
use super::problem::did_you_mean;
use super::reach;
use super::section::Section;
use super::value::{check_id, is_address, time_zone};
use chrono_tz::Tz;
use muster_core::ids::PersonId;
use muster_core::org::{Person, Right, Team};
use toml::Spanned;

const RIGHTS: [(&str, Right); 3] = [("view", Right::View), ("respond", Right::Respond), ("admin", Right::Admin)];

/// Ids that mean something else: who types them, nobody, and Muster itself.
const TAKEN: [&str; 4] = ["me", "none", "nobody", "muster"];

/// Everybody. `zone` is where those live who say nothing of it.
pub(super) fn people(root: &Section<'_, '_>, zone: Tz, made: &Made<'_>) -> Vec<Person> {
    let sections = root.tables("person").unwrap_or_default();
    let (mut ids, mut emails) = (Seen::default(), Seen::default());
    let first = sections.first().map_or(0..0, Section::at);
    let mut people = Vec::new();
    let mut knows_all_rights = true;
    for section in sections {
        let id = section.required("id", "alice");
        let name = section.required("name", "Alice Ek");
        let email = email(&section, &mut emails);
        let right = section.choice("right", &RIGHTS);
        knows_all_rights &= right.is_some() || !section.has("right");
        let time_zone = time_zone(&section, "time_zone").unwrap_or(zone);
        let reach = reach::read(&section, email.as_deref(), made);
        if let Some(id) = id {
            check_id(&section, "id", &id);
            if TAKEN.contains(&id.get_ref().as_str()) {
                section.problem(id.span(), "id", format!("`{}` has a meaning of its own in commands", id.get_ref()));
            }
            ids.check(&section, "id", &id);
            people.push(Person {
                name: name.map_or_else(|| id.get_ref().clone(), Spanned::into_inner),
                id: PersonId::new(id.into_inner()),
                email,
                right: right.unwrap_or(Right::Respond),
                time_zone,
                reach,
            });
        }
        section.finish();
    }
    if knows_all_rights && !people.iter().any(|person| person.right == Right::Admin) {
        let sentence = "nobody may operate Muster; give at least one [[person]] right = \"admin\"";
        root.problem(first, "person", sentence);
    }
    people
}

fn email(section: &Section<'_, '_>, emails: &mut Seen) -> Option<String> {
    let email = section.text("email")?;
    if !is_address(email.get_ref()) {
        section.problem(
            email.span(),
            "email",
            format!("“{}” is not an address; write it as name@host", email.get_ref()),
        );
        return None;
    }
    emails.check(section, "email", &email);
    Some(email.into_inner())
}

/// The teams, and the policies that their pages follow. Every member must be somebody.
pub(super) fn teams<'a, 'i>(root: &Section<'a, 'i>, people: &[Person]) -> (Vec<Team>, Vec<Followed<'a, 'i>>) {
    let mut ids = Seen::default();
    let (mut teams, mut followed) = (Vec::new(), Vec::new());
    for section in root.tables("team").unwrap_or_default() {
        let id = section.required("id", "payments");
        let name = section.text("name");
        let policy = section.text("policy");
        let mut members: Vec<PersonId> = Vec::new();
        for member in section.texts("members").unwrap_or_default() {
            let known = || people.iter().map(|person| person.id.as_str());
            if !known().any(|id| id == member.get_ref()) {
                let near = did_you_mean(member.get_ref(), known());
                section.problem(
                    member.span(),
                    "members",
                    format!("person `{}` does not exist{near}", member.get_ref()),
                );
            } else if members.iter().any(|id| id.as_str() == member.get_ref()) {
                section.problem(member.span(), "members", format!("`{}` is there twice", member.get_ref()));
            }
            members.push(PersonId::new(member.into_inner()));
        }
        if let Some(id) = id {
            check_id(&section, "id", &id);
            ids.check(&section, "id", &id);
            let name = name.map_or_else(|| id.get_ref().clone(), Spanned::into_inner);
            let policy = policy.as_ref().map(|policy| policy.get_ref().clone());
            teams.push(Team { id: id.into_inner(), name, members, policy });
        }
        section.finish();
        followed.extend(policy.map(|policy| (section, policy)));
    }
    (teams, followed)
}
