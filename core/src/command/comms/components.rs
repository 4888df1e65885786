//! Components and how they do, as people type them: `checkout=down,web=slow`.

use crate::command::args::{Args, named};
use crate::comms::{Component, ComponentState};
use crate::plain::echo;
use crate::refusal::Refusal;
use std::collections::BTreeMap;

/// What says that no component is concerned.
const NONE: &str = "-";

impl Args<'_> {
    /// Components with their states.
    ///
    /// # Errors
    /// When one does not exist, or that is no state.
    pub(super) fn components(&self, name: &str) -> Result<Option<BTreeMap<String, ComponentState>>, Refusal> {
        let Some(typed) = self.raw(name) else { return Ok(None) };
        if typed == NONE {
            return Ok(Some(BTreeMap::new()));
        }
        let items = typed.split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(|item| self.component(item)).collect::<Result<_, _>>().map(Some)
    }

    fn component(&self, item: &str) -> Result<(String, ComponentState), Refusal> {
        let rules = &self.org.comms;
        let Some((typed, state)) = item.split_once('=') else {
            let sentence = format!("“{}” does not say how it does: write it as checkout=down", echo(item));
            return Err(Refusal::invalid(sentence));
        };
        let typed = typed.trim();
        let is_called = |one: &&Component| one.names.values().any(|name| name.to_lowercase() == typed.to_lowercase());
        let found = rules.component(typed).or_else(|| rules.components.iter().find(is_called));
        let found = found.ok_or_else(|| {
            let known = named(rules.components.iter().map(|one| one.id.as_str()));
            Refusal::invalid(format!("“{}” is not a component: {known}", echo(typed)))
        })?;
        let state = ComponentState::from_word(state).ok_or_else(|| {
            let sentence = format!(
                "“{}” is not how a component does: there are ok, maintenance, slow, partial, down",
                echo(state)
            );
            Refusal::invalid(sentence)
        })?;
        Ok((found.id.clone(), state))
    }
}
