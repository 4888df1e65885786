//! Texts into which values are filled: `${{ inputs.region }}`.

use super::expr::outside_quotes;
use super::{Expr, ExprError, Scope};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What begins a part that is filled in.
const OPEN: &str = "${{";
/// The most parts of a text that are filled in.
const PARTS: usize = 50;
/// The longest name of a secret.
const NAME: usize = 64;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// As it is.
    Literal(String),
    /// What an expression comes to.
    Value(Expr),
    /// A secret, by its name: `${{ secrets.TOKEN }}`. Its value is known to whoever carries the step out, and to nobody else.
    Secret(String),
}

/// A text into which values are filled. Kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Text(Vec<Part>);

/// A part of a text that has been filled in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// As its author wrote it.
    Literal(String),
    /// What was filled in: hostile, whoever it came from.
    Value(String),
    /// A secret, by its name.
    Secret(String),
}

/// A text that has been filled in, but for its secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rendered(pub Vec<Piece>);

impl Text {
    /// The most bytes of a text, as it is written.
    pub const LONGEST: usize = 8 * 1024;

    /// Reads a text.
    ///
    /// # Errors
    /// When an expression in it cannot be read, or it has braces that mean something elsewhere.
    pub fn parse(text: &str) -> Result<Self, ExprError> {
        let text = Self::split(text)?;
        for part in &text.0 {
            if let Part::Value(expr) = part {
                Expr::parse(expr.as_str())?;
            }
        }
        Ok(text)
    }

    /// Its parts, before its expressions are read.
    fn split(text: &str) -> Result<Self, ExprError> {
        if text.len() > Self::LONGEST {
            return Err(ExprError::new(format!("a text has {} KB at most", Self::LONGEST / 1024)));
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(OPEN) {
            parts.extend(literal(&rest[..at])?);
            let (inside, after) = filled_in(&rest[at + OPEN.len()..])?;
            parts.push(part(inside));
            rest = after;
        }
        parts.extend(literal(rest)?);
        if parts.iter().filter(|part| !matches!(part, Part::Literal(_))).count() > PARTS {
            return Err(ExprError::new(format!("a text has {PARTS} parts at most that are filled in")));
        }
        Ok(Self(parts))
    }

    /// Its parts.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Fills values in. What is nothing becomes no text.
    ///
    /// # Errors
    /// When a value is not there.
    pub fn render(&self, scope: &Scope) -> Result<Rendered, ExprError> {
        let piece = |part: &Part| {
            Ok(match part {
                Part::Literal(text) => Piece::Literal(text.clone()),
                Part::Value(expr) => Piece::Value(written(&expr.value(scope)?)),
                Part::Secret(name) => Piece::Secret(name.clone()),
            })
        };
        self.0.iter().map(piece).collect::<Result<_, _>>().map(Rendered)
    }

    /// The value itself, if the text is nothing but one expression; else the text that comes of it, without secrets.
    ///
    /// # Errors
    /// As [`Self::render`].
    pub fn value(&self, scope: &Scope) -> Result<Value, ExprError> {
        match self.0.as_slice() {
            [Part::Value(expr)] => expr.value(scope),
            _ => Ok(Value::String(self.render(scope)?.shown())),
        }
    }
}

/// What is before, between and after what is filled in. Other template languages would do something with some of it.
fn literal(text: &str) -> Result<Option<Part>, ExprError> {
    if text.contains("{{") || text.contains("{%") {
        return Err(ExprError::new(
            "what is filled in is written `${{ inputs.region }}`; two braces that are meant as such, `${{ \"{{\" }}`",
        ));
    }
    Ok((!text.is_empty()).then(|| Part::Literal(text.to_owned())))
}

/// What is between the braces, and what comes after them.
fn filled_in(text: &str) -> Result<(&str, &str), ExprError> {
    if text.starts_with('{') {
        return Err(three_braces());
    }
    let mut before = None;
    for (at, letter) in outside_quotes(text) {
        if letter == '}' && before == Some(at.wrapping_sub(1)) {
            let after = &text[at + 1..];
            return if after.starts_with('}') { Err(three_braces()) } else { Ok((&text[..at - 1], after)) };
        }
        before = (letter == '}').then_some(at);
    }
    Err(ExprError::new("`${{` is not closed; write `}}` where the expression ends"))
}

fn three_braces() -> ExprError {
    ExprError::new("there are three braces in a row; what is filled in has two, `${{ inputs.region }}`")
}

fn part(inside: &str) -> Part {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let secret = inside.trim().strip_prefix("secrets.").filter(|name| {
        (1..=NAME).contains(&name.len())
            && name.chars().all(is_letter)
            && !name.starts_with(|letter: char| letter.is_ascii_digit())
    });
    match secret {
        Some(name) => Part::Secret(name.to_owned()),
        None => Part::Value(Expr::stored(inside)),
    }
}

/// A value as people write it.
fn written(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
        Value::Number(number) => {
            let text = number.to_string();
            text.strip_suffix(".0").map_or(text.clone(), ToOwned::to_owned)
        }
        Value::String(text) => text.clone(),
    }
}

