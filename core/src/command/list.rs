//! `list`: find incidents.

use super::args::Args;
use super::call::Invocation;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, ListQuery, Needs, State};
use crate::ids::{IncidentId, SeverityKey};
use crate::incident::Kind;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::{Action, Item, Section, Tone, View, card, command, text};

/// How many are shown at once.
const PAGE: i64 = 10;

pub(super) const SPEC: Spec = Spec {
    name: "list",
    button: "List",
    summary: "List incidents",
    group: Group::Find,
    scope: Scope::Anywhere,
    verbs: &[Verb {
        name: "",
        summary: "List incidents: the open ones, unless you say otherwise",
        access: Access::Reads,
        args: &[
            Arg::optional("which", ArgKind::Word(&["open", "mine", "ended", "all"]), "which ones"),
            Arg::flag("severity", ArgKind::Severity, "only of that severity"),
            Arg::flag("service", ArgKind::Services, "only touching that service"),
            Arg::flag("site", ArgKind::Sites, "only touching that site"),
            Arg::flag("kind", ArgKind::Kind, "only of that kind"),
            Arg::flag("before", ArgKind::Incident, "only older ones than that: the next page"),
        ],
        examples: &["list", "list mine", "list all --service checkout"],
        read: List::read,
    }],
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Open,
    Mine,
    Ended,
    All,
}

/// List incidents.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    which: Which,
    severity: Option<SeverityKey>,
    service: Option<String>,
    site: Option<String>,
    kind: Option<Kind>,
    before: Option<IncidentId>,
}

impl List {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let which = match args.word("which").as_deref() {
            None | Some("open") => Which::Open,
            Some("mine") => Which::Mine,
            Some("ended" | "closed" | "resolved") => Which::Ended,
            Some("all") => Which::All,
            Some(other) => {
                let sentence =
                    format!("“{}” is not a list: there are open, mine, ended, all", crate::plain::echo(other));
                return Err(Refusal::invalid(sentence).instead("list all"));
            }
        };
        Ok(Command::List(Self {
            which,
            severity: args.severity("severity")?,
            service: args.services("service")?.into_iter().next(),
            site: args.sites("site")?.into_iter().next(),
            kind: args.kind("kind")?,
            before: args.incident("before")?,
        }))
    }

    fn heading(&self) -> &'static str {
        match self.which {
            Which::Open => "Open incidents",
            Which::Mine => "Open incidents you have joined",
            Which::Ended => "Ended incidents",
            Which::All => "All incidents",
        }
    }

    fn next(&self, last: IncidentId) -> Invocation {
        let which = match self.which {
            Which::Open => "open",
            Which::Mine => "mine",
            Which::Ended => "ended",
            Which::All => "all",
        };
        let mut call = Invocation::of("list").with("which", which).with("before", last.to_string());
        let filters = [
            ("severity", self.severity.as_ref().map(ToString::to_string)),
            ("service", self.service.clone()),
            ("site", self.site.clone()),
            ("kind", self.kind.map(|kind| kind.word().to_owned())),
        ];
        for (name, value) in filters {
            call = match value {
                Some(value) => call.with(name, value),
                None => call,
            };
        }
        call
    }
}

impl Run for List {
    fn needs(&self, _: Option<IncidentId>, ctx: &Ctx<'_>) -> Needs {
        let open = match self.which {
            Which::Open | Which::Mine => Some(true),
            Which::Ended => Some(false),
            Which::All => None,
        };
        let query = ListQuery {
            open,
            mine: self.which == Which::Mine,
            kind: self.kind,
            severity: self.severity.clone(),
            service: self.service.clone(),
            site: self.site.clone(),
            before: self.before,
            limit: PAGE,
            ..ListQuery::of(ctx.actor.person.clone())
        };
        Needs { list: Some(query), ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let view = View::titled(Tone::Neutral, vec![text(self.heading())]);
        if state.list.is_empty() {
            let none = match self.which {
                Which::Open => vec![text("None. Declare one with "), command("new sev2 checkout is slow"), text(".")],
                Which::Mine => vec![text("None. Join one with "), command("join INC-42"), text(".")],
                Which::Ended | Which::All => vec![text("None.")],
            };
            return Ok(Decision::answer(Reply::view(view.with(Section::Text(none)))));
        }
        let items = state.list.iter().map(|summary| Item {
            line: card::list_line(summary, ctx.now),
            action: Some(Action::run("Show", Invocation::of("show").on(summary.id))),
        });
        let view = view.with(Section::List(items.collect()));
        let more = state.list.last().filter(|_| state.more);
        Ok(Decision::answer(Reply::view(match more {
            Some(last) => view.offering(Action::run("Older", self.next(last.id))),
            None => view,
        })))
    }
}
