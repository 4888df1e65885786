//! Who acts: a signed-in person, a linked handle, somebody matched by an address the platform vouches for, or a guest.

use super::Muster;
use crate::ids::PersonId;
use crate::inbound::{Actor, Caller, Handle};
use crate::org::{Organisation, Person, Right};
use crate::ports::store::StoreError;

impl Muster {
    /// Who acts. A signed-in person whom the config no longer has may do nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn identify(&self, caller: &Caller) -> Result<Actor, StoreError> {
        let org = self.org();
        match caller {
            Caller::Person(id) => Ok(org.person(id).map_or_else(|| stranger(id), |person| known(person, None))),
            Caller::Handle(handle) => {
                if let Some(person) = by_email(&org, handle) {
                    return Ok(known(person, Some(handle)));
                }
                let linked = self.store.linked(&handle.platform, &handle.id).await?;
                let person = linked.as_ref().and_then(|id| org.person(id));
                Ok(person.map_or_else(|| guest(&org, handle), |person| known(person, Some(handle))))
            }
        }
    }
}

fn by_email<'a>(org: &'a Organisation, handle: &Handle) -> Option<&'a Person> {
    let email = handle.email.as_deref()?;
    org.people.iter().find(|person| person.email.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(email)))
}

fn known(person: &Person, handle: Option<&Handle>) -> Actor {
    Actor {
        person: person.id.clone(),
        name: person.name.clone(),
        right: person.right,
        handle: handle.cloned(),
        known: true,
    }
}

fn guest(org: &Organisation, handle: &Handle) -> Actor {
    Actor {
        person: handle.platform.guest(&handle.id),
        name: crate::command::args::clean(&handle.name),
        right: org.guest_right,
        handle: Some(handle.clone()),
        known: false,
    }
}

fn stranger(id: &PersonId) -> Actor {
    Actor { person: id.clone(), name: id.to_string(), right: Right::None, handle: None, known: false }
}
