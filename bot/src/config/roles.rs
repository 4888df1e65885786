//! Roles: the usual ones, changed and added to. There is always exactly one kind of commander.

use super::organisation::Seen;
use super::section::Section;
use super::value::check_id;
use muster_core::ids::RoleKey;
use muster_core::incident::role::COMMANDER;
use muster_core::org::Role;
use toml::Spanned;

/// Words that `role` reads as what to do rather than as a role.
const VERBS: [&str; 2] = ["list", "release"];

/// The roles. A key of a usual one changes what is said of it, any other adds one.
pub(super) fn read(root: &Section<'_, '_>, mut roles: Vec<Role>) -> Vec<Role> {
    let mut seen = Seen::default();
    let mut names = Vec::new();
    for section in root.tables("role").unwrap_or_default() {
        let key = section.required("key", "legal");
        let usual = key.as_ref().and_then(|key| roles.iter().position(|role| role.key.as_str() == key.get_ref()));
        let example = "Legal";
        let name = if usual.is_some() { section.text("name") } else { section.required("name", example) };
        let aliases = section.texts("aliases");
        let brief = section.text("brief").map(Spanned::into_inner);
        let many = section.flag("many");
        if let Some(key) = key {
            check_id(&section, "key", &key);
            if VERBS.contains(&key.get_ref().as_str()) {
                section.problem(key.span(), "key", format!("`role {}` means something else", key.get_ref()));
            }
            if key.get_ref() == COMMANDER && many == Some(true) {
                section.problem(section.at(), "many", "there is only one commander; leave this out");
            }
            seen.check(&section, "key", &key);
            let before = usual.map(|place| roles.remove(place));
            let role = Role {
                key: RoleKey::from(key.get_ref().as_str()),
                name: spoken(name.as_ref(), before.as_ref().map(|role| role.name.as_str()), key.get_ref()),
                aliases: match (&aliases, &before) {
                    (Some(aliases), _) => aliases.iter().map(|alias| alias.get_ref().clone()).collect(),
                    (None, Some(before)) => before.aliases.clone(),
                    (None, None) => Vec::new(),
                },
                brief: brief.or(before.as_ref().map(|role| role.brief.clone())).unwrap_or_default(),
                many: many.or(before.map(|role| role.many)).unwrap_or_default(),
            };
            names.push((section, key, name, aliases.unwrap_or_default()));
            roles.insert(usual.unwrap_or(roles.len()), role);
        } else {
            section.finish();
        }
    }
    check_names(names, &roles);
    roles
}

fn spoken(given: Option<&Spanned<String>>, before: Option<&str>, key: &str) -> String {
    given.map(|name| name.get_ref().as_str()).or(before).unwrap_or(key).to_owned()
}

type Given<'a, 'i> = (Section<'a, 'i>, Spanned<String>, Option<Spanned<String>>, Vec<Spanned<String>>);

/// No word may mean two roles.
fn check_names(given: Vec<Given<'_, '_>>, roles: &[Role]) {
    for (section, key, name, aliases) in given {
        let others = || roles.iter().filter(|role| role.key.as_str() != key.get_ref());
        let means = |word: &str| {
            others().find(|role| {
                let words = [role.key.as_str(), role.name.as_str()];
                words
                    .into_iter()
                    .chain(role.aliases.iter().map(String::as_str))
                    .any(|known| known.eq_ignore_ascii_case(word))
            })
        };
        let words = [("key", &key)]
            .into_iter()
            .chain(name.iter().map(|name| ("name", name)))
            .chain(aliases.iter().map(|alias| ("aliases", alias)));
        for (of, word) in words {
            if let Some(other) = means(word.get_ref()) {
                section.problem(word.span(), of, format!("“{}” already means `{}`", word.get_ref(), other.key));
            }
            if of == "aliases" && (word.get_ref().is_empty() || word.get_ref().contains(char::is_whitespace)) {
                section.problem(word.span(), of, "an alias is one word");
            }
        }
        section.finish();
    }
}
