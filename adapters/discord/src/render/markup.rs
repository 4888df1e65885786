//! Markdown as Discord reads it, in which a text is only ever text. It is written until its room is full, and what is
//! left out then tears no mark, no link and no escape. <https://docs.discord.com/developers/reference#message-formatting>

use super::{Names, limits};
use crate::commands::typed;
use muster_core::chat::fit::{is_blank, length, web};
use muster_core::plain::clean;
use muster_core::view::{Line, Span, TimeStyle};

/// A writer of markdown.
pub(super) struct Markup<'n> {
    out: String,
    room: usize,
    /// Whether everything had room so far. Nothing is written any more once something had not.
    whole: bool,
    row: Row,
    /// Where the last bold text ended: one that follows at once goes on in it, since `****` would be no mark.
    bold: Option<usize>,
    /// Where the last address ended: Discord would take what follows at once for more of it.
    address: Option<usize>,
    names: &'n Names<'n>,
}

/// How far into a row the writer is: some marks count only where a row begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    /// Nothing is seen yet.
    Start,
    /// Only digits: with a dot they would be the number of a list.
    Number,
    /// Anything.
    Within,
}

/// The least room worth opening a mark for: the marks, and an escaped character between them.
const LEAST: usize = 8;

impl<'n> Markup<'n> {
    /// Nothing yet, and so much room: in units of [`length`], at least 1.
    pub(super) fn within(limit: usize, names: &'n Names<'n>) -> Self {
        let room = limit.saturating_sub(1);
        Self { out: String::new(), room, whole: true, row: Row::Start, bold: None, address: None, names }
    }

    /// What was written, and whether it is all of it.
    pub(super) fn finish(mut self) -> (String, bool) {
        self.out.truncate(self.out.trim_end().len());
        if !self.whole {
            self.out.push('…');
        }
        (self.out, self.whole)
    }

