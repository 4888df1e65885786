//! Checklists in Markdown: headings become steps, `- [ ]` what is ticked off, code what is read out in the text.

use super::write::{Draft, DraftStep};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// The most bytes of a document.
const LONGEST: usize = 256 * 1024;

/// Makes a runbook of a document.
///
/// # Errors
/// When there is nothing to be done in it.
pub fn markdown(text: &str) -> Result<String, String> {
    if text.len() > LONGEST {
        return Err(format!("the document has more than {} KB", LONGEST / 1024));
    }
    let mut reader = Reading::default();
    for event in Parser::new_ext(text, Options::ENABLE_TASKLISTS) {
        reader.take(event);
    }
    let Reading { mut draft, open, .. } = reader;
    if open.is_something() {
        draft.steps.push(open);
    }
    if draft.name.trim().is_empty() {
        draft.name = "Checklist".to_owned();
    }
    draft.finish()
}

#[derive(Default)]
struct Reading {
    draft: Draft,
    open: DraftStep,
    heading: Option<(HeadingLevel, String)>,
    /// The things of lists that are being read, the innermost last, and whether each is to be ticked off.
    items: Vec<(String, bool)>,
    in_code: bool,
}

impl DraftStep {
    fn is_something(&self) -> bool {
        !self.text.trim().is_empty() || !self.checklist.is_empty()
    }
}

impl Reading {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.heading = Some((level, String::new())),
            Event::End(TagEnd::Heading(_)) => self.head(),
            Event::Start(Tag::Item) => self.items.push((String::new(), false)),
            Event::End(TagEnd::Item) => self.item(),
            Event::TaskListMarker(_) => {
                if let Some((_, ticked)) = self.items.last_mut() {
                    *ticked = true;
                }
            }
            Event::Start(Tag::CodeBlock(_)) => {
                self.in_code = true;
                self.add("\n");
            }
            Event::End(TagEnd::CodeBlock) => {
                self.in_code = false;
                self.add("\n");
            }
            Event::Text(text) if self.in_code => {
                self.add(&text.lines().map(|line| format!("    {line}\n")).collect::<String>())
            }
            Event::Text(text) | Event::Code(text) => self.add(&text),
            Event::SoftBreak | Event::HardBreak => self.add("\n"),
            Event::End(TagEnd::Paragraph) => self.add("\n\n"),
            Event::Start(_)
            | Event::End(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::Rule => {}
        }
    }

    fn add(&mut self, text: &str) {
        if let Some((_, heading)) = &mut self.heading {
            heading.push_str(text);
        } else if let Some((item, _)) = self.items.last_mut() {
            item.push_str(text);
        } else {
            self.open.text.push_str(text);
        }
    }

    /// The first heading is the name; what stands under it before the next one tells what it is for.
    fn head(&mut self) {
        let Some((_, heading)) = self.heading.take() else { return };
        let before = std::mem::replace(&mut self.open, DraftStep { name: heading.clone(), ..DraftStep::default() });
        if self.draft.name.is_empty() && !before.is_something() {
            self.draft.name = heading;
        } else if before.is_something()
            && before.checklist.is_empty()
            && before.name == self.draft.name
            && self.draft.steps.is_empty()
        {
            self.draft.description = before.text;
        } else if before.is_something() {
            self.draft.steps.push(before);
        }
    }

    fn item(&mut self) {
        let Some((text, ticked)) = self.items.pop() else { return };
        if ticked {
            self.open.checklist.extend((!text.trim().is_empty()).then(|| text.trim().to_owned()));
        } else {
            self.add(&format!("- {}\n", text.trim()));
        }
    }
}
