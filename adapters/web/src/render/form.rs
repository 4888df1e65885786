//! Forms: a command's arguments as fields.

use super::view::{hidden, written};
use super::{Frame, Hands};
use maud::{Markup, html};
use muster_core::view::form::{Choice, Form, FormField, Input};

/// A form must be this long before what is optional is folded away.
const FOLD: usize = 4;

/// A form. It works without scripts, and sends every field, also the empty ones: an empty field says “nothing”.
#[must_use]
pub fn render_form(form: &Form, frame: &Frame<'_>) -> Markup {
    let Some(hands) = &frame.hands else { return html! {} };
    let is_shown = |field: &&FormField| form.fields.len() <= FOLD || !field.aside;
    let (shown, folded): (Vec<_>, Vec<_>) = form.fields.iter().partition(is_shown);
    html! {
        form.form method="post" action="/do" data-send data-form aria-labelledby="form-title" {
            h2 #form-title { (form.title) }
            (carried(form, hands))
            div.form-problem aria-live="assertive" {}
            div.form-fields { @for field in shown { (render_field(field)) } }
            @if !folded.is_empty() {
                details.more-fields open[folded.iter().any(|field| field.value.is_some())] {
                    summary { "More details" }
                    div.form-fields { @for field in folded { (render_field(field)) } }
                }
            }
            div.form-buttons {
                a.button href=(back(hands)) data-close { "Never mind" }
                button.button.primary type="submit" { (form.submit) }
            }
        }
    }
}

fn carried(form: &Form, hands: &Hands<'_>) -> Markup {
    html! {
        (hidden(hands))
        input type="hidden" name="ask" value="form";
        input type="hidden" name="call" value=(written(&form.target));
    }
}

/// Where one goes who changes their mind.
fn back(hands: &Hands<'_>) -> String {
    hands.here.map_or_else(|| "/".to_owned(), |here| format!("/incidents/{here}"))
}

fn render_field(field: &FormField) -> Markup {
    let id = format!("field-{}", field.name);
    let hint = format!("hint-{}", field.name);
    let name = format!("field.{}", field.name);
    let at = At { id: &id, hint: &hint, name: &name };
    match &field.input {
        Input::MultiSelect(choices) => picks(field, choices, &at),
        Input::Each { of, is } => each(field, (of, is), &at),
        Input::Toggle => toggle(field, &at),
        Input::Line { .. } | Input::Paragraph { .. } | Input::Select(_) | Input::Person(_) => html! {
            div.form-field {
                label for=(id) { (field.label) (optional(field)) }
                (control(field, &at))
                p.form-hint id=(hint) { (capital(&field.hint)) }
            }
        },
    }
}

/// The names under which a field is found.
struct At<'a> {
    id: &'a str,
    hint: &'a str,
    name: &'a str,
}

fn capital(text: &str) -> String {
    super::badge::capital(text)
}

fn optional(field: &FormField) -> Markup {
    html! { @if !field.required { " " span.optional { "optional" } } }
}

fn control(field: &FormField, at: &At<'_>) -> Markup {
    let value = field.value.as_deref().unwrap_or_default();
    let (id, hint, name) = (at.id, at.hint, at.name);
    match &field.input {
        Input::Line { max } => html! {
            input.input type="text" id=(id) name=(name) value=(value) maxlength=(max) required[field.required]
                aria-describedby=(hint) autocomplete="off" dir="auto";
        },
        Input::Paragraph { max } => html! {
            textarea.input id=(id) name=(name) maxlength=(max) required[field.required] rows="4"
                aria-describedby=(hint) dir="auto" { "\n" (value) }
        },
        Input::Select(choices) | Input::Person(choices) => html! {
            select.input id=(id) name=(name) required[field.required] aria-describedby=(hint) {
                @if !field.required || value.is_empty() { option value="" { (none(field)) } }
                @for choice in choices { (option(choice, value)) }
                @if !value.is_empty() && !choices.iter().any(|choice| choice.is(value)) { option value=(value) selected { (value) } }
            }
        },
        Input::MultiSelect(_) | Input::Each { .. } | Input::Toggle => html! {},
    }
}

/// What an empty choice is called.
fn none(field: &FormField) -> &'static str {
    if field.required { "Choose…" } else { "Not set" }
}

fn option(choice: &Choice, value: &str) -> Markup {
    html! { option value=(choice.value) selected[choice.is(value)] { (capital(&choice.label)) } }
}

