//! What the config says about telling customers.

use super::template::{Purpose, Template};
use super::{Component, ComponentGroup, ComponentState, Grouped, Locale, Locales, PublicSite, PublicStatus, nearest};
use crate::ids::{PersonId, PlatformId, SeverityKey};
use crate::incident::{Incident, Visibility};
use crate::runbook::Who;
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// Where what is published goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// The status page, with its feeds and its API.
    Page,
    /// Everybody who has subscribed, by mail and by webhook.
    Subscribers,
    /// A channel of a chat.
    Channel {
        /// Of which.
        platform: PlatformId,
        /// The platform's own id of it.
        address: String,
    },
    /// A person, by the e-mail contact of theirs.
    Person {
        /// Who.
        person: PersonId,
    },
    /// Another system, by its name in the config: social networks are reached this way.
    Webhook {
        /// Which.
        name: String,
    },
    /// A page at Statuspage, by its name in the config.
    Statuspage {
        /// Which.
        name: String,
    },
}

/// Those who are told together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// Its id, `public`.
    pub id: String,
    /// As shown, `Customers`.
    pub name: String,
    /// Where what is published for it goes.
    pub to: Vec<Destination>,
    /// In which languages it must be told.
    pub locales: Locales,
    /// Whether a message that lacks one of them waits for it; otherwise the default one takes its place.
    pub waits_for_all: bool,
    /// The severities at which a second person must let a message go.
    pub approval: Vec<SeverityKey>,
    /// Who that may be.
    pub approvers: Vec<Who>,
    /// Whether what it is told moves the comms clock.
    pub clocked: bool,
}

/// Those in the company who are told of every internal update, without being in the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// Its name, `executives`.
    pub name: String,
    /// Where it goes: channels, persons, webhooks.
    pub to: Vec<Destination>,
    /// Of incidents of which severity; of all if there are none.
    pub severities: Vec<SeverityKey>,
}

/// How soon and how often customers are told, at a severity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicRules {
    /// At which.
    pub severity: SeverityKey,
    /// How soon after the declaration they hear of it first, if they must at all.
    pub first_within: Option<Duration>,
    /// How often they hear of it then.
    pub every: Option<Duration>,
    /// What is said of the components of the services concerned, unless somebody says otherwise.
    pub state: Option<ComponentState>,
}

/// What the status page looks like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Theme {
    /// The colour of links and buttons, `#rrggbb`.
    pub accent: Option<String>,
    /// The logo.
    pub logo: Option<Logo>,
    /// Where the name leads: the shop.
    pub home_url: Option<String>,
    /// Where customers can ask, shown at the foot.
    pub contact: Option<String>,
}

/// A logo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// What kind of a file it is.
    pub kind: LogoKind,
    /// The whole file.
    pub bytes: Vec<u8>,
}

/// The kinds of files that a logo may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoKind {
    /// Drawn by a program: sharp at any size.
    Svg,
    /// Dots.
    Png,
}

/// The status page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRules {
    /// Its name, `Nordic Retail`.
    pub name: String,
    /// Where customers reach it, without a slash at the end. Links in mails lead there.
    pub url: String,
    /// Where its clock is.
    pub time_zone: Tz,
    /// The first day of which it knows how things were; that of the first word, if nothing is said.
    pub since: Option<NaiveDate>,
    /// What it looks like.
    pub theme: Theme,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommsRules {
    /// The languages.
    pub locales: Locales,
    /// The audiences, in the order shown.
    pub audiences: Vec<Audience>,
    /// Those who get digests.
    pub digests: Vec<Digest>,
    /// How soon and how often customers are told.
    pub rules: Vec<PublicRules>,
    /// How long before a word is due its room is warned.
    pub warn_before: Duration,
    /// How long a message may wait for whoever is to approve it before others are asked; after as long again somebody is paged.
    pub review_within: Duration,
    /// Who is paged then.
    pub review_page: Option<crate::oncall::Target>,
    /// The components, in the order shown.
    pub components: Vec<Component>,
    /// Their groups, in the order shown.
    pub groups: Vec<ComponentGroup>,
    /// The sites that customers know of.
    pub sites: Vec<PublicSite>,
    /// The templates, by id.
    pub templates: Vec<Arc<Template>>,
    /// How long before planned work begins those who have subscribed are reminded, each time.
    pub remind_before: Vec<Duration>,
    /// The status page, if there is one.
    pub page: Option<PageRules>,
}

impl Default for CommsRules {
    fn default() -> Self {
        Self {
            locales: Locales::new(Locale::english(), []),
            audiences: Vec::new(),
            digests: Vec::new(),
            rules: Vec::new(),
            warn_before: Duration::from_secs(5 * 60),
            review_within: Duration::from_secs(5 * 60),
            review_page: None,
            components: Vec::new(),
            groups: Vec::new(),
            sites: Vec::new(),
            templates: Vec::new(),
            remind_before: vec![Duration::from_secs(24 * 3_600), Duration::from_secs(3_600)],
            page: None,
        }
    }
}

