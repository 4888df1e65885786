//! Lines as rich text, in which a text is only ever text: nothing needs escaping there.
//! <https://docs.slack.dev/reference/block-kit/blocks/rich-text-block>

use super::limits;
use super::text::{date_fallback, date_format, web, word};
use super::{Names, Way};
use muster_core::chat::fit::{cut, is_blank, length, pieces};
use muster_core::clock::Timestamp;
use muster_core::plain::clean;
use muster_core::view::{Line, Span, TimeStyle};
use serde_json::json;
use slack_morphism::prelude::{
    SlackBlock, SlackRelaxedUrl, SlackRichTextBlock, SlackRichTextChannel, SlackRichTextElement,
    SlackRichTextInlineElement, SlackRichTextLink, SlackRichTextPreformatted, SlackRichTextSection, SlackRichTextStyle,
    SlackRichTextText, SlackRichTextUser,
};

/// The longest name of a channel. <https://docs.slack.dev/reference/methods/conversations.create>
const CHANNEL_NAME: usize = 80;
/// A date in words, about.
const DATE: usize = 30;

/// A stretch of rich text and how much it shows.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    element: SlackRichTextInlineElement,
    shown: usize,
}

/// How texts of a line look unless they say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// As running text.
    Plain,
    /// As a title.
    Bold,
}

/// A line as pieces, none longer than a block may be.
pub(super) fn line(line: &Line, look: Look, names: &Names<'_>) -> Vec<Piece> {
    line.iter().flat_map(|span| inline(span, look, names)).collect()
}

/// A mere text as pieces.
pub(super) fn text(text: &str, look: Look) -> Vec<Piece> {
    let style = (look == Look::Bold).then(|| SlackRichTextStyle::new().with_bold(true));
    styled(text, style.as_ref())
}

fn styled(text: &str, style: Option<&SlackRichTextStyle>) -> Vec<Piece> {
    let text = clean(text);
    let pieces = pieces(&text, limits::CHUNK).into_iter().filter(|piece| !piece.is_empty());
    let element = |piece: &str| SlackRichTextText { text: piece.to_owned(), style: style.cloned() };
    pieces.map(|piece| Piece { shown: length(piece), element: element(piece).into() }).collect()
}

fn inline(span: &Span, look: Look, names: &Names<'_>) -> Vec<Piece> {
    let mere = word(span, names);
    let bold = SlackRichTextStyle::new().with_bold(true);
    let style = (look == Look::Bold).then(|| bold.clone());
    let one = |element: SlackRichTextInlineElement, shown: usize| vec![Piece { element, shown }];
    match span {
        Span::Text(_) => styled(&mere, style.as_ref()),
        Span::Strong(_) | Span::Person { .. } => styled(&mere, Some(&bold)),
        Span::Code(_) | Span::Command(_) => styled(&mere, Some(&SlackRichTextStyle::new().with_code(true))),
        Span::Mention { id, .. } => match names.user_of(id) {
            Some(user) => one(SlackRichTextUser { user_id: user.into(), style }.into(), length(&mere)),
            None => styled(&mere, Some(&bold)),
        },
        Span::Incident(id) => match names.way_to(*id) {
            Way::Channel(channel) => {
                one(SlackRichTextChannel { channel_id: channel.into(), style }.into(), CHANNEL_NAME)
            }
            Way::Link(url) => link(&mere, &url, style),
        },
        Span::Time { at, style: time } => one(date(*at, *time, style, names), DATE),
        Span::Link { label, url } => {
            if web(url).is_some() {
                return link(label, url, style);
            }
            styled(&mere, style.as_ref())
        }
    }
}

fn link(label: &str, url: &str, style: Option<SlackRichTextStyle>) -> Vec<Piece> {
    let text = cut(&clean(label), limits::HEADER);
    let Some(url) = web(url).filter(|_| !is_blank(&text)) else { return styled(label, style.as_ref()) };
    let shown = length(&text);
    let element = SlackRichTextLink { url: SlackRelaxedUrl(url.to_owned()), text: Some(text), unsafe_: None, style };
    vec![Piece { shown, element: element.into() }]
}

/// As JSON, because the SDK's date element takes a type of time that it does not let us make.
/// <https://docs.slack.dev/reference/block-kit/block-elements/date-element>
fn date(
    at: Timestamp,
    time: TimeStyle,
    style: Option<SlackRichTextStyle>,
    names: &Names<'_>,
) -> SlackRichTextInlineElement {
    let mut date = json!({
        "type": "date",
        "timestamp": at.timestamp(),
        "format": date_format(time),
        "fallback": date_fallback(at, names),
    });
    if style.is_some() {
        date["style"] = json!({ "bold": true });
    }
    SlackRichTextInlineElement::Unknown(date)
}

/// Rows of pieces as blocks of a bearable length, each row on a line of its own.
pub(super) fn blocks(rows: Vec<Vec<Piece>>) -> Vec<SlackBlock> {
    let mut blocks = Vec::new();
    let mut open: Vec<SlackRichTextInlineElement> = Vec::new();
    let mut shown = 0;
    for row in rows.into_iter().filter(|row| !row.iter().all(Piece::is_blank)) {
        let whole: usize = row.iter().map(|piece| piece.shown).sum();
        if !open.is_empty() && shown + whole < limits::CHUNK {
            open.push(SlackRichTextText::new("\n".to_owned()).into());
        } else {
            blocks.extend(section(std::mem::take(&mut open)));
            shown = 0;
        }
        for piece in row {
            if shown + piece.shown > limits::CHUNK {
                blocks.extend(section(std::mem::take(&mut open)));
                shown = 0;
            }
            shown += piece.shown;
            open.push(piece.element);
        }
    }
    blocks.extend(section(open));
    blocks
}

/// What a machine said, as it is.
pub(super) fn code(code: &str) -> Vec<SlackBlock> {
    let code = clean(code);
    let pieces = pieces(&code, limits::CHUNK).into_iter().filter(|piece| !is_blank(piece));
    let block = |piece: &str| {
        let text = SlackRichTextText::new(piece.trim_end_matches('\n').to_owned());
        of(SlackRichTextPreformatted::new(vec![text.into()]).into())
    };
    pieces.map(block).collect()
}

fn section(elements: Vec<SlackRichTextInlineElement>) -> Option<SlackBlock> {
    let is_blank = elements
        .iter()
        .all(|element| matches!(element, SlackRichTextInlineElement::Text(text) if is_blank(&text.text)));
    (!is_blank).then(|| of(SlackRichTextSection::new(elements).into()))
}

fn of(element: SlackRichTextElement) -> SlackBlock {
    SlackRichTextBlock::new(vec![element]).into()
}

impl Piece {
    fn is_blank(&self) -> bool {
        matches!(&self.element, SlackRichTextInlineElement::Text(text) if is_blank(&text.text))
    }
}
