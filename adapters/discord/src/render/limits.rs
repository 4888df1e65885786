//! Discord's limits, each with the page that says it. Lengths are counted by [`muster_core::chat::fit::length`].

/// The title of an embed. <https://docs.discord.com/developers/resources/message#embed-object-embed-limits>
pub const TITLE: usize = 256;
/// The description of an embed, its running text; see [`TITLE`].
pub const DESCRIPTION: usize = 4_096;
/// Fields of an embed; see [`TITLE`].
pub const FIELDS: usize = 25;
/// The name of a field; see [`TITLE`].
pub const FIELD_NAME: usize = 256;
/// The value of a field; see [`TITLE`].
pub const FIELD_VALUE: usize = 1_024;
/// The text of a footer; see [`TITLE`].
pub const FOOTER: usize = 2_048;
/// All texts of all embeds of a message together; see [`TITLE`].
pub const EMBED: usize = 6_000;
/// The content of a message. <https://docs.discord.com/developers/resources/message#create-message-jsonform-params>
pub const CONTENT: usize = 2_000;
/// Users that a message may notify.
/// <https://docs.discord.com/developers/resources/message#allowed-mentions-object-allowed-mentions-structure>
pub const MENTIONS: usize = 100;
/// Rows of buttons and selects of a message.
/// <https://docs.discord.com/developers/components/reference#legacy-message-component-behavior>
pub const ROWS: usize = 5;
/// Buttons of a row; a select has one to itself. <https://docs.discord.com/developers/components/reference#action-row>
pub const BUTTONS: usize = 5;
/// The label of a button. <https://docs.discord.com/developers/components/reference#button>
pub const BUTTON: usize = 80;
/// The address of a link button. <https://docs.discord.com/developers/components/reference#button>
pub const URL: usize = 512;
/// A custom id. <https://docs.discord.com/developers/components/reference#anatomy-of-a-component-custom-id>
pub const ID: usize = 100;
/// Options of a select. <https://docs.discord.com/developers/components/reference#string-select>
pub const OPTIONS: usize = 25;
/// The label of an option. <https://docs.discord.com/developers/components/reference#string-select>
pub const OPTION: usize = 100;
/// The value of an option. <https://docs.discord.com/developers/components/reference#string-select>
pub const OPTION_VALUE: usize = 100;
/// What stands in a select before anything is chosen.
/// <https://docs.discord.com/developers/components/reference#string-select>
pub const PLACEHOLDER: usize = 150;
/// The title of a modal.
/// <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal>
pub const MODAL_TITLE: usize = 45;
/// Components of a modal; see [`MODAL_TITLE`].
pub const MODAL_COMPONENTS: usize = 5;
/// The label of a field. <https://docs.discord.com/developers/components/reference#label>
pub const LABEL: usize = 45;
/// The help of a field. <https://docs.discord.com/developers/components/reference#label>
pub const HINT: usize = 100;
/// What a text input takes. <https://docs.discord.com/developers/components/reference#text-input>
pub const INPUT: usize = 4_000;
/// What stands in a text input before anything is typed.
/// <https://docs.discord.com/developers/components/reference#text-input>
pub const INPUT_PLACEHOLDER: usize = 100;
/// The topic of a text channel.
/// <https://docs.discord.com/developers/resources/channel#channel-object-channel-structure>
pub const TOPIC: usize = 1_024;

/// Our own: a line as the topic of a channel, which leaves place for what else is kept there.
pub const TOPIC_LINE: usize = 300;
/// Our own: a footer, which is small print.
pub const SMALL: usize = 600;
/// Our own: all fields of a view together, so that the running text keeps more than half of the embed.
pub const ALL_FIELDS: usize = 2_400;
/// Our own: a value that stands beside others.
pub const BESIDE: usize = 40;
/// Our own: what is shown of a link.
pub const LINK: usize = 150;

/// What is our own stays within what is Discord's.
const _: () = assert!(SMALL <= FOOTER && LINK <= FIELD_NAME && TOPIC_LINE < TOPIC && ALL_FIELDS < EMBED / 2);