impl CommsRules {
    /// Of what the config or a message says in several languages, what it says in the nearest one, and which that is.
    #[must_use]
    pub fn nearest<'a, T>(&self, all: &'a BTreeMap<Locale, T>, wanted: &Locale) -> Option<(&'a Locale, &'a T)> {
        nearest(all, wanted, self.locales.first())
    }

    /// In which languages that audience is told: in all, if there is none of that id any more.
    #[must_use]
    pub fn locales_of(&self, audience: &str) -> &Locales {
        self.audience(audience).map_or(&self.locales, |audience| &audience.locales)
    }

    /// The folder of a language on the status page: the default one is at the root, and so is whoever reads one it does not have.
    #[must_use]
    pub fn folder_of(&self, locale: &Locale) -> String {
        let is_at_root = locale == self.locales.first() || !self.locales.contains(locale);
        if is_at_root { String::new() } else { format!("{locale}/") }
    }

    /// Where the clock of customers is.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.page.as_ref().map_or(Tz::UTC, |page| page.time_zone)
    }

    /// The audience of that id.
    #[must_use]
    pub fn audience(&self, id: &str) -> Option<&Audience> {
        self.audiences.iter().find(|audience| audience.id.eq_ignore_ascii_case(id))
    }

    /// The audience that those join who subscribe at the status page: the first of which subscribers are told what is there.
    /// Without one nobody can subscribe there.
    #[must_use]
    pub fn subscribable(&self) -> Option<&Audience> {
        let is_told = |audience: &&Audience| audience.to.contains(&Destination::Page) && audience.has_subscribers();
        self.audiences.iter().find(is_told)
    }

    /// The audience somebody means by its id or name.
    #[must_use]
    pub fn find_audience(&self, typed: &str) -> Option<&Audience> {
        let typed = typed.trim();
        let is_called = |audience: &&Audience| audience.name.to_lowercase() == typed.to_lowercase();
        self.audience(typed).or_else(|| self.audiences.iter().find(is_called))
    }

    /// The component of that id.
    #[must_use]
    pub fn component(&self, id: &str) -> Option<&Component> {
        self.components.iter().find(|component| component.id.eq_ignore_ascii_case(id))
    }

    /// The components as they are shown, in the order of the config.
    #[must_use]
    pub fn grouped(&self) -> Grouped<'_> {
        let group_of = |one: &Component| self.groups.iter().find(|group| one.group.as_ref() == Some(&group.id));
        let members = |group: &ComponentGroup| -> Vec<_> {
            self.components.iter().filter(|one| group_of(one).is_some_and(|of| of.id == group.id)).collect()
        };
        let groups = self.groups.iter().map(|group| (group, members(group)));
        Grouped {
            groups: groups.filter(|(_, members)| !members.is_empty()).collect(),
            others: self.components.iter().filter(|one| group_of(one).is_none()).collect(),
        }
    }

    /// The site of that id, if customers know of it.
    #[must_use]
    pub fn site(&self, id: &str) -> Option<&PublicSite> {
        self.sites.iter().find(|site| site.site == id)
    }

    /// Those of some sites that customers know of, in the order shown.
    pub fn sites_of<'a>(&'a self, sites: &'a BTreeSet<String>) -> impl Iterator<Item = &'a PublicSite> {
        self.sites.iter().filter(|site| sites.contains(&site.site))
    }

    /// The template of that id.
    #[must_use]
    pub fn template(&self, id: &str) -> Option<&Arc<Template>> {
        self.templates.iter().find(|template| template.id.eq_ignore_ascii_case(id))
    }

    /// Those who are told first, unless others are named: the audience of the status page, or the first there is.
    #[must_use]
    pub fn first_audience(&self) -> Option<&Audience> {
        self.audiences.iter().find(|audience| audience.is_public()).or(self.audiences.first())
    }

    /// The statement that holds customers, while they have been told nothing of such an incident.
    #[must_use]
    pub fn holding(&self, incident: &Incident) -> Option<&Arc<Template>> {
        let audience = self.first_audience().filter(|audience| !audience.to.is_empty())?;
        let is_untold = incident.comms_clock.first_at.is_none() && incident.visibility == Visibility::Public;
        self.template_for(&audience.id, Purpose::Holding, incident).filter(|_| is_untold)
    }

    /// The templates to write with: nobody writes what would go nowhere.
    pub fn offered(&self) -> impl Iterator<Item = &Arc<Template>> {
        let goes_out = |one: &&Arc<Template>| self.audience(&one.audience).is_some_and(|one| !one.to.is_empty());
        self.templates.iter().filter(goes_out)
    }

    /// The template for that purpose to an audience, at an incident; where several fit, one that is made for its severity.
    #[must_use]
    pub fn template_for(&self, audience: &str, purpose: Purpose, incident: &Incident) -> Option<&Arc<Template>> {
        self.best(incident, |one| one.audience == audience && one.purpose == purpose)
    }

    /// The template that says to an audience that the work of an incident, or the incident, stands so.
    #[must_use]
    pub fn word_for(&self, audience: &str, status: PublicStatus, incident: &Incident) -> Option<&Arc<Template>> {
        self.best(incident, |one| (&*one.audience, one.purpose, one.status) == (audience, Purpose::Word, status))
    }

    fn best(&self, incident: &Incident, is_meant: impl Fn(&Template) -> bool) -> Option<&Arc<Template>> {
        let fitting = self.templates.iter().filter(|one| is_meant(one) && one.fits(incident));
        fitting.min_by_key(|one| one.severities.is_empty())
    }

    /// What holds at a severity.
    #[must_use]
    pub fn at(&self, severity: Option<&SeverityKey>) -> Option<&PublicRules> {
        self.rules.iter().find(|rules| Some(&rules.severity) == severity)
    }
}

impl Audience {
    /// Whether what it is told is on the status page.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.to.contains(&Destination::Page)
    }

    /// Whether somebody can subscribe to what it is told.
    #[must_use]
    pub fn has_subscribers(&self) -> bool {
        self.to.contains(&Destination::Subscribers)
    }
}
