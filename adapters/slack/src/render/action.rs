//! Actions as buttons and selects, and back: what is pressed holds the line of its command.

use super::limits;
use super::text::{label, web};
use muster_core::chat::fit::{is_kept, length};
use muster_core::command::Invocation;
use muster_core::view::{Action, Choice, Does, Weight};
use slack_morphism::prelude::{
    SlackActionBlockElement, SlackActionsBlock, SlackBlock, SlackBlockButtonElement, SlackBlockButtonStyle,
    SlackBlockChoiceItem, SlackBlockConfirmItem, SlackBlockPlainTextOnly, SlackBlockStaticSelectElement,
    SlackSectionBlockElement,
};

const RUN: &str = "run";
const OPEN: &str = "open";
const VISIT: &str = "visit";

/// What was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// A command is to run.
    Run(Invocation),
    /// The form of a command is to open.
    Open(Invocation),
    /// A link was followed in the browser; there is nothing to do but to acknowledge.
    Visit,
}

/// What was pressed, by its `action_id` and its `value` (of a select: the value of the chosen option). `None` for what
/// is not ours. <https://docs.slack.dev/reference/interaction-payloads/block_actions-payload>
#[must_use]
pub fn action(action_id: &str, value: &str) -> Option<Pressed> {
    let (what, index) = action_id.split_once('.')?;
    index.parse::<usize>().ok()?;
    match what {
        RUN => Invocation::from_line(value).map(Pressed::Run),
        OPEN => Invocation::from_line(value).map(Pressed::Open),
        VISIT => Some(Pressed::Visit),
        _ => None,
    }
}

/// Numbers the actions of one surface, so that each `action_id` is there once.
#[derive(Debug, Default)]
pub(super) struct Numbers(usize);

impl Numbers {
    fn id(&mut self, what: &str) -> String {
        self.0 += 1;
        format!("{what}.{}", self.0)
    }
}

/// Something to click, and whether all it offers is there.
pub(super) struct Made<T> {
    /// The element; `None` when Slack cannot hold it, or it offers nothing.
    pub(super) element: Option<T>,
    /// Whether something was left out because Slack cannot hold it.
    pub(super) lacking: bool,
}

/// Beside a section.
pub(super) fn beside(action: &Action, numbers: &mut Numbers) -> Made<SlackSectionBlockElement> {
    if let Does::Choose(choices) = &action.does {
        let made = select(action, choices, numbers);
        return Made { element: made.element.map(Into::into), lacking: made.lacking };
    }
    let element = button(action, numbers);
    Made { lacking: element.is_none(), element: element.map(Into::into) }
}

/// Rows of actions: the buttons in order, then the selects; and whether something was left out.
pub(super) fn rows(actions: &[Action], numbers: &mut Numbers) -> (Vec<SlackBlock>, bool) {
    let is_select = |action: &&Action| matches!(action.does, Does::Choose(_));
    let (selects, buttons): (Vec<_>, Vec<_>) = actions.iter().partition(is_select);
    let mut elements: Vec<SlackActionBlockElement> = Vec::new();
    let mut lacking = false;
    for action in buttons.into_iter().chain(selects) {
        if let Does::Choose(choices) = &action.does {
            let made = select(action, choices, numbers);
            lacking |= made.lacking;
            elements.extend(made.element.map(Into::into));
        } else {
            let element = button(action, numbers);
            lacking |= element.is_none();
            elements.extend(element.map(Into::into));
        }
    }
    (in_rows(elements), lacking)
}

/// As many in a row as Slack takes, and no row so large that one less would be a great loss.
fn in_rows(elements: Vec<SlackActionBlockElement>) -> Vec<SlackBlock> {
    let size = |element: &SlackActionBlockElement| serde_json::to_string(element).map_or(0, |json| length(&json));
    let mut rows: Vec<Vec<SlackActionBlockElement>> = Vec::new();
    let mut filled = 0;
    for element in elements {
        let size = size(&element);
        filled += size;
        match rows.last_mut() {
            Some(row) if row.len() < limits::ACTIONS && filled <= limits::MESSAGE_SIZE / 3 => row.push(element),
            Some(_) | None => {
                filled = size;
                rows.push(vec![element]);
            }
        }
    }
    rows.into_iter().map(|row| SlackActionsBlock::new(row).into()).collect()
}

fn button(action: &Action, numbers: &mut Numbers) -> Option<SlackBlockButtonElement> {
    let text = label(&action.label, limits::BUTTON);
    let button = match &action.does {
        Does::Run(call) => held(call, RUN, text, numbers)?,
        Does::Open(call) => held(call, OPEN, text, numbers)?,
        Does::Visit(url) => {
            let url = web(url)?.parse().ok()?;
            SlackBlockButtonElement::new(text).with_action_id(numbers.id(VISIT).into()).with_url(url)
        }
        Does::Choose(_) => return None,
    };
    Some(match action.weight {
        Weight::Plain => button,
        Weight::Primary => button.with_style(SlackBlockButtonStyle::Primary),
        Weight::Danger => button.with_style(SlackBlockButtonStyle::Danger).opt_confirm(confirm(action)),
    })
}

fn held(
    call: &Invocation,
    what: &str,
    text: SlackBlockPlainTextOnly,
    numbers: &mut Numbers,
) -> Option<SlackBlockButtonElement> {
    let value = Some(call.to_line()).filter(|line| is_kept(line, limits::BUTTON_VALUE))?;
    Some(SlackBlockButtonElement::new(text).with_action_id(numbers.id(what).into()).with_value(value))
}

/// To be asked before. Where a form opens, that is asking enough.
fn confirm(action: &Action) -> Option<SlackBlockConfirmItem> {
    let question = match &action.does {
        Does::Run(call) => format!("This runs “{}”.", call.to_line()),
        Does::Choose(_) => "This takes effect at once.".to_owned(),
        Does::Open(_) | Does::Visit(_) => return None,
    };
    let text = super::text::plain(&question, limits::CONFIRM_TEXT)?;
    let title = label(&format!("{}?", action.label), limits::CONFIRM_TITLE);
    let yes = label(&action.label, limits::CONFIRM_BUTTON);
    Some(SlackBlockConfirmItem::new(title, text.into(), yes, super::BACK.into()).with_style("danger".to_owned()))
}

fn select(action: &Action, choices: &[Choice], numbers: &mut Numbers) -> Made<SlackBlockStaticSelectElement> {
    let option = |choice: &Choice| {
        let line = Some(choice.run.to_line()).filter(|line| is_kept(line, limits::OPTION_VALUE))?;
        Some(SlackBlockChoiceItem::new(label(&choice.label, limits::OPTION), line))
    };
    let options: Vec<_> = choices.iter().filter_map(option).take(limits::OPTIONS).collect();
    let lacking = options.len() < choices.len();
    let element = (!options.is_empty()).then(|| SlackBlockStaticSelectElement {
        placeholder: Some(label(&action.label, limits::PLACEHOLDER)),
        options: Some(options),
        confirm: (action.weight == Weight::Danger).then(|| confirm(action)).flatten(),
        ..SlackBlockStaticSelectElement::new().with_action_id(numbers.id(RUN).into())
    });
    Made { element, lacking }
}
