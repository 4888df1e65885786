//! The same files elsewhere: in a folder, and in an object store.

use crate::house::{House, keep};
use muster_core::chat::token::Token;
use muster_core::clock::Timestamp;
use muster_core::ports::outside::Outside;
use muster_outside::{Allowed, WayOut};
use muster_statuspage::{Export, ExportError, Model, S3, Shelf, files};
use muster_tests::memory::MemoryStore;
use muster_tests::process::{SOON, eventually};
use muster_tests::python::{self, Talk};
use muster_tests::statuspage::{calm, now, open, outage};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn shelf(model: &Model) -> Shelf {
    Shelf::of(files(model), &Shelf::default())
}

fn outside() -> impl Outside {
    // A way out trusts what the process does.
    let _ = rustls::crypto::ring::default_provider().install_default();
    WayOut::new(Allowed::default().and("127.0.0.1").unwrap())
}

fn folder(path: &Path) -> Export {
    Export { folder: Some(path.to_owned()), s3: None }
}

async fn write(export: &Export, shelf: &Shelf) -> Result<(), ExportError> {
    let at: Timestamp = now();
    export.write(shelf, &outside(), at).await
}

/// Every file of a folder, by its path.
pub(crate) fn found(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

/// What ought to be there: the files, and the list.
fn expected(shelf: &Shelf) -> BTreeMap<String, Vec<u8>> {
    shelf.iter().map(|(path, file)| (path.clone(), file.bytes.to_vec())).collect()
}

fn without_list(mut files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    assert!(files.remove("muster-export.json").is_some(), "there is a list");
    files
}

#[tokio::test]
async fn a_folder_has_what_is_served_and_nothing_that_is_over() {
    let home = TempDir::new().unwrap();
    let root = home.path().join("status");
    let (bad, calm) = (shelf(&outage()), shelf(&calm()));
    write(&folder(&root), &bad).await.unwrap();
    assert_eq!(without_list(found(&root)), expected(&bad));
    assert!(root.join("incidents/INC-142/index.html").exists());

    // Somebody has put something beside it meanwhile, which is none of ours.
    fs::write(root.join("favicon.ico"), "theirs").unwrap();
    write(&folder(&root), &calm).await.unwrap();
    assert!(!root.join("incidents/INC-142").exists(), "not even its folder");
    let mut there = without_list(found(&root));
    assert_eq!(there.remove("favicon.ico"), Some(b"theirs".to_vec()));
    assert_eq!(there, expected(&calm));
}

#[tokio::test]
async fn only_what_has_changed_is_written() {
    let home = TempDir::new().unwrap();
    let written = |path: &str| fs::metadata(home.path().join(path)).unwrap().modified().unwrap();
    write(&folder(home.path()), &shelf(&outage())).await.unwrap();
    let (badge, feed) = (written("badges/app.svg"), written("history.atom"));
    let list = written("muster-export.json");
    write(&folder(home.path()), &shelf(&outage())).await.unwrap();
    assert_eq!(written("muster-export.json"), list, "nothing has changed, so nothing is written");
    write(&folder(home.path()), &shelf(&calm())).await.unwrap();
    assert_eq!(written("badges/app.svg"), badge);
    assert_ne!(written("history.atom"), feed);
}

#[tokio::test]
async fn a_folder_of_somebody_elses_is_left_alone() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("index.html"), "theirs").unwrap();
    let refused = write(&folder(home.path()), &shelf(&outage())).await.unwrap_err().to_string();
    let root = home.path().display();
    assert_eq!(
        refused,
        format!(
            "the status page could not be exported to {root}: “index.html” in it is none of ours: \
             name a folder that is empty, or not there yet"
        )
    );
    assert_eq!(found(home.path()), BTreeMap::from([("index.html".to_owned(), b"theirs".to_vec())]));
}

#[tokio::test]
async fn a_list_that_somebody_has_changed_takes_nothing_away() {
    let home = TempDir::new().unwrap();
    let root = home.path().join("status");
    let theirs = home.path().join("theirs");
    fs::write(&theirs, "theirs").unwrap();
    write(&folder(&root), &shelf(&outage())).await.unwrap();
    for path in ["../theirs", theirs.to_str().unwrap(), "", "a/../../theirs"] {
        fs::write(root.join("muster-export.json"), json!({ path: "0" }).to_string()).unwrap();
        let refused = write(&folder(&root), &shelf(&calm())).await.unwrap_err();
        assert!(refused.reason.contains("none of ours"), "{refused}");
    }
    fs::write(root.join("muster-export.json"), "{").unwrap();
    assert!(write(&folder(&root), &shelf(&calm())).await.unwrap_err().reason.contains("cannot be read"));
    assert!(theirs.exists());
}

#[tokio::test]
async fn what_was_cut_short_is_finished_later() {
    let home = TempDir::new().unwrap();
    // Where a folder is to be, there is a file: pages cannot be written there.
    let root = home.path().join("status");
    write(&folder(&root), &shelf(&calm())).await.unwrap();
    let index = fs::read(root.join("index.html")).unwrap();
    fs::write(root.join("incidents/INC-142"), "in the way").unwrap();
    let bad = shelf(&outage());
    let failed = write(&folder(&root), &bad).await.unwrap_err();
    assert!(failed.reason.starts_with("incidents/INC-142/index.html: "), "{failed}");
    assert_eq!(fs::read(root.join("index.html")).unwrap(), index, "no page leads to what is not there");

    fs::remove_file(root.join("incidents/INC-142")).unwrap();
    write(&folder(&root), &bad).await.unwrap();
    assert_eq!(without_list(found(&root)), expected(&bad));
}

