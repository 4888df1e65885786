//! Work for machines: an action with its values filled in, but for its secrets.

use super::{
    Action, Body, Call, CallWork, ExprError, Payload, Piece, Probe, ProbeWork, Program, ProgramWork, Rendered, Scope,
    Text, Work,
};
use serde_json::{Map, Value, json};

/// The key of what stands in JSON where a secret will be. No value that is filled in may have it.
const SECRET: &str = "$secret";

/// What a machine is to do; nothing, if that is no machine's.
///
/// # Errors
/// When a value is not there, or would pass for a secret.
pub fn work(action: &Action, scope: &Scope) -> Result<Option<Work>, ExprError> {
    Ok(match action {
        Action::Http(call) => Some(Work::Call(self::call(call, scope)?)),
        Action::Run(program) => Some(Work::Program(self::program(program, scope)?)),
        Action::Probe(probe) => Some(Work::Probe(self::probe(probe, scope)?)),
        Action::Manual { .. }
        | Action::Page { .. }
        | Action::Role { .. }
        | Action::Update { .. }
        | Action::Comms { .. }
        | Action::Severity { .. }
        | Action::Status { .. }
        | Action::Wait { .. }
        | Action::Ask { .. }
        | Action::Approve { .. }
        | Action::Runbook { .. }
        | Action::Parallel { .. } => None,
    })
}

fn call(call: &Call, scope: &Scope) -> Result<CallWork, ExprError> {
    let body = match &call.body {
        None => None,
        Some(Body::Text(text)) => Some(Payload::Text(text.render(scope)?)),
        Some(Body::Json(value)) => Some(Payload::Json(filled(value, scope)?)),
    };
    Ok(CallWork {
        method: call.method.clone(),
        url: call.url.render(scope)?,
        headers: named(&call.headers, scope)?,
        body,
        expect: call.expect.clone(),
    })
}

fn program(program: &Program, scope: &Scope) -> Result<ProgramWork, ExprError> {
    Ok(ProgramWork {
        program: program.program.clone(),
        args: program.args.iter().map(|arg| arg.render(scope)).collect::<Result<_, _>>()?,
        env: named(&program.env, scope)?,
        limits: program.limits,
    })
}

fn probe(probe: &Probe, scope: &Scope) -> Result<ProbeWork, ExprError> {
    Ok(ProbeWork {
        call: call(&probe.call, scope)?,
        holds: probe.holds.clone(),
        scope: scope.clone(),
        every: probe.every,
        times: probe.times,
    })
}

fn named(texts: &[(String, Text)], scope: &Scope) -> Result<Vec<(String, Rendered)>, ExprError> {
    texts.iter().map(|(name, text)| Ok((name.clone(), text.render(scope)?))).collect()
}

/// JSON in which every text is a template. One that is nothing but an expression becomes its value.
fn filled(value: &Value, scope: &Scope) -> Result<Value, ExprError> {
    Ok(match value {
        Value::String(text) => text_in_json(&Text::parse(text)?, scope)?,
        Value::Array(items) => Value::Array(items.iter().map(|item| filled(item, scope)).collect::<Result<_, _>>()?),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| Ok((name.clone(), filled(value, scope)?)));
            let fields: Map<_, _> = fields.collect::<Result<_, ExprError>>()?;
            harmless(Value::Object(fields), 1)?
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    })
}

fn text_in_json(text: &Text, scope: &Scope) -> Result<Value, ExprError> {
    let rendered = text.render(scope)?;
    if rendered.0.iter().any(|piece| matches!(piece, Piece::Secret(_))) {
        return Ok(json!({ SECRET: rendered }));
    }
    harmless(text.value(scope)?, usize::MAX)
}

/// A value in which nothing passes for a secret, to that depth: an answer of a server could else ask for one.
fn harmless(value: Value, depth: usize) -> Result<Value, ExprError> {
    fn has_secret(value: &Value, depth: usize) -> bool {
        match value {
            Value::Object(fields) => {
                fields.contains_key(SECRET) || depth > 1 && fields.values().any(|value| has_secret(value, depth - 1))
            }
            Value::Array(items) => items.iter().any(|item| has_secret(item, depth)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        }
    }
    if has_secret(&value, depth) {
        return Err(ExprError { sentence: format!("a value has a field `{SECRET}`, which is not allowed") });
    }
    Ok(value)
}
