//! `contact`: the ways by which you can be reached, and whether they work.

use super::args::Args;
use super::call::Invocation;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::pages::{self, contact_test};
use crate::decide::{Ctx, Decision, Errand, Needs, State};
use crate::ids::IncidentId;
use crate::oncall::Proofs;
use crate::org::{Contact, Person};
use crate::plain::echo;
use crate::record::{Record, RecordKey, RecordKind, Wanted};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::oncall::doubt_in_words;
use crate::view::{Action, Item, Line, Section, TimeStyle, Tone, View, strong, text, time};

const NAME: Arg = Arg::optional("contact", ArgKind::Line(64), "which, by its name; all, unless you say otherwise");

pub(super) const SPEC: Spec = Spec {
    name: "contact",
    button: "Show",
    summary: "See and test the ways by which you are paged",
    group: Group::Muster,
    scope: Scope::Anywhere,
    verbs: &[
        Verb {
            name: "",
            summary: "See the ways by which you are paged, and whether they were proven to work",
            access: Access::Reads,
            args: &[],
            examples: &["contact"],
            read: |_| Ok(Command::Contacts(Contacts)),
        },
        Verb {
            name: "test",
            summary: "Send yourself a test page",
            access: Access::Writes,
            args: &[NAME],
            examples: &["contact test", "contact test sms"],
            read: |args| Ok(Command::TestContact(Test { name: args.line("contact", 64)? })),
        },
        Verb {
            name: "confirm",
            summary: "Say that a test page has arrived",
            access: Access::Writes,
            args: &[Arg::required("contact", ArgKind::Line(64), "by which way")],
            examples: &["contact confirm sms"],
            read: Confirm::read,
        },
    ],
};

fn needs(ctx: &Ctx<'_>) -> Needs {
    let mine = RecordKey::new(RecordKind::Proofs, ctx.actor.person.as_str());
    Needs { records: vec![Wanted::One(mine)], ..Needs::default() }
}

fn me<'a>(ctx: &Ctx<'a>) -> Result<&'a Person, Refusal> {
    let refusal = || Refusal::conflict("Muster does not know you: only people of the config are paged").instead("link");
    ctx.org.person(&ctx.actor.person).ok_or_else(refusal)
}

fn proofs(state: &State, ctx: &Ctx<'_>) -> Proofs {
    state.records.proofs(&ctx.actor.person).cloned().unwrap_or_else(|| Proofs::of(&ctx.actor.person))
}

fn named(contacts: &[Contact]) -> String {
    contacts.iter().map(|contact| contact.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The ways by which the one who asks is paged.
#[derive(Debug, Clone, PartialEq)]
pub struct Contacts;

impl Run for Contacts {
    fn needs(&self, _: Option<IncidentId>, ctx: &Ctx<'_>) -> Needs {
        needs(ctx)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let person = me(ctx)?;
        let proofs = proofs(state, ctx);
        let doubts = pages::doubts(person, &proofs, ctx);
        let line = |contact: &Contact| -> Line {
            let doubt = doubts.iter().find(|(name, _)| *name == contact.name);
            let proven = proofs.contacts.get(&contact.name).and_then(|proof| proof.proven_at);
            let state = match (doubt, proven) {
                (Some((_, doubt)), _) => vec![text(format!(" · {}", doubt_in_words(doubt)))],
                (None, Some(at)) => vec![text(" · proven to work "), time(at, TimeStyle::Relative)],
                (None, None) => vec![text(" · always there")],
            };
            [vec![strong(contact.name.clone())], state].concat()
        };
        let contacts = pages::contacts(person, ctx.org);
        let items = contacts.iter().map(|contact| Item { line: line(contact), action: None }).collect();
        let tone = if doubts.is_empty() { Tone::Good } else { Tone::Warning };
        let view = View::titled(tone, vec![text("How you are paged")])
            .with(Section::List(items))
            .offering(Action::run("Test them all", Invocation::of("contact test")));
        Ok(Decision::answer(Reply::view(view)))
    }
}

/// Send oneself a test page.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    name: Option<String>,
}

impl Run for Test {
    fn needs(&self, _: Option<IncidentId>, ctx: &Ctx<'_>) -> Needs {
        needs(ctx)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let person = me(ctx)?;
        let mut contacts = pages::contacts(person, ctx.org);
        if let Some(name) = &self.name {
            let known = named(&contacts);
            contacts.retain(|contact| contact.name.eq_ignore_ascii_case(name));
            if contacts.is_empty() {
                let sentence = format!("You have no contact “{}”: there are {known}", echo(name));
                return Err(Refusal::not_found(sentence).instead("contact"));
            }
        }
        let mut proofs = proofs(state, ctx);
        let mut errand = Errand::new(state, ctx);
        for contact in &contacts {
            contact_test::send(&mut errand, person, contact, &mut proofs, ctx.now);
        }
        errand.keep(Record::Proofs(proofs));
        let title = vec![text("Test pages are on their way by "), strong(named(&contacts))];
        let words = "Say in each of them that it arrived.";
        Ok(errand.done(View::titled(Tone::Neutral, title).with(Section::Text(vec![text(words)]))))
    }
}

/// Say that a test page has arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirm {
    name: String,
}

impl Confirm {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::ConfirmContact(Self { name: args.needed("contact", 64)? }))
    }
}

impl Run for Confirm {
    fn needs(&self, _: Option<IncidentId>, ctx: &Ctx<'_>) -> Needs {
        needs(ctx)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let person = me(ctx)?;
        let contacts = pages::contacts(person, ctx.org);
        let Some(contact) = contacts.iter().find(|contact| contact.name.eq_ignore_ascii_case(&self.name)) else {
            let sentence = format!("You have no contact “{}”: there are {}", echo(&self.name), named(&contacts));
            return Err(Refusal::not_found(sentence).instead("contact"));
        };
        let mut proofs = proofs(state, ctx);
        let proof = proofs.contacts.entry(contact.name.clone()).or_default();
        if proof.tested_at.is_none() {
            let sentence = format!("No test has been sent to you by {}", contact.name);
            return Err(Refusal::conflict(sentence).instead(format!("contact test {}", contact.name)));
        }
        proof.proven_at = Some(ctx.now);
        proof.failed = None;
        let mut errand = Errand::new(state, ctx);
        errand.keep(Record::Proofs(proofs));
        let title = vec![text("Muster can reach you by "), strong(contact.name.clone())];
        Ok(errand.done(View::titled(Tone::Good, title)))
    }
}
