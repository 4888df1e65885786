//! Writing: a message is composed of a template and what was filled in. Its texts are rendered here, and nowhere else.

use super::desk::Desk;
use super::standing::Standing;
use crate::comms::template::{Facts, Filled, Template};
use crate::comms::{
    Audience, CommsEvent, ComponentState, Destination, Locale, Message, Missing, PublicStatus, Revision, Stage, Texts,
    Value, Values,
};
use crate::decide::{Draft, State};
use crate::refusal::Refusal;
use chrono::TimeDelta;
use chrono_tz::Tz;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the name of a template ends with in which everything is said in words of one's own.
const FREE: &str = "-free";

/// So many messages an incident may have.
const MOST: usize = 200;

/// So many texts a message may have had.
const REVISIONS: usize = 50;

/// When the next word is promised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Promise {
    /// As the rules of the severity say; of a message that is there, as it says.
    #[default]
    Usual,
    /// After so long.
    In(TimeDelta),
    /// Not at all.
    None,
}

/// What somebody wants said beside the text. What they say nothing of follows from the incident and the template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Where things stand.
    pub status: Option<PublicStatus>,
    /// How the components do, by id.
    pub components: Option<BTreeMap<String, ComponentState>>,
    /// When the next word is promised.
    pub promise: Promise,
}

/// What is to be written.
#[derive(Debug, Clone)]
pub struct Order {
    /// With what.
    pub template: Arc<Template>,
    /// What is filled in.
    pub values: Values,
    /// What is said beside the text.
    pub wish: Wish,
    /// The step of a runbook that waits for it: the number of the run, and the id of the step.
    pub step: Option<(i64, String)>,
}

impl Order {
    /// The template filled in with that, and nothing else said.
    #[must_use]
    pub fn of(template: &Arc<Template>, values: Values) -> Self {
        Self { template: Arc::clone(template), values, wish: Wish::default(), step: None }
    }
}

/// Drafts a message; its number. [`super::records`] must have been read.
///
/// # Errors
/// When it cannot be said of such an incident, or there have been too many.
pub fn write(draft: &mut Draft<'_>, order: Order, state: &State) -> Result<i64, Refusal> {
    let mut desk = Desk::new(draft, state);
    let message = desk.begin(order)?;
    let number = message.number;
    desk.keep(message);
    Ok(number)
}

/// Drafts a message with the template of that id; its number.
///
/// # Errors
/// As [`write()`], and when there is no such template.
pub fn draft_with(draft: &mut Draft<'_>, template: &str, values: Values, state: &State) -> Result<i64, Refusal> {
    let found = draft.org().comms.template(template);
    let found = found.ok_or_else(|| Refusal::not_found(format!("There is no template “{template}” in the config")))?;
    let order = Order::of(found, values);
    write(draft, order, state)
}

/// Changes a message; its number. Of one that is out another becomes that puts it right.
///
/// # Errors
/// When it cannot be changed any more.
pub fn edit(draft: &mut Draft<'_>, number: i64, (values, wish): (Values, Wish), state: &State) -> Result<i64, Refusal> {
    let mut desk = Desk::new(draft, state);
    let message = desk.message(number)?;
    match message.stage {
        Stage::Draft | Stage::InReview { .. } | Stage::Approved | Stage::Scheduled { .. } => {
            desk.change(message, values, &wish)?;
            Ok(number)
        }
        Stage::Published { .. } => desk.correct(&message, values, &wish),
        Stage::Retracted { .. } => {
            Err(Refusal::conflict(format!("Message {number} was taken back: write another")).instead("comms draft"))
        }
        Stage::Discarded => {
            Err(Refusal::conflict(format!("Message {number} was discarded: write another")).instead("comms draft"))
        }
    }
}

impl Desk<'_, '_> {
    /// A new message with what happened to it told, not kept yet.
    pub(super) fn begin(&mut self, order: Order) -> Result<Message, Refusal> {
        let message = self.compose(order)?;
        self.tell(&message, CommsEvent::Drafted { template: message.template.clone() });
        Ok(message)
    }

