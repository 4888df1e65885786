//! Slack's escaped text as what was meant: entities decoded, mentions as names that commands understand.
//! <https://docs.slack.dev/messaging/formatting-message-text>

use std::collections::BTreeMap;

/// What is known of the users and channels that a text names, by their Slack ids.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Users by the name that a command understands: `alice`.
    pub(super) users: BTreeMap<String, String>,
    /// Channels that are rooms, by their incident: `INC-42`.
    pub(super) rooms: BTreeMap<String, String>,
}

/// The users and the channels that a text names, by id: at most `most` of each.
pub(super) fn named(text: &str, most: usize) -> (Vec<String>, Vec<String>) {
    let (mut users, mut channels) = (Vec::new(), Vec::new());
    for part in parts(text) {
        let (list, id) = match part {
            Part::User { id, .. } => (&mut users, id),
            Part::Channel { id, .. } => (&mut channels, id),
            Part::Text(_) | Part::Shown(_) => continue,
        };
        if list.len() < most && !list.iter().any(|known| known == id) {
            list.push(id.to_owned());
        }
    }
    (users, channels)
}

/// The text as its author meant it.
pub(super) fn meant(text: &str, known: &Known) -> String {
    let words = parts(text).map(|part| match part {
        Part::Text(text) => decoded(text),
        Part::Shown(shown) => decoded(shown.strip_prefix('@').unwrap_or(shown)),
        Part::User { id, label } => {
            let name = known.users.get(id).cloned().unwrap_or_else(|| decoded(label.unwrap_or(id)));
            format!("@{}", name.trim_start_matches('@'))
        }
        Part::Channel { id, label } => {
            known.rooms.get(id).cloned().unwrap_or_else(|| format!("#{}", decoded(label.unwrap_or(id))))
        }
    });
    words.collect()
}

enum Part<'a> {
    Text(&'a str),
    /// What stands for a link, a group or a date.
    Shown(&'a str),
    User {
        id: &'a str,
        label: Option<&'a str>,
    },
    Channel {
        id: &'a str,
        label: Option<&'a str>,
    },
}

/// A `<` that nobody escaped opens something of Slack's own, up to the next `>`.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let special = rest.strip_prefix('<').and_then(|opened| Some((opened, opened.find(['<', '>'])?)));
        if let Some((opened, end)) = special.filter(|(opened, end)| opened[*end..].starts_with('>')) {
            rest = &opened[end + 1..];
            return Some(special_part(&opened[..end]));
        }
        let next = rest.char_indices().skip(1).find(|(_, c)| *c == '<').map_or(rest.len(), |(at, _)| at);
        let (plain, after) = rest.split_at(next);
        rest = after;
        Some(Part::Text(plain))
    })
}

fn special_part(inside: &str) -> Part<'_> {
    let (target, label) = match inside.split_once('|') {
        Some((target, label)) => (target, Some(label).filter(|label| !label.is_empty())),
        None => (inside, None),
    };
    if let Some(id) = target.strip_prefix('@') {
        return Part::User { id, label };
    }
    if let Some(id) = target.strip_prefix('#') {
        return Part::Channel { id, label };
    }
    if let Some(what) = target.strip_prefix('!') {
        let unlabelled = what.strip_prefix("subteam^").or_else(|| what.split('^').next()).unwrap_or(what);
        return Part::Shown(label.unwrap_or(unlabelled));
    }
    if let Some(address) = target.strip_prefix("mailto:").or_else(|| target.strip_prefix("tel:")) {
        return Part::Shown(label.unwrap_or(address));
    }
    Part::Text(target)
}

/// `&amp;`, `&lt;` and `&gt;` decoded once: `&amp;lt;` is what somebody typed as `&lt;`.
pub(super) fn decoded(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        Known {
            users: BTreeMap::from([("U1".to_owned(), "alice".to_owned())]),
            rooms: BTreeMap::from([("C42".to_owned(), "INC-42".to_owned())]),
        }
    }

    #[test]
    fn mentions_become_what_commands_understand() {
        for (text, line) in [
            ("role ic <@U1|alice.ek>", "role ic @alice"),
            ("role ic <@U9|gus>", "role ic @gus"),
            ("role ic <@U9>", "role ic @U9"),
            ("show <#C42|inc-42-checkout>", "show INC-42"),
            ("note see <#C9|general>", "note see #general"),
            ("note ask <!subteam^S1|@payments> and <!subteam^S2>", "note ask payments and S2"),
            ("note <!channel> <!here|here>", "note channel here"),
            ("note <https://x.example/?a=1&amp;b=2|the graph>", "note https://x.example/?a=1&b=2"),
            ("note <mailto:a@b.example|a@b.example>", "note a@b.example"),
        ] {
            assert_eq!(meant(text, &known()), line, "{text}");
        }
    }

    #[test]
    fn what_somebody_typed_with_angles_stays_text() {
        for (text, meant_) in [
            ("&lt;!channel&gt; &amp;amp; &amp;lt;", "<!channel> &amp; &lt;"),
            ("a < b", "a < b"),
            ("<", "<"),
            ("<<@U1>", "<@alice"),
            ("åäö <@U1>🔥", "åäö @alice🔥"),
            ("<>", ""),
        ] {
            assert_eq!(meant(text, &known()), meant_, "{text}");
        }
    }

    #[test]
    fn what_is_to_be_looked_up_is_named_once_and_bounded() {
        assert_eq!(named("<@U1> <@U1|a> <@U2> <#C1> <@U3>", 2), (vec!["U1".into(), "U2".into()], vec!["C1".into()]));
    }
}
