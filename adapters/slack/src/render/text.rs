//! Texts as Slack takes them: cleaned, escaped, and never markup or a mention by accident.

use super::limits;
use super::{Names, Way};
use muster_core::chat::fit::{self, cut, is_blank, length};
use muster_core::clock::Timestamp;
use muster_core::plain::clean;
use muster_core::view::{Line, Span, TimeStyle};
use slack_morphism::prelude::{SlackBlockMarkDownText, SlackBlockPlainText, SlackBlockPlainTextOnly, SlackBlockText};

/// A text object that is only text, without emoji made of `:names:`; `None` if there is nothing to see.
pub(super) fn plain(text: &str, limit: usize) -> Option<SlackBlockPlainText> {
    let text = cut(&clean(text), limit);
    (!is_blank(&text)).then(|| SlackBlockPlainText::new(text).with_emoji(false))
}

/// A label of our own making, which is never empty.
pub(super) fn label(text: &str, limit: usize) -> SlackBlockPlainTextOnly {
    plain(text, limit).unwrap_or_else(|| SlackBlockPlainText::new("…".to_owned())).into()
}

/// The three characters by which Slack's markup and mentions begin and end.
/// <https://docs.slack.dev/messaging/formatting-message-text#escaping>
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// An address that may be followed.
pub(super) fn web(url: &str) -> Option<&str> {
    fit::web(url, limits::URL)
}

/// How Slack shows a moment to each reader. Slack documents `{ago}` for the past only, so a moment that may come is
/// shown by its day and time.
pub(super) fn date_format(style: TimeStyle) -> &'static str {
    match style {
        TimeStyle::Clock | TimeStyle::Relative => "{date_short_pretty} {time}",
        TimeStyle::Full => "{date_num} {time}",
    }
}

/// A moment for those who cannot be shown their own time.
pub(super) fn date_fallback(at: Timestamp, names: &Names<'_>) -> String {
    at.with_timezone(&names.zone).format("%Y-%m-%d %H:%M %Z").to_string()
}

/// A line as mere text.
pub(super) fn words(line: &Line, names: &Names<'_>) -> String {
    line.iter().map(|span| clean(&word(span, names))).collect()
}

pub(super) fn word(span: &Span, names: &Names<'_>) -> String {
    match span {
        Span::Text(text) | Span::Strong(text) | Span::Code(text) => text.clone(),
        Span::Command(line) => format!("{} {line}", names.command),
        Span::Person { name, .. } => name.clone(),
        Span::Mention { name, .. } => format!("@{name}"),
        Span::Incident(id) => id.to_string(),
        Span::Time { at, .. } => date_fallback(*at, names),
        Span::Link { label, url } => format!("{label}: {url}"),
    }
}

/// A line where Slack takes no rich text: marked up if nothing in it could be read as markup, else as mere text.
pub(super) fn either(line: &Line, names: &Names<'_>, limit: usize) -> Option<SlackBlockText> {
    let mere = words(line, names);
    let marked = if is_tame(line, &mere) { marked(line, names) } else { String::new() };
    if is_blank(&marked) || length(&marked) > limit {
        return plain(&mere, limit).map(Into::into);
    }
    Some(SlackBlockMarkDownText::new(marked).with_verbatim(true).into())
}

/// Whether nothing in the line can be taken for markup: emphasis, code, a quotation, an emoji.
fn is_tame(line: &Line, mere: &str) -> bool {
    let pairs = |mark: char| mere.matches(mark).count() > 1;
    let names_emoji = || {
        let parts: Vec<_> = mere.split(':').collect();
        let between = parts.get(1..parts.len() - 1).unwrap_or_default();
        between.iter().any(|part| !part.is_empty() && !part.contains(char::is_whitespace))
    };
    let breaks = |span: &Span| matches!(span, Span::Strong(text) | Span::Code(text) | Span::Command(text) if text.contains('\n'));
    let has_time = line.iter().any(|span| matches!(span, Span::Time { .. } | Span::Link { .. }));
    !(mere.contains(['*', '`'])
        || pairs('_')
        || pairs('~')
        || (!has_time && names_emoji())
        || mere.lines().any(|row| row.trim_start().starts_with('>'))
        || line.iter().any(breaks))
}

