//! A page or a letter as browsers take it apart: by the tokenizer of the HTML standard, so that nobody judges their own escaping.

use html5gum::{DefaultEmitter, Token, Tokenizer};
use std::collections::BTreeSet;

/// These stand within a line.
const INLINE: [&str; 7] = ["a", "b", "em", "span", "strong", "small", "time"];

/// What markup there is, and what text.
#[derive(Debug, Default)]
pub struct Markup {
    /// Every element, and with each of its attributes: `a`, `a href`. What is no markup a browser would like is here, too.
    pub names: BTreeSet<String>,
    /// Where a click leads.
    pub links: Vec<String>,
    /// What is read, with one space where there is any.
    pub text: String,
}

impl Markup {
    /// Takes it apart.
    #[must_use]
    pub fn of(page: &str) -> Self {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        let mut markup = Self::default();
        for token in Tokenizer::new_with_emitter(page, emitter) {
            let Ok(token) = token;
            markup.add(token);
        }
        markup.text = markup.text.split_whitespace().collect::<Vec<_>>().join(" ");
        markup
    }

    fn add(&mut self, token: Token) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match token {
            Token::StartTag(tag) => {
                let element = text(&tag.name);
                self.parts(&element);
                for (attribute, value) in &tag.attributes {
                    let attribute = text(attribute);
                    if [("a", "href"), ("form", "action")].contains(&(element.as_str(), attribute.as_str())) {
                        self.links.push(text(&value.value));
                    }
                    self.names.insert(format!("{element} {attribute}"));
                }
                self.names.insert(element);
            }
            Token::EndTag(tag) => self.parts(&text(&tag.name)),
            Token::String(words) => self.text.push_str(&text(&words.value)),
            Token::Comment(_) => drop(self.names.insert("a comment".to_owned())),
            Token::Doctype(_) => {}
            Token::Error(error) => drop(self.names.insert(format!("an error: {}", error.value))),
        }
    }

    /// What is before an element does not run into what is after it, unless it stands within the line.
    fn parts(&mut self, element: &str) {
        if !INLINE.contains(&element) {
            self.text.push(' ');
        }
    }
}
