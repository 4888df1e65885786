//! `muster oncall`: who is on call by the config, and schedules from elsewhere. It needs no database, and none running.

mod import;
mod look;

use crate::calendars::Calendars;
use crate::cli::{Global, Oncall};
use crate::config::did_you_mean;
use crate::say;
use crate::setting::Setting;
use anyhow::bail;
use muster_core::clock::{Clock, SystemClock, Timestamp};
use muster_core::oncall::Schedule;
use muster_core::org::Organisation;
use std::path::Path;
use std::process::ExitCode;

/// `muster oncall …`
pub(crate) async fn run(global: &Global, what: Oncall) -> anyhow::Result<ExitCode> {
    let setting = Setting::of(global)?;
    let now = SystemClock.now();
    match what {
        Oncall::Who { whose, at } => look::who(&known(&setting, now).await, whose.as_deref(), at.as_deref(), now),
        Oncall::Gaps { whose, days } => look::gaps(&known(&setting, now).await, whose.as_deref(), days, now),
        Oncall::Import { from, file } => import::run(from, &file, &setting.config().org, now),
    }
}

/// The organisation with what can be read of its calendars on this machine.
async fn known(setting: &Setting, now: Timestamp) -> Organisation {
    let config = setting.config();
    let data = config.store.file().and_then(Path::parent);
    let calendars = Calendars { outside: None, data, now };
    let (org, troubles) = calendars.read(config.org.clone(), &config.calendars).await;
    for trouble in troubles {
        say::aside(&trouble);
    }
    org
}

/// The schedules that somebody means by the id or name of one, or of a team.
fn meant<'o>(org: &'o Organisation, whose: Option<&str>) -> anyhow::Result<Vec<&'o Schedule>> {
    if org.schedules.is_empty() {
        bail!("there is no schedule in the config; write a [[schedule]] as docs/oncall.md says, or import them");
    }
    let Some(whose) = whose else { return Ok(org.schedules.iter().collect()) };
    let is_meant = |name: &str| name.to_lowercase() == whose.to_lowercase();
    let team = org.team(whose).map(|team| team.id.as_str());
    let fits = |schedule: &&Schedule| {
        is_meant(&schedule.id) || is_meant(&schedule.name) || (team.is_some() && schedule.team.as_deref() == team)
    };
    let found: Vec<_> = org.schedules.iter().filter(fits).collect();
    match team {
        _ if !found.is_empty() => Ok(found),
        Some(team) => bail!("team `{team}` has no schedule"),
        None => {
            let names = org.schedules.iter().map(|schedule| schedule.id.as_str());
            let names = names.chain(org.teams.iter().map(|team| team.id.as_str()));
            bail!("there is no schedule or team `{whose}`{}", did_you_mean(whose, names))
        }
    }
}
