//! Plain text, whoever has written it: without what cannot be seen, on one line, short enough to be repeated.

/// How many characters of what was typed are repeated in a sentence.
pub const ECHO: usize = 40;

/// Text without what cannot be seen but changes what is. Every end of a line becomes `\n`, a tab a space; what else controls
/// anything, turns the direction of what is beside it, or is no character at all is left out.
/// <https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters>,
/// <https://www.unicode.org/versions/Unicode17.0.0/core-spec/chapter-23/#G12612>, <https://html.spec.whatwg.org/#text-2>
#[must_use]
pub fn clean(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter_map(seen).collect()
}

fn seen(sign: char) -> Option<char> {
    let is_no_character = u32::from(sign) & 0xfffe == 0xfffe;
    match sign {
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\t' => Some(' '),
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
        '\u{feff}' | '\u{fdd0}'..='\u{fdef}' => None,
        sign => (!sign.is_control() && !is_no_character).then_some(sign),
    }
}

/// The same, with nothing empty before and behind it.
#[must_use]
pub fn trimmed(text: &str) -> String {
    clean(text).trim().to_owned()
}

/// The text on one line, without what cannot be seen.
#[must_use]
pub fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What was typed, short enough to be repeated in a sentence.
#[must_use]
pub fn echo(typed: &str) -> String {
    let one_line = one_line(typed);
    if one_line.chars().count() <= ECHO {
        return one_line;
    }
    one_line.chars().take(ECHO).chain(std::iter::once('…')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_gone_and_emoji_stay_whole() {
        assert_eq!(clean("a\0b\u{202E}c\r\nd\te\u{2028}f\rg"), "abc\nd e\nf\ng");
        assert_eq!(clean("\u{200E}a\u{200F}b\u{61C}c\u{2066}d\u{1B}[31m\u{FEFF}\u{FFFF}\u{FDD0}"), "abcd[31m");
        assert_eq!(clean("👩\u{200D}🚒 نص"), "👩\u{200D}🚒 نص");
    }

    #[test]
    fn what_is_repeated_is_one_short_line() {
        assert_eq!(one_line(" a\n\tb\u{a0} c "), "a b c");
        assert_eq!(echo(&"x".repeat(41)), format!("{}…", "x".repeat(40)));
    }
}