#[tokio::test]
async fn what_is_published_is_exported_by_itself() {
    let home = TempDir::new().unwrap();
    let root = home.path().join("status");
    let house = House::over(MemoryStore::default(), &calm().incidents, folder(&root)).await;
    let says = async |words: &str| {
        eventually(words, SOON, async || {
            fs::read_to_string(root.join("api/v2/summary.json")).ok()?.contains(words).then_some(())
        })
        .await;
    };
    says("All Systems Operational").await;
    keep(&house.store, &open()).await;
    house.reconfigure(|_| {});
    says("Major Service Outage").await;
}

/// An object store, and how to get there.
async fn store(test: &str) -> Option<(Talk, S3)> {
    let python = python::with(test, &["moto.server", "boto3"], "object-store")?;
    let mut store = Talk::start(python, "clients/object_store.py", &[]);
    let place = store.asked(json!({ "ask": "where" })).await;
    let text = |name: &str| place[name].as_str().unwrap().to_owned();
    let s3 = S3 {
        endpoint: text("endpoint"),
        region: text("region"),
        bucket: text("bucket"),
        prefix: "page/".to_owned(),
        access_key: Token::new(text("access")),
        secret_key: Token::new(text("secret")),
    };
    Some((store, s3))
}

fn bucket(s3: &S3) -> Export {
    Export { folder: None, s3: Some(s3.clone()) }
}

async fn objects(store: &mut Talk) -> BTreeMap<String, Value> {
    serde_json::from_value(store.asked(json!({ "ask": "objects" })).await).unwrap()
}

#[tokio::test]
async fn an_object_store_has_what_is_served() {
    let Some((mut store, s3)) = store("an object store has what is served").await else { return };
    let (bad, calm) = (shelf(&outage()), shelf(&calm()));
    write(&bucket(&s3), &bad).await.unwrap();
    let there = objects(&mut store).await;
    assert_eq!(there.len(), bad.iter().count() + 1);
    for (path, file) in bad.iter() {
        let object = &there[&format!("page/{path}")];
        assert_eq!(object["type"], file.media_type, "{path}");
        assert!(object["cache"].as_str().unwrap().starts_with("public, max-age=15"), "{path}");
        assert_eq!(object["text"].as_str().unwrap().as_bytes(), file.bytes, "{path}");
    }
    let requests = store.asked(json!({ "ask": "requests" })).await;
    let order: Vec<_> = requests.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    let place = |path: &str| order.iter().position(|one| *one == format!("PUT /status/page/{path}")).unwrap();
    let stories = ["", "sv/", "de/"].map(|folder| place(&format!("{folder}incidents/INC-142/index.html")));
    for leads_there in ["history.atom", "sv/history.rss", "history/2026-11/index.html", "regions/skane/index.html"] {
        assert!(stories.iter().all(|story| *story < place(leads_there)), "{leads_there} leads to pages of incidents");
    }
    assert!(place("regions/skane/index.html") < place("sv/index.html"), "the first page of a language leads to all");
    assert!(place("sv/index.html") < place("index.html"), "and that of all languages comes last");

    let mut corrected = outage();
    for written in
        corrected.incidents.iter_mut().flat_map(|one| &mut one.posts).flat_map(|post| post.texts.values_mut())
    {
        written.body = written.body.replace("second bank", "third bank");
    }
    write(&bucket(&s3), &shelf(&corrected)).await.unwrap();
    let requests = store.asked(json!({ "ask": "requests" })).await;
    let puts = requests.as_array().unwrap().iter().filter(|one| one.as_str().unwrap().starts_with("PUT ")).count();
    assert!(puts < bad.iter().count() / 5, "{puts} were written, of which most had not changed");

    write(&bucket(&s3), &calm).await.unwrap();
    let there = objects(&mut store).await;
    assert_eq!(there.len(), calm.iter().count() + 1);
    assert!(!there.contains_key("page/incidents/INC-142/index.html"));
}

#[tokio::test]
async fn an_object_store_that_fails_is_tried_again_and_gets_the_rest() {
    let Some((mut store, s3)) = store("an object store that fails is tried again").await else { return };
    let bad = shelf(&outage());
    store.asked(json!({ "ask": "fail", "left": 20 })).await;
    let failed = write(&bucket(&s3), &bad).await.unwrap_err();
    assert_eq!(failed.to, "s3://status/page/");
    assert!(failed.reason.contains("was answered with 503 SlowDown"), "{failed}");
    store.asked(json!({ "ask": "fail", "left": null })).await;
    write(&bucket(&s3), &bad).await.unwrap();
    assert_eq!(objects(&mut store).await.len(), bad.iter().count() + 1);
}

#[tokio::test]
async fn a_wrong_key_is_said_to_be_one() {
    let Some((mut store, s3)) = store("a wrong key is said to be one").await else { return };
    let wrong = S3 { secret_key: Token::new("not-the-key"), ..s3 };
    let failed = write(&bucket(&wrong), &shelf(&outage())).await.unwrap_err().to_string();
    assert!(failed.contains("403 SignatureDoesNotMatch: may this key"), "{failed}");
    assert!(!failed.contains("not-the-key") && !failed.contains("AKIDEXAMPLE"), "{failed}");
    assert_eq!(objects(&mut store).await, BTreeMap::new());
}
