//! Statuspage's public API, read by a program that was made for Statuspage.

use crate::house::House;
use muster_core::comms::{PublicIncident, PublicStatus};
use muster_statuspage::files;
use muster_tests::clock::moment;
use muster_tests::python::{self, Talk};
use muster_tests::statuspage::{calm, model, open, outage, past, planned};
use serde_json::{Value, json};

fn answer(incidents: Vec<PublicIncident>, name: &str) -> Value {
    let files = files(&model(incidents));
    serde_json::from_slice(&files[&format!("api/v2/{name}.json")].bytes).unwrap()
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

#[test]
fn the_summary_of_a_bad_day() {
    let summary = answer(vec![open(), planned()], "summary");
    insta::assert_snapshot!(serde_json::to_string_pretty(&summary).unwrap());
}

#[test]
fn the_whole_is_as_bad_as_the_worst() {
    let overall = |incidents| answer(incidents, "status")["status"].clone();
    let said = |indicator: &str, description: &str| json!({ "indicator": indicator, "description": description });
    assert_eq!(overall(vec![open()]), said("critical", "Major Service Outage"));
    assert_eq!(overall(vec![planned()]), said("none", "All Systems Operational"));
    let mut work = planned();
    work.posts[0].status = PublicStatus::InProgress;
    assert_eq!(overall(vec![work]), said("maintenance", "Service Under Maintenance"));
}

#[test]
fn every_list_holds_what_its_name_says() {
    let mut under_way = planned();
    under_way.incident.0 = 140;
    under_way.posts[0].status = PublicStatus::Verifying;
    let mut done = planned();
    done.incident.0 = 120;
    done.ended_at = Some(moment("2026-11-20T09:00:00Z"));
    done.posts[0].status = PublicStatus::Completed;
    let over = past().into_iter().find(|one| !one.is_maintenance()).unwrap();
    let all = vec![open(), planned(), under_way, done, over.clone()];
    let list = |name: &str, of: &str| {
        let answer = answer(all.clone(), name);
        ids(&answer[of]).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(list("incidents", "incidents"), ["INC-142".to_owned(), over.incident.to_string()]);
    assert_eq!(list("incidents/unresolved", "incidents"), ["INC-142"]);
    assert_eq!(list("scheduled-maintenances", "scheduled_maintenances").len(), 3);
    assert_eq!(list("scheduled-maintenances/upcoming", "scheduled_maintenances"), ["INC-139"]);
    assert_eq!(list("scheduled-maintenances/active", "scheduled_maintenances"), ["INC-140"]);
    assert_eq!(list("summary", "scheduled_maintenances"), ["INC-139", "INC-140"]);
}

#[test]
fn what_was_withdrawn_is_on_no_list() {
    let gone = |mut incident: PublicIncident| {
        incident.posts.iter_mut().for_each(|post| post.retracted = Some(moment("2026-11-21T10:20:00Z")));
        incident
    };
    let all = vec![gone(open()), gone(planned())];
    for (name, of) in [
        ("summary", "incidents"),
        ("summary", "scheduled_maintenances"),
        ("incidents", "incidents"),
        ("incidents/unresolved", "incidents"),
        ("scheduled-maintenances", "scheduled_maintenances"),
        ("scheduled-maintenances/upcoming", "scheduled_maintenances"),
    ] {
        assert_eq!(ids(&answer(all.clone(), name)[of]), [""; 0], "{name}");
    }
    assert_eq!(answer(all, "status")["status"]["indicator"], "none");
}

#[test]
fn components_stand_as_on_the_page() {
    let model = model(Vec::new());
    let page = String::from_utf8(files(&model)["index.html"].bytes.to_vec()).unwrap();
    let components = answer(Vec::new(), "components")["components"].clone();
    let of_one = components.as_array().unwrap().iter().filter(|one| one["group"] == false);
    let places: Vec<_> =
        of_one.map(|one| page.find(&format!("<span class=\"name\">{}<", one["name"].as_str().unwrap()))).collect();
    assert_eq!(places.len(), model.rules.components.len());
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
    let positions: Vec<_> = components.as_array().unwrap().iter().map(|one| one["position"].clone()).collect();
    assert_eq!(positions, (1..=positions.len()).map(|n| json!(n)).collect::<Vec<_>>());
}

#[test]
fn no_list_grows_without_end() {
    let many = (1..=300).map(|number| PublicIncident { incident: muster_core::ids::IncidentId(number), ..open() });
    let listed = answer(many.collect(), "incidents");
    assert_eq!(ids(&listed["incidents"]).len(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_made_for_statuspage_reads_the_page() {
    let test = "a program made for Statuspage reads the page";
    let Some(python) = python::with(test, &["statuspage_prometheus_exporter.cache_manager"], "statuspage-client")
    else {
        return;
    };
    let mut client = Talk::start(python, "clients/statuspage_client.py", &[]);
    let bad = House::with(&outage().incidents).await;
    bad.text("api/v2/summary.json").await;
    let told = client.asked(json!(bad.url("api/v2/summary.json"))).await;
    assert_eq!((&told["success"], &told["status_text"]), (&json!(true), &json!("Critical Outage")), "{told}");
    let incident = &told["incident_metadata"][0];
    assert_eq!(
        (&incident["name"], &incident["impact"], &incident["status"]),
        (&json!("Card payments fail online and in some stores"), &json!("critical"), &json!("identified"))
    );
    assert_eq!(incident["shortlink"], "https://status.example.com/incidents/INC-142/");
    assert_eq!(incident["affected_components"], json!(["Checkout", "Card payments", "Tills"]));
    let work = &told["maintenance_metadata"][0];
    assert_eq!(
        (&work["name"], &work["scheduled_start"]),
        (&json!("New system for gift cards"), &json!("2026-11-24T23:00:00.000+01:00"))
    );
    let components = told["component_metadata"].as_array().unwrap();
    let state = |name: &str| components.iter().find(|one| one["name"] == name).unwrap()["status"].clone();
    assert_eq!(
        (state("Card payments"), state("Online"), state("App")),
        (json!("major_outage"), json!("major_outage"), json!("operational"))
    );

    let good = House::with(&calm().incidents).await;
    good.text("api/v2/summary.json").await;
    let told = client.asked(json!(good.url("api/v2/summary.json"))).await;
    assert_eq!((&told["status"], &told["details"]), (&json!(1), &json!("All Systems Operational")), "{told}");
}