    pub(super) fn compose(&self, order: Order) -> Result<Message, Refusal> {
        let (ctx, incident) = (self.ctx(), &self.draft.incident);
        if incident.messages.len() >= MOST {
            return Err(Refusal::conflict(format!("{} has had {MOST} messages: people know", incident.id)));
        }
        let Order { template, values, wish, step } = order;
        let audience = self.audience(&template.audience)?;
        let standing = Standing::of(&self.messages(), &audience.id);
        let is_free = template.id.ends_with(FREE);
        let by_itself = standing.status.filter(|_| is_free).unwrap_or(template.status);
        let status = wish.status.unwrap_or(by_itself);
        must_fit(status, incident.kind)?;
        let usual = self.usual_components(status, &standing);
        let components = wish.components.clone().unwrap_or_else(|| usual.clone());
        let mut message = Message {
            incident: incident.id,
            number: self.next_number(),
            audience: audience.id.clone(),
            template: template.id.clone(),
            status,
            preapproved: template.preapproved && status == template.status && components == usual,
            components,
            values,
            next_at: self.promised(wish.promise, status, audience),
            texts: BTreeMap::new(),
            missing: Vec::new(),
            corrects: None,
            stage: Stage::Draft,
            authors: vec![ctx.me()],
            approval: None,
            history: Vec::new(),
            step,
        };
        self.render(&mut message, &template, audience);
        Ok(message)
    }

    /// The only place where texts are made. What an audience does not wait for is said in the default language: so it is approved,
    /// and so it is sent.
    pub(super) fn render(&self, message: &mut Message, template: &Template, audience: &Audience) {
        let locales = self.locales(audience);
        let facts = self.facts(message, &locales);
        // The text speaks of where things stand as the message does.
        let template = Template { status: message.status, ..template.clone() };
        let Filled { mut texts, missing } = template.fill(&message.values, &facts, &locales);
        let missing = missing.into_iter().chain(half_filled(&template, &message.values, &mut texts, &locales));
        let default = locales.first();
        let blocks = |one: &Missing| audience.waits_for_all || Some(&one.locale) == default;
        message.missing = missing.map(|one| Missing { blocks: blocks(&one), ..one }).collect();
        let instead = default.and_then(|default| texts.get(default)).filter(|_| !audience.waits_for_all).cloned();
        if let Some(instead) = instead {
            for locale in &locales {
                texts.entry(locale.clone()).or_insert_with(|| instead.clone());
            }
        }
        if message.texts != texts {
            message.texts = texts;
            let revision = Revision { at: self.ctx().now, by: self.ctx().me(), texts: message.texts.clone() };
            message.history.push(revision);
        }
    }

    fn locales(&self, audience: &Audience) -> Vec<Locale> {
        let all = &self.ctx().org.comms.locales;
        if audience.locales.is_empty() { all.clone() } else { audience.locales.clone() }
    }

    fn facts(&self, message: &Message, locales: &[Locale]) -> Facts {
        let (org, incident) = (self.ctx().org, &self.draft.incident);
        let (rules, page) = (&org.comms, org.comms.page.as_ref());
        let concerned = message.components.keys().filter_map(|id| rules.component(id));
        let names = |locale: &Locale| concerned.clone().map(|one| one.name(locale).to_owned()).collect();
        let public = self.state.records.public(incident.id);
        let sites = rules.sites.iter().filter(|site| incident.sites.contains(&site.site));
        Facts {
            components: locales.iter().map(|locale| (locale.clone(), names(locale))).collect(),
            sites: sites.map(|site| site.name.clone()).collect(),
            next_at: message.next_at,
            began_at: public.map_or(incident.declared_at, |public| public.began_at.min(incident.declared_at)),
            window: incident.window,
            organisation: page.map_or_else(|| org.name.clone(), |page| page.name.clone()),
            time_zone: page.map_or(Tz::UTC, |page| page.time_zone),
        }
    }

