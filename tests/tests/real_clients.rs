//! Alerts in, from those who really send them: Debian's Alertmanager by three of its receivers, PagerDuty's own client and
//! Opsgenie's, each against the real binary.

use muster_tests::alertmanager::Alertmanager;
use muster_tests::process::{Database, Installation, SOON, eventually};
use muster_tests::python::{self, Talk};
use muster_tests::tls::Front;
use serde_json::{Value, json};
use std::fs;
use std::process::Command;

/// Somebody operates it, a team has a service, and three formats may come in.
const ORGANISATION: &str = r#"
[[person]]
id = "alice"
name = "Alice Ek"
right = "admin"

[[team]]
id = "payments"
name = "Payments"
members = ["alice"]

[[service]]
id = "checkout"
name = "Checkout"
owner = "payments"

[[source]]
id = "prometheus"
kind = "alertmanager"

[[source]]
id = "pagerduty-clients"
kind = "pagerduty"

[[source]]
id = "opsgenie-clients"
kind = "opsgenie"
"#;

/// An alert as it is kept.
#[derive(Debug)]
struct Kept {
    source: String,
    is_firing: bool,
    body: Value,
}

/// All of them, by source and key.
async fn kept(installation: &Installation) -> Vec<Kept> {
    let mut database = Database::open(&installation.database_url()).await;
    let rows = database.rows("SELECT source, CAST(firing AS TEXT), body FROM alerts ORDER BY source, key").await;
    let alert = |row: Vec<String>| Kept {
        source: row[0].clone(),
        is_firing: row[1] == "1",
        body: serde_json::from_str(&row[2]).expect("an alert is JSON"),
    };
    rows.into_iter().map(alert).collect()
}

/// Waits until the alerts are as wanted; whoever sorts them does so after the sender has been answered.
async fn once(installation: &Installation, what: &str, wanted: impl Fn(&[Kept]) -> bool) -> Vec<Kept> {
    let seen = eventually(what, SOON, async || Some(kept(installation).await).filter(|kept| wanted(kept)));
    seen.await
}

