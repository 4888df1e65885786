//! The tags of a text, read before the parser sees it: bounded in number and nesting, each of a shape that there is.
//!
//! The parser of handlebars calls itself for each block and bracket, so that some 1,500 of them would end the process. What is let
//! through here holds no bracket, string or path at all, and few blocks.

use super::facts::LISTS;

/// The longest text, in bytes: five thousand characters of any script, with tags and partials.
pub(super) const LONGEST: usize = 24_000;
/// So many tags a text may have.
const MOST: usize = 200;
/// So deep blocks may be in one another.
const DEEPEST: usize = 8;
/// The longest tag, in bytes.
const TAG: usize = 80;

/// All there is, for whoever wrote something else.
const SHAPES: &str = "there are {{name}}, {{#if name}}, {{else}}, {{#unless name}}, {{#each components}}, {{> partial}} and {{! comments }}";

/// What a tag does with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// Says it.
    Say,
    /// Asks whether it is there.
    Ask,
    /// Puts a partial in.
    Put,
}

/// A tag that names something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    /// Where it is, in bytes.
    pub(super) at: usize,
    /// What it does.
    pub(super) does: Does,
    /// What it names.
    pub(super) name: String,
    /// What is known to be there where it stands, because a block around it asked.
    pub(super) given: Vec<String>,
}

/// Something wrong at a place of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Where, in bytes.
    pub(super) at: usize,
    /// What, and what to write instead.
    pub(super) what: String,
}

/// The tags of a text, or all that is wrong with them.
pub(super) fn tags(text: &str) -> Result<Vec<Tag>, Vec<Wrong>> {
    let mut scan = Scan::default();
    scan.all(text);
    if scan.wrong.is_empty() { Ok(scan.tags) } else { Err(scan.wrong) }
}

