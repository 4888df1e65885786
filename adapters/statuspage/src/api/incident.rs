//! Incidents and planned work in the API: both are incidents there.

use super::Writer;
use super::component::Component;
use crate::course::Course;
use crate::model::{changed_at, post_changed_at};
use muster_core::clock::Timestamp;
use muster_core::comms::{ComponentState, Impact, Post, PublicIncident, PublicStatus};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// An incident, or planned work.
#[derive(Debug, Serialize)]
pub(super) struct Incident {
    id: String,
    name: String,
    status: &'static str,
    created_at: String,
    updated_at: String,
    monitoring_at: Option<String>,
    resolved_at: Option<String>,
    impact: &'static str,
    shortlink: String,
    started_at: String,
    page_id: String,
    incident_updates: Vec<Update>,
    components: Vec<Component>,
    reminder_intervals: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_for: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_until: Option<String>,
}

/// Something that was said.
#[derive(Debug, Serialize)]
struct Update {
    id: String,
    status: &'static str,
    body: String,
    incident_id: String,
    created_at: String,
    updated_at: String,
    display_at: String,
    /// What it did to components; nothing, if it spoke of none.
    affected_components: Option<Vec<Affected>>,
    deliver_notifications: bool,
    custom_tweet: Option<String>,
    tweet_id: Option<i64>,
}

/// What it did to one.
#[derive(Debug, Serialize)]
struct Affected {
    code: String,
    name: String,
    old_status: &'static str,
    new_status: &'static str,
}

impl Incident {
    pub(super) fn of(writer: &Writer<'_>, incident: &PublicIncident) -> Self {
        let impact = if incident.is_maintenance() { Impact::Maintenance } else { incident.impact() };
        let standing = |post: &&Post| post.retracted.is_none() && post.status == PublicStatus::Monitoring;
        let moment = |at: Timestamp| writer.moment(at);
        Self {
            id: incident.incident.to_string(),
            name: writer.edition.title(incident),
            status: incident.status().word(),
            created_at: moment(incident.posts.first().map_or(incident.began_at, |post| post.at)),
            updated_at: moment(changed_at(incident)),
            monitoring_at: incident.posts.iter().find(standing).map(|post| moment(post.at)),
            resolved_at: Course::of(incident).ended().map(moment),
            impact: impact.word(),
            shortlink: writer.edition.permalink(incident),
            started_at: moment(Course::of(incident).felt().map_or(incident.began_at, |(began, _)| began)),
            page_id: writer.page_id.clone(),
            incident_updates: incident.posts.iter().rev().map(|post| update(writer, incident, post)).collect(),
            components: components(writer, incident),
            reminder_intervals: None,
            scheduled_for: incident.window.map(|window| moment(window.from)),
            scheduled_until: incident.window.map(|window| moment(window.until)),
        }
    }
}

/// The components that it ever touched and that are still there, as they do now.
fn components(writer: &Writer<'_>, incident: &PublicIncident) -> Vec<Component> {
    let touched: BTreeSet<_> = incident.states.iter().flat_map(|(_, changed)| changed.keys()).collect();
    let touched = writer.components.iter().filter(|one| touched.contains(&one.id));
    touched.cloned().collect()
}

fn update(writer: &Writer<'_>, incident: &PublicIncident, post: &Post) -> Update {
    let body = writer.edition.written(post).map_or(writer.edition.words().retracted, |written| &written.body);
    let moment = |at: Timestamp| writer.moment(at);
    Update {
        id: format!("{}-{}", incident.incident, post.number),
        status: post.status.word(),
        body: body.to_owned(),
        incident_id: incident.incident.to_string(),
        created_at: moment(post.at),
        updated_at: moment(post_changed_at(post)),
        display_at: moment(post.at),
        affected_components: affected(writer, incident, post),
        deliver_notifications: true,
        custom_tweet: None,
        tweet_id: None,
    }
}

/// How the components did before a post and after it: those that the incident had touched by then.
fn affected(writer: &Writer<'_>, incident: &PublicIncident, post: &Post) -> Option<Vec<Affected>> {
    let said = |until: &dyn Fn(Timestamp) -> bool| {
        let said = incident.states.iter().filter(|(at, _)| until(*at));
        said.flat_map(|(_, changed)| changed.clone()).collect::<BTreeMap<String, ComponentState>>()
    };
    let before = said(&|at| at < post.at);
    let after = said(&|at| at <= post.at);
    let rules = writer.edition.rules;
    let affected = after.iter().filter_map(|(id, state)| {
        let component = rules.component(id)?;
        Some(Affected {
            code: id.clone(),
            name: component.name(writer.edition.locale, rules).to_owned(),
            old_status: before.get(id).unwrap_or(&ComponentState::Operational).word(),
            new_status: state.word(),
        })
    });
    Some(affected.collect::<Vec<_>>()).filter(|affected| !affected.is_empty())
}
