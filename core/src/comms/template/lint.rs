//! Whether what a text names is there, and is filled in wherever it is said.

use super::facts::FACTS;
use super::tags::{Does, Tag, Wrong};
use super::{Purpose, Variable};
use crate::section::problem::did_you_mean;

/// What a text may name.
pub(super) struct Names<'a> {
    /// The variables of the template; a partial takes those of whichever template it is put into.
    pub(super) variables: Option<&'a [Variable]>,
}

impl Names<'_> {
    /// What is wrong with the names in a text.
    pub(super) fn check(&self, tags: &[Tag]) -> Vec<Wrong> {
        tags.iter().filter(|tag| tag.does != Does::Put).filter_map(|tag| self.one(tag)).collect()
    }

    fn one(&self, tag: &Tag) -> Option<Wrong> {
        let wrong = |what: String| Some(Wrong { at: tag.at, what });
        if FACTS.iter().any(|(fact, _)| *fact == tag.name) {
            return None;
        }
        let variables = self.variables?;
        let Some(variable) = variables.iter().find(|variable| variable.name == tag.name) else {
            let known =
                variables.iter().map(|variable| variable.name.as_str()).chain(FACTS.iter().map(|(fact, _)| *fact));
            return wrong(format!("there is no variable `{}`{}", tag.name, did_you_mean(&tag.name, known)));
        };
        let is_there = variable.required || variable.default.is_some() || tag.given.contains(&tag.name);
        if tag.does == Does::Say && !is_there {
            let name = &tag.name;
            return wrong(format!(
                "`{name}` may be left out; write {{{{#if {name}}}}} … {{{{/if}}}} around, or required = true"
            ));
        }
        None
    }
}

/// What keeps a variable out of a template that nobody looks at before it is sent.
pub(super) fn unseen(variable: &Variable, purpose: Purpose, preapproved: bool) -> Option<String> {
    let is_unseen = purpose.is_unseen();
    if variable.is_text() {
        let words = "words of one's own cannot be approved beforehand; use type = \"choice\"";
        return (preapproved || is_unseen).then(|| format!("{words}, or leave preapproved and purpose out"));
    }
    let needs_somebody = variable.required && variable.default.is_none();
    (is_unseen && needs_somebody)
        .then(|| "nobody fills this in before it goes out; give it a default, or leave required out".to_owned())
}
