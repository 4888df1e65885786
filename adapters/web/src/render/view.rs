//! Views, and the buttons under them.

use super::span::{line, web_address};
use super::{Frame, Hands, badge};
use maud::{Markup, html};
use muster_core::command::Invocation;
use muster_core::refusal::Refusal;
use muster_core::view::{Action, Choice, Does, Field, Item, Section, View, Weight};

/// A view as a card. The console has no limits of size: nothing is cut.
#[must_use]
pub fn render(view: &View, frame: &Frame<'_>) -> Markup {
    html! {
        article class={ "view view-" (badge::tone(view.tone)) } {
            @if !view.title.is_empty() { p.view-title dir="auto" { (line(&view.title, frame)) } }
            @for section in &view.sections { (part(section, frame)) }
            (buttons(&view.actions, frame))
            @if !view.footer.is_empty() { p.view-footer { (line(&view.footer, frame)) } }
        }
    }
}

fn part(section: &Section, frame: &Frame<'_>) -> Markup {
    match section {
        Section::Text(spans) => html! { p.view-text dir="auto" { (line(spans, frame)) } },
        Section::Heading(heading) => html! { h3.view-heading { (heading) } },
        Section::Fields(fields) => html! { dl.view-fields { @for one in fields { (field(one, frame)) } } },
        Section::List(items) => html! { ul.view-list { @for one in items { (item(one, frame)) } } },
        Section::Code(code) => html! { pre { (code) } },
    }
}

fn field(field: &Field, frame: &Frame<'_>) -> Markup {
    html! { div { dt { (field.label) } dd dir="auto" { (line(&field.value, frame)) } } }
}

fn item(item: &Item, frame: &Frame<'_>) -> Markup {
    html! {
        li {
            span dir="auto" { (line(&item.line, frame)) }
            @if let Some(one) = &item.action { div.actions { (action(one, "small", frame)) } }
        }
    }
}

/// Actions side by side; none for those who may only look.
fn buttons(actions: &[Action], frame: &Frame<'_>) -> Markup {
    let can = |action: &&Action| frame.hands.is_some() || matches!(action.does, Does::Visit(_));
    let shown: Vec<_> = actions.iter().filter(can).collect();
    html! { @if !shown.is_empty() { div.actions { @for one in shown { (action(one, "", frame)) } } } }
}

/// One action. `size` is `small` or nothing.
pub(crate) fn action(action: &Action, size: &str, frame: &Frame<'_>) -> Markup {
    let class = format!("button {} {size}", weight(action.weight));
    if let Does::Visit(url) = &action.does {
        return html! { @if let Some(url) = web_address(url) { a class=(class) href=(url) rel="noreferrer" { (action.label) } } };
    }
    if frame.hands.is_none() {
        return html! {};
    }
    match &action.does {
        Does::Run(call) => {
            let ask = if action.weight == Weight::Danger { "confirm" } else { "call" };
            press(&class, &action.label, (ask, call))
        }
        Does::Open(call) => press(&class, &action.label, ("open", call)),
        Does::Choose(choices) => menu(&class, &action.label, choices),
        Does::Visit(_) => html! {},
    }
}

fn weight(weight: Weight) -> &'static str {
    match weight {
        Weight::Primary => "primary",
        Weight::Plain => "",
        Weight::Danger => "danger",
    }
}

/// A button of the page's [`act_form`]. Its name says what is wanted of the call: `call`, `open` or `confirm`.
pub(crate) fn press(class: &str, label: &str, (ask, call): (&str, &Invocation)) -> Markup {
    html! {
        button class=(class) form=(ACT) name=(ask) value=(written(call)) aria-haspopup=[(ask != "call").then_some("dialog")] { (label) }
    }
}

fn menu(class: &str, label: &str, choices: &[Choice]) -> Markup {
    html! {
        details.menu {
            summary class=(class) { (label) span aria-hidden="true" { "▾" } }
            div.menu-items {
                @for choice in choices { (press("menu-item", &badge::capital(&choice.label), ("call", &choice.run))) }
            }
        }
    }
}

