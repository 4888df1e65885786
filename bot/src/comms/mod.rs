//! `muster comms`: templates are checked, shown, tried and brought. It needs no database, and none running.

pub(crate) mod folder;
mod library;
mod preview;
mod show;

use crate::cli::{Comms, Global, LintFormat};
use crate::config::Config;
use crate::say;
use crate::setting::{Setting, load_elsewhere};
use anyhow::{anyhow, bail};
use folder::Templates;
use muster_core::comms::template::{Fault, Known, Purpose, Template, lacking};
use muster_core::section::problem::did_you_mean;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

/// `muster comms …`
pub(crate) fn run(global: &Global, what: Comms) -> anyhow::Result<ExitCode> {
    match what {
        Comms::Lint { folder, format } => lint(global, folder.as_deref(), format == LintFormat::Json),
        Comms::Preview { template, set, locale, components, folder } => {
            let config = config(global)?;
            let template = one(of(&config, folder.as_deref())?, &template)?;
            preview::run(&template, &preview::Wanted { set, locale, components }, &config)
        }
        Comms::Show { template, folder } => {
            let templates = of(&config(global)?, folder.as_deref())?;
            match template {
                Some(id) => show::one(&one(templates, &id)?),
                None => show::all(&templates.templates),
            }
            Ok(ExitCode::SUCCESS)
        }
        Comms::Library { folder } => library::run(&known(global)?, folder.as_deref()),
    }
}

/// The config that these arguments mean; without one, that of local mode.
fn config(global: &Global) -> anyhow::Result<Config> {
    match Setting::path(global) {
        Some(path) => load_elsewhere(&path),
        None => Ok(Setting::of(global)?.config().clone()),
    }
}

/// What templates may name: what there is in the config, if there is one.
fn known(global: &Global) -> anyhow::Result<Known> {
    match Setting::path(global) {
        Some(path) => Ok(folder::known(&load_elsewhere(&path)?.org)),
        None => Ok(muster_core::comms::library::own()),
    }
}

fn of(config: &Config, named: Option<&Path>) -> anyhow::Result<Templates> {
    match named {
        Some(folder) => folder::within(folder, &folder::known(&config.org)),
        None => folder::of(config),
    }
}

/// The template of that id, if nothing is wrong with it.
fn one(all: Templates, id: &str) -> anyhow::Result<Template> {
    let Templates { mut templates, faults, .. } = all;
    if let Some(at) = templates.iter().position(|template| template.id.eq_ignore_ascii_case(id)) {
        return Ok(templates.swap_remove(at));
    }
    let of_it = |file: &str| Path::new(file).file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case(id));
    let own: Vec<String> = faults.iter().filter(|fault| of_it(&fault.file)).map(ToString::to_string).collect();
    if own.is_empty() {
        let near = did_you_mean(id, templates.iter().map(|template| template.id.as_str()));
        bail!("there is no template `{id}`{near}");
    }
    Err(anyhow!("`{id}` cannot be read\n{}", own.join("\n")))
}

fn words(purposes: &[Purpose]) -> Vec<&'static str> {
    purposes.iter().map(|purpose| purpose.word()).collect()
}

/// What is wrong with templates, and beside it what there is none for.
fn lint(global: &Global, named: Option<&Path>, as_json: bool) -> anyhow::Result<ExitCode> {
    let config = Setting::path(global).map(|path| load_elsewhere(&path)).transpose()?;
    let Templates { templates, faults, files } = match (named, &config) {
        (Some(folder), _) => folder::within(folder, &known(global)?)?,
        (None, Some(config)) => folder::within(&config.comms.folder, &folder::known(&config.org))?,
        (None, None) => bail!("there is no config here that names a folder; name one: muster comms lint FOLDER"),
    };
    let audiences = config.iter().flat_map(|config| &config.org.comms.audiences);
    let lacks: BTreeMap<_, _> = audiences.map(|one| (&one.id, words(&lacking(one, &templates)))).collect();
    if as_json {
        let faults: Vec<_> =
            faults.iter().map(|Fault { file, line, column, what }| {
                json!({ "file": file, "line": line, "column": column, "what": what })
            }).collect();
        say::out(&serde_json::to_string_pretty(&json!({ "files": files, "faults": faults, "lacks": lacks }))?);
    } else {
        faults.iter().for_each(|fault| say::out(&fault.to_string()));
        for (audience, purposes) in lacks.iter().filter(|(_, purposes)| !purposes.is_empty()) {
            say::aside(&format!("no template of {audience} has the purpose {}", purposes.join(", ")));
        }
        let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
        match faults.len() {
            0 => say::out(&format!("{files}: fine")),
            1 => say::aside(&format!("{files}: 1 fault")),
            many => say::aside(&format!("{files}: {many} faults")),
        }
    }
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