    /// Ends a row, if one has begun.
    pub(super) fn end_row(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.raw("\n");
        }
    }

    /// Leaves a row empty, where something stands above.
    pub(super) fn gap(&mut self) {
        self.end_row();
        if !self.out.is_empty() {
            self.raw("\n");
        }
    }

    /// Whether nothing is written any more.
    pub(super) fn is_full(&self) -> bool {
        !self.whole
    }

    /// A line with all that can be followed, and moments in the reader's own time.
    pub(super) fn line(&mut self, line: &Line) {
        for span in line {
            if self.address == Some(self.out.len()) {
                self.raw(" ");
            }
            match span {
                Span::Text(text) => self.text(text),
                Span::Strong(text) | Span::Person { name: text, .. } => self.strong(text),
                Span::Code(code) => self.code(code),
                Span::Command(line) => self.code(&typed(line)),
                Span::Mention { id, name } => match (self.names.user)(id) {
                    Some(user) => self.token(&format!("<@{user}>")),
                    None => self.strong(&format!("@{name}")),
                },
                Span::Incident(id) => self.link(&id.to_string(), &self.names.way_to(*id)),
                Span::Time { at, style } => {
                    let style = match style {
                        TimeStyle::Clock => 't',
                        TimeStyle::Full => 'f',
                        TimeStyle::Relative => 'R',
                    };
                    self.token(&format!("<t:{}:{style}>", at.timestamp()));
                }
                Span::Link { label, url } => self.link(label, url),
            }
        }
    }

    /// A text. An address in it that could not be taken for anything else stays one.
    pub(super) fn text(&mut self, text: &str) {
        let text = clean(text);
        let mut rest = text.as_str();
        while self.whole && !rest.is_empty() {
            let is_within_word = self.out.ends_with(char::is_alphanumeric);
            let done = match address(rest).filter(|_| !is_within_word) {
                Some(address) => {
                    self.token(address);
                    self.address = Some(self.out.len());
                    address.len()
                }
                None => self.first_char(rest),
            };
            rest = &rest[done..];
        }
    }

    /// A text that matters.
    pub(super) fn strong(&mut self, text: &str) {
        let text = clean(text);
        let core = text.trim();
        if is_blank(core) {
            return self.escaped(&text);
        }
        let start = text.len() - text.trim_start().len();
        self.escaped(&text[..start]);
        self.whole &= self.room >= LEAST;
        if !self.whole {
            return;
        }
        if self.bold == Some(self.out.len()) {
            self.out.truncate(self.out.len() - "**".len());
        } else {
            self.out.push_str("**");
            self.room -= 2 * "**".len();
        }
        self.escaped(core);
        self.out.push_str("**");
        self.bold = Some(self.out.len());
        self.escaped(&text[start + core.len()..]);
    }

    /// What a machine said, within a row.
    fn code(&mut self, code: &str) {
        let code = without_ticks(code).replace('\n', " ");
        if is_blank(&code) {
            return;
        }
        if self.out.ends_with('`') {
            self.raw("\u{200B}");
        }
        self.whole &= self.room >= LEAST;
        if self.whole {
            self.out.push('`');
            self.room -= 2;
            self.raw(code.trim());
            self.out.push('`');
            self.row = Row::Within;
        }
    }

    /// What a machine said, in rows of its own.
    pub(super) fn block(&mut self, code: &str) {
        let code = without_ticks(code);
        if is_blank(&code) {
            return;
        }
        self.end_row();
        self.whole &= self.room >= 2 * LEAST;
        if self.whole {
            self.out.push_str("```\n");
            self.room -= LEAST;
            self.raw(code.trim_matches('\n'));
            self.out.push_str("\n```");
            self.row = Row::Within;
        }
    }

    fn link(&mut self, label: &str, url: &str) {
        let Some(url) = web(url, limits::URL).filter(|_| !is_blank(label)) else {
            return self.text(&format!("{label}: {url}"));
        };
        let mut shown = Markup::within(limits::LINK, self.names);
        shown.escaped(&clean(label).replace('\n', " "));
        let url = url.replace('(', "%28").replace(')', "%29");
        self.token(&format!("[{}]({url})", shown.finish().0));
    }

    /// A text of which nothing means more than itself.
    pub(super) fn escaped(&mut self, text: &str) {
        let mut rest = text;
        while self.whole && !rest.is_empty() {
            rest = &rest[self.first_char(rest)..];
        }
    }

    /// Writes the first character of a text, escaped where it could be a mark; says how long it was.
    fn first_char(&mut self, text: &str) -> usize {
        let mut chars = text.chars();
        let Some(c) = chars.next() else { return 0 };
        let is_mark = match c {
            '\\' | '*' | '_' | '~' | '`' | '|' | '<' | '>' | '[' | ']' | '@' => true,
            // `:fire:` would be an emoji, `https:` an address.
            ':' => chars.next().is_none_or(|next| !next.is_whitespace()),
            '#' | '-' | '+' => self.row == Row::Start,
            '.' | ')' => self.row == Row::Number,
            _ => false,
        };
        let taken = c.len_utf16() + usize::from(is_mark);
        self.whole &= taken <= self.room;
        if self.whole {
            self.room -= taken;
            self.out.extend(is_mark.then_some('\\'));
            self.out.push(c);
            self.row = match self.row {
                _ if c == '\n' => Row::Start,
                Row::Start if is_blank(c.encode_utf8(&mut [0; 4])) => Row::Start,
                Row::Start | Row::Number if c.is_ascii_digit() => Row::Number,
                Row::Start | Row::Number | Row::Within => Row::Within,
            };
        }
        c.len_utf8()
    }

    /// What is written as it is, as much of it as there is room for.
    fn raw(&mut self, text: &str) {
        for c in text.chars() {
            self.whole &= c.len_utf16() <= self.room;
            if !self.whole {
                return;
            }
            self.room -= c.len_utf16();
            self.out.push(c);
            self.row = if c == '\n' { Row::Start } else { Row::Within };
        }
    }

    /// What is written as it is, or not at all.
    fn token(&mut self, token: &str) {
        self.whole &= length(token) <= self.room;
        if self.whole {
            self.raw(token);
        }
    }
}

/// A mere text on one line, where Discord reads markdown.
pub(super) fn mere(text: &str, limit: usize) -> String {
    let nobody = Names::unknown("");
    let mut markup = Markup::within(limit, &nobody);
    markup.escaped(clean(text).replace('\n', " ").trim());
    markup.finish().0
}

