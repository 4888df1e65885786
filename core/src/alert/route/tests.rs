//! What routes say.

use super::*;
use crate::org::{AlertRules, Service, ServiceKind, Site};

fn organisation(routes: Vec<Route>) -> Organisation {
    let service = |id: &str, name: &str, owner: &str| Service {
        id: id.to_owned(),
        name: name.to_owned(),
        kind: ServiceKind::Web,
        owner: Some(owner.to_owned()),
    };
    Organisation {
        services: vec![service("checkout", "Checkout", "payments"), service("tills", "Tills", "stores")],
        sites: vec![Site { id: "malmo".to_owned(), name: "Malmö".to_owned() }],
        alerting: AlertRules { routes, ..AlertRules::default() },
        ..Organisation::empty("Shop", "")
    }
}

fn route(matchers: &[&str]) -> Route {
    let matchers = matchers.iter().map(|typed| typed.parse().expect("a matcher")).collect();
    Route { matchers, ..Route::usual(None) }
}

fn plan(org: &Organisation, level: Option<Level>, labels: &[(&str, &str)]) -> Plan {
    let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let facts = Facts { source: "prometheus", title: "It is slow", level, labels: &labels, service: None, site: None };
    Plan::of(&facts, org)
}

#[test]
fn without_routes_an_alert_declares_for_the_service_it_names_and_pages_its_owner() {
    let org = organisation(Vec::new());
    let seen = plan(&org, Some(Level::Error), &[("service", "CHECKOUT"), ("site", "malmö"), ("host", "a")]);
    assert_eq!(seen.does, Does::Declare);
    assert_eq!((seen.service.as_deref(), seen.site.as_deref()), (Some("checkout"), Some("malmo")));
    assert_eq!((seen.severity, seen.page), (None, Some(("payments".to_owned(), Loudness::High))));
    assert_eq!(seen.group, "service=checkout site=malmo");
    assert_eq!(plan(&org, Some(Level::Info), &[]).does, Does::Record, "what is for the record is");
    let unknown = plan(&org, Some(Level::Warning), &[("service", "search")]);
    assert_eq!((unknown.service, unknown.page, unknown.group.as_str()), (None, None, "service=search"));
    assert_eq!(plan(&org, None, &[("host", "a")]).group, "source=prometheus", "ten thousand hosts are no incidents");
}

#[test]
fn the_first_route_that_fits_counts() {
    let tills = Route {
        service: Pick::Always("tills".to_owned()),
        by_level: BTreeMap::from([(Level::Critical, SeverityKey::from("SEV2"))]),
        severity: Some(SeverityKey::from("SEV4")),
        group_by: vec!["store".to_owned()],
        ..route(&["host=till-*"])
    };
    let rest =
        Route { does: Does::Attach, team: Some("ops".to_owned()), pages: Pages::At(Loudness::Low), ..route(&[]) };
    let org = organisation(vec![tills, rest]);
    let loud = plan(&org, Some(Level::Critical), &[("host", "till-7"), ("store", "12"), ("service", "checkout")]);
    assert_eq!((loud.service.as_deref(), loud.group.as_str()), (Some("tills"), "store=12"));
    assert_eq!(loud.severity, Some(SeverityKey::from("SEV2")));
    assert_eq!(loud.page, Some(("stores".to_owned(), Loudness::High)));
    let low = plan(&org, Some(Level::Error), &[("host", "till-7")]);
    assert_eq!((low.severity, low.page), (Some(SeverityKey::from("SEV4")), Some(("stores".to_owned(), Loudness::Low))));
    let other = plan(&org, Some(Level::Critical), &[("host", "web-1")]);
    assert_eq!((other.does, other.page), (Does::Attach, Some(("ops".to_owned(), Loudness::Low))));
}

#[test]
fn a_key_that_is_too_long_stays_apart_from_others() {
    let org = organisation(vec![Route { group_by: vec!["path".to_owned()], ..route(&[]) }]);
    let long = |end: &str| plan(&org, None, &[("path", &format!("{}{end}", "x".repeat(400)))]).group;
    assert_eq!(long("a").len(), 64);
    assert_ne!(long("a"), long("b"));
}
