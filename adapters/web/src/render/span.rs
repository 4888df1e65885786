//! Spans and moments.

use super::Frame;
use chrono::Datelike;
use maud::{Markup, html};
use muster_core::clock::Timestamp;
use muster_core::time::in_words;
use muster_core::view::{Span, TimeStyle};

/// A run of spans.
pub(crate) fn line(spans: &[Span], frame: &Frame<'_>) -> Markup {
    html! { @for one in spans { (span(one, frame)) } }
}

fn span(span: &Span, frame: &Frame<'_>) -> Markup {
    match span {
        Span::Text(text) => html! { (text) },
        Span::Strong(text) => html! { strong { (text) } },
        Span::Code(text) | Span::Command(text) => html! { code { (text) } },
        Span::Person { name, .. } => html! { span.person { bdi { (name) } } },
        Span::Mention { name, .. } => html! { span.mention { bdi { "@" (name) } } },
        Span::Incident(id) => html! { a.mono href={ "/incidents/" (id) } { (id) } },
        Span::Time { at, style } => moment(*at, *style, frame),
        Span::Link { label, url } => match web_address(url) {
            Some(url) => html! { a href=(url) rel="noreferrer" { (label) } },
            None => html! { (label) ": " (url) },
        },
    }
}

/// The address, if it leads to the web or to a page of ours. Anything else (`javascript:`) is only text.
pub(super) fn web_address(url: &str) -> Option<&str> {
    let lower = url.trim().to_ascii_lowercase();
    let is_ours = url.starts_with('/') && !url.starts_with("//") && !url.contains('\\');
    (lower.starts_with("https://") || lower.starts_with("http://") || is_ours).then_some(url)
}

/// A moment in the viewer's zone, with UTC for whoever points at it. Scripts keep relative ones up to date.
pub(crate) fn moment(at: Timestamp, style: TimeStyle, frame: &Frame<'_>) -> Markup {
    let local = at.with_timezone(&frame.zone);
    let here = frame.now.with_timezone(&frame.zone);
    let shown = match style {
        TimeStyle::Clock if local.date_naive() == here.date_naive() => local.format("%H:%M").to_string(),
        TimeStyle::Clock if local.year() == here.year() => local.format("%-d %b %H:%M").to_string(),
        TimeStyle::Clock | TimeStyle::Full => local.format("%Y-%m-%d %H:%M").to_string(),
        TimeStyle::Relative => relative(at, frame.now),
    };
    let kind = match style {
        TimeStyle::Clock | TimeStyle::Full => None,
        TimeStyle::Relative => Some("relative"),
    };
    let exact = at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let title = format!("{} · {}", local.format("%a %-d %b %Y %H:%M:%S %Z"), at.format("%H:%M:%S UTC"));
    html! { time datetime=(exact) title=(title) data-time=[kind] { (shown) } }
}

fn relative(at: Timestamp, now: Timestamp) -> String {
    let span = now - at;
    if span.num_seconds().abs() < 60 {
        return "just now".to_owned();
    }
    if span.num_seconds() > 0 { format!("{} ago", in_words(span)) } else { format!("in {}", in_words(span)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;
    use muster_core::ids::PersonId;
    use muster_core::view::text;

    fn frame() -> Frame<'static> {
        let now = "2026-11-27T10:00:00Z".parse().expect("a moment");
        Frame { now, zone: Tz::Europe__Stockholm, hands: None }
    }

    fn shown(spans: &[Span]) -> String {
        line(spans, &frame()).into_string()
    }

    #[test]
    fn whatever_people_write_is_only_text() {
        let hostile = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>";
        let person = Span::Person { id: PersonId::from("x"), name: hostile.to_owned() };
        let all = shown(&[text(hostile), Span::Strong(hostile.into()), Span::Code(hostile.into()), person]);
        assert!(!all.contains("<script") && !all.contains("<img"), "{all}");
    }

    #[test]
    fn only_the_web_is_linked() {
        for url in
            ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example"]
        {
            let all = shown(&[Span::Link { label: "here".into(), url: url.into() }]);
            assert!(!all.contains("<a"), "{all}");
        }
        let all = shown(&[Span::Link { label: "here".into(), url: "https://example.com/?a=1&b=2".into() }]);
        assert_eq!(all, r#"<a href="https://example.com/?a=1&amp;b=2" rel="noreferrer">here</a>"#);
    }

    #[test]
    fn a_moment_is_shown_in_the_zone_of_the_one_who_looks() {
        let at = "2026-11-27T09:42:00Z".parse().expect("a moment");
        let clock = moment(at, TimeStyle::Clock, &frame()).into_string();
        assert!(clock.contains(">10:42</time>") && clock.contains("09:42:00 UTC"), "{clock}");
        let relative = moment(at, TimeStyle::Relative, &frame()).into_string();
        assert!(
            relative.contains(">18 minutes ago</time>") && relative.contains(r#"data-time="relative""#),
            "{relative}"
        );
        let earlier = "2026-11-20T09:42:00Z".parse().expect("a moment");
        assert!(moment(earlier, TimeStyle::Clock, &frame()).into_string().contains(">20 Nov 10:42</time>"));
    }
}