    /// What is said of components unless somebody says otherwise: of those behind which the services concerned are, what the
    /// severity means; at the end, that all that were touched do as they should.
    fn usual_components(&self, status: PublicStatus, standing: &Standing) -> BTreeMap<String, ComponentState> {
        let (rules, incident) = (&self.ctx().org.comms, &self.draft.incident);
        let state = match status {
            PublicStatus::Resolved | PublicStatus::Completed => {
                return standing.components.keys().map(|id| (id.clone(), ComponentState::Operational)).collect();
            }
            PublicStatus::Investigating | PublicStatus::Identified | PublicStatus::Monitoring => {
                rules.at(incident.severity.as_ref()).and_then(|rules| rules.state)
            }
            PublicStatus::Scheduled => Some(ComponentState::Operational),
            PublicStatus::InProgress | PublicStatus::Verifying => Some(ComponentState::UnderMaintenance),
        };
        let is_behind = |services: &[String]| services.iter().any(|service| incident.services.contains(service));
        let is_there = |sites: &[String]| {
            sites.is_empty() || incident.sites.is_empty() || sites.iter().any(|site| incident.sites.contains(site))
        };
        let concerned = rules.components.iter().filter(|one| is_behind(&one.services) && is_there(&one.sites));
        let concerned = concerned.filter_map(|one| Some((one.id.clone(), state?)));
        // What was said of one stands, until it is over or the work begins.
        let stands = !status.is_of_maintenance() && standing.status.is_some_and(|status| !status.is_over());
        let mut said = standing.components.clone();
        for (id, state) in concerned {
            let now = said.entry(id).or_insert(state);
            *now = if stands { *now } else { state };
        }
        said
    }

    fn promised(&self, promise: Promise, status: PublicStatus, audience: &Audience) -> Option<crate::clock::Timestamp> {
        let ctx = self.ctx();
        let rules = ctx.org.comms.at(self.draft.incident.severity.as_ref());
        let usual = rules.and_then(|rules| rules.every).filter(|_| audience.clocked && !status.is_of_maintenance());
        let after = match promise {
            _ if status.is_over() => None,
            Promise::Usual => usual.and_then(|every| TimeDelta::from_std(every).ok()),
            Promise::In(span) => Some(span),
            Promise::None => None,
        };
        after.map(|after| ctx.now + after)
    }

    /// Changes a message that is not out yet. Whatever was approved of it is not any more.
    fn change(&mut self, before: Message, values: Values, wish: &Wish) -> Result<(), Refusal> {
        if before.history.len() >= REVISIONS {
            let sentence = format!("Message {} has been changed {REVISIONS} times: write another", before.number);
            return Err(Refusal::conflict(sentence).instead("comms draft"));
        }
        let template = self.template(&before)?;
        let audience = self.audience(&before.audience)?;
        let mut message = Message { values, stage: Stage::Draft, approval: None, ..before.clone() };
        self.wish(&mut message, wish, audience)?;
        self.render(&mut message, &template, audience);
        if message.values == before.values && message.seal() == before.seal() {
            return Err(Refusal::conflict(format!("Message {} says that already", before.number))
                .instead(format!("comms preview {}", before.number)));
        }
        let me = self.ctx().me();
        if !message.authors.iter().any(|author| author.person == me.person) {
            message.authors.push(me);
        }
        self.stop_clocks(&before);
        self.tell(&message, CommsEvent::Edited);
        if before.approval.is_some() {
            self.tell(&message, CommsEvent::ApprovalLost);
            self.audit("message.approval_lost", &message, serde_json::json!({}));
        }
        self.keep(message);
        Ok(())
    }

    /// What somebody wants said beside the text. Whoever says otherwise than the template speaks for themselves: that was not
    /// approved beforehand.
    fn wish(&self, message: &mut Message, wish: &Wish, audience: &Audience) -> Result<(), Refusal> {
        if let Some(status) = wish.status.filter(|status| *status != message.status) {
            must_fit(status, self.draft.incident.kind)?;
            message.status = status;
            message.preapproved = false;
            if status.is_over() {
                message.next_at = None;
            }
        }
        if let Some(components) = wish.components.as_ref().filter(|wanted| **wanted != message.components) {
            message.components.clone_from(components);
            message.preapproved = false;
        }
        if wish.promise != Promise::Usual {
            message.next_at = self.promised(wish.promise, message.status, audience);
        }
        Ok(())
    }