/// What INC-1 says of its alerts, once no more of them are firing than that; it is the only incident there is.
async fn the_one_incident(installation: &Installation, firing: i64) -> Value {
    let alice = installation.client("alice");
    let told = eventually("INC-1 has been told", SOON, async || {
        let incident = alice.export("INC-1").await["incident"].clone();
        (incident["alerts"]["firing"] == firing).then_some(incident)
    });
    let told = told.await;
    let mut database = Database::open(&installation.database_url()).await;
    assert_eq!(database.number("SELECT CAST(COUNT(*) AS TEXT) FROM incidents").await, 1);
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn alertmanager_delivers_to_its_own_webhook_to_pagerdutys_api_and_to_opsgenies() {
    let installation = Installation::configured("sqlite:muster.db", ORGANISATION);
    let server = installation.start().await;
    let url = installation.url();
    let key = |source| installation.key(source);
    let receivers = format!(
        "webhook_configs:
  - url: {url}/in/alertmanager
    http_config:
      authorization:
        credentials: {prometheus}
  - url: {url}/in/alertmanager/{prometheus}
pagerduty_configs:
  - url: {url}/in/pagerduty/{pagerduty}/v2/enqueue
    routing_key: {pagerduty}
    severity: '{{{{ .CommonLabels.severity }}}}'
    details:
      service: '{{{{ .CommonLabels.service }}}}'
opsgenie_configs:
  - api_url: {url}/in/opsgenie/
    api_key: {opsgenie}
    priority: P1
",
        prometheus = key("prometheus"),
        pagerduty = key("pagerduty-clients"),
        opsgenie = key("opsgenie-clients"),
    );
    let Some(alertmanager) = Alertmanager::start("Alertmanager delivers", &receivers).await else { return };

    let labels = json!({ "alertname": "SlowCheckout", "service": "checkout", "severity": "critical", "host": "web-1" });
    alertmanager.fires(&labels, &json!({ "summary": "Checkout answers slowly" })).await;
    let is_here = |kept: &[Kept]| kept.len() == 3 && kept.iter().all(|alert| alert.is_firing);
    let heard = once(&installation, "each of its receivers has delivered", is_here).await;
    let sources: Vec<_> = heard.iter().map(|alert| alert.source.as_str()).collect();
    assert_eq!(sources, ["opsgenie-clients", "pagerduty-clients", "prometheus"]);
    for Kept { source, body, .. } in &heard {
        assert_eq!(body["level"], "critical", "{source}: {body}");
        assert_eq!(body["labels"]["service"], "checkout", "{source}: {body}");
    }
    assert_eq!(heard[2].body["title"], "Checkout answers slowly");
    assert_eq!(heard[2].body["labels"]["host"], "web-1");
    let incident = the_one_incident(&installation, 3).await;
    assert_eq!(incident["services"], json!(["checkout"]));
    assert_eq!(incident["pages"].as_array().map(Vec::len), Some(1), "whoever says it, the team is paged once");

    alertmanager.resolves(&labels).await;
    let is_over = |kept: &[Kept]| kept.iter().all(|alert| !alert.is_firing);
    let ended = once(&installation, "each of its receivers has said that it is over", is_over).await;
    assert_eq!(ended.len(), 3, "what ends is what began: {ended:?}\n{}", alertmanager.log());
    let incident = the_one_incident(&installation, 0).await;
    assert_eq!(incident["alerts"]["total"], 3);
    assert!(!alertmanager.log().contains("level=error"), "{}", alertmanager.log());
    server.terminate().await;
}

/// A client that believes the authority of the proxy, and goes through no other.
fn trusting(mut python: Command, installation: &Installation, front: &Front) -> (Command, String) {
    let path = installation.folder().join("authority.pem");
    fs::write(&path, &front.authority).expect("the authority is written");
    python.env("SSL_CERT_FILE", &path).env("NO_PROXY", "localhost");
    (python, path.display().to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn pagerdutys_own_client_triggers_acknowledges_and_resolves() {
    let test = "PagerDuty's own client is served";
    let Some(python) = python::with(test, &["pagerduty"], "pagerduty-client") else { return };
    let installation = Installation::configured("sqlite:muster.db", ORGANISATION);
    let server = installation.start().await;
    // It refuses to speak without TLS.
    let front = Front::of(installation.address()).await;
    let (python, _) = trusting(python, &installation, &front);
    let key = installation.key("pagerduty-clients");
    let mut client = Talk::start(python, "clients/pagerduty_client.py", &[&front.url, &key]);

    let details = json!({ "service": "checkout", "queue": 1200 });
    let payload = json!({ "summary": "Checkout answers slowly", "source": "web-1", "custom_details": details });
    let dedup = client.asked(json!({ "method": "trigger", "named": payload })).await["done"].clone();
    assert!(dedup.as_str().is_some_and(|dedup| dedup.len() == 32), "a key is made for an alert that has none: {dedup}");
    let heard = once(&installation, "it was heard", |kept| kept.len() == 1).await;
    assert_eq!((&heard[0].body["title"], heard[0].is_firing), (&json!("Checkout answers slowly"), true));
    assert_eq!(heard[0].body["labels"]["source"], "web-1");
    assert_eq!(the_one_incident(&installation, 1).await["services"], json!(["checkout"]));

    let again = json!({ "method": "trigger", "args": ["Checkout is down", "web-1", dedup] });
    assert_eq!(client.asked(again).await["done"], dedup);
    let heard = once(&installation, "it was heard again", |kept| kept[0].body["count"] == 2).await;
    assert_eq!(heard.len(), 1, "one key, one alert");

    assert_eq!(client.asked(json!({ "method": "acknowledge", "args": [dedup] })).await["done"], dedup);
    once(&installation, "it is acknowledged", |kept| !kept[0].body["acknowledged"].is_null()).await;
    assert_eq!(client.asked(json!({ "method": "resolve", "args": [dedup] })).await["done"], dedup);
    once(&installation, "it is over", |kept| !kept[0].is_firing).await;
    the_one_incident(&installation, 0).await;

    let when = json!({ "timestamp": "2026-11-23T09:00:00Z" });
    let change = client.asked(json!({ "method": "submit", "args": ["Build 812 is out", "ci"], "named": when })).await;
    assert_eq!(change["done"], Value::Null, "a change is taken, and is no alert: {change}");
    assert_eq!(kept(&installation).await.len(), 1);
    let wrong = json!({ "method": "trigger", "args": ["x", "web-1"], "named": { "severity": "terrible" } });
    let refused = client.asked(wrong).await;
    assert_eq!((&refused["refused"], &refused["said"]["status"]), (&json!(400), &json!("invalid event")), "{refused}");
    server.terminate().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn opsgenies_own_client_creates_notes_acknowledges_and_closes() {
    let test = "Opsgenie's own client is served";
    let Some(python) = python::with(test, &["opsgenie_sdk"], "opsgenie-client") else { return };
    let installation = Installation::configured("sqlite:muster.db", ORGANISATION);
    let server = installation.start().await;
    let front = Front::of(installation.address()).await;
    let (python, authority) = trusting(python, &installation, &front);
    let key = installation.key("opsgenie-clients");
    let mut client = Talk::start(python, "clients/opsgenie_client.py", &[&front.url, &key, &authority]);

    let alert = json!({
        "message": "Checkout answers slowly",
        "alias": "checkout/slow",
        "description": "p99 is 9 s",
        "priority": "P1",
        "tags": ["prod"],
        "details": { "service": "checkout" },
    });
    let created = client.asked(json!({ "method": "create_alert", "body": alert })).await;
    assert_eq!(created["done"]["data"]["alert_id"], "checkout/slow", "{created}");
    let heard = once(&installation, "it was heard", |kept| kept.len() == 1).await;
    assert_eq!((&heard[0].body["level"], &heard[0].body["text"]), (&json!("critical"), &json!("p99 is 9 s")));
    the_one_incident(&installation, 1).await;

    let this = json!({ "identifier": "checkout/slow", "identifier_type": "alias" });
    let shown = client.asked(json!({ "method": "get_alert", "named": this })).await;
    assert_eq!((&shown["done"]["data"]["status"], &shown["done"]["data"]["priority"]), (&json!("open"), &json!("P1")));
    let count = client.asked(json!({ "method": "count_alerts" })).await;
    assert_eq!(count["done"]["data"]["count"], 1, "{count}");
    let note = json!({ "method": "add_note", "named": this, "body": { "note": "the bank is slow" } });
    assert_eq!(client.asked(note).await["done"]["data"]["is_success"], true);
    once(&installation, "the note is there", |kept| kept[0].body["text"] == "the bank is slow").await;
    let acknowledge = json!({ "method": "acknowledge_alert", "named": this, "body": {} });
    assert_eq!(client.asked(acknowledge).await["done"]["data"]["is_success"], true);
    once(&installation, "it is acknowledged", |kept| !kept[0].body["acknowledged"].is_null()).await;
    let close = json!({ "method": "close_alert", "named": this, "body": { "note": "the bank is back" } });
    assert_eq!(client.asked(close).await["done"]["data"]["is_success"], true);
    once(&installation, "it is over", |kept| !kept[0].is_firing).await;
    the_one_incident(&installation, 0).await;
    let listed = client.asked(json!({ "method": "list_alerts" })).await;
    assert_eq!(listed["done"]["data"], json!([]), "what is closed is not listed: {listed}");

    let gone = json!({ "method": "get_alert", "named": { "identifier": "nothing" } });
    assert_eq!(client.asked(gone).await["refused"], 404);
    server.terminate().await;
}
