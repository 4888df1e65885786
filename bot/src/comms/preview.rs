//! `muster comms preview`: what would be sent, in each language.

use crate::config::Config;
use crate::say;
use anyhow::{anyhow, bail};
use chrono::TimeDelta;
use chrono_tz::Tz;
use muster_core::clock::{Clock, SystemClock, Timestamp};
use muster_core::comms::template::{Facts, Template, Variable};
use muster_core::comms::{CommsRules, Locale, Locales, Value, Values, Window};
use muster_core::ids::IncidentId;
use muster_core::section::problem::did_you_mean;
use std::process::ExitCode;

/// What somebody wants to see.
pub(super) struct Wanted {
    /// What is filled in, as typed.
    pub(super) set: Vec<String>,
    /// In which language.
    pub(super) locale: Option<String>,
    /// What is concerned, by id.
    pub(super) components: Vec<String>,
}

/// Prints what would be sent, as if it had begun half an hour ago.
pub(super) fn run(template: &Template, wanted: &Wanted, config: &Config) -> anyhow::Result<ExitCode> {
    let rules = &config.org.comms;
    let locales = match &wanted.locale {
        Some(typed) => Locales::new(known(rules, &typed.parse()?)?, []),
        None => rules.locales.clone(),
    };
    let now = SystemClock.now();
    let zone = rules.zone();
    let facts = facts(template, wanted, config, (now, zone))?;
    let mut values = Values::new();
    for typed in &wanted.set {
        set(&mut values, template, typed, &Around { rules, locales: &locales, zone, now })?;
    }
    let filled = template.fill(&values, &facts, &locales);
    for (locale, written) in locales.iter().filter_map(|locale| filled.texts.get_key_value(locale)) {
        say::out(&format!("── {locale}\n{}\n\n{}\n", written.title, written.body));
    }
    for missing in &filled.missing {
        let variable = template.variables.iter().find(|variable| variable.label == missing.what);
        let is_own = |variable: &Variable| variable.is_text() && *locales.first() != missing.locale;
        let way = variable.map(|variable| match is_own(variable) {
            true => format!(": --set {}.{}=…", variable.name, missing.locale),
            false => format!(": --set {}=…", variable.name),
        });
        let way = way.unwrap_or_default();
        say::aside(&format!("{} lacks {}{way}", missing.locale, missing.what));
    }
    Ok(if filled.missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A language of the config.
fn known(rules: &CommsRules, locale: &Locale) -> anyhow::Result<Locale> {
    let missing = || {
        let near = did_you_mean(locale.as_str(), rules.locales.iter().map(Locale::as_str));
        anyhow!("{locale} is no language of the config{near}")
    };
    rules.locales.contains(locale).then(|| locale.clone()).ok_or_else(missing)
}

struct Around<'a> {
    rules: &'a CommsRules,
    locales: &'a Locales,
    zone: Tz,
    now: Timestamp,
}

/// Takes `NAME=VALUE`, or `NAME.sv=VALUE` for a text in one language.
fn set(values: &mut Values, template: &Template, typed: &str, around: &Around<'_>) -> anyhow::Result<()> {
    let Some((name, value)) = typed.split_once('=') else {
        bail!("`{typed}` is no value: write --set NAME=VALUE");
    };
    let (name, locale) = match name.split_once('.') {
        Some((name, tag)) => (name, Some(known(around.rules, &tag.parse()?)?)),
        None => (name, Some(around.locales.first().clone())),
    };
    let variable = template.variables.iter().find(|variable| variable.name == name).ok_or_else(|| {
        let known = template.variables.iter().map(|variable| variable.name.as_str());
        anyhow!("`{}` asks for no `{name}`{}", template.id, did_you_mean(name, known))
    })?;
    let kept = variable.read(value, around.zone, around.now).map_err(anyhow::Error::msg)?;
    match locale.filter(|_| Variable::is_text(variable)) {
        Some(locale) => {
            let entry = values.entry(name.to_owned()).or_insert_with(|| Value::Each([].into()));
            if let Value::Each(texts) = entry {
                texts.insert(locale, kept);
            }
        }
        None => {
            values.insert(name.to_owned(), Value::Same(kept));
        }
    }
    Ok(())
}

fn facts(template: &Template, wanted: &Wanted, config: &Config, (now, zone): (Timestamp, Tz)) -> anyhow::Result<Facts> {
    let rules = &config.org.comms;
    let mut components = Vec::new();
    for id in &wanted.components {
        let known = || rules.components.iter().map(|component| component.id.as_str());
        let found = rules.component(id);
        components.push(found.ok_or_else(|| anyhow!("there is no component `{id}`{}", did_you_mean(id, known())))?);
    }
    let named = |locale: &Locale| components.iter().map(|component| component.name(locale, rules).to_owned()).collect();
    let half_an_hour = TimeDelta::minutes(30);
    let window = Window { from: now + half_an_hour, until: now + half_an_hour * 5 };
    Ok(Facts {
        incident: IncidentId(1),
        earlier_at: Some(now - half_an_hour),
        components: template.sources.keys().map(|locale| (locale.clone(), named(locale))).collect(),
        sites: Vec::new(),
        next_at: (!template.status.is_over()).then_some(now + half_an_hour),
        began_at: now - half_an_hour,
        window: template.status.is_of_maintenance().then_some(window),
        organisation: rules.page.as_ref().map_or_else(|| "Your organisation".to_owned(), |page| page.name.clone()),
        time_zone: zone,
    })
}
