//! Rooms on chat platforms: what they are like on all of them.

use super::problem::did_you_mean;
use super::section::Section;
use muster_core::org::{RoomRules, Team};

/// Reads `[rooms]`. Every team it names must be one.
pub(super) fn read(root: &Section<'_, '_>, usual: RoomRules, teams: &[Team]) -> RoomRules {
    let Some(section) = root.table("rooms") else { return usual };
    let rename = section.flag("rename").unwrap_or(usual.rename);
    let keeps = section.flag("archive").is_some_and(|archive| !archive);
    let archive_after = section.span("archive_after").or(usual.archive_after).filter(|_| !keeps);
    let invite_owners = section.flag("invite_owners").unwrap_or(usual.invite_owners);
    let mut invite_teams = Vec::new();
    for team in section.texts("invite_teams").unwrap_or_default() {
        if teams.iter().any(|known| known.id == *team.get_ref()) {
            invite_teams.push(team.into_inner());
        } else {
            let near = did_you_mean(team.get_ref(), teams.iter().map(|known| known.id.as_str()));
            let sentence = format!("team `{}` does not exist{near}", team.get_ref());
            section.problem(team.span(), "invite_teams", sentence);
        }
    }
    section.finish();
    RoomRules { rename, archive_after, invite_owners, invite_teams }
}
