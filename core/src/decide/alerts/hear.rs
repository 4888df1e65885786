//! Going through signals, one after another: what becomes of each alert, and what is news.

use crate::alert::{Action, Alert, AlertKey, AlertState, Does, Facts, Plan, Signal, Silences, Tally};
use crate::clock::Timestamp;
use crate::decide::{Ctx, State};
use crate::ids::{IncidentId, SeverityKey};
use crate::org::Loudness;
use std::collections::{BTreeMap, BTreeSet};

/// What is new to the incident.
#[derive(Debug, Default)]
pub(super) struct News {
    /// The alert that was heard first.
    pub(super) first: Option<First>,
    /// How many were heard.
    pub(super) heard: i64,
    /// The kinds that were heard for the first time.
    pub(super) kinds: Vec<String>,
    /// The services concerned.
    pub(super) services: BTreeSet<String>,
    /// The sites concerned.
    pub(super) sites: BTreeSet<String>,
    /// The worst severity.
    pub(super) severity: Option<SeverityKey>,
    /// Whom it concerns, and how loudly they are to be told.
    pub(super) teams: BTreeMap<String, Loudness>,
}

/// What an incident begins with.
#[derive(Debug)]
pub(super) struct First {
    pub(super) title: String,
    pub(super) text: Option<String>,
    pub(super) plan: Plan,
}

/// The alerts of a group while its signals are gone through.
pub(super) struct Hearing<'a> {
    ctx: &'a Ctx<'a>,
    /// The key of the group.
    group: &'a str,
    silences: Option<&'a Silences>,
    /// The incidents whose alerts are counted in the tally.
    counted: Vec<IncidentId>,
    /// Whether there is an open incident for them.
    is_open: bool,
    /// Whether one has to be opened.
    pub(super) opens: bool,
    /// What the alerts of the incident come to.
    pub(super) tally: Tally,
    /// What is new.
    pub(super) news: News,
    /// The alerts that belong to the incident from now on.
    joined: BTreeSet<AlertKey>,
    touched: BTreeSet<AlertKey>,
    alerts: BTreeMap<AlertKey, Alert>,
    /// Alerts that are to be heard later, if they are still firing then.
    pub(super) later: BTreeMap<AlertKey, Timestamp>,
}

/// Where the alerts of a group stand before.
pub(super) struct Standing {
    pub(super) tally: Tally,
    pub(super) counted: Vec<IncidentId>,
    pub(super) is_open: bool,
}

