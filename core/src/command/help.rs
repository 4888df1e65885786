//! `help`, and the menu that a bare command shows.

use super::args::Args;
use super::call::Invocation;
use super::parse::nearest;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Slot, Spec, Verb};
use super::{Command, Run, SHORTCUTS, TABLE, find};
use crate::decide::{Ctx, Decision, ListQuery, Needs, State};
use crate::ids::IncidentId;
use crate::org::Right;
use crate::plain::echo;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::{Action, Item, Line, Section, Tone, View, card, code, command, strong, text};

pub(super) const SPEC: Spec = Spec {
    name: "help",
    button: "Show",
    summary: "What one can type",
    group: Group::Muster,
    scope: Scope::Anywhere,
    verbs: &[
        Verb {
            name: "",
            summary: "What one can type",
            access: Access::Open,
            args: &[Arg::rest("command", ArgKind::Command, "about which command", false)],
            examples: &["help", "help role"],
            read: |args| Help::read(args, false),
        },
        Verb {
            name: "menu",
            summary: "The menu: what one does most",
            access: Access::Open,
            args: &[],
            examples: &["help menu"],
            read: |args| Help::read(args, true),
        },
    ],
};

/// What one can type.
#[derive(Debug, Clone, PartialEq)]
pub struct Help {
    about: Option<&'static str>,
    menu: bool,
}

impl Help {
    fn read(args: &Args<'_>, menu: bool) -> Result<Command, Refusal> {
        let Some(typed) = args.word("command") else { return Ok(Command::Help(Self { about: None, menu })) };
        let meant = SHORTCUTS.iter().find(|(word, _)| *word == typed).map_or(typed.as_str(), |(_, line)| line);
        let word = meant.split(' ').next().unwrap_or(meant);
        match find(word) {
            Some(spec) => Ok(Command::Help(Self { about: Some(spec.name), menu })),
            None => {
                let near = nearest(word, TABLE.iter().map(|spec| spec.name));
                let refusal = Refusal::invalid(format!("“{}” is not a command", echo(&typed)));
                Err(refusal.instead(near.map_or_else(|| "help".to_owned(), |near| format!("help {near}"))))
            }
        }
    }
}

impl Run for Help {
    fn needs(&self, _: Option<IncidentId>, ctx: &Ctx<'_>) -> Needs {
        if !self.menu || ctx.actor.right < Right::View {
            return Needs::default();
        }
        match ctx.place.incident {
            Some(here) => Needs { incident: Some(here), ..Needs::default() },
            None => {
                let query = ListQuery { open: Some(true), limit: 5, ..ListQuery::of(ctx.actor.person.clone()) };
                Needs { list: Some(query), ..Needs::default() }
            }
        }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let view = match (self.menu, self.about.and_then(find)) {
            (true, _) => menu(state, ctx),
            (false, Some(spec)) => about(spec),
            (false, None) => overview(),
        };
        Ok(Decision::answer(Reply::view(view)))
    }
}

fn menu(state: &State, ctx: &Ctx<'_>) -> View {
    if let Some(incident) = &state.incident {
        return card::headline(incident, ctx.org, ctx.now);
    }
    let mut view = View::titled(Tone::Neutral, vec![text("What do you want to do?")])
        .offering(Action::open("Declare an incident", Invocation::of("new")).primary())
        .offering(Action::run("List incidents", Invocation::of("list")))
        .offering(Action::run("Help", Invocation::of("help")));
    if !state.list.is_empty() {
        let items = state.list.iter().map(|summary| Item {
            line: card::list_line(summary, ctx.now),
            action: Some(Action::run("Show", Invocation::of("show").on(summary.id))),
        });
        view = view.with(Section::Heading("Open incidents".to_owned())).with(Section::List(items.collect()));
    }
    view.footed(who_asks(ctx))
}

/// Who one is here, and what one may do.
fn who_asks(ctx: &Ctx<'_>) -> Line {
    let may = match ctx.actor.right {
        Right::None => "may do nothing here",
        Right::View => "may look",
        Right::Respond => "may respond",
        Right::Admin => "may operate Muster",
    };
    let names = ctx.actor.teams.iter().map(|id| ctx.org.team(id).map_or(id.as_str(), |team| team.name.as_str()));
    let teams: String = names.map(|name| format!(" · {name}")).collect();
    vec![text("You are "), strong(ctx.actor.name.clone()), text(format!(" and {may}{teams}"))]
}

fn overview() -> View {
    let groups = [
        (Group::Find, "Declare and find"),
        (Group::Drive, "Drive"),
        (Group::People, "Who does what"),
        (Group::Record, "Keep the record"),
        (Group::Muster, "Muster"),
    ];
    let mut view = View::titled(Tone::Neutral, vec![text("What one can type")]);
    for (group, heading) in groups {
        let rows = TABLE.iter().filter(|spec| spec.group == group);
        let items =
            rows.map(|spec| Item { line: vec![code(spec.name), text(format!("  {}", spec.summary))], action: None });
        view = view.with(Section::Heading(heading.to_owned())).with(Section::List(items.collect()));
    }
    view.footed(vec![command("help role"), text(" tells all about one of them.")])
}

fn about(spec: &Spec) -> View {
    let mut view = View::titled(Tone::Neutral, vec![code(spec.name), text(format!("  {}", spec.summary))]);
    for verb in spec.verbs {
        let args = verb.args.iter().map(|arg| Item { line: argument(arg), action: None });
        view = view.with(Section::Heading(verb.summary.to_owned())).with(Section::Code(spec.usage(verb)));
        if !verb.args.is_empty() {
            view = view.with(Section::List(args.collect()));
        }
        let example = |line: &&str| Item { line: vec![text("e.g. "), command(*line)], action: None };
        view = view.with(Section::List(verb.examples.iter().map(example).collect()));
    }
    let short: Vec<_> = SHORTCUTS.iter().filter(|(_, line)| line.split(' ').next() == Some(spec.name)).collect();
    if short.is_empty() {
        return view;
    }
    let words = short.iter().map(|(word, line)| format!("{word} = {line}"));
    view.footed(vec![text(format!("Short: {}", words.collect::<Vec<_>>().join(", ")))])
}

fn argument(arg: &Arg) -> Line {
    let name = if arg.slot == Slot::Flag { format!("--{}", arg.name) } else { arg.name.to_owned() };
    let need = if arg.required { "" } else { " (optional)" };
    vec![code(name), text(format!("  {}{need}", arg.help))]
}
