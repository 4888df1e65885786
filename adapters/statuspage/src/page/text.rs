//! Texts of messages: plain, whatever is in them. Paragraphs and links are all the markup there is.

use maud::{Markup, html};
use muster_core::comms::{Locale, Post, PublicIncident};
use url::Url;

/// The latest word of an incident that stands.
pub(crate) fn standing(incident: &PublicIncident) -> Option<&Post> {
    incident.posts.iter().rev().find(|post| post.retracted.is_none())
}

/// The language of a text, where it is not that of the page: <https://www.w3.org/TR/WCAG22/#language-of-parts>.
pub(crate) fn lang<'a>(language: &'a Locale, page: &Locale) -> Option<&'a str> {
    (language != page).then(|| language.as_str())
}

/// A line without anything that cannot be seen: control characters, and those that turn the direction of what follows.
pub(crate) fn clean(line: &str) -> String {
    line.chars().filter(|&sign| !is_unseen(sign)).collect()
}

fn is_unseen(sign: char) -> bool {
    // <https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters>, and what HTML may not hold:
    // <https://html.spec.whatwg.org/#text-2>.
    let turns =
        matches!(sign, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_nothing = u32::from(sign) & 0xfffe == 0xfffe || matches!(sign, '\u{fdd0}'..='\u{fdef}');
    turns || is_nothing || (sign.is_control() && sign != '\t')
}

/// A body: its paragraphs, their lines, and the links in them.
pub(crate) fn body(text: &str) -> Markup {
    let mut paragraphs: Vec<Vec<String>> = vec![Vec::new()];
    for line in text.lines().map(clean) {
        match paragraphs.last_mut() {
            Some(paragraph) if !line.trim().is_empty() => paragraph.push(line),
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
    let mut links = Vec::new();
    let mut rest = line;
    while let Some((before, link, after)) = next_link(rest) {
        links.push((before, link));
        rest = after;
    }
    html! {
        @for (before, link) in links { (before) a href=(link) rel="noopener noreferrer nofollow" { (link) } }
        (rest)
    }
}

/// The next link of a line: what is before it, the link as it was written, and what is after it.
fn next_link(line: &str) -> Option<(&str, &str, &str)> {
    for (start, _) in line.match_indices("https://") {
        let (before, found) = line.split_at(start);
        let end = found.find(|sign: char| sign.is_whitespace() || "<>\"“”„»«|\\^`{}".contains(sign));
        let whole = &found[..end.unwrap_or(found.len())];
        let mut link = whole.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '…']);
        while link.ends_with(')') && link.matches(')').count() > link.matches('(').count() {
            link = link[..link.len() - 1].trim_end_matches(['.', ',', ';', ':', '!', '?']);
        }
        if leads_where_it_says(link) {
            return Some((before, link, &found[link.len()..]));
        }
    }
    None
}

/// Whether it is an address, and not one with a name before the host that looks like another host.
fn leads_where_it_says(link: &str) -> bool {
    let Ok(url) = Url::parse(link) else { return false };
    url.scheme() == "https" && url.host_str().is_some() && url.username().is_empty() && url.password().is_none()
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

    #[test]
    fn what_cannot_be_seen_is_not_there() {
        assert_eq!(clean("a\u{202e}b\0c\u{1b}[31m\u{feff}\u{ffff}"), "abc[31m\u{feff}");
    }
}