impl Rendered {
    /// What people may see: secrets by their names.
    #[must_use]
    pub fn shown(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Literal(text) | Piece::Value(text) => text.clone(),
            Piece::Secret(name) => format!("‹secret {name}›"),
        };
        self.0.iter().map(piece).collect()
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        let part = |part: &Part| match part {
            Part::Literal(text) => text.clone(),
            Part::Value(expr) => format!("${{{{ {} }}}}", expr.as_str()),
            Part::Secret(name) => format!("${{{{ secrets.{name} }}}}"),
        };
        text.0.iter().map(part).collect()
    }
}

impl TryFrom<String> for Text {
    type Error = ExprError;

    /// As it comes back from the store: its expressions are read when they are needed.
    fn try_from(text: String) -> Result<Self, ExprError> {
        Self::split(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scope() -> Scope {
        let Value::Object(known) = json!({
            "inputs": {"region": "eu", "count": 3, "share": 0.5, "whole": 2.0, "dry": true, "tags": ["b", "a"], "note": null},
        }) else {
            panic!("an object")
        };
        Scope(known)
    }

    fn shown(text: &str) -> String {
        Text::parse(text).expect(text).render(&scope()).expect(text).shown()
    }

    #[test]
    fn values_are_filled_in_as_people_write_them() {
        assert_eq!(shown("to ${{ inputs.region }}!"), "to eu!");
        assert_eq!(
            shown("${{inputs.count}} ${{ inputs.share }} ${{ inputs.whole }} ${{ inputs.dry }} ${{ inputs.tags }}"),
            "3 0.5 2 true [\"b\",\"a\"]"
        );
        assert_eq!(shown("(${{ inputs.note }})"), "()");
        assert_eq!(shown("${{ {\"b\": 1, \"a\": inputs.region} }}"), "{\"a\":\"eu\",\"b\":1}");
    }

    #[test]
    fn money_and_json_are_no_templates_and_braces_can_be_written() {
        assert_eq!(shown("$5 {\"a\": {\"b\": {}}} $${{ inputs.count }}"), "$5 {\"a\": {\"b\": {}}} $3");
        assert_eq!(shown("${{ \"{{.Names}}\" }}"), "{{.Names}}");
        assert_eq!(shown("${{ '}}' }}"), "}}");
    }

    #[test]
    fn a_secret_travels_by_its_name() {
        let text = Text::parse("Bearer ${{ secrets.GATEWAY }}").expect("a text");
        let rendered = text.render(&scope()).expect("rendered");
        assert_eq!(rendered.0[1], Piece::Secret("GATEWAY".to_owned()));
        assert_eq!(rendered.shown(), "Bearer ‹secret GATEWAY›");
        for computed in [
            "${{ secrets.A + 'x' }}",
            "${{ size(secrets.A) }}",
            "${{ secrets }}",
            "${{ secrets['A'] }}",
            "${{ secrets.1A }}",
        ] {
            assert!(Text::parse(computed).is_err(), "{computed}");
        }
    }

    #[test]
    fn one_expression_alone_keeps_its_type() {
        for (text, value) in [
            ("${{ inputs.tags }}", json!(["b", "a"])),
            ("${{ inputs.count }}", json!(3)),
            (" ${{ inputs.count }}", json!(" 3")),
        ] {
            assert_eq!(Text::parse(text).expect(text).value(&scope()), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_means_something_elsewhere_or_never_ends_is_refused_in_one_sentence() {
        for text in [
            "{{ inputs.region }}",
            "{{{ inputs.region }}}",
            "${{{ inputs.region }}}",
            "{% if x %}",
            "${{ inputs.region",
            "${{ inputs.region }",
            "${{ 'inputs }}",
            "${{ }}",
            "${{ [1].map(x, x) }}",
            "${{ inputs.region }}}",
            "a }} ${{ {",
            &"x".repeat(Text::LONGEST + 1),
            &"${{ 1 }}".repeat(PARTS + 1),
        ] {
            let error = Text::parse(text).expect_err(text);
            assert!(
                !error.sentence.is_empty() && !error.sentence.contains('\n') && error.sentence.len() < 700,
                "{error}"
            );
        }
    }

    #[test]
    fn a_text_comes_back_from_the_store_as_it_was() {
        for text in ["", "$", "a ${{ inputs.region }}${{ secrets.A }} b", "${{ \"{{\" }}x", "$${{ 1 }}"] {
            let text = Text::parse(text).expect(text);
            let kept = serde_json::to_string(&text).expect("JSON");
            assert_eq!(serde_json::from_str::<Text>(&kept).expect("a text"), text);
        }
    }
}