impl<'a> Hearing<'a> {
    pub(super) fn of((group, standing): (&'a str, Standing), state: &'a State, ctx: &'a Ctx<'a>) -> Self {
        Self {
            ctx,
            group,
            silences: state.records.silences(),
            counted: standing.counted,
            is_open: standing.is_open,
            opens: false,
            tally: standing.tally,
            news: News::default(),
            joined: BTreeSet::new(),
            touched: BTreeSet::new(),
            alerts: state.alerts.iter().map(|alert| (alert.id.clone(), alert.clone())).collect(),
            later: BTreeMap::new(),
        }
    }

    /// Hears one signal.
    pub(super) fn hear(&mut self, signal: &Signal) {
        let key = AlertKey::from(signal);
        let known = self.alerts.remove(&key);
        let alert = match signal.action {
            Action::Trigger => Some(self.trigger(signal, known)),
            Action::Resolve => known.map(|alert| self.resolve(alert)),
            Action::Acknowledge => known.map(|alert| self.acknowledge(alert)),
        };
        if let Some(alert) = alert {
            self.touched.insert(key.clone());
            self.alerts.insert(key, alert);
        }
    }

    /// The alerts as they are now, with the incident that those that have joined belong to.
    pub(super) fn into_alerts(self, incident: Option<IncidentId>) -> impl Iterator<Item = Alert> {
        let Self { alerts, touched, joined, .. } = self;
        alerts.into_values().filter(move |alert| touched.contains(&alert.id)).map(move |mut alert| {
            if joined.contains(&alert.id) {
                alert.incident = incident;
            }
            alert.version += 1;
            alert
        })
    }

    fn trigger(&mut self, signal: &Signal, known: Option<Alert>) -> Alert {
        let now = self.ctx.now;
        let known = known.unwrap_or_else(|| Alert::of(signal, now));
        let mut alert = Alert {
            title: signal.title.clone(),
            text: signal.text.clone(),
            level: signal.level,
            labels: signal.labels.clone(),
            links: signal.links.clone(),
            heard_at: now,
            count: known.count + 1,
            ..known
        };
        let turns = !alert.is_firing();
        if turns {
            self.turn(&mut alert, AlertState::Firing);
            alert.incident = None;
            alert.acknowledged = None;
            self.joined.remove(&alert.id);
        }
        if alert.incident.is_some() || self.joined.contains(&alert.id) {
            return alert;
        }
        self.place(&mut alert, turns);
        alert
    }

    /// Finds the place of an alert that fires and that no incident has.
    fn place(&mut self, alert: &mut Alert, turns: bool) {
        let (now, org) = (self.ctx.now, self.ctx.org);
        let plan = Plan::of(&Facts::from(&*alert), org);
        alert.service.clone_from(&plan.service);
        alert.site.clone_from(&plan.site);
        self.group.clone_into(&mut alert.group);
        let facts = Facts::from(&*alert);
        alert.silenced_by = self.silences.and_then(|all| all.holding(&facts, now)).map(|silence| silence.number);
        let calm_at = org.alerting.flapping.until(&alert.turns, now);
        let has_incident = self.is_open || self.opens;
        match (plan.does, alert.silenced_by, calm_at) {
            (Does::Record, _, _) => {}
            (Does::Declare | Does::Attach, Some(_), _) => self.tally.silenced += i64::from(turns && has_incident),
            (Does::Declare | Does::Attach, None, Some(_)) if has_incident => {
                self.tally.fired(alert.kind());
                self.tally.flapping += i64::from(turns);
                self.joined.insert(alert.id.clone());
            }
            (Does::Declare, None, Some(calm_at)) => {
                self.later.insert(alert.id.clone(), calm_at);
            }
            (Does::Attach, None, None) if !has_incident => {}
            (Does::Attach, None, Some(_)) => {}
            (Does::Declare | Does::Attach, None, None) => self.join(alert, plan),
        }
    }

    /// An alert that people are to hear of belongs to the incident.
    fn join(&mut self, alert: &Alert, plan: Plan) {
        self.opens |= !self.is_open;
        self.joined.insert(alert.id.clone());
        let kind = alert.kind();
        if self.tally.fired(kind) {
            self.news.kinds.push(kind.to_owned());
        } else {
            self.tally.pending.fired += 1;
        }
        let news = &mut self.news;
        news.heard += 1;
        news.services.extend(plan.service.clone());
        news.sites.extend(plan.site.clone());
        let rank = |severity: &Option<SeverityKey>| {
            severity.as_ref().map_or(usize::MAX, |key| self.ctx.org.severity_rank(key))
        };
        if rank(&plan.severity) < rank(&news.severity) {
            news.severity.clone_from(&plan.severity);
        }
        if let Some((team, loudness)) = &plan.page {
            let loudest = news.teams.entry(team.clone()).or_insert(*loudness);
            *loudest = (*loudest).min(*loudness);
        }
        news.first.get_or_insert_with(|| First { title: alert.title.clone(), text: alert.text.clone(), plan });
    }

    fn resolve(&mut self, mut alert: Alert) -> Alert {
        alert.heard_at = self.ctx.now;
        if !alert.is_firing() {
            return alert;
        }
        let is_counted = alert.incident.is_some_and(|incident| self.counted.contains(&incident));
        if is_counted || self.joined.contains(&alert.id) {
            self.tally.resolved();
            self.tally.pending.resolved += i64::from(!self.is_flapping(&alert));
        }
        self.later.remove(&alert.id);
        self.turn(&mut alert, AlertState::Resolved);
        alert
    }

    fn acknowledge(&mut self, mut alert: Alert) -> Alert {
        alert.heard_at = self.ctx.now;
        if alert.is_firing() && alert.acknowledged.is_none() {
            alert.acknowledged = Some(self.ctx.now);
            self.tally.pending.acknowledged += i64::from(alert.incident.is_some() || self.joined.contains(&alert.id));
        }
        alert
    }

    fn is_flapping(&self, alert: &Alert) -> bool {
        self.ctx.org.alerting.flapping.until(&alert.turns, self.ctx.now).is_some()
    }

    fn turn(&self, alert: &mut Alert, to: AlertState) {
        alert.state = to;
        alert.since = self.ctx.now;
        self.ctx.org.alerting.flapping.turn(&mut alert.turns, self.ctx.now);
    }
}
