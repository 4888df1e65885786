//! Components and their groups in the API.

use super::Writer;
use crate::atlas::State;
use muster_core::comms::{self, ComponentGroup, ComponentState, Grouped};
use serde::Serialize;

/// A component, or a group of them.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Component {
    pub(super) id: String,
    name: String,
    status: &'static str,
    created_at: String,
    updated_at: String,
    position: usize,
    description: Option<String>,
    showcase: bool,
    start_date: Option<String>,
    group_id: Option<String>,
    page_id: String,
    group: bool,
    only_show_if_degraded: bool,
    /// Those in it, by id, if it is a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    components: Option<Vec<String>>,
}

/// All of them as they stand on the page: each group followed by what is in it, then those in no group.
pub(super) fn all(writer: &Writer<'_>) -> Vec<Component> {
    let Grouped { groups, others } = writer.edition.rules.grouped();
    let states = |all: &[&comms::Component]| -> Vec<_> {
        all.iter().filter_map(|one| writer.atlas.everywhere.state_of(one)).collect()
    };
    let mut all = Vec::new();
    for (of, members) in &groups {
        let members = states(members);
        all.push(group(writer, of, &members));
        all.extend(members.into_iter().map(|state| one(writer, state, Some(of))));
    }
    all.extend(states(&others).into_iter().map(|state| one(writer, state, None)));
    for (position, component) in all.iter_mut().enumerate() {
        component.position = position + 1;
    }
    all
}

/// A component as it does now.
fn one(writer: &Writer<'_>, state: &State<'_>, group: Option<&ComponentGroup>) -> Component {
    Component {
        id: state.component.id.clone(),
        name: state.component.name(writer.edition.locale, writer.edition.rules).to_owned(),
        status: state.state.word(),
        // When it was made is known to nobody.
        created_at: writer.moment_or_first(None),
        updated_at: writer.moment_or_first(state.since),
        position: 0,
        description: state
            .component
            .description(writer.edition.locale, writer.edition.rules)
            .map(|(_, said)| said.to_owned()),
        showcase: true,
        start_date: Some(writer.atlas.model.first_day().to_string()),
        group_id: group.map(group_id),
        page_id: writer.page_id.clone(),
        group: false,
        only_show_if_degraded: false,
        components: None,
    }
}

fn group(writer: &Writer<'_>, group: &ComponentGroup, members: &[&State<'_>]) -> Component {
    let worst = members.iter().map(|state| state.state).max().unwrap_or(ComponentState::Operational);
    Component {
        id: group_id(group),
        name: group.name(writer.edition.locale, writer.edition.rules).to_owned(),
        status: worst.word(),
        created_at: writer.moment_or_first(None),
        updated_at: writer.moment_or_first(members.iter().filter_map(|state| state.since).max()),
        position: 0,
        description: None,
        showcase: false,
        start_date: None,
        group_id: None,
        page_id: writer.page_id.clone(),
        group: true,
        only_show_if_degraded: false,
        components: Some(members.iter().map(|state| state.component.id.clone()).collect()),
    }
}

/// There, groups are components: a group and a component may not have one id.
fn group_id(group: &ComponentGroup) -> String {
    format!("group-{}", group.id)
}
