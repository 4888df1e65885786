//! `page`: somebody is needed, and is called until somebody answers.

use super::args::Args;
use super::new::TEXT;
use super::role::must_be_open;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::pages::{self, Order, order};
use crate::decide::{Ctx, Decision, Draft, Needs, State, incident_of};
use crate::ids::IncidentId;
use crate::incident::Incident;
use crate::incident::page::Page;
use crate::oncall::Target;
use crate::org::Loudness;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::page as shown;

const NUMBER: Arg = Arg::required("number", ArgKind::Number, "the number of the page");
const WORDS: &[&str] = &["high", "low"];

pub(super) const SPEC: Spec = Spec {
    name: "page",
    button: "Page",
    summary: "Call a person or a team until somebody answers",
    group: Group::People,
    scope: Scope::Incident,
    verbs: &[
        Verb {
            name: "",
            summary: "Call a person or a team until somebody answers",
            access: Access::Writes,
            args: &[
                Arg::required("target", ArgKind::Target, "whom: a team, a person or a schedule"),
                Arg::optional(
                    "urgency",
                    ArgKind::Word(WORDS),
                    "high wakes people, low can wait; high unless you say so",
                ),
                Arg::rest("message", ArgKind::Paragraph(TEXT), "why they are needed", true),
            ],
            examples: &["page payments cards are declined everywhere", "page @bob low have a look tomorrow"],
            read: PageSomebody::read,
        },
        Verb {
            name: "list",
            summary: "See who was paged, how, and where it stands",
            access: Access::Reads,
            args: &[],
            examples: &["page list"],
            read: |_| Ok(Command::Pages(ListPages)),
        },
        Verb {
            name: "cancel",
            summary: "Take a page back: nobody is called any more",
            access: Access::Writes,
            args: &[NUMBER],
            examples: &["page cancel 1"],
            read: |args| Ok(Command::MovePage(MovePage { number: args.number("number")?, to: None })),
        },
        Verb {
            name: "reassign",
            summary: "Call somebody else instead",
            access: Access::Writes,
            args: &[NUMBER, Arg::required("target", ArgKind::Target, "whom instead")],
            examples: &["page reassign 1 @bob"],
            read: |args| {
                let to = Some(args.target("target")?);
                Ok(Command::MovePage(MovePage { number: args.number("number")?, to }))
            },
        },
    ],
};

/// Call somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct PageSomebody {
    order: Order,
}

impl PageSomebody {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let loudness = match args.word("urgency").as_deref() {
            None | Some("high") => Loudness::High,
            Some("low") => Loudness::Low,
            Some(other) => {
                let sentence = format!("“{}” is not an urgency: there are high, low", crate::plain::echo(other));
                return Err(Refusal::invalid(sentence));
            }
        };
        let order = Order { target: args.target("target")?, loudness, message: args.needed("message", TEXT)? };
        Ok(Command::Page(Self { order }))
    }
}

fn needs(incident: Option<IncidentId>) -> Needs {
    Needs { incident, records: pages::records(), ..Needs::default() }
}

impl Run for PageSomebody {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs(incident)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        must_be_open(incident)?;
        let mut draft = Draft::of(incident, ctx);
        order(&mut draft, self.order.clone(), state)?;
        Ok(draft.done(shown::card))
    }
}

/// Who was paged.
#[derive(Debug, Clone, PartialEq)]
pub struct ListPages;

impl Run for ListPages {
    fn decide(&self, state: &State, _: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        Ok(Decision::answer(Reply::view(shown::card(incident)).about(incident.id)))
    }
}

/// Take a page back, or call somebody else instead.
#[derive(Debug, Clone, PartialEq)]
pub struct MovePage {
    number: i64,
    to: Option<Target>,
}

impl Run for MovePage {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs(incident)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let page = page_of(incident, self.number)?;
        if !(page.can_be_acked() || self.to.is_some() && incident.status.is_open()) {
            return Err(Refusal::conflict(format!("Page {} is over already", self.number)).instead("page list"));
        }
        let mut draft = Draft::of(incident, ctx);
        if let Some(target) = &self.to {
            must_be_open(incident)?;
            let anew = Order { target: target.clone(), loudness: page.loudness, message: page.message.clone() };
            order(&mut draft, anew, state)?;
        }
        pages::cancel(&mut draft, self.number);
        Ok(draft.done(shown::card))
    }
}

/// The page of that number.
pub(super) fn page_of(incident: &Incident, number: i64) -> Result<&Page, Refusal> {
    let missing = || Refusal::not_found(format!("{} has no page {number}", incident.id)).instead("page list");
    incident.page(number).ok_or_else(missing)
}
