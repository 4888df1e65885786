//! `edit`: put right what was declared: title, services, sites, type, visibility, custom fields.

use super::args::Args;
use super::new::TITLE;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, State, incident_of};
use crate::incident::Visibility;
use crate::incident::event::Event;
use crate::refusal::Refusal;
use crate::view::card;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const SPEC: Spec = Spec {
    name: "edit",
    button: "Save",
    summary: "Correct the title, services, sites, type or fields",
    group: Group::Record,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "Correct the title, services, sites, type or fields",
        access: Access::Writes,
        args: &[
            Arg::rest("title", ArgKind::Line(TITLE), "what is wrong, in one line", false),
            Arg::flag("service", ArgKind::Services, "what is broken, or none"),
            Arg::flag("site", ArgKind::Sites, "where, or none"),
            Arg::flag("type", ArgKind::Category, "the type of incident, or none"),
            Arg::flag("visibility", ArgKind::Word(&["public", "private"]), "who may know of it"),
            Arg::flag("field", ArgKind::Fields, "custom fields, as key=value; an empty value takes it away"),
        ],
        examples: &["edit card payments fail in all stores", "edit --service payment,checkout"],
        read: Edit::read,
    }],
};

/// Put right what was declared.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    title: Option<String>,
    services: Option<BTreeSet<String>>,
    sites: Option<BTreeSet<String>>,
    category: Option<Option<String>>,
    visibility: Option<Visibility>,
    fields: BTreeMap<String, String>,
}

impl Edit {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let filled = |name: &str| args.word(name).is_some();
        let visibility = match args.word("visibility").as_deref() {
            None => None,
            Some("public") => Some(Visibility::Public),
            Some("private") => Some(Visibility::Private),
            Some(other) => {
                let other = crate::plain::echo(other);
                return Err(Refusal::invalid(format!("“{other}” is not a visibility: there are public, private")));
            }
        };
        let category = filled("type").then(|| args.category("type")).transpose()?;
        let is_private = |key: &String| args.org.find_category(key).is_some_and(|category| category.private);
        let becomes_private = category.as_ref().is_some_and(|key| key.as_ref().is_some_and(is_private));
        Ok(Command::Edit(Self {
            title: args.line("title", TITLE)?,
            services: filled("service").then(|| args.services("service")).transpose()?,
            sites: filled("site").then(|| args.sites("site")).transpose()?,
            category,
            visibility: visibility.or(becomes_private.then_some(Visibility::Private)),
            fields: args.fields("field")?,
        }))
    }
}

fn visibility_word(visibility: Visibility) -> String {
    match visibility {
        Visibility::Public => "public".to_owned(),
        Visibility::Private => "private".to_owned(),
    }
}

fn joined(set: &BTreeSet<String>) -> Option<String> {
    (!set.is_empty()).then(|| set.iter().cloned().collect::<Vec<_>>().join(", "))
}

impl Run for Edit {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let mut draft = Draft::of(incident, ctx);
        if let Some(title) = &self.title {
            let from = Some(incident.title.clone());
            changed(&mut draft, "title", from, Some(title.clone()));
            draft.incident.title.clone_from(title);
        }
        if let Some(services) = &self.services {
            changed(&mut draft, "services", joined(&incident.services), joined(services));
            draft.incident.services.clone_from(services);
        }
        if let Some(sites) = &self.sites {
            changed(&mut draft, "sites", joined(&incident.sites), joined(sites));
            draft.incident.sites.clone_from(sites);
        }
        if let Some(category) = &self.category {
            changed(&mut draft, "type", incident.category.clone(), category.clone());
            draft.incident.category.clone_from(category);
        }
        if let Some(visibility) = self.visibility {
            let (from, to) = (visibility_word(incident.visibility), visibility_word(visibility));
            changed(&mut draft, "visibility", Some(from), Some(to));
            draft.incident.visibility = visibility;
            draft.let_in(&ctx.actor.person, &ctx.actor.name);
        }
        for (key, value) in &self.fields {
            let to = Some(value.clone()).filter(|value| !value.is_empty());
            changed(&mut draft, key, incident.fields.get(key).cloned(), to);
            draft.incident.fields.insert(key.clone(), value.clone());
        }
        draft.incident.fields.retain(|_, value| !value.is_empty());
        if draft.is_empty() {
            let sentence = format!("There is nothing to change in {}", incident.id);
            return Err(Refusal::conflict(sentence).instead("help edit"));
        }
        Ok(draft.done(|incident| card::changed(incident, ctx)))
    }
}

fn changed(draft: &mut Draft<'_>, field: &str, from: Option<String>, to: Option<String>) {
    if from != to {
        draft.record(Event::Edited { field: field.to_owned(), from, to });
    }
}
