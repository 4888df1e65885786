//! `do` and `export`: a running Muster, through its API.

mod api;
mod line;
mod reach;

use crate::cli::{DoArgs, ExportArgs, Format, Global};
use crate::say;
use anyhow::Context;
use api::{Answer, Api, Refused};
use std::process::ExitCode;

/// The exit code of a command that was refused.
const REFUSED: u8 = 2;

/// `muster do WORDS…`
pub(crate) async fn run(global: &Global, args: DoArgs) -> anyhow::Result<ExitCode> {
    let api = Api::new(reach::find(global, &args.client)?)?;
    match api.command(&line::of(&args.words), args.incident.as_deref()).await? {
        Answer::Done(answer) => {
            let text = answer.get("text").and_then(serde_json::Value::as_str);
            match text.filter(|_| !args.json) {
                Some(text) => say::out(text),
                None => say::out(&serde_json::to_string_pretty(&answer)?),
            }
            Ok(ExitCode::SUCCESS)
        }
        Answer::Refused(refused) => Ok(tell(&refused, args.json)),
    }
}

/// `muster export INC-1`
pub(crate) async fn export(global: &Global, args: ExportArgs) -> anyhow::Result<ExitCode> {
    let api = Api::new(reach::find(global, &args.client)?)?;
    let format = match args.format {
        Format::Md => "md",
        Format::Json => "json",
    };
    match api.export(&args.incident, format).await? {
        Ok(text) => {
            match &args.out {
                Some(file) => {
                    std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))?;
                    say::aside(&format!("Wrote {}", file.display()));
                }
                None => say::out(&text),
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(refused) => Ok(tell(&refused, false)),
    }
}

fn tell(refused: &Refused, as_json: bool) -> ExitCode {
    if as_json {
        say::out(&serde_json::json!({ "error": refused }).to_string());
    }
    say::aside(&refused.sentence);
    if let Some(instead) = &refused.instead {
        say::aside(&format!("Try: {instead}"));
    }
    ExitCode::from(REFUSED)
}
