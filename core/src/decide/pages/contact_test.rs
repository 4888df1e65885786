//! Testing contacts: a page that says it is a test, and the person's word that it arrived.

use super::{quiet, steps};
use crate::clock::Timestamp;
use crate::command::Invocation;
use crate::decide::{Ctx, Decision, Errand, State};
use crate::effect::{About, Effect, Notice, Recipient, Stage};
use crate::ids::{PersonId, PlatformId};
use crate::oncall::{Doubt, Proofs};
use crate::org::{Contact, Loudness, Person};
use crate::record::Record;
use crate::view::{Action, Section, Tone, View, strong, text};
use chrono::TimeDelta;

/// The contacts of a person of which it can be doubted that they work, each with the doubt. The console is always there.
#[must_use]
pub fn doubts(person: &Person, proofs: &Proofs, ctx: &Ctx<'_>) -> Vec<(String, Doubt)> {
    let good_for = TimeDelta::from_std(ctx.org.paging.proof_good_for).unwrap_or(TimeDelta::MAX);
    let doubt = |contact: Contact| {
        let proof = proofs.contacts.get(&contact.name).cloned().unwrap_or_default();
        Some((contact.name, proof.doubt(ctx.now, good_for)?))
    };
    steps::contacts(person, ctx.org).into_iter().filter(has_to_be_proven).filter_map(doubt).collect()
}

/// Whether it can fail without anybody noticing.
#[must_use]
pub fn has_to_be_proven(contact: &Contact) -> bool {
    contact.platform != PlatformId::console()
}

/// Sends a test by one contact.
pub fn send(errand: &mut Errand<'_>, person: &Person, contact: &Contact, proofs: &mut Proofs, now: Timestamp) {
    proofs.contacts.entry(contact.name.clone()).or_default().tested_at = Some(now);
    let confirm = Invocation::of("contact confirm").with("contact", contact.name.clone());
    let view = View::titled(Tone::Neutral, vec![text("This is a test page by "), strong(contact.name.clone())])
        .with(Section::Text(vec![text(
            "Nothing is wrong. Say that it arrived, and Muster knows that it can reach you.",
        )]))
        .offering(Action::run("It arrived", confirm).primary());
    errand.effect(Effect::Page {
        platform: contact.platform.clone(),
        to: Recipient::Person { person: person.id.clone(), contact: contact.name.clone() },
        notice: Box::new(Notice {
            about: About::Test,
            stage: Stage::Raised,
            loudness: Loudness::High,
            drill: false,
            line: "Muster: a test page".to_owned(),
            message: format!("This is a test of {}. Nothing is wrong.", contact.name),
            view,
        }),
    });
}

/// A test did not get there: the person is told, wherever else they may look.
#[must_use]
pub fn failed((id, contact): (&PersonId, &str), reason: &str, state: &State, ctx: &Ctx<'_>) -> Decision {
    let mut proofs = state.records.proofs(id).cloned().unwrap_or_else(|| Proofs::of(id));
    proofs.contacts.entry(contact.to_owned()).or_default().failed = Some((ctx.now, reason.to_owned()));
    let title = vec![text("Muster cannot reach you by "), strong(contact)];
    let view = View::titled(Tone::Danger, title).with(Section::Text(vec![text(reason)]));
    let mut errand = Errand::new(state, ctx);
    errand.keep(Record::Proofs(proofs));
    errand.tell(id, &view);
    errand.done(view)
}

/// Tests every contact that was not tested for so long. Quiet hours are no time for that.
pub fn due(errand: &mut Errand<'_>, person: &Person, proofs: &mut Proofs, every: TimeDelta, ctx: &Ctx<'_>) {
    if quiet::free_at(person, Loudness::Low, ctx.now) > ctx.now {
        return;
    }
    for contact in steps::contacts(person, ctx.org).iter().filter(|contact| has_to_be_proven(contact)) {
        let proof = proofs.contacts.get(&contact.name).cloned().unwrap_or_default();
        let last = proof.tested_at.max(proof.proven_at);
        if last.is_none_or(|last| last + every <= ctx.now) {
            send(errand, person, contact, proofs, ctx.now);
        }
    }
}
