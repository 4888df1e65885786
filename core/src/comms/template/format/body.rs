//! What a template says in each language, and the partials that are put in.

use super::super::lint::Names;
use super::super::tags::{Does, LONGEST, Tag, Wrong};
use super::super::{Known, Source, Text, Variable};
use super::place::place;
use super::{Around, Reader};
use crate::comms::{Locale, Tongue};
use crate::section::Section;
use crate::section::problem::did_you_mean;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;

/// A partial in one language.
#[derive(Debug)]
pub(super) struct Partial {
    text: Text,
    tags: Vec<Tag>,
    size: usize,
}

/// Partials by name, in each language; `None` where something is wrong with one.
pub(super) type Partials = BTreeMap<String, Option<BTreeMap<Locale, Partial>>>;

/// What a template says in a language, and the variables it says it with.
pub(super) struct Body {
    pub(super) source: Source,
    pub(super) used: BTreeSet<String>,
    pub(super) at: Range<usize>,
}

/// Reads a partial.
pub(super) fn partial(reader: &Reader<'_, '_>, known: &Known) -> BTreeMap<Locale, Partial> {
    let mut texts = BTreeMap::new();
    for (locale, section, _) in languages(&reader.root, known) {
        if let Some((text, tags, size)) = text(reader, &section, "text") {
            for tag in tags.iter().filter(|tag| tag.does == Does::Put) {
                let what = format!("a partial puts no other one in; write the text of `{}` here", tag.name);
                wrong(reader, &section, "text", &Wrong { at: tag.at, what });
            }
            for found in (Names { variables: None }).check(&tags) {
                wrong(reader, &section, "text", &found);
            }
            texts.insert(locale, Partial { text, tags, size });
        }
        section.finish();
    }
    texts
}

/// Reads what a template says, in each language.
pub(super) fn all(reader: &Reader<'_, '_>, variables: &[Variable], around: &Around<'_>) -> BTreeMap<Locale, Body> {
    let mut bodies = BTreeMap::new();
    for (locale, section, at) in languages(&reader.root, around.known) {
        let whole = Whole { reader, variables, around, locale: &locale, section: &section };
        let title = whole.read("title");
        let body = whole.read("body");
        section.finish();
        if let (Some((title, mut used)), Some((body, more))) = (title, body) {
            used.extend(more);
            bodies.insert(locale, Body { source: Source { title, body }, used, at });
        }
    }
    bodies
}

/// The tables of languages. The default one must be among them; those that Muster speaks may be.
fn languages<'a, 'i>(root: &Section<'a, 'i>, known: &Known) -> Vec<(Locale, Section<'a, 'i>, Range<usize>)> {
    let mut languages = Vec::new();
    for (name, section) in root.others() {
        let is_known =
            |locale: &Locale| known.locales.contains(locale) || Tongue::ALL.map(Tongue::locale).contains(locale);
        match name.get_ref().parse::<Locale>() {
            Ok(locale) if is_known(&locale) => languages.push((locale, section, name.span())),
            Ok(_) => {
                let near = did_you_mean(name.get_ref(), known.locales.iter().map(Locale::as_str));
                root.problem(name.span(), name.get_ref(), format!("this is no language of the config{near}"));
            }
            Err(_) => {
                let sentence = "this is neither a language, such as [sv], nor [variables]";
                root.problem(name.span(), name.get_ref(), sentence);
            }
        }
    }
    let first = known.locales.first();
    if !root.has(first.as_str()) {
        let what = format!("the default language is missing; write [{first}] and its texts");
        root.problem(root.at(), first.as_str(), what);
    }
    languages
}

/// A template in one language.
struct Whole<'r, 'a, 'i> {
    reader: &'r Reader<'a, 'i>,
    variables: &'r [Variable],
    around: &'r Around<'r>,
    locale: &'r Locale,
    section: &'r Section<'a, 'i>,
}

impl Whole<'_, '_, '_> {
    /// A text with its partials put in, and the variables it names; nothing if anything is wrong with it, or with one of them.
    fn read(&self, key: &'static str) -> Option<(Text, BTreeSet<String>)> {
        if !self.section.has(key) {
            self.section.problem(
                self.section.at(),
                key,
                "this is missing, so that nothing could be sent in this language",
            );
        }
        let (mut text, tags, mut size) = text(self.reader, self.section, key)?;
        let names = Names { variables: Some(self.variables) };
        let mut found = names.check(&tags);
        let mut used: BTreeSet<String> = tags.iter().map(|tag| tag.name.clone()).collect();
        for tag in tags.iter().filter(|tag| tag.does == Does::Put) {
            match self.partial(&tag.name) {
                Ok(partial) => {
                    let put = partial.tags.iter().map(|inner| within(inner, tag)).collect::<Vec<_>>();
                    found.extend(names.check(&put).into_iter().map(|inner| Wrong {
                        at: tag.at,
                        what: format!("in the partial `{}`, {}", tag.name, inner.what),
                    }));
                    used.extend(put.into_iter().map(|tag| tag.name));
                    size += partial.size;
                }
                Err(what) => found.push(Wrong { at: tag.at, what }),
            }
        }
        if size > LONGEST {
            found.push(Wrong {
                at: 0,
                what: format!("with its partials this is longer than {LONGEST} bytes; shorten it"),
            });
        }
        for found in &found {
            wrong(self.reader, self.section, key, found);
        }
        if !found.is_empty() {
            return None;
        }
        text.put_in(&|name| self.partial(name).ok().map(|partial| &partial.text));
        Some((text, used))
    }

    /// The partial of that name in this language, or why there is none.
    fn partial(&self, name: &str) -> Result<&Partial, String> {
        let partials = self.around.partials;
        let Some(partial) = partials.get(name) else {
            let near = did_you_mean(name, partials.keys().map(String::as_str));
            return Err(format!("there is no partial `{name}`{near}"));
        };
        let Some(texts) = partial else {
            return Err(format!("the partial `{name}` is at fault itself; mend partials/{name}.toml"));
        };
        texts
            .get(self.locale)
            .ok_or_else(|| format!("the partial `{name}` has no [{}]; write it in partials/{name}.toml", self.locale))
    }
}

/// A tag of a partial, where the partial is put in.
fn within(inner: &Tag, put: &Tag) -> Tag {
    Tag { at: put.at, given: inner.given.iter().chain(&put.given).cloned().collect(), ..inner.clone() }
}

/// Reads a text, and tells what is wrong with its tags.
fn text(reader: &Reader<'_, '_>, section: &Section<'_, '_>, key: &'static str) -> Option<(Text, Vec<Tag>, usize)> {
    let source: Spanned<&str> = section.verbatim(key)?;
    if source.get_ref().trim().is_empty() {
        section.problem(source.span(), key, "this is empty");
    }
    match Text::read(source.get_ref()) {
        Ok((text, tags)) => Some((text, tags, source.get_ref().len())),
        Err(all) => {
            for found in &all {
                wrong(reader, section, key, found);
            }
            None
        }
    }
}

/// Tells what is wrong in a text, at its place in the file.
fn wrong(reader: &Reader<'_, '_>, section: &Section<'_, '_>, key: &'static str, found: &Wrong) {
    let Some(source) = section.verbatim(key) else { return };
    let at = place(reader.source, source.span().start, (source.get_ref(), found.at));
    section.problem(at..at, key, found.what.clone());
}
