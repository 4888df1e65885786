//! What Discord takes of application commands.
//! <https://docs.discord.com/developers/interactions/application-commands>

/// Characters of a command's or an option's name.
pub const NAME: usize = 32;
/// Characters of a description. <https://docs.discord.com/developers/interactions/application-commands#application-command-object>
pub const DESCRIPTION: usize = 100;
/// Subcommands and groups of a command, subcommands of a group, options of a subcommand.
/// <https://docs.discord.com/developers/interactions/application-commands#subcommands-and-subcommand-groups>
pub const OPTIONS: usize = 25;
/// Choices of an option, and those offered while somebody types.
/// <https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-structure>
pub const CHOICES: usize = 25;
/// Characters of a choice's name, and of its value where it is text.
/// <https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-choice-structure>
pub const CHOICE: usize = 100;
/// Characters of an option's value, for which the API document has the number.
pub const VALUE: usize = 6_000;
/// Characters of a command's names, descriptions and values, those of all its options and choices included.
/// <https://docs.discord.com/developers/interactions/application-commands#registering-a-command>
pub const COMMAND: usize = 8_000;
/// Whole numbers are safe up to here, as JavaScript holds them.
pub const NUMBER: i64 = (1 << 53) - 1;
