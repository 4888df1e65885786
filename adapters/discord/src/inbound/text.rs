//! What somebody typed in Discord as what was meant: mentions as names that commands understand.
//! <https://docs.discord.com/developers/reference#message-formatting>

use crate::config::Id;
use std::collections::BTreeMap;

/// What is known of the users, channels and roles that a text names.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Users by what they are to be called: `alice`.
    pub(super) users: BTreeMap<Id, String>,
    /// Channels that are rooms, by their incident: `INC-42`.
    pub(super) rooms: BTreeMap<Id, String>,
    /// Roles by the team they stand for: `payments`.
    pub(super) teams: BTreeMap<Id, String>,
}

/// The users and the channels that a text names: at most `most` of each.
pub(super) fn named(text: &str, most: usize) -> (Vec<Id>, Vec<Id>) {
    let (mut users, mut channels) = (Vec::new(), Vec::new());
    for part in parts(text) {
        let (list, id) = match part {
            Part::User(id) => (&mut users, id),
            Part::Channel(id) => (&mut channels, id),
            Part::Text(_) | Part::Emoji(_) | Part::Role(..) => continue,
        };
        if list.len() < most && !list.contains(&id) {
            list.push(id);
        }
    }
    (users, channels)
}

/// The text as its author meant it.
pub(super) fn meant(text: &str, known: &Known) -> String {
    let words = parts(text).map(|part| match part {
        Part::Text(text) => text.to_owned(),
        Part::Emoji(name) => format!(":{name}:"),
        Part::Role(id, mention) => known.teams.get(&id).map_or_else(|| mention.to_owned(), |team| format!("@{team}")),
        Part::User(id) => {
            let name = known.users.get(&id).cloned().unwrap_or_else(|| id.to_string());
            format!("@{}", name.trim_start_matches('@'))
        }
        Part::Channel(id) => known.rooms.get(&id).cloned().unwrap_or_else(|| format!("#{id}")),
    });
    words.collect()
}

enum Part<'a> {
    Text(&'a str),
    Emoji(&'a str),
    User(Id),
    Channel(Id),
    /// A role, and how it stands there.
    Role(Id, &'a str),
}

/// A `<` opens something of Discord's own if what stands up to the next `>` is that; it is only text otherwise.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((inside, after)) = rest.strip_prefix('<').and_then(|opened| opened.split_once('>'))
            && let Some(part) = special(inside, &rest[..rest.len() - after.len()])
        {
            rest = after;
            return Some(part);
        }
        let next = rest.char_indices().skip(1).find(|(_, c)| *c == '<').map_or(rest.len(), |(at, _)| at);
        let (plain, after) = rest.split_at(next);
        rest = after;
        Some(Part::Text(plain))
    })
}

fn special<'a>(inside: &'a str, whole: &'a str) -> Option<Part<'a>> {
    if let Some(role) = inside.strip_prefix("@&") {
        return id(role).map(|role| Part::Role(role, whole));
    }
    if let Some(user) = inside.strip_prefix('@') {
        return id(user.strip_prefix('!').unwrap_or(user)).map(Part::User);
    }
    if let Some(channel) = inside.strip_prefix('#') {
        return id(channel).map(Part::Channel);
    }
    let (name, number) = inside.strip_prefix("a:").or_else(|| inside.strip_prefix(':'))?.split_once(':')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    id(number).filter(|_| is_name).map(|_| Part::Emoji(name))
}

fn id(text: &str) -> Option<Id> {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|id| is_number && *id != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let one = |id, name: &str| BTreeMap::from([(id, name.to_owned())]);
        Known { users: one(1, "alice"), rooms: one(42, "INC-42"), teams: one(5, "payments") }
    }

    #[test]
    fn mentions_become_what_commands_understand() {
        for (text, line) in [
            ("role ic <@1>", "role ic @alice"),
            ("role ic <@!1>", "role ic @alice"),
            ("role ic <@9>", "role ic @9"),
            ("show <#42>", "show INC-42"),
            ("note see <#9>", "note see #9"),
            ("join <@&5>", "join @payments"),
            ("note <:tada:123> <a:party_2:9>", "note :tada: :party_2:"),
        ] {
            assert_eq!(meant(text, &known()), line, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_it_stays_text() {
        for text in
            ["a < b", "<", "<>", "<@>", "<@x>", "<@0>", "<@+1>", "<@&7>", "<:x>", "<::7>", "<#>", "<t:1>", "@everyone"]
        {
            assert_eq!(meant(text, &known()), text);
        }
        assert_eq!(meant("<<@1>🔥", &known()), "<@alice🔥");
    }

    #[test]
    fn what_is_to_be_looked_up_is_named_once_and_bounded() {
        assert_eq!(named("<@1> <@!1> <@2> <#7> <@3>", 2), (vec![1, 2], vec![7]));
    }
}
