//! `[discord]`: how Muster is connected to a server, and what happens there by itself.

use super::problem::did_you_mean;
use super::section::Section;
use super::value;
use muster_core::org::{ChatRules, GroupRule, Right, Team};
use muster_discord::{DiscordConfig, Id, Rooms, Token, platform};
use toml::Spanned;

/// What those in a role of the server may do. Being on a team, one may at least respond.
const RIGHTS: [(&str, Right); 3] = [("view", Right::View), ("respond", Right::Respond), ("admin", Right::Admin)];

/// What the section says.
pub(super) struct Read {
    /// For the adapter.
    pub(super) config: DiscordConfig,
    /// For the organisation: what happens by itself.
    pub(super) rules: ChatRules,
    /// For the organisation: what the roles of the server stand for.
    pub(super) groups: Vec<GroupRule>,
}

/// Reads `[discord]`; `None` when it is not there, or too little of it is. Every team it names must be one.
pub(super) fn read(root: &Section<'_, '_>, teams: &[Team]) -> Option<Read> {
    let section = root.table("discord")?;
    let token = value::secret(&section, "token").map(Token::new);
    if token.is_none() && !section.has("token") {
        let sentence = "this is missing: the token of the bot; for example token = \"env:MUSTER_DISCORD_TOKEN\"";
        section.problem(section.at(), "token", sentence);
    }
    if !section.has("server") {
        let sentence = "this is missing: the id of the server, from “Copy Server ID” in developer mode";
        section.problem(section.at(), "server", sentence);
    }
    let server = id(&section, "server");
    let public_key = section.text("public_key").map(Spanned::into_inner);
    let gateway = section.flag("gateway").unwrap_or(true);
    let places = places(&section);
    let rooms = section.flag("rooms").unwrap_or(true);
    let voice = section.flag("voice").unwrap_or(false);
    let announce = id(&section, "announce");
    let reactions = section.texts("pin_reactions");
    let commands_in_guild = section.flag("commands_in_server").unwrap_or(false);
    let api_url = section.text("api_url").map(Spanned::into_inner);
    let groups = groups(&section, teams);
    section.finish();
    let mut config = DiscordConfig::new(token?, server?);
    config.public_key = public_key;
    config.gateway = gateway;
    config.rooms = places;
    config.voice = voice;
    config.announce = announce;
    config.commands_in_guild = commands_in_guild;
    if let Some(reactions) = reactions {
        config.pin_reactions = reactions.into_iter().map(|one| one.into_inner().trim_matches(':').to_owned()).collect();
    }
    if let Some(url) = api_url {
        config.api_url = url.trim_end_matches('/').to_owned();
    }
    if let Err(wrong) = config.check() {
        section.problem(section.at(), "", wrong.to_string());
        return None;
    }
    let announces = config.announce.is_some();
    Some(Read { config, rules: ChatRules { platform: platform(), rooms, announces }, groups })
}

/// Where rooms are made: `categories`, or `forum`, or `threads_of`.
fn places(section: &Section<'_, '_>) -> Rooms {
    let categories = section.texts("categories").unwrap_or_default();
    let categories = categories.iter().filter_map(|typed| as_id(section, "categories", typed)).collect();
    let (forum, channel) = (id(section, "forum"), id(section, "threads_of"));
    let given = ["categories", "forum", "threads_of"].into_iter().filter(|key| section.has(key));
    if let [_, second, ..] = given.collect::<Vec<_>>()[..] {
        section.problem(section.at(), second, "rooms are made in one kind of place only: leave the others out");
    }
    match (forum, channel) {
        (Some(forum), _) => Rooms::Forum { forum },
        (None, Some(channel)) => Rooms::Threads { channel },
        (None, None) => Rooms::Channels { categories },
    }
}

fn groups(section: &Section<'_, '_>, teams: &[Team]) -> Vec<GroupRule> {
    let roles = section.tables("role").unwrap_or_default();
    roles.iter().filter_map(|role| group(role, teams)).collect()
}

fn group(role: &Section<'_, '_>, teams: &[Team]) -> Option<GroupRule> {
    let typed = role.required("id", "1019283746501928374");
    let team = role.text("team");
    let right = role.choice("right", &RIGHTS);
    role.finish();
    let group = as_id(role, "id", &typed?)?.to_string();
    if let Some(team) = team.as_ref().filter(|team| !teams.iter().any(|known| known.id == *team.get_ref())) {
        let near = did_you_mean(team.get_ref(), teams.iter().map(|known| known.id.as_str()));
        role.problem(team.span(), "team", format!("team `{}` does not exist{near}", team.get_ref()));
    }
    if team.is_none() && right.is_none() {
        role.problem(role.at(), "team", "a role must stand for a team, give a right, or both");
    }
    let usual = if team.is_some() { Right::Respond } else { Right::None };
    let team = team.map(Spanned::into_inner);
    Some(GroupRule { platform: platform(), group, team, right: right.unwrap_or(usual) })
}

fn id(section: &Section<'_, '_>, key: &'static str) -> Option<Id> {
    as_id(section, key, &section.text(key)?)
}

fn as_id(section: &Section<'_, '_>, key: &'static str, typed: &Spanned<String>) -> Option<Id> {
    let id = typed.get_ref().parse().ok().filter(|id| *id != 0);
    if id.is_none() {
        let sentence = format!("“{}” is not an id of Discord; switch developer mode on, and copy it", typed.get_ref());
        section.problem(typed.span(), key, sentence);
    }
    id
}
