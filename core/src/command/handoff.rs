//! `handoff`: a role changes hands when the one who is asked accepts, and not before.

use super::args::Args;
use super::call::Invocation;
use super::new::TEXT;
use super::role::must_be_open;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, State, give, incident_of};
use crate::ids::RoleKey;
use crate::incident::Incident;
use crate::incident::event::{Event, OfferEnd, Subject};
use crate::incident::role;
use crate::refusal::Refusal;
use crate::view::{Action, Section, Span, Tone, View, card, strong, text};

const ROLE: Arg = Arg::flag("role", ArgKind::Role, "which role; command, unless you say otherwise");
const OFFERED: Arg = Arg::flag("role", ArgKind::Role, "which role, if several are offered");

pub(super) const SPEC: Spec = Spec {
    name: "handoff",
    button: "Offer",
    summary: "Hand your role over to somebody",
    group: Group::People,
    scope: Scope::Incident,
    verbs: &[
        Verb {
            name: "",
            summary: "Offer your role to somebody, with a briefing",
            access: Access::Writes,
            args: &[
                Arg::required("person", ArgKind::Person, "who is to take it"),
                Arg::rest("briefing", ArgKind::Paragraph(TEXT), "what they must know", false),
                ROLE,
            ],
            examples: &["handoff @bob waiting for the bank; next update at 11:00"],
            read: Offer::read,
        },
        Verb {
            name: "accept",
            summary: "Take the role that was offered to you",
            access: Access::Writes,
            args: &[OFFERED],
            examples: &["handoff accept"],
            read: |args| EndOffer::read(OfferEnd::Accepted, args),
        },
        Verb {
            name: "decline",
            summary: "Say no to the role that was offered to you",
            access: Access::Writes,
            args: &[OFFERED],
            examples: &["handoff decline"],
            read: |args| EndOffer::read(OfferEnd::Declined, args),
        },
        Verb {
            name: "withdraw",
            summary: "Take back your offer",
            access: Access::Writes,
            args: &[OFFERED],
            examples: &["handoff withdraw"],
            read: |args| EndOffer::read(OfferEnd::Withdrawn, args),
        },
    ],
};

/// Offer a role to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    role: Option<RoleKey>,
    person: String,
    briefing: Option<String>,
}

impl Offer {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let person = args.person("person").ok_or_else(|| Refusal::invalid("To whom?").instead("handoff @bob"))?;
        Ok(Command::Handoff(Self { role: args.role("role")?, person, briefing: args.text("briefing", TEXT)? }))
    }
}

impl Run for Offer {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        must_be_open(incident)?;
        let to = ctx.whom(&self.person, incident)?;
        let role = self.role.clone().unwrap_or_else(RoleKey::commander);
        let name = ctx.org.role_name(&role).to_owned();
        if !incident.holds(&ctx.actor.person, &role) {
            let sentence = format!("You are not {name}, so you cannot hand it over");
            return Err(Refusal::conflict(sentence).instead("role list"));
        }
        if to.person == ctx.actor.person {
            return Err(Refusal::conflict(format!("You are {name} already: hand over to somebody else")));
        }
        if incident.holds(&to.person, &role) {
            return Err(Refusal::conflict(format!("{} is already {name}", to.name)));
        }
        if let Some(offer) = incident.offers.iter().find(|offer| offer.role == role && offer.from == ctx.actor.person) {
            let sentence = format!("You have offered this to {} already: withdraw that first", offer.to_name);
            return Err(Refusal::conflict(sentence).instead("handoff withdraw"));
        }
        let mut draft = Draft::of(incident, ctx);
        draft.let_in(&to.person, &to.name);
        draft.incident.offers.push(role::Offer {
            role: role.clone(),
            from: ctx.actor.person.clone(),
            to: to.person.clone(),
            to_name: to.name.clone(),
            briefing: self.briefing.clone(),
            at: ctx.now,
        });
        draft.record(Event::HandoffOffered { role: role.clone(), to: to.clone(), briefing: self.briefing.clone() });
        let view = offer_card(incident, &name, &role, &to, (ctx, self.briefing.as_deref()));
        draft.say(&view);
        draft.tell(&to.person, &view);
        Ok(draft.done(|incident| offered(incident, &name, &to)))
    }
}