/// Code ends at the first backtick, whatever stands before it; what looks much like one ends nothing.
fn without_ticks(code: &str) -> String {
    clean(code).replace('`', "ˋ")
}

/// The address that a text begins with, if Discord would take all of it for one, and nothing in it for a mark.
fn address(text: &str) -> Option<&str> {
    let is_one = text.starts_with("https://") || text.starts_with("http://");
    let word = is_one.then(|| text.split(char::is_whitespace).next()).flatten()?;
    web(word, limits::URL).filter(|word| !word.contains(['*', '@']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::ids::{IncidentId, PersonId};
    use muster_core::view::{code, command, strong, text};

    fn written(line: Line, limit: usize) -> (String, bool) {
        let names = Names { user: &|_| Some(7), ..Names::unknown("https://muster.example.com") };
        let mut markup = Markup::within(limit, &names);
        markup.line(&line);
        markup.finish()
    }

    fn all(line: Line) -> String {
        let (markup, whole) = written(line, 1_000);
        assert!(whole, "{markup}");
        markup
    }

    #[test]
    fn a_text_is_only_text() {
        for (wild, tame) in [
            ("*b* _i_ ~~s~~ ||x||", r"\*b\* \_i\_ \~\~s\~\~ \|\|x\|\|"),
            ("@everyone <@1> <#2>", r"\@everyone \<\@1\> \<#2\>"),
            (":fire: 10:42 so: yes", r"\:fire: 10\:42 so: yes"),
            ("[ok](javascript:x)", r"\[ok\](javascript\:x)"),
            ("# a\n- b\n-# c\n> d\n1. e\n12) f\n + g", "\\# a\n\\- b\n\\-# c\n\\> d\n1\\. e\n12\\) f\n \\+ g"),
            ("#1 a-b 1. c", r"\#1 a-b 1. c"),
            ("```x```", r"\`\`\`x\`\`\`"),
            (r"a\*", r"a\\\*"),
            ("\u{200B}# a", "\u{200B}\\# a"),
        ] {
            assert_eq!(all(vec![text(wild)]), tame);
        }
    }

    #[test]
    fn an_address_stays_one_and_what_only_begins_like_one_does_not() {
        assert_eq!(all(vec![text("see https://x.example/a_b?c=d.")]), "see https://x.example/a_b?c=d.");
        let span = || text("https://x.example");
        assert_eq!(all(vec![span(), strong("a"), span(), code("b")]), "https://x.example **a**https://x.example `b`");
        for odd in ["https://x/<@1>", "https://x/**", "https://x/@here", "xhttps://y.example", "https://"] {
            assert!(!all(vec![text(odd)]).contains("https://"), "{odd}");
        }
    }

    #[test]
    fn marks_stand_around_what_is_seen_and_never_touch() {
        assert_eq!(all(vec![strong("a "), strong("b"), text("c")]), "**a** **b**c");
        assert_eq!(all(vec![strong("a"), strong("*b*"), strong(" ")]), r"**a\*b\***");
        assert_eq!(all(vec![code("a"), code("b`c"), command("note")]), "`a`\u{200B}`bˋc`\u{200B}`/inc note`");
    }

    #[test]
    fn links_lead_to_web_pages_only_and_end_where_they_should() {
        let link = |label: &str, url: &str| all(vec![Span::Link { label: label.into(), url: url.into() }]);
        assert_eq!(link("a]b", "https://x.example/(a)"), r"[a\]b](https://x.example/%28a%29)");
        assert_eq!(link("x", "javascript:y"), r"x: javascript\:y");
        assert_eq!(all(vec![Span::Incident(IncidentId(2))]), "[INC-2](https://muster.example.com/incidents/INC-2)");
    }

    #[test]
    fn what_has_no_room_is_left_out_whole() {
        let bob = || Span::Mention { id: PersonId::from("bob"), name: "Bob".to_owned() };
        assert_eq!(written(vec![text("abc"), bob()], 8), ("abc<@7>".to_owned(), true));
        assert_eq!(written(vec![text("abcd"), bob()], 8), ("abcd…".to_owned(), false));
        assert_eq!(written(vec![strong("abcdefghij")], 10), ("**abcde**…".to_owned(), false));
        assert_eq!(written(vec![text("ab***")], 6), (r"ab\*…".to_owned(), false));
    }
}
