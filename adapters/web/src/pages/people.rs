//! Who is who, and what belongs to whom.

use super::refused::unavailable;
use super::{Nav, Page, answer, frame, request_id};
use crate::render::{Frame, badge};
use crate::session::Viewer;
use crate::web::Web;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use muster_core::decide::ListQuery;
use muster_core::ids::PersonId;
use muster_core::incident::Incident;
use muster_core::org::{Organisation, Person, Right, ServiceKind};
use muster_core::ports::store::StoreError;
use std::sync::Arc;

/// Of so many open incidents the roles are shown.
const OPEN: i64 = 20;

pub(crate) async fn show(State(web): State<Arc<Web>>, viewer: Viewer) -> Response {
    let org = web.muster.org();
    let request = request_id(&web);
    let frame = frame(&web, &viewer, &request, None);
    let open = match open_incidents(&web, &viewer.actor.person).await {
        Ok(open) => open,
        Err(error) => {
            tracing::warn!(%error, "people could not be shown");
            return unavailable(&web);
        }
    };
    let body = html! {
        h1 { "People" }
        ul #people.people { @for one in &org.people { li.card { (person(one, &open, &org, &frame)) } } }
        @if !org.services.is_empty() { (services(&org)) }
        @if !org.sites.is_empty() {
            section.block { h2 { "Sites" } p.places { @for site in &org.sites { span.chip.badge title=(site.id) { (site.name) } } } }
        }
    };
    answer(&web, &viewer, Page::plain("People", Nav::People, &body)).await
}

/// The open incidents that this viewer may see, with their roles.
async fn open_incidents(web: &Web, viewer: &PersonId) -> Result<Vec<Incident>, StoreError> {
    let query = ListQuery { open: Some(true), limit: OPEN, ..ListQuery::of(viewer.clone()) };
    let (list, _) = web.muster.list(query).await?;
    let mut open = Vec::new();
    for summary in list {
        open.extend(web.muster.incident(viewer, summary.id, None).await?.map(|seen| seen.incident));
    }
    Ok(open)
}

fn person(person: &Person, open: &[Incident], org: &Organisation, frame: &Frame<'_>) -> Markup {
    let teams: Vec<_> =
        org.teams.iter().filter(|team| team.members.contains(&person.id)).map(|team| team.name.as_str()).collect();
    let local = frame.now.with_timezone(&person.time_zone);
    let on: Vec<_> = open.iter().filter(|incident| incident.has(&person.id)).collect();
    html! {
        (badge::face(&person.name, person.id.as_str()))
        div { strong { bdi { (person.name) } } " " span.quiet.mono { "@" (person.id) } }
        div.quiet.small {
            @if !teams.is_empty() { (teams.join(", ")) " · " }
            span title=(person.time_zone.name()) { (local.format("%H:%M")) " there" }
            @match person.right {
                Right::None => " · no access",
                Right::View => " · may look",
                Right::Respond => {}
                Right::Admin => " · operator",
            }
        }
        @if !on.is_empty() { div.holds { @for incident in on { (on_incident(person, incident, org)) } } }
    }
}

fn on_incident(person: &Person, incident: &Incident, org: &Organisation) -> Markup {
    let held = incident.roles.iter().filter(|one| one.person == person.id);
    let held: Vec<_> = held.map(|one| org.role_name(&one.role)).collect();
    html! {
        div.small { a.mono href={ "/incidents/" (incident.id) } { (incident.id) } " "
            @if held.is_empty() { span.quiet { "joined" } } @else { (held.join(", ")) } }
    }
}

fn services(org: &Organisation) -> Markup {
    let owner = |id: Option<&String>| {
        id.and_then(|id| org.teams.iter().find(|team| &team.id == id)).map_or("", |team| team.name.as_str())
    };
    html! {
        section.block {
            h2 { "Services" }
            div.card.scroll {
                table.table {
                    thead { tr { th scope="col" { "Service" } th scope="col" { "What it is" } th scope="col" { "Owner" } } }
                    tbody {
                        @for service in &org.services {
                            tr { td { strong { (service.name) } " " span.quiet.mono { (service.id) } } td { (kind(service.kind)) } td { (owner(service.owner.as_ref())) } }
                        }
                    }
                }
            }
        }
    }
}

fn kind(kind: ServiceKind) -> &'static str {
    match kind {
        ServiceKind::Web => "Site or API",
        ServiceKind::Backend => "Backend",
        ServiceKind::PointOfSale => "Point of sale",
        ServiceKind::Iot => "Devices",
        ServiceKind::Network => "Network",
    }
}
