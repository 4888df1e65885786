//! Forms as modals. A field's `block_id` and `action_id` are its name.
//! <https://docs.slack.dev/reference/views/modal-views>

use super::limits;
use super::submitted::{Carried, Kept};
use super::text::{label, plain};
use super::{FORM, Names};
use muster_core::chat::asked::{self, ON};
use muster_core::chat::fit::{cut, is_kept, length};
use muster_core::plain::clean;
use muster_core::view::form::{Choice, Form, FormField, Input};
use serde_json::Value;
use slack_morphism::prelude::{
    SlackBlock, SlackBlockCheckboxesElement, SlackBlockChoiceItem, SlackBlockExternalSelectElement,
    SlackBlockMultiExternalSelectElement, SlackBlockMultiStaticSelectElement, SlackBlockPlainTextInputElement,
    SlackBlockPlainTextOnly, SlackBlockStaticSelectElement, SlackBlockText, SlackInputBlock, SlackInputBlockElement,
    SlackModalView, SlackSectionBlock, SlackView,
};

type Offered = SlackBlockChoiceItem<SlackBlockPlainTextOnly>;

/// A form as the `view` of `views.open`. Selects of more than [`limits::OPTIONS`] choices ask for them as one types
/// (`block_suggestion` with the field's name as `action_id`). No form names anybody yet.
#[must_use]
pub fn modal(form: &Form, carried: &Carried, _: &Names<'_>) -> Value {
    let (title, fits) = asked::title(form, limits::MODAL_TITLE);
    let title = label(&title, limits::MODAL_TITLE);
    let full = (!fits || form.fields.is_empty()).then(|| label(&form.title, limits::SECTION));
    let full = full.map(|text| SlackBlock::from(SlackSectionBlock::new().with_text(text.into())));
    let mut blocks: Vec<SlackBlock> = full.into_iter().collect();
    blocks.extend(form.fields.iter().map(input).take(limits::VIEW_BLOCKS - 1));
    let view = SlackModalView::new(title, blocks)
        .with_submit(label(&form.submit, limits::MODAL_TITLE))
        .with_close(super::BACK.into())
        .with_callback_id(FORM.into())
        .with_private_metadata(Kept::of(form, carried).to_text());
    super::json(&SlackView::Modal(view))
}

fn input(field: &FormField) -> SlackBlock {
    let (element, note) = element(field);
    let named = if let Input::Each { of, .. } = &field.input { asked::named(of) } else { String::new() };
    let hint =
        [field.hint.as_str(), note, named.as_str()].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>();
    let is_optional = !field.required || matches!(field.input, Input::Toggle);
    let block = SlackInputBlock::new(label(&field.label, limits::LABEL), element)
        .with_block_id(field.name.clone().into())
        .with_optional(is_optional);
    match plain(&hint.join(". "), limits::LABEL) {
        Some(hint) => block.with_hint(hint.into()).into(),
        None => block.into(),
    }
}

/// The element of a field, and what must be said about it.
fn element(field: &FormField) -> (SlackInputBlockElement, &'static str) {
    match &field.input {
        Input::Line { max } => line(field, *max, false),
        Input::Paragraph { max } => line(field, *max, true),
        Input::Select(choices) | Input::Person(choices) => select(field, choices),
        Input::MultiSelect(choices) => multi_select(field, choices),
        Input::Each { .. } => line(field, limits::INPUT, false),
        Input::Toggle => (toggle(field), ""),
    }
}

fn line(field: &FormField, max: usize, multiline: bool) -> (SlackInputBlockElement, &'static str) {
    let max = max.clamp(1, limits::INPUT);
    let given = clean(field.value.as_deref().unwrap_or_default());
    let note = if length(&given) > max { asked::CUT } else { "" };
    let mut element = SlackBlockPlainTextInputElement::new()
        .with_action_id(field.name.clone().into())
        .with_multiline(multiline)
        .with_max_length(u64::try_from(max).unwrap_or(1));
    element.initial_value = Some(cut(&given, max)).filter(|text| !text.is_empty());
    (element.into(), note)
}

fn option(choice: &Choice) -> Option<Offered> {
    is_kept(&choice.value, limits::OPTION_VALUE)
        .then(|| SlackBlockChoiceItem::new(label(&choice.label, limits::OPTION), choice.value.clone()))
}

/// The choices that are chosen at first, as far as Slack holds them.
fn chosen(field: &FormField, choices: &[Choice], many: bool) -> Vec<Offered> {
    asked::chosen(field, choices, many).filter_map(option).take(limits::OPTIONS).collect()
}

/// What is said where a choice is of a kind that Slack does not hold.
fn lacking(offered: usize, choices: &[Choice]) -> &'static str {
    if offered < choices.len() { asked::LACKING } else { "" }
}

fn select(field: &FormField, choices: &[Choice]) -> (SlackInputBlockElement, &'static str) {
    let options: Vec<_> = choices.iter().filter_map(option).collect();
    let note = lacking(options.len(), choices);
    let first = chosen(field, choices, false).into_iter().next();
    let id = field.name.clone().into();
    let element = match options.len() {
        0 => return line(field, limits::OPTION_VALUE, false),
        1..=limits::OPTIONS => SlackBlockStaticSelectElement {
            options: Some(options),
            initial_option: first,
            ..SlackBlockStaticSelectElement::new().with_action_id(id)
        }
        .into(),
        _ => SlackBlockExternalSelectElement {
            min_query_length: Some(1),
            initial_option: first,
            ..SlackBlockExternalSelectElement::new().with_action_id(id)
        }
        .into(),
    };
    (element, note)
}

fn multi_select(field: &FormField, choices: &[Choice]) -> (SlackInputBlockElement, &'static str) {
    let options: Vec<_> = choices.iter().filter_map(option).collect();
    let note = lacking(options.len(), choices);
    let first = Some(chosen(field, choices, true)).filter(|chosen| !chosen.is_empty());
    let id = field.name.clone().into();
    let element = match options.len() {
        0 => return line(field, limits::INPUT, false),
        1..=limits::OPTIONS => SlackBlockMultiStaticSelectElement {
            options: Some(options),
            initial_options: first,
            ..SlackBlockMultiStaticSelectElement::new().with_action_id(id)
        }
        .into(),
        _ => SlackBlockMultiExternalSelectElement {
            min_query_length: Some(1),
            initial_options: first,
            ..SlackBlockMultiExternalSelectElement::new().with_action_id(id)
        }
        .into(),
    };
    (element, note)
}

fn toggle(field: &FormField) -> SlackInputBlockElement {
    let text = SlackBlockText::from(label("Yes", limits::OPTION));
    let yes = SlackBlockChoiceItem::new(text, ON.to_owned());
    let mut element = SlackBlockCheckboxesElement::new(vec![yes.clone()]).with_action_id(field.name.clone().into());
    element.initial_options = (field.value.as_deref() == Some(ON)).then(|| vec![yes]);
    element.into()
}
