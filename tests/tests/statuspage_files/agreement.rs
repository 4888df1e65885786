//! Page, icon, badges, feeds and API say the same, whatever is said of an incident, of components, and of work.

use muster_core::comms::ComponentState::{self, Operational, UnderMaintenance};
use muster_core::comms::{CommsRules, Locale, Locales, PublicIncident, PublicStatus, words};
use muster_statuspage::{Model, files};
use muster_tests::statuspage::{now, open, planned, rules};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What an incident says of the web shop: nothing, or how it does.
fn said() -> impl Iterator<Item = Option<ComponentState>> {
    std::iter::once(None).chain(ComponentState::ALL.map(Some))
}

/// An incident or work that has come so far, and says that of the web shop.
fn at(from: PublicIncident, status: PublicStatus, shop: Option<ComponentState>) -> PublicIncident {
    let mut post = from.posts[0].clone();
    (post.status, post.corrected) = (status, Vec::new());
    let states = shop.map(|state| (post.at, BTreeMap::from([("web-shop".to_owned(), state)])));
    let ended_at = status.is_over().then_some(now());
    PublicIncident { posts: vec![post], states: states.into_iter().collect(), ended_at, ..from }
}

/// Every incident, every work, and both at once.
fn days() -> Vec<Vec<PublicIncident>> {
    let of = |maintenance| PublicStatus::ALL.into_iter().filter(move |one| one.is_of_maintenance() == maintenance);
    let incidents: Vec<_> = of(false).flat_map(|status| said().map(move |shop| at(open(), status, shop))).collect();
    let felt = [None, Some(UnderMaintenance)];
    let works: Vec<_> = of(true).flat_map(|status| felt.map(|shop| at(planned(), status, shop))).collect();
    let both = incidents.iter().flat_map(|one| works.iter().map(move |work| vec![one.clone(), work.clone()]));
    let alone = incidents.iter().chain(&works).map(|one| vec![one.clone()]);
    alone.chain(both).chain([Vec::new()]).collect()
}

/// How it is: what every file ought to say.
fn expected(incidents: &[PublicIncident]) -> ComponentState {
    let holds = |one: &&PublicIncident| one.ended_at.is_none() && one.status() != PublicStatus::Scheduled;
    let said = incidents.iter().filter(holds).flat_map(|one| one.components().into_values());
    let is_noticed = |one: &PublicIncident| {
        one.ended_at.is_none() && !one.is_maintenance() && one.status() != PublicStatus::Monitoring
    };
    let noticed = incidents.iter().any(is_noticed).then_some(ComponentState::DegradedPerformance);
    said.chain(noticed).max().unwrap_or(Operational)
}

/// What stands between two marks.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("there is {before} in {text}"));
    rest.split_once(after).unwrap_or_else(|| panic!("there is {after} after {before}")).0
}

/// How bad the sign is that follows.
fn level(sign: &str) -> ComponentState {
    ComponentState::ALL[between(sign, "class=\"i s", "\"").parse::<usize>().unwrap()]
}

#[test]
fn whatever_is_said_every_file_says_the_same_of_it() {
    let english = Locale::english();
    let one_language = CommsRules { locales: Locales::new(english.clone(), []), sites: Vec::new(), ..rules() };
    let rules = Arc::new(one_language);
    let core_words = words(&english);
    let mut signs = BTreeSet::new();
    for incidents in days() {
        let model = Model::new(Arc::clone(&rules), incidents.clone(), now());
        let all = files(&model);
        let file = |path: &str| String::from_utf8(all[path].bytes.to_vec()).unwrap();
        let json = |name: &str| serde_json::from_str::<Value>(&file(&format!("api/v2/{name}.json"))).unwrap();
        let (page, how) = (file("index.html"), expected(&incidents));

        // On the whole.
        let status = json("status")["status"].clone();
        assert_eq!(level(between(&page, "class=\"banner s", "<h1>")), how, "{incidents:#?}");
        assert_eq!(status["indicator"], how.impact().word());
        assert_eq!(json("summary")["status"], status);
        let badge = file("badge.svg");
        assert_eq!(between(&badge, "<title>Nordic Retail: ", "</title>"), core_words.state(how));
        let icon = between(&page, "href=\"data:image/svg+xml,", "\"").to_owned();
        signs.insert((how, icon, status["description"].to_string()));

        // Of the component.
        let shop = incidents.iter().filter(|one| one.ended_at.is_none() && one.status() != PublicStatus::Scheduled);
        let shop = shop.filter_map(|one| one.components().remove("web-shop")).max().unwrap_or(Operational);
        assert_eq!(level(between(&page, "<span class=\"name\">Web shop</span>", "</span>")), shop);
        let badge = file("badges/web-shop.svg");
        assert_eq!(between(&badge, "<title>Web shop: ", "</title>"), core_words.state(shop));
        let components = json("components");
        let mut components = components["components"].as_array().unwrap().iter();
        assert_eq!(components.find(|one| one["id"] == "web-shop").unwrap()["status"], shop.word());

        // Of each incident.
        let feed = file("history.atom");
        for one in &incidents {
            // Nobody ever says that work has begun before it is over.
            let is_off = one.is_maintenance() && one.status().is_over();
            let status = if is_off { core_words.called_off } else { core_words.status(one.status()) };
            let its_page = file(&format!("incidents/{}/index.html", one.incident));
            assert_eq!(between(&its_page, " · <strong>", "</strong>"), status);
            let title = one.posts[0].texts[&english].title.clone();
            assert!(feed.contains(&format!("<title>{status}: {title}</title>")), "{feed}");
            let list = if one.is_maintenance() { "scheduled-maintenances" } else { "incidents" };
            let listed = json(list)[list.replace('-', "_")][0].clone();
            assert_eq!(
                (listed["status"].as_str(), listed["name"].as_str()),
                (Some(one.status().word()), Some(&*title))
            );
        }
    }
    assert_eq!(signs.len(), 5, "there is one way to say each: {signs:#?}");
    let icons: BTreeSet<_> = signs.iter().map(|(_, icon, _)| icon).collect();
    let descriptions: BTreeSet<_> = signs.iter().map(|(.., description)| description).collect();
    assert_eq!((icons.len(), descriptions.len()), (5, 5), "and no two are said alike");
}
