//! Phones make one long dash of two hyphens.

/// The line with the flags that its author typed: a long dash before a word was two hyphens.
#[must_use]
pub fn with_flags(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    let mut starts_word = true;
    while let Some(c) = chars.next() {
        let before_letter = chars.peek().is_some_and(char::is_ascii_alphabetic);
        match c {
            '—' | '–' if starts_word && before_letter => out.push_str("--"),
            _ => out.push(c),
        }
        starts_word = c.is_whitespace();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_dash_before_a_word_is_the_flag_that_a_phone_made_of_it() {
        assert_eq!(with_flags("update all well —next 30m"), "update all well --next 30m");
        assert_eq!(with_flags("update all well –next 30m"), "update all well --next 30m");
        assert_eq!(with_flags("note it broke — then it worked"), "note it broke — then it worked");
        assert_eq!(with_flags("note 10–20 a–b"), "note 10–20 a–b");
    }
}
