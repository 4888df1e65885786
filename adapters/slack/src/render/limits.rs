//! Slack's limits, each with the page that says it. Lengths are counted by [`muster_core::chat::fit::length`].

/// Blocks of a message. <https://docs.slack.dev/reference/block-kit/blocks>
pub const MESSAGE_BLOCKS: usize = 50;
/// Blocks of a modal or a home tab. <https://docs.slack.dev/reference/views/modal-views>
pub const VIEW_BLOCKS: usize = 100;
/// The blocks of a message altogether. Not documented; `msg_blocks_too_long` was met from about 13,200 on, and it is
/// not known what is counted, so we count the whole JSON. <https://github.com/slackapi/bolt-js/issues/2509>
pub const MESSAGE_SIZE: usize = 13_000;
/// A view altogether, as JSON. `views.open` answers `view_too_large` above 250 KB.
/// <https://docs.slack.dev/reference/methods/views.open>
pub const VIEW_SIZE: usize = 60_000;
/// The text of a header. <https://docs.slack.dev/reference/block-kit/blocks/header-block>
pub const HEADER: usize = 150;
/// The text of a section. <https://docs.slack.dev/reference/block-kit/blocks/section-block>
pub const SECTION: usize = 3_000;
/// One field of a section. <https://docs.slack.dev/reference/block-kit/blocks/section-block>
pub const FIELD: usize = 2_000;
/// Fields of a section. <https://docs.slack.dev/reference/block-kit/blocks/section-block>
pub const FIELDS: usize = 10;
/// Elements of an actions block. <https://docs.slack.dev/reference/block-kit/blocks/actions-block>
pub const ACTIONS: usize = 25;
/// The text of a button. <https://docs.slack.dev/reference/block-kit/block-elements/button-element>
pub const BUTTON: usize = 75;
/// The value of a button. <https://docs.slack.dev/reference/block-kit/block-elements/button-element>
pub const BUTTON_VALUE: usize = 2_000;
/// The URL of a button. <https://docs.slack.dev/reference/block-kit/block-elements/button-element>
pub const URL: usize = 3_000;
/// Options of a select. <https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element>
pub const OPTIONS: usize = 100;
/// The placeholder of a select. <https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element>
pub const PLACEHOLDER: usize = 150;
/// The text of an option. <https://docs.slack.dev/reference/block-kit/composition-objects/option-object>
pub const OPTION: usize = 75;
/// The value of an option. <https://docs.slack.dev/reference/block-kit/composition-objects/option-object>
pub const OPTION_VALUE: usize = 150;
/// The title of a confirmation. <https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object>
pub const CONFIRM_TITLE: usize = 100;
/// The text of a confirmation; see [`CONFIRM_TITLE`].
pub const CONFIRM_TEXT: usize = 300;
/// The buttons of a confirmation; see [`CONFIRM_TITLE`].
pub const CONFIRM_BUTTON: usize = 30;
/// The title of a modal, and its buttons. <https://docs.slack.dev/reference/views/modal-views>
pub const MODAL_TITLE: usize = 24;
/// `private_metadata`. <https://docs.slack.dev/reference/views/modal-views>
pub const METADATA: usize = 3_000;
/// The label and the hint of an input. <https://docs.slack.dev/reference/block-kit/blocks/input-block>
pub const LABEL: usize = 2_000;
/// What a text input takes. <https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element>
pub const INPUT: usize = 3_000;
/// A `block_id` or `action_id`. <https://docs.slack.dev/reference/block-kit/blocks>
pub const ID: usize = 255;
/// The topic of a channel. <https://docs.slack.dev/reference/methods/conversations.setTopic>
pub const TOPIC: usize = 250;

/// Our own: a title that is no header.
pub const TITLE: usize = 300;
/// Our own: a footer, which is small print.
pub const FOOTER: usize = 600;
/// Our own: the text that notifications and screen readers get. Slack asks for less than 4,000.
/// <https://docs.slack.dev/changelog/2018-truncating-really-long-messages>
pub const FALLBACK: usize = 1_000;
/// Our own: one block of running text. Short ones lose less when the last does not fit.
pub const CHUNK: usize = 1_500;