fn picks(field: &FormField, choices: &[Choice], at: &At<'_>) -> Markup {
    let held: Vec<_> = field.value.iter().flat_map(|value| value.split(',')).map(str::trim).collect();
    html! {
        fieldset.form-field aria-describedby=(at.hint) {
            legend { (field.label) (optional(field)) }
            input type="hidden" name=(at.name) value="";
            @if choices.is_empty() { p.quiet.small { "None are configured." } }
            div.picks {
                @for choice in choices {
                    label.pick {
                        input type="checkbox" name=(at.name) value=(choice.value) checked[held.iter().any(|one| choice.is(one))];
                        span { (choice.label) }
                    }
                }
            }
            p.form-hint id=(at.hint) { (capital(&field.hint)) }
        }
    }
}

/// A choice for each: what nobody has chosen for is left out.
fn each(field: &FormField, (of, is): (&[Choice], &[Choice]), at: &At<'_>) -> Markup {
    let held: Vec<_> =
        field.value.iter().flat_map(|value| value.split(',')).filter_map(|one| one.split_once('=')).collect();
    html! {
        fieldset.form-field aria-describedby=(at.hint) {
            legend { (field.label) (optional(field)) }
            input type="hidden" name=(at.name) value="";
            @if of.is_empty() { p.quiet.small { "None are configured." } }
            @for one in of {
                @let now = held.iter().find(|(name, _)| name.trim() == one.value).map_or("", |(_, state)| state.trim());
                label.each {
                    span { (one.label) }
                    select.input name=(at.name) {
                        option value="" { "Not named" }
                        @for state in is {
                            option value={ (one.value) "=" (state.value) } selected[state.is(now)] { (state.label) }
                        }
                    }
                }
            }
            p.form-hint id=(at.hint) { (capital(&field.hint)) }
        }
    }
}

fn toggle(field: &FormField, at: &At<'_>) -> Markup {
    let is_on = field.value.as_deref().is_some_and(|value| !value.is_empty() && value != "no");
    html! {
        div.form-field {
            input type="hidden" name=(at.name) value="";
            label.toggle {
                input type="checkbox" id=(at.id) name=(at.name) value="yes" checked[is_on];
                span { strong { (field.label) } br; span.form-hint { (capital(&field.hint)) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;
    use muster_core::clock::Timestamp;
    use muster_core::command::Invocation;

    fn field(name: &str, input: Input, value: Option<&str>) -> FormField {
        FormField {
            name: name.to_owned(),
            label: capital(name),
            hint: "why \"this\"".to_owned(),
            input,
            required: name == "title",
            aside: !matches!(name, "severity" | "service" | "title"),
            value: value.map(str::to_owned),
        }
    }

    fn shown(fields: Vec<FormField>) -> String {
        let form = Form { title: "Declare".into(), submit: "New".into(), target: Invocation::of("new"), fields };
        let hands = Hands { csrf: "c", request: "r", here: None };
        render_form(&form, &Frame { now: Timestamp::UNIX_EPOCH, zone: Tz::UTC, hands: Some(hands) }).into_string()
    }

    fn choices() -> Vec<Choice> {
        let choice = |value: &str| Choice { value: value.into(), label: value.into() };
        vec![choice("checkout"), choice("payment")]
    }

    #[test]
    fn every_field_has_a_label_a_hint_and_what_was_typed() {
        let all = shown(vec![field("title", Input::Line { max: 150 }, Some("a <b> \"c\""))]);
        assert!(all.contains(r#"<label for="field-title">Title</label>"#), "{all}");
        assert!(all.contains(r#"value="a &lt;b&gt; &quot;c&quot;""#), "{all}");
        assert!(all.contains(r#"aria-describedby="hint-title""#) && all.contains(r#"id="hint-title""#), "{all}");
    }

    #[test]
    fn several_choices_are_kept_and_none_is_sent_as_nothing() {
        let all = shown(vec![field("service", Input::MultiSelect(choices()), Some("payment"))]);
        assert!(all.contains(r#"<input type="hidden" name="field.service" value="">"#), "{all}");
        assert!(all.contains(r#"name="field.service" value="payment" checked"#), "{all}");
        assert!(!all.contains(r#"name="field.service" value="checkout" checked"#), "{all}");
    }

    #[test]
    fn a_value_that_is_no_longer_a_choice_is_not_lost() {
        let all = shown(vec![field("role", Input::Select(choices()), Some("gone"))]);
        assert!(all.contains(r#"<option value="gone" selected>gone</option>"#), "{all}");
    }

    #[test]
    fn a_long_form_folds_what_is_rarely_needed() {
        let line = || Input::Line { max: 9 };
        let fields = ["title", "severity", "summary", "kind", "type"].map(|name| field(name, line(), None)).to_vec();
        let all = shown(fields);
        let (first, more) = all.split_once("More details").expect("a fold");
        assert!(first.contains("field-title") && first.contains("field-severity"), "{first}");
        assert!(more.contains("field-summary") && more.contains("field-kind"), "{more}");
    }
}
