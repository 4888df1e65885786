//! A small world for stories about messages: an incident, people, a clock, a config with templates, and whatever was told outside.

use crate::command::check::{Checked, Given, check};
use crate::command::{Invocation, parse};
use crate::comms::template::{File, Known, Template, read};
use crate::comms::{
    Audience, Bulletin, CommsRules, Component, ComponentState, Destination, Locale, Locales, Message, PageRules,
    PublicIncident, PublicRules, PublicSite, Theme,
};
use crate::decide::tests::world::Base;
use crate::decide::{Ctx, Decision, State};
use crate::effect::Effect;
use crate::ids::{PersonId, PlatformId, RoleKey, SeverityKey};
use crate::incident::{Kind, Visibility};
use crate::oncall::Target;
use crate::org::{Service, ServiceKind};
use crate::refusal::Refusal;
use crate::reply::Body;
use crate::runbook::Who;
use crate::view::{Action, Does, View, entry, text};
use chrono::TimeDelta;
use chrono_tz::Tz;
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

pub(super) struct World {
    base: Base,
    /// The timeline, in words.
    pub(super) told: Vec<String>,
    /// What has left the house, in the order of effects: where to, and what.
    pub(super) outside: Vec<(String, Bulletin)>,
    /// What single people were told: who, and the words.
    pub(super) letters: Vec<(String, View)>,
    /// What was said in the room.
    pub(super) said: Vec<String>,
}

impl Deref for World {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.base
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Base {
        &mut self.base
    }
}

pub(super) fn locale(text: &str) -> Locale {
    text.parse().expect("a language")
}

fn named(text: &str) -> BTreeMap<Locale, String> {
    [(locale("en"), text.to_owned()), (locale("sv"), format!("{text} (sv)"))].into()
}

const IMPACT: &str = r#"
[variables.impact]
label = "Impact"
type = "choice"
required = true
options = [{ value = "cards", en = "Cards are declined.", sv = "Kort nekas." }, { value = "slow", en = "It is slow.", sv = "Det är långsamt." }]
"#;

const DETAILS: &str = r#"
[variables.details]
label = "Details"
type = "text"
max = 300
"#;

fn template(name: &str, head: &str, texts: &str) -> File {
    let audience = name.split('-').next().unwrap_or_default();
    let text = format!("name = \"{name}\"\naudience = \"{audience}\"\n{head}\n{texts}");
    File { name: format!("{name}.toml"), text }
}

fn both(title: &str, body: &str) -> String {
    format!("[en]\ntitle = \"{title}\"\nbody = \"{body}\"\n[sv]\ntitle = \"{title} (sv)\"\nbody = \"{body} (sv)\"\n")
}

fn files() -> Vec<File> {
    let says = |status: &str| format!("status = \"{status}\"");
    let more = format!("{IMPACT}{DETAILS}");
    let body = "{{impact}}{{#if details}} {{details}}{{/if}}{{#if next_update}} More at {{next_update}}.{{/if}}";
    let free = "[variables.title]\nlabel = \"Title\"\ntype = \"text\"\nmax = 100\nrequired = true\n\
        [variables.body]\nlabel = \"Text\"\ntype = \"text\"\nmax = 1000\nrequired = true\n";
    let says_free =
        "[en]\ntitle = \"{{title}}\"\nbody = \"{{body}}\"\n[sv]\ntitle = \"{{title}}\"\nbody = \"{{body}}\"\n";
    vec![
        template("public-investigating", &says("investigating"), &format!("{more}{}", both("Problems", body))),
        template("public-identified", &says("identified"), &format!("{more}{}", both("The cause is known", body))),
        template("public-resolved", &says("resolved"), &both("It is over", "Thank you for your patience.")),
        template(
            "public-holding",
            "status = \"investigating\"\nseverities = [\"SEV1\"]\npreapproved = true\npurpose = \"holding\"",
            &both("We are looking into it", "{{components}}: we tell you more at {{next_update}}."),
        ),
        template("public-free", &(says("investigating") + "\npurpose = \"free\""), &format!("{free}{says_free}")),
        template(
            "public-retraction",
            "status = \"investigating\"\npreapproved = true\npurpose = \"retraction\"",
            &both("Taken back", "An earlier word of ours does not hold."),
        ),
        template("business-update", &says("identified"), &format!("{more}{}", both("To our partners", body))),
        template("public-scheduled", &says("scheduled"), &both("Planned work", "On {{window_from}}.")),
    ]
}

fn audience(id: &str, name: &str, to: Vec<Destination>) -> Audience {
    Audience {
        id: id.to_owned(),
        name: name.to_owned(),
        to,
        locales: Locales::new(locale("en"), [locale("sv")]),
        waits_for_all: id == "public",
        approval: vec![SeverityKey::from("SEV1"), SeverityKey::from("SEV2")],
        approvers: vec![Who::Team { team: "press".to_owned() }],
        clocked: id == "public",
    }
}