    /// Another message, that puts right what one that is out says.
    fn correct(&mut self, wrong: &Message, values: Values, wish: &Wish) -> Result<i64, Refusal> {
        let root = wrong.corrects.unwrap_or(wrong.number);
        let all = self.messages();
        let is_another = |one: &&Message| one.corrects == Some(root) && one.stage.is_open();
        if let Some(open) = all.iter().find(is_another) {
            let sentence = format!("Message {} puts message {root} right already: change that", open.number);
            return Err(Refusal::conflict(sentence).instead(format!("comms edit {}", open.number)));
        }
        let now = self.ctx().now;
        let latest = latest_text(&all, root).unwrap_or(wrong);
        let mut message = Message {
            number: self.next_number(),
            values,
            next_at: latest.next_at.filter(|at| *at > now),
            missing: Vec::new(),
            texts: BTreeMap::new(),
            corrects: Some(root),
            preapproved: false,
            stage: Stage::Draft,
            authors: vec![self.ctx().me()],
            approval: None,
            history: Vec::new(),
            step: None,
            ..latest.clone()
        };
        let (template, audience) = (self.template(&message)?, self.audience(&message.audience)?);
        self.wish(&mut message, wish, audience)?;
        self.render(&mut message, &template, audience);
        if (&message.texts, &message.components, message.next_at) == (&latest.texts, &latest.components, latest.next_at)
        {
            return Err(
                Refusal::conflict(format!("Message {root} says that already")).instead(format!("comms preview {root}"))
            );
        }
        self.tell(&message, CommsEvent::Drafted { template: message.template.clone() });
        let number = message.number;
        self.keep(message);
        Ok(number)
    }

    fn template(&self, message: &Message) -> Result<Arc<Template>, Refusal> {
        let found = self.ctx().org.comms.template(&message.template).cloned();
        found.ok_or_else(|| {
            let sentence = format!("The template “{}” is not in the config any more: write another", message.template);
            Refusal::not_found(sentence).instead("comms draft")
        })
    }
}

/// What was said in words of one's own in some languages is missing in the others: none is sent with half of it.
fn half_filled(template: &Template, values: &Values, texts: &mut Texts, locales: &[Locale]) -> Vec<Missing> {
    let mut missing = Vec::new();
    for variable in template.variables.iter().filter(|variable| variable.is_text()) {
        let Some(Value::Each(said)) = values.get(&variable.name).filter(|_| locales.len() > 1) else { continue };
        let lacks = |locale: &&Locale| said.get(locale).is_none_or(|text| text.trim().is_empty());
        for locale in locales.iter().filter(lacks) {
            if texts.remove(locale).is_some() {
                missing.push(Missing { locale: locale.clone(), what: variable.label.clone(), blocks: true });
            }
        }
    }
    missing
}

fn must_fit(status: PublicStatus, kind: crate::incident::Kind) -> Result<(), Refusal> {
    if status.fits(kind) {
        return Ok(());
    }
    let known: Vec<_> = PublicStatus::ALL.iter().filter(|one| one.fits(kind)).map(|one| one.word()).collect();
    let sentence = format!("“{}” is not said of such an incident: there are {}", status.word(), known.join(", "));
    Err(Refusal::conflict(sentence).instead("comms draft"))
}

/// The message that says what the one of that number says now, if that stands: itself, or the last that has put it right.
pub(super) fn latest_text(all: &[Message], root: i64) -> Option<&Message> {
    let is_out = |one: &&Message| matches!(one.stage, Stage::Published { .. });
    let is_it = |one: &&Message| one.number == root || one.corrects == Some(root);
    let stands = all.iter().any(|one| one.number == root && is_out(&one));
    all.iter().rev().find(|one| stands && is_out(one) && is_it(one))
}

/// Whether what is said to an audience is on the status page.
pub(super) fn is_public(audience: &Audience) -> bool {
    audience.to.contains(&Destination::Page)
}
