//! Rendering: the texts of a message in every language, from its template, what was filled in, and what Muster knows.

use super::desk::Desk;
use crate::comms::template::{Facts, Filled, Template};
use crate::comms::{Audience, Locale, Locales, Message, Missing, Revision};

impl Desk<'_, '_> {
    /// The only place where texts are made. What an audience does not wait for is said in the default language: so it is approved,
    /// and so it is sent.
    pub(super) fn render(&self, message: &mut Message, template: &Template, audience: &Audience) {
        let locales = &audience.locales;
        message.window = self.draft.incident.window;
        let facts = self.facts(message, locales);
        // The text speaks of where things stand as the message does.
        let template = Template { status: message.status, ..template.clone() };
        let Filled { mut texts, missing } = template.fill(&message.values, &facts, locales);
        let default = locales.first();
        let blocks = |one: &Missing| audience.waits_for_all || one.locale == *default;
        message.missing = missing.into_iter().map(|one| Missing { blocks: blocks(&one), ..one }).collect();
        let instead = texts.get(default).filter(|_| !audience.waits_for_all).cloned();
        if let Some(instead) = instead {
            for locale in locales.iter() {
                texts.entry(locale.clone()).or_insert_with(|| instead.clone());
            }
        }
        if message.texts != texts {
            message.texts = texts;
            let revision = Revision { at: self.ctx().now, by: self.ctx().me(), texts: message.texts.clone() };
            message.history.push(revision);
        }
    }

    fn facts(&self, message: &Message, locales: &Locales) -> Facts {
        let (org, incident) = (self.ctx().org, &self.draft.incident);
        let (rules, page) = (&org.comms, org.comms.page.as_ref());
        let concerned = message.components.keys().filter_map(|id| rules.component(id));
        let names = |locale: &Locale| concerned.clone().map(|one| one.name(locale, rules).to_owned()).collect();
        let public = self.state.records.public(incident.id);
        let earlier = message.corrects.and_then(|root| self.message(root).ok());
        Facts {
            incident: incident.id,
            earlier_at: earlier.and_then(|earlier| earlier.stage.published_at()),
            components: locales.iter().map(|locale| (locale.clone(), names(locale))).collect(),
            sites: rules.sites_of(&incident.sites).map(|site| site.name.clone()).collect(),
            next_at: message.next_at,
            began_at: public.map_or(incident.declared_at, |public| public.began_at.min(incident.declared_at)),
            window: message.window,
            organisation: page.map_or_else(|| org.name.clone(), |page| page.name.clone()),
            time_zone: rules.zone(),
        }
    }
}
