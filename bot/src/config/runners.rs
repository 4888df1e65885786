//! `[[runner]]`: the runners elsewhere; and the key that orders for them are signed with.

use super::organisation::Seen;
use super::section::Section;
use super::value::check_id;
use muster_core::org::Runner;
use muster_runbooks::remote::SigningKey;
use std::path::Path;
use toml::Spanned;

/// No runner has more labels.
const MOST_LABELS: usize = 20;

/// Reads every runner. There is no order for any that is not signed.
pub(super) fn read(root: &Section<'_, '_>, is_signed: bool) -> Vec<Runner> {
    let mut names = Seen::default();
    let sections = root.tables("runner").unwrap_or_default();
    if let Some(first) = sections.first().filter(|_| !is_signed) {
        let sentence = "runners do only what is signed: make a key with `muster runner keygen FILE`, and name it in \
                        [runbooks]: signing_key = { file = \"FILE\" }";
        first.problem(first.at(), "", sentence);
    }
    sections.iter().filter_map(|section| runner(section, &mut names)).collect()
}

fn runner(section: &Section<'_, '_>, names: &mut Seen) -> Option<Runner> {
    let name = self::name(section);
    if let Some(name) = &name {
        names.check(section, "name", name);
    }
    let labels = labels(section);
    section.finish();
    Some(Runner { name: name?.into_inner(), labels })
}

/// The name of a runner, which is an id.
pub(super) fn name(section: &Section<'_, '_>) -> Option<Spanned<String>> {
    let name = section.required("name", "warehouse-1");
    if let Some(name) = &name {
        check_id(section, "name", name);
    }
    name
}

/// Its labels, each an id.
pub(super) fn labels(section: &Section<'_, '_>) -> Vec<String> {
    if !section.has("labels") {
        section.problem(section.at(), "labels", "this is missing; for example labels = [\"warehouse\"]");
    }
    let labels = section.texts("labels").unwrap_or_default();
    for label in &labels {
        check_id(section, "labels", label);
    }
    if section.has("labels") && !(1..=MOST_LABELS).contains(&labels.len()) {
        section.problem(section.at(), "labels", format!("there must be 1 to {MOST_LABELS} of them"));
    }
    labels.into_iter().map(Spanned::into_inner).collect()
}

/// `signing_key = { file = "…" }` or `{ env = "…" }`.
pub(super) fn signing_key(section: &Section<'_, '_>, folder: &Path) -> Option<SigningKey> {
    let (typed, text) = kept_elsewhere(section, "signing_key", folder)?;
    section.taken("signing_key", &typed, SigningKey::read(&text).map_err(|error| error.to_string()))
}

/// What a file or a variable of the environment holds: `{ file = "…" }` or `{ env = "…" }`.
pub(super) fn kept_elsewhere(
    section: &Section<'_, '_>,
    key: &'static str,
    folder: &Path,
) -> Option<(Spanned<String>, String)> {
    let table = section.table(key)?;
    let (file, env) = (table.text("file"), table.text("env"));
    table.finish();
    let (typed, text) = match (file, env) {
        (Some(file), None) => {
            let path = folder.join(file.get_ref());
            let text =
                std::fs::read_to_string(&path).map_err(|error| format!("{} cannot be read: {error}", path.display()));
            (file, text)
        }
        (None, Some(env)) => {
            let text = std::env::var(env.get_ref());
            let text = text.map_err(|_| format!("the environment has no variable {}", env.get_ref()));
            (env, text)
        }
        (Some(_), Some(_)) | (None, None) => {
            let sentence = "this must say where it is, in one way: { file = \"PATH\" } or { env = \"NAME\" }";
            section.problem(table.at(), key, sentence);
            return None;
        }
    };
    let text = text.map_err(|sentence| section.missing(typed.span(), key, sentence)).ok()?.trim().to_owned();
    if text.is_empty() {
        section.problem(typed.span(), key, "there is nothing in it");
        return None;
    }
    Some((typed, text))
}
