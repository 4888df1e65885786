//! What was typed for the variables of a template becomes what is kept of it, or one sentence says what may be typed.

use crate::command::args::named;
use crate::command::inputs::Pair;
use crate::comms::template::{Template, Variable};
use crate::comms::{Locale, Locales, Value, Values};
use crate::decide::Ctx;
use crate::org::Organisation;
use crate::plain::echo;
use crate::refusal::Refusal;
use std::collections::BTreeMap;

/// Puts what was typed among what is kept already. Nothing for a name takes its value away.
///
/// # Errors
/// One sentence about the first mistake.
pub(super) fn apply(template: &Template, values: &mut Values, typed: &[Pair], ctx: &Ctx<'_>) -> Result<(), Refusal> {
    let locales = ctx.org.comms.locales_of(&template.audience);
    let mut seen = Vec::new();
    for (name, value) in typed {
        let Some(value) = value else { return Err(unknown(template, name)) };
        if seen.contains(&name) {
            return Err(Refusal::invalid(format!("“{}” is there twice", echo(name))));
        }
        seen.push(name);
        let (variable, locale) = meant(template, name, locales)?;
        put(variable, locale, values, value, ctx)?;
    }
    Ok(())
}

/// The variable of a name, and the language that it says: `details`, `details.sv`.
fn meant<'a>(template: &'a Template, name: &str, locales: &Locales) -> Result<(&'a Variable, Locale), Refusal> {
    let find = |name: &str| template.variables.iter().find(|one| one.name.eq_ignore_ascii_case(name));
    if let Some(variable) = find(name) {
        return Ok((variable, locales.first().clone()));
    }
    let (Some((variable, language)), true) =
        (name.rsplit_once('.').and_then(|(name, language)| Some((find(name)?, language))), name.len() < 200)
    else {
        return Err(unknown(template, name));
    };
    if !variable.is_text() {
        let sentence = format!("“{}” is the same in every language: write {}=…", echo(name), variable.name);
        return Err(Refusal::invalid(sentence));
    }
    let locale = language.parse::<Locale>().ok().filter(|locale| locales.contains(locale));
    locale.map(|locale| (variable, locale)).ok_or_else(|| {
        let known = named(locales.iter().map(Locale::as_str));
        Refusal::invalid(format!("“{}” is not a language of this audience: {known}", echo(language)))
    })
}

fn unknown(template: &Template, typed: &str) -> Refusal {
    if template.variables.is_empty() {
        return Refusal::invalid(format!("“{}” says nothing to {}: it asks for nothing", echo(typed), template.id));
    }
    let known = named(template.variables.iter().map(|one| format!("{}=…", one.name)));
    Refusal::invalid(format!("“{}” is nothing that {} asks for: {known}", echo(typed), template.id))
}

fn put(variable: &Variable, locale: Locale, values: &mut Values, typed: &str, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    let kept = match typed.trim() {
        "" => None,
        typed => Some(variable.read(typed, ctx.org.comms.zone(), ctx.now).map_err(Refusal::invalid)?),
    };
    let name = &variable.name;
    match (variable.is_text(), kept) {
        (false, Some(kept)) => drop(values.insert(name.clone(), Value::Same(kept))),
        (false, None) => drop(values.remove(name)),
        (true, kept) => {
            let mut texts = match values.remove(name) {
                Some(Value::Each(texts)) => texts,
                Some(Value::Same(text)) => BTreeMap::from([(locale.clone(), text)]),
                None => BTreeMap::new(),
            };
            match kept {
                Some(kept) => drop(texts.insert(locale, kept)),
                None => drop(texts.remove(&locale)),
            }
            if !texts.is_empty() {
                values.insert(name.clone(), Value::Each(texts));
            }
        }
    }
    Ok(())
}

/// What is kept, as one would type it.
pub(super) fn typed(template: &Template, values: &Values, org: &Organisation) -> Vec<Pair> {
    let first = org.comms.locales_of(&template.audience).first();
    let of = |variable: &Variable| -> Vec<Pair> {
        let word = |kept: &str| Some(variable.typed(kept, org.comms.zone()));
        match values.get(&variable.name) {
            None => Vec::new(),
            Some(Value::Same(kept)) => vec![(variable.name.clone(), word(kept))],
            Some(Value::Each(texts)) => {
                let name = |locale: &Locale| field(variable, locale, first);
                texts.iter().map(|(locale, kept)| (name(locale), word(kept))).collect()
            }
        }
    };
    template.variables.iter().flat_map(of).collect()
}

/// What a variable is called in a language: only the first needs no sign of it.
pub(super) fn field(variable: &Variable, locale: &Locale, first: &Locale) -> String {
    if locale == first { variable.name.clone() } else { format!("{}.{locale}", variable.name) }
}
