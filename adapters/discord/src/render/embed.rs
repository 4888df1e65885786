//! A view as an embed: title, running text, facts beside each other, small print.
//! <https://docs.discord.com/developers/resources/message#embed-object>

use super::markup::{self, Markup};
use super::{Names, limits, words};
use muster_core::chat::fit::{cut, is_blank, length};
use muster_core::view::{Field, Line, Section, Span, Tone, View, text};
use serenity::builder::{CreateEmbed, CreateEmbedFooter};

/// The embed of a view; never an empty one. `lacking` says that something was left out before.
pub(super) fn of(view: &View, lacking: bool, names: &Names<'_>) -> CreateEmbed {
    let title = title(view);
    let (footer, small) = foot(&view.footer, names);
    let mut body = Body { fields: Vec::new(), room: limits::ALL_FIELDS, lacking, names };
    for section in &view.sections {
        if let Section::Fields(fields) = section {
            fields.iter().for_each(|field| body.fact(field));
        }
    }
    let mut running = Vec::new();
    for part in view.sections.chunk_by(|_, next| !matches!(next, Section::Heading(_))) {
        if !body.headed(part) {
            running.push(part);
        }
    }
    let notice = notice(view, names);
    let taken = length(&title) + length(&footer) + (limits::ALL_FIELDS - body.room);
    let below = length(&small) + length(&notice) + 2;
    let room = limits::DESCRIPTION.min(limits::EMBED - taken) - below;
    let (text, whole) = body.text(&running, room);
    let notice = if whole && !body.lacking { String::new() } else { notice };
    let text: Vec<_> = [text, small, notice].into_iter().filter(|part| !part.is_empty()).collect();
    let mut embed = CreateEmbed::new().colour(colour(view.tone)).fields(body.fields);
    if !title.is_empty() {
        embed = embed.title(title);
    }
    if let Some(url) = names.whole(view) {
        embed = embed.url(url);
    }
    if !text.is_empty() {
        embed = embed.description(text.join("\n"));
    }
    if !footer.is_empty() {
        embed = embed.footer(CreateEmbedFooter::new(footer));
    }
    embed
}

/// The colour of a mood: that of its sign.
fn colour(tone: Tone) -> u32 {
    match tone {
        Tone::Neutral => 0x99_AAB5,
        Tone::Good => 0x78_B159,
        Tone::Warning => 0xF4_900C,
        Tone::Danger => 0xDD_2E44,
        Tone::Drill => 0xAA_8ED6,
    }
}

/// The first line. Discord reads emphasis there, but neither links nor mentions.
fn title(view: &View) -> String {
    let mere = words::of(&view.title);
    if is_blank(&mere) && !view.sections.is_empty() {
        return String::new();
    }
    markup::mere(&format!("{} {}", view.tone.sign(), mere.trim()), limits::TITLE)
}

/// The last line: small print below everything, or below the running text where it tells a time or leads somewhere,
/// since a footer shows mere words only.
fn foot(line: &Line, names: &Names<'_>) -> (String, String) {
    let is_mere = line.iter().all(|span| matches!(span, Span::Text(_) | Span::Strong(_) | Span::Person { .. }));
    let mere = words::of(line);
    match () {
        () if is_blank(&mere) => (String::new(), String::new()),
        () if is_mere => (cut(mere.trim(), limits::SMALL), String::new()),
        () => (String::new(), small(line, names)),
    }
}

/// A row of small print.
fn small(line: &Line, names: &Names<'_>) -> String {
    let mut markup = Markup::within(limits::SMALL, names);
    markup.line(line);
    format!("-# {}", markup.finish().0.replace('\n', " "))
}

fn notice(view: &View, names: &Names<'_>) -> String {
    let said = text("Not all of this fits here");
    match names.whole(view) {
        Some(url) => small(&vec![said, text(": "), Span::Link { label: "see the whole".to_owned(), url }], names),
        None => small(&vec![said], names),
    }
}

/// What stands between title and footer.
struct Body<'n> {
    fields: Vec<(String, String, bool)>,
    /// How much the fields may still hold.
    room: usize,
    lacking: bool,
    names: &'n Names<'n>,
}

impl Body<'_> {
    /// A labelled value, beside others where it is short.
    fn fact(&mut self, field: &Field) {
        let shown = words::of(&field.value);
        let dash = vec![text("–")];
        let value = if is_blank(&shown) { &dash } else { &field.value };
        let mut markup = Markup::within(limits::FIELD_VALUE.min(self.room.max(1)), self.names);
        markup.line(value);
        let (value, whole) = markup.finish();
        self.lacking |= !whole;
        self.field(&field.label, value, length(&shown) <= limits::BESIDE);
    }

    fn field(&mut self, label: &str, value: String, beside: bool) {
        let name = name(label);
        let taken = length(&name) + length(&value);
        if self.fields.len() == limits::FIELDS || taken > self.room {
            self.lacking = true;
            return;
        }
        self.room -= taken;
        self.fields.push((name, value, beside));
    }

    /// What stands under a heading after the facts becomes a field of its own, below them, when it fits one: an embed
    /// shows its running text above its fields.
    fn headed(&mut self, part: &[Section]) -> bool {
        let [Section::Heading(heading), under @ ..] = part else { return false };
        if self.fields.is_empty() || self.fields.len() == limits::FIELDS {
            return false;
        }
        let (text, whole) = self.text(&[under], limits::FIELD_VALUE);
        let fits = whole && !text.is_empty() && length(&name(heading)) + length(&text) <= self.room;
        if fits {
            self.field(heading, text, false);
        }
        fits
    }

    /// Running text, and whether it is all of it.
    fn text(&self, parts: &[&[Section]], room: usize) -> (String, bool) {
        let mut out = Markup::within(room, self.names);
        for section in parts.iter().copied().flatten() {
            match section {
                Section::Text(line) => row(line, &mut out),
                Section::Heading(heading) => {
                    out.gap();
                    out.strong(heading);
                }
                Section::List(items) => items.iter().for_each(|item| row(&item.line, &mut out)),
                Section::Code(code) => out.block(code),
                Section::Fields(_) => {}
            }
        }
        out.finish()
    }
}

/// The name of a field, which is never empty.
fn name(label: &str) -> String {
    let name = markup::mere(label, limits::LINK);
    if is_blank(&name) { "…".to_owned() } else { name }
}

fn row(line: &Line, out: &mut Markup<'_>) {
    if !out.is_full() && !is_blank(&words::of(line)) {
        out.end_row();
        out.line(line);
    }
}