fn marked(line: &Line, names: &Names<'_>) -> String {
    let mut out = String::new();
    for span in line {
        let text = escape(&clean(&word(span, names)));
        match span {
            Span::Text(_) => out.push_str(&text),
            Span::Strong(_) | Span::Person { .. } => push_between(&mut out, &text, '*'),
            Span::Code(_) | Span::Command(_) => push_between(&mut out, &text, '`'),
            Span::Mention { id, .. } => match names.user_of(id) {
                Some(user) => out.push_str(&format!("<@{user}>")),
                None => out.push_str(&text),
            },
            Span::Incident(id) => match names.way_to(*id) {
                Way::Channel(channel) => out.push_str(&format!("<#{channel}>")),
                Way::Link(url) => push_link(&mut out, &url, &text),
            },
            Span::Time { at, style } => {
                out.push_str(&format!("<!date^{}^{}|{text}>", at.timestamp(), date_format(*style)));
            }
            Span::Link { label, url } if web(url).is_some() => push_link(&mut out, url, &escape(&clean(label))),
            Span::Link { .. } => out.push_str(&text),
        }
    }
    out
}

fn push_link(out: &mut String, url: &str, label: &str) {
    match web(url).filter(|_| !is_blank(label)) {
        Some(url) => out.push_str(&format!("<{}|{label}>", escape(url))),
        None => out.push_str(label),
    }
}

/// Marks count only around what begins and ends with a visible character, and not within a word.
fn push_between(out: &mut String, text: &str, mark: char) {
    let core = text.trim();
    if core.is_empty() || out.ends_with(char::is_alphanumeric) {
        out.push_str(text);
        return;
    }
    let start = text.len() - text.trim_start().len();
    out.push_str(&text[..start]);
    out.push(mark);
    out.push_str(core);
    out.push(mark);
    out.push_str(&text[start + core.len()..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::view::{code, strong, text};

    fn shown(line: Line) -> SlackBlockText {
        either(&line, &Names::unknown("https://muster.example.com"), 100).expect("there is something to see")
    }

    fn marked_up(line: Line) -> String {
        match shown(line) {
            SlackBlockText::MarkDown(text) => text.text,
            SlackBlockText::Plain(text) => panic!("mere text: {}", text.text),
        }
    }

    #[test]
    fn a_tame_line_is_marked_up_and_escaped() {
        let line = vec![strong("Role: "), text("a < b & c > d at 10:42, "), code("ic")];
        assert_eq!(marked_up(line), "*Role:* a &lt; b &amp; c &gt; d at 10:42, `ic`");
        assert_eq!(marked_up(vec![text("<!channel> <@U1>")]), "&lt;!channel&gt; &lt;@U1&gt;");
    }

    #[test]
    fn a_wild_line_is_mere_text_and_loses_no_letter() {
        for wild in ["*b*", "a*", "_it_", "~x~", "`c`", "> quote", "x\n> quote", ":fire:", "a:+1:b"] {
            let SlackBlockText::Plain(plain) = shown(vec![strong("x "), text("\n"), text(wild)]) else {
                panic!("{wild} is marked up")
            };
            assert_eq!((plain.text, plain.emoji), (format!("x \n{wild}"), Some(false)));
        }
    }

    #[test]
    fn links_lead_to_web_pages_only() {
        let link = |url: &str| vec![Span::Link { label: "the room".to_owned(), url: url.to_owned() }];
        assert_eq!(marked_up(link("https://x.example/a?b&c")), "<https://x.example/a?b&amp;c|the room>");
        for url in
            ["javascript:alert(1)", "https://x/>", "https://x/|y", "https://x y", "", "//x", "https://", "https://[x"]
        {
            assert!(!marked_up(link(url)).contains(['<', '>']), "{url}");
        }
    }

    #[test]
    fn what_is_blank_is_no_text() {
        assert!(plain("\u{200B} \u{2066}\n", 10).is_none());
    }
}