fn component(id: &str, name: &str) -> Component {
    Component {
        id: id.to_owned(),
        names: named(name),
        descriptions: BTreeMap::new(),
        group: None,
        services: vec![id.to_owned()],
        sites: None,
    }
}

/// Customers hear within a quarter of an hour, and then twice an hour.
fn rule(severity: &str, state: ComponentState) -> PublicRules {
    PublicRules {
        severity: SeverityKey::from(severity),
        first_within: Some(Duration::from_secs(900)),
        every: Some(Duration::from_secs(1800)),
        state: Some(state),
    }
}

fn page() -> PageRules {
    PageRules {
        name: "Nordvaror".into(),
        url: "https://status.example".into(),
        time_zone: Tz::Europe__Stockholm,
        since: None,
        theme: Theme::default(),
    }
}

fn templates(locales: Locales) -> Vec<Arc<Template>> {
    let known = Known {
        audiences: vec!["public".into(), "business".into()],
        severities: ["SEV1", "SEV2", "SEV3"].map(SeverityKey::from).into(),
        locales,
    };
    let (templates, faults) = read(&files(), &known);
    assert!(faults.is_empty(), "{faults:?}");
    templates.into_iter().map(Arc::new).collect()
}

fn rules() -> CommsRules {
    let locales = Locales::new(locale("en"), [locale("sv")]);
    let channel = Destination::Channel { platform: PlatformId::from("slack"), address: "C7".into() };
    let webhook = Destination::Webhook { name: "social".into() };
    CommsRules {
        templates: templates(locales.clone()),
        locales,
        audiences: vec![
            audience("public", "Customers", vec![Destination::Page, Destination::Subscribers, channel, webhook]),
            audience("business", "Business", vec![Destination::Person { person: PersonId::from("erin") }]),
        ],
        rules: vec![
            rule("SEV1", ComponentState::MajorOutage),
            rule("SEV2", ComponentState::PartialOutage),
            rule("SEV3", ComponentState::DegradedPerformance),
        ],
        components: vec![component("checkout", "Checkout"), component("web", "Web shop")],
        sites: vec![PublicSite { site: "stockholm".into(), name: "Stockholm".into(), region: None }],
        review_page: Some(Target::Person { id: PersonId::from("dave") }),
        page: Some(page()),
        ..CommsRules::default()
    }
}

impl World {
    /// INC-7 is of the checkout. Bob and Dave are on the team `press`, who may approve; Carol leads the telling.
    pub(super) fn new() -> Self {
        let mut base = Base::new("press");
        let service = |id: &str| Service { id: id.into(), name: id.into(), kind: ServiceKind::Web, owner: None };
        base.org.services = vec![service("checkout"), service("web")];
        base.org.comms = rules();
        base.incident.services = ["checkout".to_owned()].into();
        base.holds(RoleKey::from("comms"), "carol", "Carol");
        let (told, outside, letters, said) = Default::default();
        Self { base, told, outside, letters, said }
    }

    pub(super) fn drill() -> Self {
        let mut world = Self::new();
        world.incident.kind = Kind::Drill;
        world
    }

    pub(super) fn private() -> Self {
        let mut world = Self::new();
        world.incident.visibility = Visibility::Private;
        world
    }

