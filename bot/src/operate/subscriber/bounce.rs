//! `subscriber bounce`: a letter that came back is read, and counted if it is ours and says that it will not arrive.

use crate::config::Config;
use crate::say;
use anyhow::{Context, bail};
use muster_core::app::Muster;
use muster_core::comms::LinkUse;
use muster_notify::read_bounce;
use std::io::Read;
use std::process::ExitCode;

/// A report is not longer than this; the rest is not read.
const LONGEST: u64 = 1 << 20;

/// Reads one from standard input.
pub(super) async fn count(muster: &Muster, config: &Config) -> anyhow::Result<ExitCode> {
    let Some(key) = &config.comms.subscribing.key else {
        bail!("what came back can be known only by the key that it was sent with; set subscribers.key in the config");
    };
    let mut letter = Vec::new();
    std::io::stdin().lock().take(LONGEST).read_to_end(&mut letter).context("the letter cannot be read")?;
    let told = match read_bounce(&letter) {
        None => "It names no subscriber.".to_owned(),
        Some(bounce) if !key.accepts(LinkUse::Bounce, bounce.subscriber, &bounce.proof) => {
            "It proves nothing: we did not write to that address.".to_owned()
        }
        Some(bounce) if !bounce.permanent => format!("{} may still be reached.", bounce.subscriber),
        Some(bounce) => {
            muster.hear_of_bounce(bounce.subscriber).await?;
            format!("That {} was not reached is counted.", bounce.subscriber)
        }
    };
    say::aside(&told);
    Ok(ExitCode::SUCCESS)
}
