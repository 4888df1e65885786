//! Splitting a line into words, as people type in a chat: an apostrophe is a letter, a dash may be a long one. A value after
//! `=` may be quoted: `note="two words"`.

use std::ops::Range;

/// A word and where it stands in the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// The word without its quotes.
    pub(crate) text: String,
    /// Where it stands, quotes included.
    pub(crate) at: Range<usize>,
    /// Whether it was quoted, so that it is only text.
    pub(crate) quoted: bool,
}

/// Splits at white space. `"…"` and `“…”` around a word keep it together; inside, `\"` and `\\` stand for themselves.
pub(crate) fn split(line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = line.char_indices().peekable();
    // Where one quote is not closed no later one is: what closes a later one would close it, too.
    let mut may_close = true;
    while let Some(&(start, first)) = rest.peek() {
        if first.is_whitespace() {
            rest.next();
            continue;
        }
        let opens = may_close && is_quote(first);
        if opens {
            may_close = closes(&line[start + first.len_utf8()..]);
        }
        let word = if opens && may_close {
            rest.next();
            quoted(line, start, &mut rest)
        } else {
            bare(line, start, &mut rest, &mut may_close)
        };
        words.push(word);
    }
    words
}

type Chars<'a> = std::iter::Peekable<std::str::CharIndices<'a>>;

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„')
}

/// Whether a quote that was opened is closed at the end of a word.
fn closes(rest: &str) -> bool {
    let mut escaped = false;
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if is_quote(c) && chars.peek().is_none_or(|next| next.is_whitespace()) {
            return true;
        }
    }
    false
}

fn quoted(line: &str, start: usize, rest: &mut Chars<'_>) -> Word {
    let mut text = String::new();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().copied();
        match (c, next) {
            ('\\', Some((_, escaped))) if escaped == '\\' || is_quote(escaped) => {
                text.push(escaped);
                rest.next();
            }
            (_, next) if is_quote(c) && next.is_none_or(|(_, after)| after.is_whitespace()) => {
                return Word { text, at: start..at + c.len_utf8(), quoted: true };
            }
            _ => text.push(c),
        }
    }
    Word { text, at: start..line.len(), quoted: true }
}

fn bare(line: &str, start: usize, rest: &mut Chars<'_>, may_close: &mut bool) -> Word {
    let mut end = start;
    let mut after_equals = false;
    while let Some((at, c)) = rest.next_if(|(_, c)| !c.is_whitespace()) {
        if after_equals && *may_close && is_quote(c) {
            *may_close = closes(&line[at + c.len_utf8()..]);
            if *may_close {
                let value = quoted(line, at, rest);
                return Word {
                    text: format!("{}{}", &line[start..at], value.text),
                    at: start..value.at.end,
                    quoted: false,
                };
            }
        }
        after_equals = c == '=';
        end = at + c.len_utf8();
    }
    Word { text: line[start..end].to_owned(), at: start..end, quoted: false }
}

/// The word as a flag's name, if it is one: `--name`, also with the long dash that phones make of it.
/// A long dash alone is punctuation.
pub(crate) fn flag(word: &Word) -> Option<(&str, Option<&str>)> {
    if word.quoted {
        return None;
    }
    let long_dash = || word.text.strip_prefix('—').filter(|name| !name.is_empty());
    let name = word.text.strip_prefix("--").or_else(long_dash)?;
    Some(match name.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (name, None),
    })
}

/// Whether the text is one word of a line as it is.
pub(crate) fn is_plain(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '@')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:,@/=+".contains(c))
}

/// The text as one word of a line.
pub(crate) fn quote(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    let escaped = escaped.replace('“', "\\“").replace('”', "\\”").replace('„', "\\„");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<String> {
        split(line).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn an_apostrophe_is_a_letter_and_a_lone_quote_is_text() {
        assert_eq!(texts("the customer's card"), ["the", "customer's", "card"]);
        assert_eq!(texts("a 5\" screen"), ["a", "5\"", "screen"]);
        assert_eq!(texts("say \"half"), ["say", "\"half"]);
    }

    #[test]
    fn quotes_of_any_keyboard_keep_words_together() {
        assert_eq!(texts(r#"--title "checkout is down" now"#), ["--title", "checkout is down", "now"]);
        assert_eq!(texts("--title “checkout is down”"), ["--title", "checkout is down"]);
        assert_eq!(texts(r#""a \"b\" \\ c""#), [r#"a "b" \ c"#]);
    }

    #[test]
    fn a_value_may_be_quoted_on_its_own() {
        assert_eq!(
            texts(r#"run x note="two words" --at=“10 42” y"#),
            ["run", "x", "note=two words", "--at=10 42", "y"]
        );
        assert_eq!(texts(r#"a="half b"#), ["a=\"half", "b"]);
        assert_eq!(texts(r#"a="" b"#), ["a=", "b"]);
    }

    #[test]
    fn whatever_is_quoted_comes_back() {
        for text in ["", "a b", r#"a"b"#, r"a\", "“x”", "\"", "\\\"", "line\nbreak", "—x", "--x"] {
            let words = split(&quote(text));
            assert_eq!(words.len(), 1, "{text:?}");
            assert_eq!(words[0].text, text);
        }
    }
}