    /// Decides as somebody, and keeps what comes of it.
    pub(super) fn decide<T>(&mut self, who: &str, decide: impl FnOnce(&State, &Ctx<'_>) -> (Option<Decision>, T)) -> T {
        let result = self.base.decide(who, decide);
        self.hear();
        result
    }

    /// The clock moves, and every timer that comes due fires at its moment.
    pub(super) fn wait(&mut self, minutes: i64) {
        self.base.wait(TimeDelta::minutes(minutes));
        self.hear();
    }

    fn hear(&mut self) {
        for effect in std::mem::take(&mut self.effects) {
            match effect {
                Effect::Publish { platform, to, bulletin } => {
                    self.outside.push((format!("{platform}/{}", to.word()), *bulletin));
                }
                Effect::Spread { platform, bulletin } => self.outside.push((platform.to_string(), *bulletin)),
                Effect::Tell { person, view, .. } => self.letters.push((person.to_string(), *view)),
                Effect::Post { view, .. } => self.said.push(text::plain(&view, Tz::UTC)),
                Effect::Open { .. }
                | Effect::Headline { .. }
                | Effect::Announce { .. }
                | Effect::Topic { .. }
                | Effect::Rename { .. }
                | Effect::Links { .. }
                | Effect::Invite { .. }
                | Effect::Archive { .. }
                | Effect::Card { .. }
                | Effect::Page { .. } => {}
            }
        }
        let entries = std::mem::take(&mut self.entries);
        self.told.extend(entries.iter().map(|row| text::line(&entry::sentence(row, &self.base.org), Tz::UTC)));
    }

    /// Somebody types a line in the room.
    pub(super) fn types(&mut self, who: &str, line: &str) -> Result<View, Refusal> {
        let org = self.org.clone();
        self.makes(who, &parse::line(line, &org, &self.place())?)
    }

    /// Somebody makes a call: a button, a form.
    pub(super) fn makes(&mut self, who: &str, call: &Invocation) -> Result<View, Refusal> {
        self.decide(who, |state, ctx| {
            let command = match check(&call.clone().gathered(), Given::Sent, ctx) {
                Ok(Checked::Command(command)) => command,
                Ok(Checked::Incomplete) => panic!("{call:?} opens a form"),
                Err(refusal) => return (None, Err(refusal)),
            };
            match command.decide(state, ctx) {
                Ok(decision) => {
                    let Body::View(view) = decision.reply.body.clone() else { panic!("a form") };
                    (decision.writes().then_some(decision), Ok(*view))
                }
                Err(refusal) => (None, Err(refusal)),
            }
        })
    }

    /// The same, and it is done.
    #[track_caller]
    pub(super) fn does(&mut self, who: &str, line: &str) -> View {
        self.types(who, line).unwrap_or_else(|refusal| panic!("{who}: {line}: {refusal}"))
    }

    /// The same, and it is refused: the sentence, and what to type instead.
    #[track_caller]
    pub(super) fn refused(&mut self, who: &str, line: &str) -> String {
        let before = (self.incident.clone(), self.records.clone());
        let refusal = self.types(who, line).expect_err(line);
        assert_eq!(before, (self.incident.clone(), self.records.clone()), "nothing changes");
        let instead = refusal.instead.map(|line| format!(" [{line}]")).unwrap_or_default();
        format!("{}{instead}", refusal.sentence)
    }

    #[track_caller]
    pub(super) fn message(&self, number: i64) -> Message {
        self.state().records.message(self.incident.id, number).cloned().expect("the message")
    }

    /// `draft`, `in review`, … by what its incident keeps, too.
    #[track_caller]
    pub(super) fn stage(&self, number: i64) -> &'static str {
        let brief = self.incident.messages.iter().find(|brief| brief.number == number).expect("the brief");
        assert_eq!(brief.stage, self.message(number).stage);
        brief.stage.word()
    }

    pub(super) fn public(&self) -> Option<PublicIncident> {
        self.state().records.public(self.incident.id).cloned()
    }

    /// What a message says in English.
    #[track_caller]
    pub(super) fn says(&self, number: i64) -> String {
        let message = self.message(number);
        let written = &message.texts[&locale("en")];
        format!("{}: {}", written.title, written.body)
    }

    /// Where what was told last went.
    pub(super) fn went_to(&mut self) -> Vec<String> {
        std::mem::take(&mut self.outside).into_iter().map(|(to, _)| to).collect()
    }

    /// The button of that name in what the person was told last.
    #[track_caller]
    pub(super) fn button(&self, who: &str, label: &str) -> Invocation {
        let letter = self.letters.iter().rev().find(|(person, _)| person == who);
        let (_, view) = letter.unwrap_or_else(|| panic!("{who} was told nothing"));
        button(view, label)
    }

    /// Clicks it.
    #[track_caller]
    pub(super) fn clicks(&mut self, who: &str, label: &str) -> Result<View, Refusal> {
        let call = self.button(who, label);
        self.makes(who, &call)
    }

    /// A draft of an identified problem, sent to be approved.
    pub(super) fn in_review() -> Self {
        let mut world = Self::new();
        world.does("carol", "comms draft public-identified impact=cards");
        world.does("carol", "comms submit");
        world
    }

    /// The same, approved by Bob.
    pub(super) fn approved() -> Self {
        let mut world = Self::in_review();
        world.clicks("bob", "Approve").expect("approved");
        world
    }

    /// The same, published by Carol.
    pub(super) fn published() -> Self {
        let mut world = Self::approved();
        world.does("carol", "comms publish");
        world
    }
}

#[track_caller]
pub(super) fn button(view: &View, label: &str) -> Invocation {
    let is_it = |action: &&Action| action.label == label;
    let action = view.actions.iter().find(is_it).unwrap_or_else(|| panic!("no button {label} in {view:#?}"));
    match &action.does {
        Does::Run(call) | Does::Open(call) => call.clone(),
        Does::Choose(_) | Does::Visit(_) => panic!("{label} is no call"),
    }
}

pub(super) fn plain(view: &View) -> String {
    text::plain(view, Tz::UTC)
}
