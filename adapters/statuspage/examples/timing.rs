//! timing
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use muster_core::comms::*;
use muster_core::ids::IncidentId;
use muster_statuspage::*;
use std::collections::*;
use std::sync::Arc;
use std::time::Instant;
fn main() {
    let now: chrono::DateTime<chrono::Utc> = "2026-11-21T10:40:00Z".parse().unwrap();
    let locs: Vec<Locale> = ["en", "sv", "de"].iter().map(|l| l.parse().unwrap()).collect();
    let names = |t: &str| locs.iter().map(|l| (l.clone(), t.to_owned())).collect::<BTreeMap<_, _>>();
    let rules = CommsRules {
        locales: locs.clone(),
        components: (0..10).map(|n| Component { id: format!("c{n}"), names: names("Comp"), descriptions: BTreeMap::new(), group: Some(format!("g{}", n % 3)), services: vec![], sites: vec![] }).collect(),
        groups: (0..3).map(|n| ComponentGroup { id: format!("g{n}"), names: names("Group") }).collect(),
        sites: (0..3).map(|n| PublicSite { site: format!("s{n}"), name: format!("Site {n}"), region: Some(format!("R{}", n % 2)) }).collect(),
        page: Some(PageRules { name: "Shop".into(), url: "https://status.example.com".into(), time_zone: chrono_tz::Tz::Europe__Stockholm, theme: Theme::default(), subscribe: true }),
        ..CommsRules::default()
    };
    let rules = Arc::new(rules);
    let text = |n: i64| locs.iter().map(|l| (l.clone(), Written { title: format!("Payments fail {n}"), body: "Many card payments fail online, and some in our stores.\n\nIn stores you can pay in cash or with Swish.\nNothing is drawn from your account when a payment fails.".to_owned() })).collect::<BTreeMap<_, _>>();
    let inc = |n: i64| {
        let at = now - chrono::TimeDelta::hours(7 * n);
        let post = |k: i64, s| Post { number: k, at: at + chrono::TimeDelta::minutes(20 * k), status: s, texts: text(n * 10 + k), next_at: None, corrected: vec![], retracted: None };
        PublicIncident {
            incident: IncidentId(1000 - n), window: None, sites: BTreeSet::new(),
            posts: vec![post(0, PublicStatus::Investigating), post(1, PublicStatus::Identified), post(2, PublicStatus::Monitoring), post(3, PublicStatus::Resolved)],
            states: vec![(at, BTreeMap::from([(format!("c{}", n % 10), ComponentState::MajorOutage)])), (at + chrono::TimeDelta::minutes(60), BTreeMap::from([(format!("c{}", n % 10), ComponentState::Operational)]))],
            began_at: at, ended_at: Some(at + chrono::TimeDelta::minutes(60)),
        }
    };
    let all: Vec<_> = (1..=300).map(inc).collect();
    let mut open = inc(0);
    open.ended_at = None;
    open.posts.truncate(1);
    open.states.truncate(1);
    let build = |open: &PublicIncident| Model::new(Arc::clone(&rules), all.iter().cloned().chain([open.clone()]).collect(), now);
    let t = Instant::now();
    let mut before = Shelf::of(files(&build(&open)), &Shelf::default());
    println!("first {:?}, {} files, {} bytes", t.elapsed(), before.iter().count(), before.iter().map(|(_, f)| f.bytes.len()).sum::<usize>());
    let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (p, f) in before.iter() { let k = p.split('/').find(|x| *x != "sv" && *x != "de").unwrap().to_owned(); let e = kinds.entry(k).or_default(); e.0 += 1; e.1 += f.bytes.len(); }
    for (k, v) in kinds { println!("  {k} {v:?}"); }
    for k in 0..8 {
        open.posts[0].texts = text(100_000 + k);
        let model = build(&open);
        let t = Instant::now();
        let made = files(&model);
        let t1 = t.elapsed();
        let after = Shelf::of(made, &before);
        let changed = after.iter().filter(|(p, f)| before.get(p).is_none_or(|b| b.hash != f.hash)).count();
        println!("files {t1:?}, shelf {:?}, changed {changed}", t.elapsed() - t1);
        before = after;
    }
}