/// Whether it can be the name of a variable: `next_update`.
pub(super) fn is_name(word: &str) -> bool {
    word.len() <= 40
        && word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Whether it can be the name of a partial or template, which is that of a file: `public-contact`.
pub(super) fn is_file_name(word: &str) -> bool {
    (1..=60).contains(&word.len())
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
}

/// What to write instead of a tag that is none.
fn instead(inner: &str) -> String {
    let first = inner.split_whitespace().next().unwrap_or_default();
    match first {
        "if" | "unless" | "each" => format!("write {{{{#{first} name}}}}"),
        "else" => "write {{else}}, and a block of its own in it".to_owned(),
        word if word.starts_with(['{', '&']) => {
            "whoever shows a text escapes it, so that nothing need be raw; write {{name}}".to_owned()
        }
        word if word == inner && word.contains(['.', '/', '@', '[', '"', '\'', '\\']) => {
            "what is said has a plain name without a path; write {{name}}".to_owned()
        }
        word if word == inner && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) => {
            "a name is of small letters, digits and underscores; write {{next_update}}".to_owned()
        }
        _ => SHAPES.to_owned(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    If,
    Unless,
    Each,
}

impl Block {
    const ALL: [Self; 3] = [Self::If, Self::Unless, Self::Each];

    fn word(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::Unless => "unless",
            Self::Each => "each",
        }
    }
}

/// A block that is not closed yet.
#[derive(Debug)]
struct Open {
    at: usize,
    word: String,
    /// What it does; nothing if it is none that there is, so that its end is no second mistake.
    block: Option<Block>,
    name: String,
    has_else: bool,
}

impl Open {
    /// Whether what it asks for is there where we are.
    fn gives(&self) -> bool {
        match self.block {
            Some(Block::If) => !self.has_else,
            Some(Block::Unless) => self.has_else,
            Some(Block::Each) => true,
            None => false,
        }
    }
}

#[derive(Debug, Default)]
struct Scan {
    open: Vec<Open>,
    tags: Vec<Tag>,
    wrong: Vec<Wrong>,
}

impl Scan {
    fn all(&mut self, text: &str) {
        if text.len() > LONGEST {
            return self.wrong(LONGEST, format!("this text is longer than {LONGEST} bytes; shorten it"));
        }
        let (mut from, mut count) = (0, 0);
        while let Some(found) = text[from..].find("{{") {
            let at = from + found;
            let inside = at + 2;
            let Some(length) = text[inside..].find("}}") else {
                self.wrong(at, "this tag is never closed; write }} behind it");
                return;
            };
            count += 1;
            if count > MOST {
                return self.wrong(at, format!("a text has at most {MOST} tags; leave some out"));
            }
            if text[..at].ends_with('\\') {
                self.wrong(at, "a backslash before {{ means nothing here; leave it out");
            } else {
                self.tag(at, &text[inside..inside + length]);
            }
            from = inside + length + 2;
        }
        for open in std::mem::take(&mut self.open) {
            let Open { at, word, name, .. } = open;
            self.wrong(at, format!("{{{{#{word} {name}}}}} is never closed; write {{{{/{word}}}}}"));
        }
    }

    fn wrong(&mut self, at: usize, what: impl Into<String>) {
        self.wrong.push(Wrong { at, what: what.into() });
    }

    fn tag(&mut self, at: usize, inside: &str) {
        if let Some(comment) = inside.strip_prefix('!') {
            return self.comment(at, comment);
        }
        if inside.len() > TAG {
            return self.wrong(at, format!("a tag is at most {TAG} bytes long; shorten it"));
        }
        let inner = inside.strip_prefix('~').unwrap_or(inside);
        let inner = inner.strip_suffix('~').unwrap_or(inner).trim();
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        if let Some(block) = inner.strip_prefix('#') {
            self.begin(at, &words(block));
        } else if let Some(block) = inner.strip_prefix('/') {
            self.end(at, block.trim());
        } else if let Some(partial) = inner.strip_prefix('>') {
            match words(partial).as_slice() {
                [name] if is_file_name(name) => self.named(at, Does::Put, name),
                _ => self.wrong(at, "a partial is put in by its name alone; write {{> contact}}"),
            }
        } else if inner == "else" {
            self.turn(at);
        } else if is_name(inner) {
            self.named(at, Does::Say, inner);
        } else {
            let third = if inside.starts_with('{') { "}" } else { "" };
            self.wrong(at, format!("{{{{{inside}}}}}{third} is not possible; {}", instead(inner)));
        }
    }

    /// What is in a comment must end where the parser says it ends.
    fn comment(&mut self, at: usize, comment: &str) {
        let dashed = comment.trim_start().strip_prefix("--");
        if comment.contains("{{") || dashed.is_some_and(|rest| !rest.ends_with("--")) {
            self.wrong(at, "a comment holds no braces, and ends as it begins; write {{! so }} or {{!-- so --}}");
        }
    }

    fn begin(&mut self, at: usize, words: &[String]) {
        let word = words.first().cloned().unwrap_or_default();
        let block = Block::ALL.into_iter().find(|block| block.word() == word);
        let name = words.get(1).cloned().unwrap_or_default();
        match block {
            Some(_) if words.len() != 2 || !is_name(&name) => {
                self.wrong(at, format!("a block asks for one name and nothing else; write {{{{#{word} name}}}}"));
            }
            Some(Block::Each) if !LISTS.contains(&name.as_str()) => {
                self.wrong(at, format!("`{name}` is no list; there are {}", LISTS.join(", ")));
            }
            Some(Block::If | Block::Unless | Block::Each) => self.named(at, Does::Ask, &name),
            None => self.wrong(at, format!("there is no block `{word}`; {SHAPES}")),
        }
        if self.open.len() == DEEPEST {
            self.wrong(at, format!("blocks are at most {DEEPEST} deep in one another; take this one out"));
        }
        // Deeper ones are kept too, so that their ends find them; the text does not get to the parser any more.
        self.open.push(Open { at, word, block, name, has_else: false });
    }

    fn turn(&mut self, at: usize) {
        match self.open.last_mut() {
            Some(open) if !open.has_else && open.block != Some(Block::Each) => open.has_else = true,
            Some(_) => self.wrong(at, "{{else}} stands once in {{#if}} and {{#unless}}; leave it out"),
            None => self.wrong(at, "{{else}} stands in {{#if}} or {{#unless}}; leave it out"),
        }
    }

    fn end(&mut self, at: usize, word: &str) {
        match self.open.pop() {
            Some(open) if open.word == word || open.block.is_none() => {}
            Some(Open { word: begun, .. }) => {
                self.wrong(at, format!("{{{{/{word}}}}} closes {{{{#{begun}}}}}; write {{{{/{begun}}}}}"));
            }
            None => self.wrong(at, format!("{{{{/{word}}}}} closes nothing; leave it out")),
        }
    }

    fn named(&mut self, at: usize, does: Does, name: &str) {
        let is_in_each = self.open.iter().any(|open| open.block == Some(Block::Each));
        match (is_in_each, does == Does::Say && name == "this") {
            (true, false) => return self.wrong(at, "in {{#each}} only {{this}} can be said, each item of the list"),
            (false, true) => return self.wrong(at, "{{this}} stands in {{#each components}} only"),
            (true, true) => return,
            (false, false) => {}
        }
        let given = self.open.iter().filter(|open| open.gives()).map(|open| open.name.clone()).collect();
        self.tags.push(Tag { at, does, name: name.to_owned(), given });
    }
}
