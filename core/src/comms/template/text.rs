//! A text with gaps: parsed by handlebars, kept as a tree that can say nothing but what is allowed.

use super::facts::Gaps;
use super::tags::{Does, Tag, Wrong, tags};
use handlebars::template::{HelperTemplate, Parameter, TemplateElement};
use std::fmt;

/// So many bytes of what a text yields are kept; what is allowed to be sent is much less.
const YIELD: usize = 64 * 1_024;

/// A text with gaps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(Vec<Node>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Plain(String),
    Gap(String),
    When { name: String, then: Vec<Node>, otherwise: Vec<Node> },
    Each { list: String, item: Vec<Node> },
    Item,
    Partial(String),
}

impl Text {
    /// Reads a text: what it says and what it names, or all that is wrong with it.
    pub(super) fn read(source: &str) -> Result<(Self, Vec<Tag>), Vec<Wrong>> {
        let tags = tags(source)?;
        let unreadable = |at| vec![Wrong { at, what: "this cannot be read; look at the braces".to_owned() }];
        let parsed = handlebars::Template::compile(&lined(source, &tags)).map_err(|error| {
            let line = error.pos().map_or(0, |(line, _)| line.saturating_sub(1));
            unreadable(source.split_inclusive('\n').take(line).map(str::len).sum())
        })?;
        let nodes = nodes(&parsed.elements).ok_or_else(|| unreadable(0))?;
        Ok((Self(nodes), tags))
    }

    /// Puts partials in; there is none in a partial.
    pub(super) fn put_in<'a>(&mut self, partial: &impl Fn(&str) -> Option<&'a Text>) {
        put_in(&mut self.0, partial);
    }

    /// Says it. The names of the gaps that nothing fills in, if there are any: then there is no text.
    pub(super) fn say<'t>(&'t self, gaps: &Gaps<'_>) -> Result<String, Vec<&'t str>> {
        let mut said = Said { gaps, text: String::new(), lacks: Vec::new() };
        said.all(&self.0, "");
        if said.lacks.is_empty() { Ok(said.text) } else { Err(said.lacks) }
    }
}

/// Where a partial has a line to itself, the parser takes the end of that line, since a partial is a whole file to it. Ours end where
/// their text ends, so that the line is ended twice.
fn lined(source: &str, tags: &[Tag]) -> String {
    let mut lined = source.to_owned();
    for tag in tags.iter().rev().filter(|tag| tag.does == Does::Put) {
        let before = source[..tag.at].rsplit('\n').next().unwrap_or_default();
        let from_tag = &source[tag.at..];
        let end = from_tag.find('\n');
        let after = from_tag[..end.unwrap_or(from_tag.len())].split_once("}}").map_or("", |(_, after)| after);
        if let Some(end) = end.filter(|_| before.trim().is_empty() && after.trim().is_empty()) {
            lined.insert(tag.at + end, '\n');
        }
    }
    lined
}

/// As a template's author reads it: gaps as `{{name}}`, partials put in.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(&self.0, f)
    }
}

fn show(nodes: &[Node], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    nodes.iter().try_for_each(|node| match node {
        Node::Plain(text) => f.write_str(text),
        Node::Gap(name) => write!(f, "{{{{{name}}}}}"),
        Node::When { name, then, otherwise } => {
            write!(f, "{{{{#if {name}}}}}")?;
            show(then, f)?;
            if !otherwise.is_empty() {
                f.write_str("{{else}}")?;
                show(otherwise, f)?;
            }
            f.write_str("{{/if}}")
        }
        Node::Each { list, item } => {
            write!(f, "{{{{#each {list}}}}}")?;
            show(item, f)?;
            f.write_str("{{/each}}")
        }
        Node::Item => f.write_str("{{this}}"),
        Node::Partial(name) => write!(f, "{{{{> {name}}}}}"),
    })
}

/// What the parser made of a text, if it is all allowed.
fn nodes(elements: &[TemplateElement]) -> Option<Vec<Node>> {
    elements.iter().filter(|element| !matches!(element, TemplateElement::Comment(_))).map(node).collect()
}

fn node(element: &TemplateElement) -> Option<Node> {
    match element {
        TemplateElement::RawString(text) => Some(Node::Plain(text.clone())),
        TemplateElement::Expression(said) if said.params.is_empty() && said.hash.is_empty() => {
            match said.name.as_name()? {
                "this" => Some(Node::Item),
                name => Some(Node::Gap(name.to_owned())),
            }
        }
        TemplateElement::HelperBlock(block) => self::block(block),
        TemplateElement::PartialExpression(partial) if partial.params.is_empty() && partial.hash.is_empty() => {
            partial.name.as_name().map(|name| Node::Partial(name.to_owned()))
        }
        TemplateElement::Expression(_)
        | TemplateElement::HtmlExpression(_)
        | TemplateElement::DecoratorExpression(_)
        | TemplateElement::DecoratorBlock(_)
        | TemplateElement::PartialExpression(_)
        | TemplateElement::PartialBlock(_)
        | TemplateElement::Comment(_) => None,
        // Whatever a later parser knows.
        _ => None,
    }
}

fn block(block: &HelperTemplate) -> Option<Node> {
    let [param @ Parameter::Path(_)] = block.params.as_slice() else { return None };
    if !block.hash.is_empty() || block.block_param.is_some() || block.chain {
        return None;
    }
    let name = param.as_name()?.to_owned();
    let inside = |template: &Option<handlebars::Template>| {
        template.as_ref().map_or_else(|| Some(Vec::new()), |template| nodes(&template.elements))
    };
    let (first, second) = (inside(&block.template)?, inside(&block.inverse)?);
    match block.name.as_name()? {
        "if" => Some(Node::When { name, then: first, otherwise: second }),
        "unless" => Some(Node::When { name, then: second, otherwise: first }),
        "each" if second.is_empty() => Some(Node::Each { list: name, item: first }),
        _ => None,
    }
}

fn put_in<'a>(nodes: &mut Vec<Node>, partial: &impl Fn(&str) -> Option<&'a Text>) {
    for mut node in std::mem::take(nodes) {
        match &mut node {
            Node::Partial(name) => {
                nodes.extend(partial(name).map(|text| text.0.clone()).unwrap_or_default());
                continue;
            }
            Node::When { then, otherwise, .. } => {
                put_in(then, partial);
                put_in(otherwise, partial);
            }
            Node::Each { .. } | Node::Plain(_) | Node::Gap(_) | Node::Item => {}
        }
        nodes.push(node);
    }
}

/// A text that is being said.
struct Said<'t, 'g> {
    gaps: &'g Gaps<'g>,
    text: String,
    lacks: Vec<&'t str>,
}

impl<'t> Said<'t, '_> {
    fn all(&mut self, nodes: &'t [Node], item: &str) {
        for node in nodes {
            if self.text.len() > YIELD {
                return;
            }
            match node {
                Node::Plain(text) => self.text.push_str(text),
                Node::Gap(name) => match self.gaps.said.get(name.as_str()) {
                    Some(said) => self.text.push_str(said),
                    None => self.lacks.push(name),
                },
                Node::When { name, then, otherwise } => {
                    self.all(if self.gaps.has(name) { then } else { otherwise }, item);
                }
                Node::Each { list, item } => {
                    for each in self.gaps.lists.get(list.as_str()).into_iter().flatten() {
                        self.all(item, each);
                    }
                }
                Node::Item => self.text.push_str(item),
                Node::Partial(name) => self.lacks.push(name),
            }
        }
    }
}
