//! Texts of messages: plain, whatever is in them. Paragraphs and links are all the markup there is.

use maud::{Markup, html};
use muster_core::comms::{Locale, Post, PublicIncident};
use muster_core::plain::clean;
use muster_core::web::{Piece, pieces};

/// The latest word of an incident that stands.
pub(crate) fn standing(incident: &PublicIncident) -> Option<&Post> {
    incident.posts.iter().rev().find(|post| post.retracted.is_none())
}

/// The language of a text, where it is not that of the page: <https://www.w3.org/TR/WCAG22/#language-of-parts>.
pub(crate) fn lang<'a>(language: &'a Locale, page: &Locale) -> Option<&'a str> {
    (language != page).then(|| language.as_str())
}

/// A body: its paragraphs, their lines, and the links in them.
pub(crate) fn body(text: &str) -> Markup {
    let mut paragraphs: Vec<Vec<String>> = vec![Vec::new()];
    for line in clean(text).lines() {
        match paragraphs.last_mut() {
            Some(paragraph) if !line.trim().is_empty() => paragraph.push(line.to_owned()),
            Some(_) | None => paragraphs.push(Vec::new()),
        }
    }
    html! {
        @for lines in paragraphs.iter().filter(|lines| !lines.is_empty()) {
            p {
                @for (index, line) in lines.iter().enumerate() {
                    @if index > 0 { br; }
                    (linked(line))
                }
            }
        }
    }
}

fn linked(line: &str) -> Markup {
    html! {
        @for piece in pieces(line) {
            @match piece {
                Piece::Words(words) => (words),
                Piece::Link(url) => a href=(url) rel="noopener noreferrer nofollow" { (url) },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_lines_stay_as_they_are() {
        assert_eq!(body("one\ntwo\n\n \nthree\r\n").into_string(), "<p>one<br>two</p><p>three</p>");
        assert_eq!(body("").into_string(), "");
        assert_eq!(body("\n\n").into_string(), "");
    }

    #[test]
    fn nothing_in_a_text_is_markup() {
        let shown = body("<script>alert(1)</script> &amp; \"x\" <b>").into_string();
        assert_eq!(shown, "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &quot;x&quot; &lt;b&gt;</p>");
    }

    #[test]
    fn links_lead_where_they_say() {
        let link = |url: &str| format!(r#"<a href="{url}" rel="noopener noreferrer nofollow">{url}</a>"#);
        for (text, shown) in [
            ("See https://a.example/x.", format!("See {}.", link("https://a.example/x"))),
            ("(https://a.example/x_(y))", format!("({})", link("https://a.example/x_(y)"))),
            (
                "https://a.example, https://b.example!",
                format!("{}, {}!", link("https://a.example"), link("https://b.example")),
            ),
            ("https://a.example/\"onclick=x", format!("{}&quot;onclick=x", link("https://a.example/"))),
            ("http://a.example javascript:alert(1)", "http://a.example javascript:alert(1)".to_owned()),
            ("https://bank.example@evil.example/", "https://bank.example@evil.example/".to_owned()),
            ("https:// https://", "https:// https://".to_owned()),
        ] {
            assert_eq!(body(text).into_string(), format!("<p>{shown}</p>"), "{text}");
        }
    }
}
