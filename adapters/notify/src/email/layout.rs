//! What every letter to those outside looks like: as text, and the same as a page that mail programs show in light and dark.
//!
//! Styles are inline, since many programs drop all others; no colour but that of edges is set, so that each shows text and
//! background as its reader likes it. There are no images and nothing that tells whether it was read.

use chrono_tz::Tz;
use lettre::message::MultiPart;
use maud::{DOCTYPE, Markup, html};
use muster_core::plain::{clean, one_line};
use muster_core::view::{Line, Span, Tone, text::line as plain_line};

/// A letter before it is written out.
pub(super) struct Layout {
    /// Its language.
    pub(super) lang: String,
    /// Who writes.
    pub(super) sender: String,
    /// A word over the title.
    pub(super) tag: Option<String>,
    /// The mood.
    pub(super) tone: Tone,
    /// The title.
    pub(super) title: String,
    /// The text.
    pub(super) paragraphs: Vec<Line>,
    /// What is to be seen at a glance.
    pub(super) facts: Vec<(String, String)>,
    /// Where it leads, and what that says.
    pub(super) link: Option<(String, String)>,
    /// Why one gets it.
    pub(super) foot: Vec<String>,
    /// What leads out.
    pub(super) leave: Option<(String, String)>,
}

/// The colour of an edge: it can be told from white and from black.
fn edge(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "#768390",
        Tone::Good => "#2da44e",
        Tone::Warning => "#bf8700",
        Tone::Danger => "#d1242f",
        Tone::Drill => "#8250df",
    }
}

impl Layout {
    /// Both, of which a mail program shows the one it can.
    pub(super) fn parts(&self) -> MultiPart {
        MultiPart::alternative_plain_html(self.plain(), self.page().into_string())
    }

    /// As text. What follows a line of `-- ` is the signature. <https://www.rfc-editor.org/rfc/rfc3676#section-4.3>
    fn plain(&self) -> String {
        let mut parts: Vec<String> = self.tag.iter().cloned().collect();
        parts.push(one_line(&self.title));
        parts.extend(self.paragraphs.iter().map(|line| clean(&plain_line(&mere(line), Tz::UTC))));
        let fact = |(label, value): &(String, String)| format!("{}: {value}", one_line(label));
        let facts: Vec<_> = self.facts.iter().map(fact).collect();
        parts.extend(Some(facts.join("\n")).filter(|facts| !facts.is_empty()));
        parts.extend(self.link.iter().map(|(label, url)| format!("{label}:\n{url}")));
        let leave = self.leave.iter().map(|(label, url)| format!("{label}: {url}"));
        let foot: Vec<_> = self.foot.iter().map(|line| one_line(line)).chain(leave).collect();
        parts.push(format!("-- \n{}\n{}", one_line(&self.sender), foot.join("\n")));
        parts.join("\n\n")
    }

    fn page(&self) -> Markup {
        let edge = edge(self.tone);
        html! {
            (DOCTYPE)
            html lang=(self.lang) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="supported-color-schemes" content="light dark";
                    title { (one_line(&self.title)) }
                }
                body style="margin: 0; padding: 24px 16px; font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif; overflow-wrap: anywhere" {
                    div style="max-width: 36em; margin: 0 auto" {
                        p style="margin: 0 0 24px; font-weight: 600" { (one_line(&self.sender)) }
                        div style=(format!("border-left: 4px solid {edge}; padding-left: 16px")) {
                            @if let Some(tag) = &self.tag {
                                p style="margin: 0 0 4px; font-size: 14px; font-weight: 600" { (tag) }
                            }
                            h1 style="margin: 0; font-size: 22px; line-height: 1.3" { (one_line(&self.title)) }
                        }
                        div style="margin: 24px 0" {
                            @for line in &self.paragraphs { p style="margin: 0 0 16px; white-space: pre-line" { (spans(line)) } }
                        }
                        @if !self.facts.is_empty() { (facts(&self.facts)) }
                        @if let Some((label, url)) = &self.link {
                            p style="margin: 0 0 24px" {
                                a href=(url) style=(format!("display: inline-block; padding: 10px 18px; border: 2px solid {edge}; border-radius: 6px; color: inherit; font-weight: 600; text-decoration: none")) { (label) }
                            }
                        }
                        div style="border-top: 1px solid #768390; padding-top: 16px; font-size: 14px" {
                            @for line in &self.foot { p style="margin: 0 0 8px" { (one_line(line)) } }
                            @if let Some((label, url)) = &self.leave {
                                p style="margin: 0" { a href=(url) style="color: inherit" { (label) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What is to be seen at a glance, as a table that is read line by line.
fn facts(facts: &[(String, String)]) -> Markup {
    html! {
        table style="margin: 0 0 24px; border-collapse: collapse; font-size: 16px" {
            @for (label, value) in facts {
                tr {
                    th scope="row" style="padding: 4px 16px 4px 0; text-align: left; vertical-align: top; font-weight: 400" { (one_line(label)) }
                    td style="padding: 4px 0; vertical-align: top; font-weight: 600" { (value) }
                }
            }
        }
    }
}

/// A link of which the label is the address is the address in plain text.
fn mere(line: &Line) -> Line {
    let span = |span: &Span| match span {
        Span::Link { label, url } if label == url => Span::Text(url.clone()),
        Span::Link { .. }
        | Span::Text(_)
        | Span::Strong(_)
        | Span::Code(_)
        | Span::Command(_)
        | Span::Person { .. }
        | Span::Mention { .. }
        | Span::Incident(_)
        | Span::Time { .. } => span.clone(),
    };
    line.iter().map(span).collect()
}

fn spans(line: &Line) -> Markup {
    html! {
        @for span in line {
            @if let Span::Link { label, url } = span {
                a href=(url) style="color: inherit" { (clean(label)) }
            } @else {
                (clean(&plain_line(&vec![span.clone()], Tz::UTC)))
            }
        }
    }
}
