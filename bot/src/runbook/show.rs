//! `muster runbook show` and `run --dry-run`: a runbook, and what it would do, as people read it.

use crate::say;
use anyhow::{anyhow, bail};
use muster_core::clock::{Clock, SystemClock};
use muster_core::command::read_inputs;
use muster_core::ids::{IncidentId, PersonId};
use muster_core::incident::Incident;
use muster_core::incident::entry::Author;
use muster_core::org::Organisation;
use muster_core::runbook::{Planned, Runbook, plan};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::ExitCode;

/// Prints a runbook: what it is for, what it asks for, its steps.
pub(super) fn show(book: &Runbook, org: &Organisation) -> anyhow::Result<ExitCode> {
    let mut text = format!("{} ({})\n", book.name, book.id);
    if !book.description.is_empty() {
        writeln!(text, "{}", book.description)?;
    }
    for input in &book.inputs {
        let default =
            input.default.as_ref().map(|value| format!(", {value} unless said otherwise")).unwrap_or_default();
        let needed = if input.required && input.default.is_none() { ", needed" } else { "" };
        writeln!(text, "  asks for {}: {}{default}{needed}", input.id, input.label)?;
    }
    let samples = book.inputs.iter().map(|input| {
        let sample = input.default.clone().unwrap_or_else(|| Value::String(format!("‹{}›", input.id)));
        (input.id.clone(), sample)
    });
    steps(&mut text, &planned(book, &samples.collect(), org))?;
    say::out(&text);
    Ok(ExitCode::SUCCESS)
}

/// Prints what a runbook would do with these inputs.
pub(super) fn dry_run(book: &Runbook, inputs: &[String], org: &Organisation) -> anyhow::Result<ExitCode> {
    let pair = |typed: &String| match typed.split_once('=') {
        Some((name, value)) => (name.trim().to_owned(), Some(value.to_owned())),
        None => (typed.clone(), None),
    };
    let read =
        read_inputs(book, inputs.iter().map(pair).collect(), org).map_err(|refusal| anyhow!("{}", refusal.sentence))?;
    if !read.missing.is_empty() {
        bail!("{} needs --input NAME=VALUE for {}", book.id, read.missing.join(", "));
    }
    let mut text = format!("{} would do this; nothing is done.\n", book.name);
    steps(&mut text, &planned(book, &read.values, org))?;
    say::out(&text);
    Ok(ExitCode::SUCCESS)
}

fn planned(book: &Runbook, inputs: &BTreeMap<String, Value>, org: &Organisation) -> Vec<Planned> {
    let nobody = Author { person: PersonId::from("nobody"), name: "nobody".to_owned() };
    let incident = Incident::declared(IncidentId(1), "an incident", nobody, SystemClock.now());
    plan(book, inputs, &incident, org)
}

fn steps(text: &mut String, steps: &[Planned]) -> std::fmt::Result {
    for (place, step) in steps.iter().enumerate() {
        let indent = "  ".repeat(step.depth);
        writeln!(text, "\n{indent}{}. {} ({})", place + 1, step.name, step.id)?;
        if let Some(condition) = &step.condition {
            writeln!(text, "{indent}   only if {condition}")?;
        }
        for detail in &step.does {
            writeln!(text, "{indent}   {}: {}", detail.label, detail.text)?;
        }
        if let Some(runner) = &step.runner {
            writeln!(text, "{indent}   at: {runner}")?;
        }
        if let Some(timeout) = step.timeout {
            writeln!(text, "{indent}   within: {timeout:?}")?;
        }
        for detail in &step.undo {
            writeln!(text, "{indent}   back by {}: {}", detail.label, detail.text)?;
        }
    }
    Ok(())
}
