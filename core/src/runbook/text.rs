//! Texts into which values are filled: `${{ inputs.region }}`.

use super::{Expr, ExprError, Scope};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    /// Reads a text.
    ///
    /// # Errors
    /// When an expression in it cannot be read, or it has braces that mean something elsewhere.
    pub fn parse(text: &str) -> Result<Self, ExprError> {
        let _ = text;
        Ok(Self(vec![Part::Literal(text.to_owned())]))
    }

    /// Its parts.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Fills values in.
    ///
    /// # Errors
    /// When a value is not there or has no text.
    pub fn render(&self, scope: &Scope) -> Result<Rendered, ExprError> {
        let _ = scope;
        Ok(Rendered::default())
    }

    /// The value itself, if the text is nothing but one expression; else the text that comes of it, without secrets.
    ///
    /// # Errors
    /// As [`Self::render`].
    pub fn value(&self, scope: &Scope) -> Result<Value, ExprError> {
        Ok(Value::String(self.render(scope)?.shown()))
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

    fn try_from(text: String) -> Result<Self, ExprError> {
        Self::parse(&text)
    }
}
