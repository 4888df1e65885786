//! Putting values into texts: the last moment, in which secrets come in.

use super::secrets::{NoSecret, SecretValue};
use muster_core::runbook::{Piece, Rendered};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The key under which the body of a request names a text with secrets in it.
const SECRET: &str = "$secret";

/// What a part of a text comes to, and who wrote it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The author of the runbook.
    Author,
    /// Whoever gave the value: hostile.
    Filled,
    /// The operator.
    Secret,
}

/// The secrets as they are at this moment, or stand-ins for them.
pub(super) enum Filling<'a> {
    /// The values.
    Real(&'a BTreeMap<String, Result<SecretValue, NoSecret>>),
    /// Their names, where nothing is done.
    Names(Vec<&'a str>),
}

impl Filling<'_> {
    /// The parts of a text with their origins. The sentence says which secret is not to be had.
    pub(super) fn parts<'t>(&'t self, text: &'t Rendered) -> Result<Vec<(Origin, Cow<'t, str>)>, String> {
        let part = |piece: &'t Piece| match piece {
            Piece::Literal(text) => Ok((Origin::Author, text.as_str().into())),
            Piece::Value(text) => Ok((Origin::Filled, text.as_str().into())),
            Piece::Secret(name) => Ok((Origin::Secret, self.secret(name)?)),
        };
        text.0.iter().map(part).collect()
    }

    fn secret<'t>(&'t self, name: &str) -> Result<Cow<'t, str>, String> {
        let unknown = || format!("there is no secret {name} in [runbooks.secret] of the config");
        match self {
            Self::Real(values) => match values.get(name).ok_or_else(unknown)? {
                Ok(value) => Ok(value.reveal().into()),
                Err(error) => Err(format!("the secret {name} cannot be had: {error}")),
            },
            Self::Names(names) if names.contains(&name) => Ok(format!("‹secret {name}›").into()),
            Self::Names(_) => Err(unknown()),
        }
    }

    /// The text as a whole.
    pub(super) fn text(&self, text: &Rendered) -> Result<String, String> {
        Ok(self.parts(text)?.into_iter().map(|(_, part)| part).collect())
    }

    /// JSON in which texts with secrets are what they come to.
    pub(super) fn json(&self, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::Object(fields) => match pieces(fields) {
                Some(text) => Value::String(self.text(&text)?),
                None => {
                    let filled = fields.iter().map(|(name, value)| Ok((name.clone(), self.json(value)?)));
                    Value::Object(filled.collect::<Result<_, String>>()?)
                }
            },
            Value::Array(items) => items.iter().map(|item| self.json(item)).collect::<Result<_, _>>()?,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        })
    }
}

fn pieces(fields: &Map<String, Value>) -> Option<Rendered> {
    let pieces = fields.get(SECRET).filter(|_| fields.len() == 1)?;
    serde_json::from_value(pieces.clone()).ok()
}
