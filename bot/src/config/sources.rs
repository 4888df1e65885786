//! `[[source]]`: who may send alerts, in which format.

use super::organisation::Seen;
use super::section::Section;
use super::value::{self, check_id};
use muster_ingest::{IngestConfig, Kind, Mapping, Pick, Rate, SignatureSecret, Source};
use std::num::NonZeroU32;
use toml::Spanned;

/// How many requests a second, or at once, may be allowed.
const RATES: std::ops::RangeInclusive<i64> = 1..=1_000_000;

/// Reads every source.
pub(super) fn read(root: &Section<'_, '_>) -> IngestConfig {
    let mut ids = Seen::default();
    let sections = root.tables("source").unwrap_or_default();
    IngestConfig { sources: sections.iter().filter_map(|section| source(section, &mut ids)).collect() }
}

fn source(section: &Section<'_, '_>, ids: &mut Seen) -> Option<Source> {
    let id = section.required("id", "alertmanager");
    if let Some(id) = &id {
        check_id(section, "id", id);
        ids.check(section, "id", id);
    }
    let kind = section.choice("kind", &Kind::ALL.map(|kind| (kind.word(), kind)));
    if !section.has("kind") {
        section.problem(section.at(), "kind", "this is missing; for example kind = \"alertmanager\"");
    }
    let secret = value::secret(section, "secret").map(SignatureSecret::new);
    let rate = rate(section);
    let mapping = section.table("mapping").map(|mapping| self::mapping(&mapping));
    let (is_mapped, may_be_mapped) = (section.has("mapping"), matches!(kind, Some(Kind::Webhook | Kind::CloudEvents)));
    if kind == Some(Kind::Webhook) && !is_mapped {
        let sentence = "this is missing: it says what is what in the JSON; see docs/alerts-in.md";
        section.problem(section.at(), "mapping", sentence);
    } else if kind.is_some() && is_mapped && !may_be_mapped {
        let sentence = "this is for sources of kind webhook and cloudevents: what others send is known";
        section.problem(section.at(), "mapping", sentence);
    }
    if kind.is_some_and(|kind| !is_signable(kind)) && section.has("secret") {
        let sentence = "nothing of this kind is signed by a secret; take the line away";
        section.problem(section.at(), "secret", sentence);
    }
    section.finish();
    Some(Source { secret, mapping, rate, ..Source::new(id?.into_inner(), kind?) })
}

/// Whether requests of a kind can carry a signature made with a secret that both sides know.
fn is_signable(kind: Kind) -> bool {
    match kind {
        Kind::Sentry | Kind::Grafana | Kind::Webhook | Kind::CloudEvents => true,
        Kind::Alertmanager
        | Kind::Datadog
        | Kind::Sns
        | Kind::UptimeKuma
        | Kind::Email
        | Kind::PagerDuty
        | Kind::Opsgenie
        | Kind::Heartbeat => false,
    }
}

fn rate(section: &Section<'_, '_>) -> Rate {
    let number = |key| {
        let number = section.number(key, RATES).and_then(|number| u32::try_from(number).ok());
        number.and_then(NonZeroU32::new)
    };
    let usual = Rate::default();
    Rate { per_second: number("per_second").unwrap_or(usual.per_second), burst: number("burst").unwrap_or(usual.burst) }
}

fn mapping(section: &Section<'_, '_>) -> Mapping {
    let pick = |key| section.text(key).and_then(|typed| section.taken(key, &typed, Pick::parse(typed.get_ref())));
    if !section.has("title") {
        let sentence = "this is missing; for example title = \"{{job.name}} failed\", or a JSON pointer: \"/job/name\"";
        section.problem(section.at(), "title", sentence);
    }
    let each = section.text("each").and_then(|typed| section.taken("each", &typed, pointer(&typed)));
    let mut mapping = Mapping {
        each,
        key: pick("key"),
        title: pick("title"),
        text: pick("text"),
        level: pick("level"),
        action: pick("action"),
        at: pick("at"),
        link: pick("link"),
        ..Mapping::default()
    };
    if let Some(labels) = section.table("labels") {
        for (name, typed) in labels.pairs() {
            let read = labels.taken(name.get_ref(), &typed, Pick::parse(typed.get_ref()));
            mapping.labels.extend(read.map(|pick| (name.into_inner(), pick)));
        }
    }
    section.finish();
    mapping
}

fn pointer(typed: &Spanned<String>) -> Result<String, String> {
    let text = typed.get_ref();
    if text.is_empty() || text.starts_with('/') {
        return Ok(text.clone());
    }
    Err(format!("“{text}” is not a JSON pointer; write it like \"/alerts\""))
}
