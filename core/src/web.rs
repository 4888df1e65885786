//! Web addresses that lead where they say, and where they are in a text.

use url::Url;

/// Signs that no address goes on behind, though some could hold them: <https://www.rfc-editor.org/rfc/rfc3986#appendix-C>.
const ENDS: &str = "<>\"“”„»«|\\^`{}";
/// Signs that end a sentence rather than the address in it.
const POINTS: [char; 9] = ['.', ',', ';', ':', '!', '?', '\'', '’', '…'];

/// An address by https, and not one with a name before the host that looks like another host.
#[must_use]
pub fn https(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_open = url.username().is_empty() && url.password().is_none();
    (url.scheme() == "https" && url.has_host() && is_open).then_some(url)
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// An address, as it was written.
    Link(&'a str),
}

/// The text in pieces, none of it lost: its addresses, and what is around them.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, link, after)) = next_link(rest) {
        pieces.push(Piece::Words(before));
        pieces.push(Piece::Link(link));
        rest = after;
    }
    pieces.push(Piece::Words(rest));
    pieces.retain(|piece| *piece != Piece::Words(""));
    pieces
}

fn next_link(text: &str) -> Option<(&str, &str, &str)> {
    text.match_indices("https://").find_map(|(start, _)| {
        let (before, found) = text.split_at(start);
        let end = found.find(|sign: char| sign.is_whitespace() || ENDS.contains(sign)).unwrap_or(found.len());
        let mut link = found[..end].trim_end_matches(POINTS);
        while link.ends_with(')') && link.matches(')').count() > link.matches('(').count() {
            link = link[..link.len() - 1].trim_end_matches(POINTS);
        }
        let begins = !before.ends_with(char::is_alphanumeric);
        (begins && https(link).is_some()).then(|| (before, link, &found[link.len()..]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn links(text: &str) -> Vec<&str> {
        let pieces = pieces(text);
        let said = |piece: &Piece<'_>| match piece {
            Piece::Words(said) | Piece::Link(said) => (*said).to_owned(),
        };
        assert_eq!(pieces.iter().map(said).collect::<String>(), text, "nothing is lost");
        let link = |piece| match piece {
            Piece::Words(_) => None,
            Piece::Link(url) => Some(url),
        };
        pieces.into_iter().filter_map(link).collect()
    }

    #[test]
    fn an_address_ends_where_its_sentence_goes_on() {
        for (text, found) in [
            ("See https://a.example/x.", vec!["https://a.example/x"]),
            ("(https://a.example/x_(y))", vec!["https://a.example/x_(y)"]),
            ("https://a.example, https://b.example/a?b!", vec!["https://a.example", "https://b.example/a?b"]),
            ("https://a.example/\"onclick=x", vec!["https://a.example/"]),
            ("“https://a.example”\nhttps://b.example\n", vec!["https://a.example", "https://b.example"]),
            ("https://x|y", vec!["https://x"]),
        ] {
            assert_eq!(links(text), found, "{text}");
        }
    }

    #[test]
    fn what_does_not_lead_where_it_says_is_none() {
        for text in [
            "",
            "http://a.example",
            "javascript:alert(1)",
            "https://",
            "https:// https://",
            "xhttps://a.example",
            "https://bank.example@evil.example/",
            "https://[x",
        ] {
            assert!(links(text).is_empty(), "{text}");
        }
    }
}
