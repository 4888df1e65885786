//! Every incident, filtered and paged; and the rows that the board shows too.

use super::board::declare;
use super::refused::unavailable;
use super::{Nav, Page, answer, frame, request_id};
use crate::render::{Frame, badge, moment};
use crate::session::Viewer;
use crate::web::Web;
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use muster_core::decide::{ListQuery, Summary};
use muster_core::ids::IncidentId;
use muster_core::incident::Kind;
use muster_core::org::Organisation;
use muster_core::view::TimeStyle;
use serde::Deserialize;
use std::sync::Arc;

const PAGE: i64 = 25;

/// What is asked for. Anything that is not understood filters nothing: an old bookmark must still open.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    open: String,
    mine: String,
    kind: String,
    severity: String,
    service: String,
    site: String,
    before: String,
}

impl Filter {
    pub(crate) fn is_set(&self) -> bool {
        [&self.mine, &self.kind, &self.severity, &self.service, &self.site].iter().any(|value| !value.is_empty())
    }

    pub(crate) fn query(&self, viewer: &Viewer, org: &Organisation) -> ListQuery {
        ListQuery {
            open: match self.open.as_str() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            mine: !self.mine.is_empty(),
            kind: Kind::ALL.into_iter().find(|kind| kind.word() == self.kind),
            severity: org.find_severity(&self.severity).map(|severity| severity.key.clone()),
            service: org.find_service(&self.service).map(|service| service.id.clone()),
            site: org.find_site(&self.site).map(|site| site.id.clone()),
            before: self.before.parse().ok(),
            limit: PAGE,
            ..ListQuery::of(viewer.actor.person.clone())
        }
    }

    /// The same list, further back.
    fn older(&self, last: IncidentId) -> String {
        let pairs = [
            ("open", &self.open),
            ("mine", &self.mine),
            ("kind", &self.kind),
            ("severity", &self.severity),
            ("service", &self.service),
            ("site", &self.site),
        ];
        let set = pairs.iter().filter(|(_, value)| !value.is_empty());
        let query: String = set.map(|(name, value)| format!("{name}={}&", encode(value))).collect();
        format!("/incidents?{query}before={last}")
    }
}

/// A value in an address.
pub(super) fn encode(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    value.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

pub(crate) async fn show(State(web): State<Arc<Web>>, viewer: Viewer, Query(filter): Query<Filter>) -> Response {
    let org = web.muster.org();
    let request = request_id(&web);
    let frame = frame(&web, &viewer, &request, None);
    let (found, more) = match web.muster.list(filter.query(&viewer, &org)).await {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(%error, "incidents could not be listed");
            return unavailable(&web);
        }
    };
    let body = html! {
        div.head { h1 { "Incidents" } (declare(&frame)) }
        (filters("/incidents", &filter, &org))
        section #found.block aria-label="Incidents found" {
            @if found.is_empty() {
                div.empty { h2 { "Nothing fits" } p { a href="/incidents" { "Show all incidents" } } }
            }
            (rows(&found, &org, &frame))
        }
        @if let Some(last) = found.last().filter(|_| more) {
            div.pager { a.button href=(filter.older(last.id)) { "Older" } }
        }
    };
    answer(&web, &viewer, Page::plain("Incidents", Nav::Incidents, &body)).await
}

/// Incidents, one below the other.
pub(super) fn rows(incidents: &[Summary], org: &Organisation, frame: &Frame<'_>) -> Markup {
    html! {
        ul.incidents { @for one in incidents { li id={ "row-" (one.id) } { (row(one, org, frame)) } } }
    }
}

fn row(one: &Summary, org: &Organisation, frame: &Frame<'_>) -> Markup {
    let is_open = one.phase.is_open();
    html! {
        a.incident href={ "/incidents/" (one.id) } {
            (badge::severity(one.severity.as_ref(), org))
            span.incident-main {
                span.incident-title dir="auto" { (one.title) }
                span.incident-meta {
                    span.mono { (one.id) }
                    (badge::marks(one.kind, one.visibility))
                    @match &one.commander {
                        Some(name) => span { "Commander " bdi { (name) } },
                        None if is_open => (badge::no_commander()),
                        None => {}
                    }
                }
            }
            (badge::phase(one.phase))
            span.incident-age { (moment(one.declared_at, TimeStyle::Relative, frame)) }
        }
    }
}

/// The filter as a form that puts itself into the address.
pub(super) fn filters(action: &str, filter: &Filter, org: &Organisation) -> Markup {
    let kinds: Vec<_> = Kind::ALL.iter().map(|kind| (kind.word(), badge::capital(kind.word()))).collect();
    let severities: Vec<_> = org.severities.iter().map(|one| (one.key.as_str(), one.key.to_string())).collect();
    let services: Vec<_> = org.services.iter().map(|one| (one.id.as_str(), one.name.clone())).collect();
    let sites: Vec<_> = org.sites.iter().map(|one| (one.id.as_str(), one.name.clone())).collect();
    let states = [("true", "Open".to_owned()), ("false", "Ended".to_owned())];
    html! {
        form.filters method="get" action=(action) role="search" aria-label="Filter incidents" data-filter {
            @if action != "/" { (select(("open", "State"), &states, &filter.open)) }
            (select(("mine", "Whose"), &[("yes", "Mine".to_owned())], &filter.mine))
            (select(("severity", "Severity"), &severities, &filter.severity))
            (select(("kind", "Kind"), &kinds, &filter.kind))
            (select(("service", "Service"), &services, &filter.service))
            (select(("site", "Site"), &sites, &filter.site))
            button.button type="submit" { "Filter" }
            @if filter.is_set() { a.button.bare href=(action) { "Clear" } }
        }
    }
}

fn select((name, label): (&str, &str), choices: &[(&str, String)], chosen: &str) -> Markup {
    html! {
        @if !choices.is_empty() {
            label { (label)
                select.input name=(name) {
                    option value="" { "All" }
                    @for (value, shown) in choices {
                        option value=(value) selected[value.eq_ignore_ascii_case(chosen)] { (shown) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_the_filter() {
        let filter = Filter { open: "false".into(), service: "a&b=c".into(), ..Filter::default() };
        assert_eq!(filter.older(IncidentId(7)), "/incidents?open=false&service=a%26b%3Dc&before=INC-7");
    }
}
