//! The direction of the house: `bot → adapters/*, runbooks → core`. Whoever turns it round is told here.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::BTreeSet;

const CORE: &str = "muster-core";
const RUNBOOKS: &str = "muster-runbooks";
const BOT: &str = "muster";
const TESTS: &str = "muster-tests";

/// What core and runbooks must never meet, not even through another crate: databases, web, chats.
const PLATFORMS: [&str; 8] = ["sqlx", "axum", "hyper", "reqwest", "tower-http", "serenity", "slack-morphism", "maud"];

fn workspace() -> Metadata {
    MetadataCommand::new().exec().expect("cargo tells about the workspace")
}

fn package<'a>(workspace: &'a Metadata, name: &str) -> &'a Package {
    let found = workspace.workspace_packages().into_iter().find(|package| package.name.as_str() == name);
    found.unwrap_or_else(|| panic!("the workspace has no {name}"))
}

/// The crates of the workspace that a crate is built from, tests and benches aside.
fn house(workspace: &Metadata, package: &Package) -> BTreeSet<String> {
    let members: BTreeSet<_> = workspace.workspace_packages().iter().map(|member| member.name.to_string()).collect();
    let built_from = package.dependencies.iter().filter(|one| one.kind != DependencyKind::Development);
    built_from.map(|one| one.name.clone()).filter(|name| members.contains(name)).collect()
}

fn adapters(workspace: &Metadata) -> Vec<&Package> {
    let in_adapters = |package: &&Package| package.manifest_path.as_str().contains("/adapters/");
    workspace.workspace_packages().into_iter().filter(in_adapters).collect()
}

/// Everything a crate is built from, however far down.
fn everything_below(workspace: &Metadata, package: &Package) -> BTreeSet<String> {
    let resolved = workspace.resolve.as_ref().expect("cargo has resolved the dependencies");
    let mut below = BTreeSet::new();
    let mut names = BTreeSet::new();
    let mut next = vec![package.id.clone()];
    while let Some(id) = next.pop() {
        let node = resolved.nodes.iter().find(|node| node.id == id).expect("every dependency is resolved");
        for dependency in &node.deps {
            let is_built_in = dependency.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development);
            if is_built_in && below.insert(dependency.pkg.clone()) {
                next.push(dependency.pkg.clone());
                names.insert(workspace[&dependency.pkg].name.to_string());
            }
        }
    }
    names
}

#[test]
fn core_knows_nobody_in_the_house_and_no_platform() {
    let workspace = workspace();
    let core = package(&workspace, CORE);
    assert_eq!(house(&workspace, core), BTreeSet::new());
    let below = everything_below(&workspace, core);
    for platform in PLATFORMS {
        assert!(!below.contains(platform), "{CORE} is built from {platform}");
    }
    assert!(below.contains("serde"), "the search below core finds nothing at all");
}

#[test]
fn runbooks_know_only_core_and_no_platform() {
    let workspace = workspace();
    let runbooks = package(&workspace, RUNBOOKS);
    let others: Vec<_> = house(&workspace, runbooks).into_iter().filter(|name| name != CORE).collect();
    assert!(others.is_empty(), "{RUNBOOKS} knows {others:?}");
    let below = everything_below(&workspace, runbooks);
    for platform in PLATFORMS {
        assert!(!below.contains(platform), "{RUNBOOKS} is built from {platform}");
    }
}

#[test]
fn no_adapter_knows_another_or_the_bot() {
    let workspace = workspace();
    let adapters = adapters(&workspace);
    let names: BTreeSet<_> = adapters.iter().map(|adapter| adapter.name.to_string()).collect();
    assert!(names.contains("muster-store") && names.contains("muster-web"), "the adapters are {names:?}");
    let allowed = BTreeSet::from([CORE.to_owned(), RUNBOOKS.to_owned()]);
    for adapter in adapters {
        let below = house(&workspace, adapter);
        let others: Vec<_> = below.difference(&allowed).collect();
        assert!(others.is_empty(), "{} knows {others:?}", adapter.name);
    }
}

#[test]
fn only_the_bot_and_the_tests_know_adapters() {
    let workspace = workspace();
    for package in workspace.workspace_packages() {
        let below = house(&workspace, package);
        let is_tests = package.name.as_str() == TESTS;
        assert!(is_tests || !below.contains(BOT), "{} knows the bot", package.name);
        assert!(!below.contains(TESTS), "{} knows the tests", package.name);
        let may_know_adapters = is_tests || package.name.as_str() == BOT;
        let known: Vec<_> = adapters(&workspace).into_iter().filter(|one| below.contains(one.name.as_str())).collect();
        assert!(may_know_adapters || known.is_empty(), "{} knows adapters: {below:?}", package.name);
    }
}
