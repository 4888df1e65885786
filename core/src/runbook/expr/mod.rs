//! Expressions: a small part of CEL (<https://cel.dev>), without its loops, bounded in length and depth, and total.

mod read;
#[cfg(test)]
mod tests;
mod values;

pub(super) use read::outside_quotes;

use cel::{Context, Env, ExecutionError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::{Arc, LazyLock};

/// What CEL knows by itself. Which of it may be used, `read` says.
static STANDARD: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// An expression that can be read. Kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Expr(String);

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct ExprError {
    /// Why, in one sentence.
    pub sentence: String,
}

impl ExprError {
    /// That sentence.
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into() }
    }
}

/// What expressions know: `inputs`, `steps.ID.outputs.NAME`, `steps.ID.state`, `incident`, `run`, and what a probe adds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(pub serde_json::Map<String, Value>);

/// Something that an expression speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Its parts: `steps`, `health`, `outputs`, `active`.
    pub path: Vec<String>,
    /// Whether it is only asked whether that is there: `has(steps.health.outputs.active)`.
    pub tested: bool,
}

impl Expr {
    /// The most characters of an expression.
    pub const LONGEST: usize = 500;

    /// Reads an expression.
    ///
    /// # Errors
    /// When it cannot be read, is too long or too deep, has a loop, or computes with a secret.
    pub fn parse(text: &str) -> Result<Self, ExprError> {
        let text = text.trim();
        read::read(text)?;
        Ok(Self(text.to_owned()))
    }

    /// One that was read before. Should it have no meaning now, it has no value.
    pub(super) fn stored(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// All that it speaks of, in the order it is written.
    #[must_use]
    pub fn names(&self) -> Vec<Name> {
        read::read(&self.0).map(|tree| read::names(&tree)).unwrap_or_default()
    }

    /// Its value.
    ///
    /// # Errors
    /// When something it names is not there, or types do not fit.
    pub fn value(&self, scope: &Scope) -> Result<Value, ExprError> {
        let tree = read::read(&self.0)?;
        let mut context = Context::with_env(Arc::clone(&STANDARD));
        for (name, value) in &scope.0 {
            context.add_variable_from_value(name.as_str(), values::known(value));
        }
        let value = cel::Value::resolve(&tree, &context).map_err(|error| self.has_none(&error))?;
        values::told(&value)
            .ok_or_else(|| ExprError::new(format!("`{}` comes to something that cannot be written down", self.0)))
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// As [`Self::value`], and when it is neither true nor false.
    pub fn holds(&self, scope: &Scope) -> Result<bool, ExprError> {
        let value = self.value(scope)?;
        value.as_bool().ok_or_else(|| {
            let kind = values::kind(&value);
            ExprError::new(format!("`{}` is {kind}, and must be true or false", self.0))
        })
    }

    /// Why it has no value, without the values themselves: they may be long, and anybody's.
    fn has_none(&self, error: &ExecutionError) -> ExprError {
        let why = if let ExecutionError::NoSuchKey(key) = error {
            format!("there is no `{key}`")
        } else if let ExecutionError::UndeclaredReference(name) = error {
            format!("nothing is called `{name}`")
        } else if let ExecutionError::NoSuchOverload(overload) = error {
            format!(
                "{} does not work on {}",
                read::as_typed(overload.function()),
                overload.argument_types().join(" and ")
            )
        } else if let ExecutionError::UnsupportedBinaryOperator(_, one, other) = error {
            format!("{} and {} do not fit together", one.type_of(), other.type_of())
        } else if matches!(error, ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_)) {
            "it divides by zero".to_owned()
        } else if matches!(error, ExecutionError::IndexOutOfBounds(_)) {
            "a list is shorter than that".to_owned()
        } else {
            "its values do not fit together".to_owned()
        };
        ExprError::new(format!("`{}` has no value: {why}", self.0))
    }
}
