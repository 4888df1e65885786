//! Who acts: a signed-in person, a linked handle, somebody matched by an address the platform vouches for, or a guest.

use super::{Muster, insist};
use crate::ids::PersonId;
use crate::inbound::{Actor, Caller, Handle};
use crate::org::{GroupRule, Organisation, Person, Right};
use crate::ports::store::StoreError;
use std::collections::BTreeSet;

impl Muster {
    /// Who acts. A signed-in person whom the config no longer has may do nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn identify(&self, caller: &Caller) -> Result<Actor, StoreError> {
        let org = self.org();
        match caller {
            Caller::Person(id) => Ok(org.person(id).map_or_else(|| stranger(id), |person| known(&org, person, None))),
            Caller::Handle(handle) => {
                if let Some(person) = by_email(&org, handle) {
                    return Ok(known(&org, person, Some(handle)));
                }
                let linked = self.store.linked(&handle.platform, &handle.id).await?;
                let person = linked.as_ref().and_then(|id| org.person(id));
                Ok(person.map_or_else(|| guest(&org, handle), |person| known(&org, person, Some(handle))))
            }
        }
    }

    /// Who somebody is whom a command names, however long the database takes to say; nobody when it cannot.
    pub async fn recognise(&self, handle: Handle) -> Option<Actor> {
        let caller = Caller::Handle(handle);
        let actor = insist(|| self.identify(&caller)).await;
        actor.inspect_err(|error| tracing::warn!(%error, "somebody could not be identified")).ok()
    }
}

fn by_email<'a>(org: &'a Organisation, handle: &Handle) -> Option<&'a Person> {
    let email = handle.email.as_deref()?;
    org.people.iter().find(|person| person.email.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(email)))
}

fn known(org: &Organisation, person: &Person, handle: Option<&Handle>) -> Actor {
    let of_config = org.teams.iter().filter(|team| team.members.contains(&person.id)).map(|team| &team.id);
    let rules = handle.map(|handle| rules(org, handle)).unwrap_or_default();
    Actor {
        person: person.id.clone(),
        name: person.name.clone(),
        right: at_least(person.right, &rules),
        handle: handle.cloned(),
        known: true,
        teams: teams(of_config, &rules),
    }
}

fn guest(org: &Organisation, handle: &Handle) -> Actor {
    let rules = rules(org, handle);
    Actor {
        person: handle.platform.guest(&handle.id),
        name: crate::plain::trimmed(&handle.name),
        right: at_least(org.guest_right, &rules),
        handle: Some(handle.clone()),
        known: false,
        teams: teams(std::iter::empty(), &rules),
    }
}

fn stranger(id: &PersonId) -> Actor {
    Actor {
        person: id.clone(),
        name: id.to_string(),
        right: Right::None,
        handle: None,
        known: false,
        teams: Vec::new(),
    }
}

/// What the config says of the groups that somebody is in.
fn rules<'a>(org: &'a Organisation, handle: &Handle) -> Vec<&'a GroupRule> {
    let is_in = |rule: &&GroupRule| rule.platform == handle.platform && handle.groups.contains(&rule.group);
    org.groups.iter().filter(is_in).collect()
}

/// A group gives rights and takes none.
fn at_least(right: Right, rules: &[&GroupRule]) -> Right {
    rules.iter().map(|rule| rule.right).fold(right, Right::max)
}

fn teams<'a>(of_config: impl Iterator<Item = &'a String>, rules: &[&'a GroupRule]) -> Vec<String> {
    let of_groups = rules.iter().filter_map(|rule| rule.team.as_ref());
    of_config.chain(of_groups).cloned().collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PlatformId;
    use crate::org::Team;
    use chrono_tz::Tz;

    fn rule(group: &str, team: Option<&str>, right: Right) -> GroupRule {
        let team = team.map(str::to_owned);
        GroupRule { platform: PlatformId::from("chat"), group: group.to_owned(), team, right }
    }

    fn organisation() -> Organisation {
        let teams = [("payments", vec![]), ("stores", vec![PersonId::from("alice")])];
        let team = |(id, members): (&str, Vec<PersonId>)| Team {
            id: id.to_owned(),
            name: id.to_owned(),
            members,
            policy: None,
        };
        let groups = vec![rule("7", Some("payments"), Right::Respond), rule("8", None, Right::Admin)];
        Organisation { teams: teams.map(team).into(), groups, ..Organisation::empty("Shop", "") }
    }

    fn handle(platform: &str, groups: &[&str]) -> Handle {
        Handle {
            platform: PlatformId::from(platform),
            id: "U1".to_owned(),
            name: "Alice".to_owned(),
            email: None,
            groups: groups.iter().map(|&group| group.to_owned()).collect(),
        }
    }

    #[test]
    fn a_group_gives_a_guest_its_team_and_its_right() {
        let org = organisation();
        let seen = |handle: &Handle| {
            let actor = guest(&org, handle);
            (actor.right, actor.teams)
        };
        assert_eq!(seen(&handle("chat", &["7", "9"])), (Right::Respond, vec!["payments".to_owned()]));
        assert_eq!(seen(&handle("chat", &["9"])), (Right::None, Vec::new()));
        assert_eq!(seen(&handle("other", &["7", "8"])), (Right::None, Vec::new()), "ids are the platform's own");
    }

    #[test]
    fn a_group_takes_no_right_away_and_adds_to_the_teams_of_the_config() {
        let org = organisation();
        let alice = Person {
            id: PersonId::from("alice"),
            name: "Alice".to_owned(),
            email: None,
            right: Right::Admin,
            time_zone: Tz::UTC,
            reach: crate::org::Reach::default(),
        };
        let actor = known(&org, &alice, Some(&handle("chat", &["7"])));
        assert_eq!((actor.right, actor.teams), (Right::Admin, vec!["payments".to_owned(), "stores".to_owned()]));
    }
}