/// The id of the form that all buttons of a page belong to.
const ACT: &str = "act";

/// The one form of all buttons of a page. Nothing of it is seen.
pub(crate) fn act_form(frame: &Frame<'_>) -> Markup {
    html! {
        @if let Some(hands) = &frame.hands {
            form id=(ACT) method="post" action="/do" hidden data-send data-live { (hidden(hands)) }
        }
    }
}

/// What every form of ours carries.
pub(crate) fn hidden(hands: &Hands<'_>) -> Markup {
    html! {
        input type="hidden" name="csrf" value=(hands.csrf);
        input type="hidden" name="request" value=(hands.request);
        @if let Some(here) = hands.here { input type="hidden" name="here" value=(here); }
    }
}

/// A call as it travels in a button. It is read and checked again when it comes back.
pub(super) fn written(call: &Invocation) -> String {
    serde_json::to_string(call).unwrap_or_default()
}

/// Why something was not done, for its author alone.
pub(crate) fn problem(refusal: &Refusal) -> Markup {
    html! {
        div.refusal role="alert" {
            (badge::caution())
            div {
                p { (refusal.sentence) @if !refusal.sentence.ends_with(['.', '?', '!']) { "." } }
                @if let Some(instead) = &refusal.instead {
                    p.instead { "Try " button.instead-line type="button" data-line=(instead) { (instead) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;
    use muster_core::clock::Timestamp;
    use muster_core::ids::IncidentId;
    use muster_core::view::{Tone, text};

    fn view() -> View {
        View::titled(Tone::Warning, vec![text("Bob <b>offers</b>")])
            .with(Section::Text(vec![text("a\nb")]))
            .offering(Action::run("Accept", Invocation::of("handoff accept").on(IncidentId(1))).primary())
            .offering(Action::run("Cancel it", Invocation::of("cancel").with("note", "\"'<>&")).danger())
            .offering(Action {
                label: "Docs".into(),
                weight: Weight::Plain,
                does: Does::Visit("https://example.com".into()),
            })
    }

    fn frame(hands: Option<Hands<'static>>) -> Frame<'static> {
        Frame { now: Timestamp::UNIX_EPOCH, zone: Tz::UTC, hands }
    }

    const HANDS: Hands<'static> = Hands { csrf: "c", request: "r", here: Some(IncidentId(1)) };

    #[test]
    fn a_button_carries_its_command_and_the_page_proves_that_it_is_ours() {
        let all = render(&view(), &frame(Some(HANDS))).into_string();
        let form = act_form(&frame(Some(HANDS))).into_string();
        assert!(form.contains(r#"<input type="hidden" name="csrf" value="c">"#), "{form}");
        assert!(all.contains(r#"form="act" name="call""#) && form.contains(r#"<form id="act""#), "{all}");
        assert!(
            all.contains(r#"value="{&quot;command&quot;:&quot;handoff&quot;,&quot;verb&quot;:&quot;accept&quot;"#),
            "{all}"
        );
        assert!(all.contains("Bob &lt;b&gt;offers&lt;/b&gt;"), "{all}");
    }

    #[test]
    fn what_is_hard_to_take_back_is_asked_for_first() {
        let all = render(&view(), &frame(Some(HANDS))).into_string();
        assert_eq!(all.matches(r#"name="confirm""#).count(), 1, "{all}");
        assert_eq!(all.matches(r#"name="call""#).count(), 1, "{all}");
    }

    #[test]
    fn who_may_only_look_sees_no_button_but_links() {
        let all = render(&view(), &frame(None)).into_string();
        assert!(!all.contains("<form") && !all.contains("<button"), "{all}");
        assert!(all.contains(r#"href="https://example.com""#), "{all}");
    }

    #[test]
    fn a_refusal_is_one_sentence_and_a_line_to_take() {
        let all = problem(&Refusal::invalid("“rsolve” is not a command").instead("resolve")).into_string();
        assert!(all.contains("is not a command.</p>") && all.contains(r#"data-line="resolve""#), "{all}");
    }
}
