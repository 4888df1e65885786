//! Texts as chats take them: measured, and cut by one rule: what is too long ends with `…`.

use crate::plain::clean;

/// How long a text is: in UTF-16 units, the greatest of the ways in which chats' servers and clients count.
#[must_use]
pub fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Whether there is nothing to see.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{AD}'))
}

/// Whether a platform holds this value and gives it back as it is: a value that comes back otherwise would mean another thing.
#[must_use]
pub fn is_kept(value: &str, limit: usize) -> bool {
    !is_blank(value) && length(value) <= limit && clean(value) == value
}

/// An address that may be followed: a web page, with nothing in it that could end a link.
#[must_use]
pub fn web(url: &str, limit: usize) -> Option<&str> {
    let is_page = url.starts_with("https://") || url.starts_with("http://");
    let is_clean = url.chars().all(|c| c.is_ascii_graphic() && !"<>|\"\\`".contains(c));
    let leads_somewhere = || url::Url::parse(url).is_ok_and(|url| url.has_host());
    (is_page && is_clean && length(url) <= limit && leads_somewhere()).then_some(url)
}

/// The text, or as much of it as fits with `…` after it. `limit` is in units of [`length`] and at least 1.
#[must_use]
pub fn cut(text: &str, limit: usize) -> String {
    if length(text) <= limit {
        return text.to_owned();
    }
    let mut room = limit.saturating_sub(1);
    let mut out: String = text
        .chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= room;
            room = room.saturating_sub(c.len_utf16());
            fits
        })
        .collect();
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// Splits a text into pieces that are no longer than `limit`, at white space where there is some.
#[must_use]
pub fn pieces(text: &str, limit: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while length(rest) > limit {
        let mut room = limit;
        let end = rest.char_indices().find_map(|(at, c)| {
            let fits = c.len_utf16() <= room;
            room = room.saturating_sub(c.len_utf16());
            (!fits).then_some(at)
        });
        let end = end.unwrap_or(rest.len());
        let soft = rest[..end].rfind(char::is_whitespace).filter(|at| *at > end / 2);
        let at = soft.map_or(end, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8));
        let (piece, after) = rest.split_at(at);
        pieces.push(piece);
        rest = after;
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_kept_and_what_does_not_ends_with_a_sign() {
        assert_eq!(cut("checkout", 8), "checkout");
        assert_eq!(cut("checkout is down", 9), "checkout…");
        assert_eq!(cut("checkout is down", 10), "checkout…", "no space before the sign");
        assert_eq!(cut("🔥🔥🔥", 4), "🔥…", "a character is never torn");
        assert_eq!(cut("x", 0), "…");
    }

    #[test]
    fn pieces_are_short_enough_break_at_spaces_and_lose_nothing() {
        for text in [
            "",
            "one two three four",
            "onetwothreefourfive",
            "🔥 🔥🔥🔥🔥🔥🔥🔥",
            "a\n\n\n\n\n\n\n\n\n\n\nb",
            "日本語のタイトルを書く",
        ] {
            let pieces = pieces(text, 8);
            assert_eq!(pieces.concat(), text);
            assert!(pieces.iter().all(|piece| length(piece) <= 8), "{pieces:?}");
        }
        assert_eq!(pieces("one two three four", 8), ["one two ", "three ", "four"]);
    }

    #[test]
    fn links_lead_to_web_pages_only() {
        assert_eq!(web("https://x.example/a?b&c", 100), Some("https://x.example/a?b&c"));
        for url in
            ["javascript:alert(1)", "https://x/>", "https://x/|y", "https://x y", "", "//x", "https://", "https://[x"]
        {
            assert_eq!(web(url, 100), None, "{url}");
        }
    }
}
