//! Silences and maintenance windows, made and ended: by commands of their own, and with planned work.

use super::{Ctx, Errand, State};
use crate::alert::{Matcher, Pattern, Silence, Silences, Test};
use crate::record::{Record, RecordKey, RecordKind, Wanted};
use crate::refusal::Refusal;
use crate::timer::Alarm;
use std::collections::BTreeSet;

/// So many may hold or be to come.
const MOST: usize = 500;

/// The record of all of them.
#[must_use]
pub fn records() -> Vec<Wanted> {
    vec![Wanted::One(RecordKey::new(RecordKind::Silences, ""))]
}

/// The conditions that an alert is of one of these services, at one of these sites.
///
/// # Errors
/// When there are too many of them.
pub(crate) fn over(services: &BTreeSet<String>, sites: &BTreeSet<String>) -> Result<Vec<Matcher>, Refusal> {
    let concerned = [("service", services), ("site", sites)];
    let matchers = concerned.into_iter().map(|(label, ids)| one_of(label, ids)).collect::<Result<Vec<_>, _>>()?;
    Ok(matchers.into_iter().flatten().collect())
}

/// The condition that a label is one of these.
fn one_of(label: &str, ids: &BTreeSet<String>) -> Result<Option<Matcher>, Refusal> {
    match (ids.first(), ids.len()) {
        (None, _) => Ok(None),
        (Some(only), 1) => Ok(Some(Matcher::is(label, only))),
        (Some(_), _) => {
            let pattern = ids.iter().map(|id| regex::escape(id)).collect::<Vec<_>>().join("|");
            let too_many = |_| {
                Refusal::invalid(format!(
                    "There are too many of “{label}” for one maintenance: plan several, with fewer of them each"
                ))
            };
            let test = Test::Like { pattern: Pattern::try_from(pattern).map_err(too_many)? };
            Ok(Some(Matcher { label: label.to_owned(), test }))
        }
    }
}

/// Adds one under the next number, with which it comes back.
///
/// # Errors
/// When it is over already, or there are too many.
pub(crate) fn add(silences: &mut Silences, silence: Silence, ctx: &Ctx<'_>) -> Result<Silence, Refusal> {
    if silences.current(ctx.now).count() >= MOST {
        let sentence = format!("There are {MOST} silences already: end some first");
        return Err(Refusal::conflict(sentence).instead("silence list"));
    }
    if silence.until <= ctx.now {
        return Err(Refusal::conflict("That is over already: say a time that is still to come"));
    }
    let number = silences.add(silence.clone(), ctx.now);
    Ok(Silence { number, ..silence })
}

/// Keeps them, and sets the timer by which the alerts are heard again that one of them has kept from people.
pub(crate) fn keep<'a>(silences: Silences, number: i64, state: &'a State, ctx: &'a Ctx<'a>) -> Errand<'a> {
    let mut errand = Errand::new(state, ctx);
    let until = silences.list.iter().find(|one| one.number == number).map(|one| one.until);
    if let Some(until) = until {
        errand.set_timer(Alarm::Unsilence { silence: number }, until.max(ctx.now));
    }
    errand.keep(Record::Silences(silences));
    errand
}
