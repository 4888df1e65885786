//! Who may do what in a channel: what Muster sets of it, and nothing else of it.
//! <https://discord.com/developers/docs/topics/permissions#permission-overwrites>

use crate::api::part;
use crate::config::Id;
use serde_json::{Value, json};
use serenity::model::Permissions;

/// Everything that is a way of saying something.
const SAYING: Permissions = Permissions::SEND_MESSAGES
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::CREATE_PUBLIC_THREADS)
    .union(Permissions::CREATE_PRIVATE_THREADS);

/// Whether it is about a role, or about one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// A role; the server's own id is that of everybody.
    Role,
    /// A member.
    Member,
}

/// What one role or member may do in a channel beside what they may in the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Overwrite {
    /// Who.
    pub(super) id: Id,
    whose: Whose,
    allow: Permissions,
    deny: Permissions,
}

impl Overwrite {
    fn none(id: Id, whose: Whose) -> Self {
        Self { id, whose, allow: Permissions::empty(), deny: Permissions::empty() }
    }

    /// A member who is let into a private channel.
    pub(super) fn letting_in(user: Id) -> Self {
        Self { allow: Permissions::VIEW_CHANNEL, ..Self::none(user, Whose::Member) }
    }

    /// Everybody, who is kept out of a private channel.
    fn keeping_out(guild: Id) -> Self {
        Self { deny: Permissions::VIEW_CHANNEL, ..Self::none(guild, Whose::Role) }
    }

    /// Those of a channel object.
    pub(super) fn of(channel: &Value) -> Vec<Self> {
        let list = channel["permission_overwrites"].as_array().into_iter().flatten();
        list.filter_map(|one| {
            let whose = if one["type"] == 1 { Whose::Member } else { Whose::Role };
            let bits = |name: &str| Permissions::from_bits_retain(part::bits(&one[name]));
            Some(Self { id: part::read_id(&one["id"])?, whose, allow: bits("allow"), deny: bits("deny") })
        })
        .collect()
    }

    /// As Discord takes it.
    pub(super) fn body(&self) -> Value {
        let kind = if self.whose == Whose::Member { 1 } else { 0 };
        json!({ "type": kind, "allow": self.allow.bits(), "deny": self.deny.bits() })
    }

    /// The same, saying whose it is.
    fn whole(&self) -> Value {
        let mut body = self.body();
        body["id"] = json!(self.id.to_string());
        body
    }
}

/// Those of a new private channel, as its creation takes them: nobody sees it but we.
pub(super) fn private(guild: Id, me: Id) -> Value {
    json!([Overwrite::keeping_out(guild).whole(), Overwrite::letting_in(me).whole()])
}

/// What must change so that only we can say something in a channel. Ours comes first: else we would shut ourselves out.
pub(super) fn silencing(now: &[Overwrite], guild: Id, me: Id) -> Vec<Overwrite> {
    let find = |id: Id, whose: Whose| {
        now.iter().copied().find(|one| one.id == id).unwrap_or_else(|| Overwrite::none(id, whose))
    };
    let ours = find(me, Whose::Member);
    let ours = Overwrite { allow: ours.allow | Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES, ..ours };
    let everybody = find(guild, Whose::Role);
    let everybody = Overwrite { allow: everybody.allow - SAYING, deny: everybody.deny | SAYING, ..everybody };
    let others = now.iter().copied().filter(|one| one.id != me && one.id != guild);
    let others = others.map(|one| Overwrite { allow: one.allow - SAYING, ..one });
    changed(now, [ours, everybody].into_iter().chain(others))
}

/// What must change so that people can say something again who could before: as in the category that the channel is in,
/// or, for one that is private, as in the server.
pub(super) fn unsilencing(now: &[Overwrite], category: &[Overwrite]) -> Vec<Overwrite> {
    let as_there = now.iter().map(|one| {
        let there = category.iter().find(|other| other.id == one.id);
        let (allow, deny) = there.map_or_else(Default::default, |there| (there.allow & SAYING, there.deny & SAYING));
        Overwrite { allow: (one.allow - SAYING) | allow, deny: (one.deny - SAYING) | deny, ..*one }
    });
    changed(now, as_there)
}

fn changed(now: &[Overwrite], wanted: impl Iterator<Item = Overwrite>) -> Vec<Overwrite> {
    let is_new = |one: &Overwrite| {
        let has_content = !(one.allow | one.deny).is_empty();
        !now.contains(one) && (has_content || now.iter().any(|other| other.id == one.id))
    };
    wanted.filter(is_new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUILD: Id = 1;
    const ME: Id = 7;
    const SUPPORT: Id = 20;

    fn role(id: Id, allow: Permissions, deny: Permissions) -> Overwrite {
        Overwrite { id, whose: Whose::Role, allow, deny }
    }

    fn applied(now: &[Overwrite], changes: &[Overwrite]) -> Vec<Overwrite> {
        let kept = now.iter().filter(|one| changes.iter().all(|other| other.id != one.id));
        kept.chain(changes).copied().collect()
    }

    #[test]
    fn a_silenced_channel_is_silent_for_all_but_us_and_as_it_was_once_it_speaks_again() {
        let (view, none) = (Permissions::VIEW_CHANNEL, Permissions::empty());
        let category = [role(GUILD, none, Permissions::CREATE_PRIVATE_THREADS), role(SUPPORT, view | SAYING, none)];
        let silence = silencing(&category, GUILD, ME);
        assert_eq!(silence[0].id, ME, "first we see to it that we can go on");
        let silent = applied(&category, &silence);
        for one in &silent {
            assert!(one.id == ME || !one.allow.intersects(SAYING), "{one:?}");
        }
        assert!(silent.iter().any(|one| one.id == GUILD && one.deny.contains(SAYING)));
        assert!(silent.iter().any(|one| one.id == SUPPORT && one.allow == view), "they still see it");
        assert_eq!(silencing(&silent, GUILD, ME), [], "once is enough");
        let again = applied(&silent, &unsilencing(&silent, &category));
        for one in category {
            assert!(again.contains(&one), "{one:?}");
        }
    }

    #[test]
    fn a_private_channel_is_seen_by_those_who_were_let_in() {
        let channel = json!({ "permission_overwrites": [
            { "id": "1", "type": 0, "allow": "0", "deny": "1024" },
            { "id": "9", "type": 1, "allow": "1024", "deny": "0" },
        ] });
        let now = Overwrite::of(&channel);
        assert_eq!(now, [Overwrite::keeping_out(GUILD), Overwrite::letting_in(9)]);
        assert_eq!(private(GUILD, 9)[1], json!({ "id": "9", "type": 1, "allow": 1024, "deny": 0 }));
        let silent = applied(&now, &silencing(&now, GUILD, ME));
        let again = applied(&silent, &unsilencing(&silent, &[]));
        assert!(again.contains(&now[0]) && again.contains(&now[1]), "{again:?}");
    }
}
