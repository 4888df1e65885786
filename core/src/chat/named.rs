//! Whom and what a view names, so that it can be looked up before the view is rendered.

use crate::ids::{IncidentId, PersonId};
use crate::view::{Line, Section, Span, View};
use std::collections::BTreeSet;

/// Whom and what a view names. Only those who are to be notified are shown by more than their name.
#[derive(Debug, Default)]
pub struct Named {
    /// Those who are to be notified.
    pub people: BTreeSet<PersonId>,
    /// Incidents, which lead to their rooms.
    pub incidents: BTreeSet<IncidentId>,
}

impl Named {
    /// Those of a view.
    #[must_use]
    pub fn of(view: &View) -> Self {
        let mut named = Self::default();
        named.read(view);
        named
    }

    fn read(&mut self, view: &View) {
        self.line(&view.title);
        for section in &view.sections {
            match section {
                Section::Text(line) => self.line(line),
                Section::Fields(fields) => fields.iter().for_each(|field| self.line(&field.value)),
                Section::List(items) => items.iter().for_each(|item| self.line(&item.line)),
                Section::Heading(_) | Section::Code(_) => {}
            }
        }
        self.line(&view.footer);
    }

    fn line(&mut self, line: &Line) {
        for span in line {
            match span {
                Span::Mention { id, .. } => drop(self.people.insert(id.clone())),
                Span::Incident(id) => drop(self.incidents.insert(*id)),
                Span::Text(_)
                | Span::Strong(_)
                | Span::Code(_)
                | Span::Command(_)
                | Span::Person { .. }
                | Span::Time { .. }
                | Span::Link { .. } => {}
            }
        }
    }
}

/// The incident a view is about: the one it names first, in its title or its running text.
#[must_use]
pub fn subject(view: &View) -> Option<IncidentId> {
    let texts = view.sections.iter().filter_map(|section| match section {
        Section::Text(line) => Some(line),
        Section::Heading(_) | Section::Fields(_) | Section::List(_) | Section::Code(_) => None,
    });
    std::iter::once(&view.title).chain(texts).flatten().find_map(|span| match span {
        Span::Incident(id) => Some(*id),
        Span::Text(_)
        | Span::Strong(_)
        | Span::Code(_)
        | Span::Command(_)
        | Span::Person { .. }
        | Span::Mention { .. }
        | Span::Time { .. }
        | Span::Link { .. } => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Tone, text};

    #[test]
    fn those_who_are_to_be_notified_are_found_wherever_they_are_named() {
        let mention = |id: &str| Span::Mention { id: PersonId::from(id), name: id.to_owned() };
        let view = View::titled(Tone::Neutral, vec![mention("alice"), Span::Incident(IncidentId(1))])
            .with(Section::Text(vec![text("with "), mention("bob")]))
            .with(Section::Text(vec![Span::Person { id: PersonId::from("carol"), name: "Carol".into() }]))
            .footed(vec![mention("dave"), mention("alice"), Span::Incident(IncidentId(2))]);
        let named = Named::of(&view);
        assert_eq!(named.people, ["alice", "bob", "dave"].map(PersonId::from).into());
        assert_eq!(named.incidents, [1, 2].map(IncidentId).into());
    }
}
