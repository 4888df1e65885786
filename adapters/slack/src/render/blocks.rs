//! A view as blocks: title, sections, actions, footer.

use super::Names;
use super::action::{Numbers, beside, rows};
use super::limits;
use super::rich::{self, Look};
use super::text::{either, plain, words};
use super::truncate::{Parts, Surface, fit};
use muster_core::chat::fit::{cut, is_blank, length};
use muster_core::chat::named::subject;
use muster_core::view::{Field, Item, Line, Section, Span, View, text};
use slack_morphism::prelude::{
    SlackBlock, SlackBlockText, SlackContextBlock, SlackContextBlockElement, SlackHeaderBlock, SlackSectionBlock,
};

/// The blocks of a view that fit a surface; never none.
pub(super) fn of(view: &View, surface: Surface, names: &Names<'_>) -> Vec<SlackBlock> {
    let mut numbers = Numbers::default();
    let mut parts = Parts { head: title(view, names), ..Parts::default() };
    for section in &view.sections {
        add(section, &mut parts, &mut numbers, names);
    }
    let (actions, lacking) = rows(&view.actions, &mut numbers);
    parts.actions = actions;
    parts.lacking |= lacking;
    parts.foot = small(&view.footer, names).into_iter().collect();
    let whole = Span::Link { label: "see the whole".to_owned(), url: whole(view, names) };
    let notice = small(&vec![text("Not all of this fits here: "), whole], names);
    fit(parts, surface, notice)
}

/// Where the whole is to be read: the page of the incident the view names first, else the console.
fn whole(view: &View, names: &Names<'_>) -> String {
    subject(view).map_or_else(|| names.console_url.to_owned(), |id| names.page_of(id))
}

fn title(view: &View, names: &Names<'_>) -> Vec<SlackBlock> {
    let sign = view.tone.sign();
    let mere = words(&view.title, names);
    if is_blank(&mere) && !view.sections.is_empty() {
        return Vec::new();
    }
    if is_blank(&mere) {
        return rich::blocks(vec![rich::text(sign, Look::Bold)]);
    }
    let is_mere = view.title.iter().all(|span| matches!(span, Span::Text(_) | Span::Strong(_)));
    let header = format!("{sign} {}", mere.replace('\n', " "));
    if is_mere && length(&header) <= limits::HEADER {
        return plain(&header, limits::HEADER)
            .map(|text| SlackHeaderBlock::new(text.into()).into())
            .into_iter()
            .collect();
    }
    let signed: Line = std::iter::once(text(format!("{sign} "))).chain(view.title.iter().cloned()).collect();
    if length(&mere) <= limits::TITLE {
        return rich::blocks(vec![rich::line(&signed, Look::Bold, names)]);
    }
    rich::blocks(vec![rich::text(&cut(&format!("{sign} {mere}"), limits::TITLE), Look::Bold)])
}

/// Small print.
fn small(line: &Line, names: &Names<'_>) -> Option<SlackBlock> {
    let element: SlackContextBlockElement = match either(line, names, limits::FOOTER)? {
        SlackBlockText::Plain(text) => text.into(),
        SlackBlockText::MarkDown(text) => text.into(),
    };
    Some(SlackContextBlock::new(vec![element]).into())
}

fn add(section: &Section, parts: &mut Parts, numbers: &mut Numbers, names: &Names<'_>) {
    match section {
        Section::Text(line) => parts.body.extend(rich::blocks(vec![rich::line(line, Look::Plain, names)])),
        Section::Heading(heading) => parts.body.extend(rich::blocks(vec![rich::text(heading, Look::Bold)])),
        Section::Fields(fields) => parts.body.extend(side_by_side(fields, names)),
        Section::List(items) => list(items, parts, numbers, names),
        Section::Code(code) => parts.body.extend(rich::code(code)),
    }
}

fn side_by_side(fields: &[Field], names: &Names<'_>) -> Vec<SlackBlock> {
    let text = |field: &Field| {
        let value = words(&field.value, names);
        let mut line = vec![Span::Strong(cut(&field.label, limits::HEADER)), text("\n")];
        line.extend(if is_blank(&value) { vec![text("–")] } else { field.value.clone() });
        either(&line, names, limits::FIELD)
    };
    let texts: Vec<_> = fields.iter().filter_map(text).collect();
    let section = |fields: &[SlackBlockText]| SlackSectionBlock::new().with_fields(fields.to_vec()).into();
    texts.chunks(limits::FIELDS).map(section).collect()
}

/// Items one can do something with stand alone, with a button beside them; the others flow together.
fn list(items: &[Item], parts: &mut Parts, numbers: &mut Numbers, names: &Names<'_>) {
    for run in items.chunk_by(|a, b| a.action.is_none() && b.action.is_none()) {
        let lines = || run.iter().map(|item| rich::line(&item.line, Look::Plain, names)).collect();
        let [Item { line, action: Some(action) }] = run else {
            parts.body.extend(rich::blocks(lines()));
            continue;
        };
        let made = beside(action, numbers);
        parts.lacking |= made.lacking;
        match (made.element, either(line, names, limits::SECTION)) {
            (Some(element), Some(text)) => {
                parts.body.push(SlackSectionBlock::new().with_text(text).with_accessory(element).into());
            }
            (_, None) => parts.lacking = true,
            (None, Some(_)) => parts.body.extend(rich::blocks(lines())),
        }
    }
}