fn offer_card(
    incident: &Incident,
    name: &str,
    role: &RoleKey,
    to: &Subject,
    (ctx, briefing): (&Ctx<'_>, Option<&str>),
) -> View {
    let answer = |verb: &str| Invocation::of(verb).on(incident.id).with("role", role.as_str());
    let title = vec![
        strong(ctx.actor.name.clone()),
        text(format!(" offers {name} of ")),
        card::named(incident),
        text(" to "),
        Span::Mention { id: to.person.clone(), name: to.name.clone() },
    ];
    let briefing = briefing.unwrap_or("No briefing was given.").to_owned();
    View::titled(Tone::Warning, title)
        .with(Section::Text(vec![text(briefing)]))
        .offering(Action::run("Accept", answer("handoff accept")).primary())
        .offering(Action::run("Decline", answer("handoff decline")))
        .footed(card::brief(incident))
}

fn offered(incident: &Incident, name: &str, to: &Subject) -> View {
    let title = vec![text(format!("{name} is offered to ")), strong(to.name.clone())];
    View::titled(Tone::Neutral, title)
        .with(Section::Text(vec![text("You hold it until they accept.")]))
        .offering(Action::run("Withdraw", Invocation::of("handoff withdraw").on(incident.id)))
}

/// Accept, decline or withdraw.
#[derive(Debug, Clone, PartialEq)]
pub struct EndOffer {
    role: Option<RoleKey>,
    end: OfferEnd,
}

impl EndOffer {
    fn read(end: OfferEnd, args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::EndHandoff(Self { role: args.role("role")?, end }))
    }

    /// The offer meant: of the role named, else the only one there is for this person.
    fn find<'a>(&self, incident: &'a Incident, ctx: &Ctx<'_>) -> Option<&'a role::Offer> {
        incident.offers.iter().find(|offer| {
            let party = match self.end {
                OfferEnd::Accepted | OfferEnd::Declined => &offer.to,
                OfferEnd::Withdrawn => &offer.from,
            };
            party == &ctx.actor.person && self.role.as_ref().is_none_or(|role| role == &offer.role)
        })
    }
}

impl Run for EndOffer {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let Some(offer) = self.find(incident, ctx) else {
            let whose = match self.end {
                OfferEnd::Accepted | OfferEnd::Declined => "Nobody offers you a role",
                OfferEnd::Withdrawn => "You offer nobody a role",
            };
            return Err(Refusal::conflict(format!("{whose} in {}", incident.id)).instead("role list"));
        };
        let to = Subject { person: offer.to.clone(), name: offer.to_name.clone() };
        let mut draft = Draft::of(incident, ctx);
        draft.incident.offers.retain(|other| other != offer);
        draft.record(Event::HandoffEnded { role: offer.role.clone(), to: to.clone(), end: self.end });
        if self.end == OfferEnd::Accepted {
            let Some(role) = ctx.org.find_role(offer.role.as_str()) else {
                return Err(Refusal::not_found("There is no such role any more").instead("role list"));
            };
            draft.incident.roles.retain(|one| !(one.role == offer.role && one.person == offer.from));
            give(&mut draft, role, &to);
        }
        if self.end != OfferEnd::Withdrawn {
            let view = answered(incident, &to, self.end, ctx.org.role_name(&offer.role));
            draft.tell(&offer.from, &view);
        }
        Ok(draft.done(|incident| card::changed(incident, ctx)))
    }
}

fn answered(incident: &Incident, to: &Subject, end: OfferEnd, role: &str) -> View {
    let (tone, verb) = match end {
        OfferEnd::Accepted => (Tone::Good, "accepted"),
        OfferEnd::Declined => (Tone::Warning, "declined"),
        OfferEnd::Withdrawn => (Tone::Neutral, "withdrew"),
    };
    let title = vec![strong(to.name.clone()), text(format!(" {verb} {role} of ")), card::named(incident)];
    let view = View::titled(tone, title).footed(card::brief(incident));
    if end == OfferEnd::Declined { view.with(Section::Text(vec![text("You still hold it.")])) } else { view }
}
