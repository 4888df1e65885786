//! Which slash command has which rows of the table: `/inc` those that it has room for, `/inc-more` the others.

use super::limits;
use super::register::{size, subcommand};
use muster_core::command::TABLE;
use muster_core::command::spec::Spec;
use std::sync::LazyLock;

/// A slash command and its rows.
pub(super) struct Shelf {
    /// Its names: all do the same.
    pub(super) names: &'static [&'static str],
    /// What it is for.
    pub(super) description: &'static str,
    /// Its rows.
    pub(super) rows: Vec<&'static Spec>,
}

static SHELVES: LazyLock<Vec<Shelf>> = LazyLock::new(|| fill(TABLE.iter()));

/// The slash commands.
pub(super) fn shelves() -> &'static [Shelf] {
    &SHELVES
}

/// The slash command in which a row is.
pub(super) fn home(spec: &Spec) -> &'static str {
    let shelf = SHELVES.iter().find(|shelf| shelf.rows.iter().any(|row| row.name == spec.name));
    shelf.and_then(|shelf| shelf.names.first()).copied().unwrap_or_default()
}

/// Fills one after the other, in the order of the table. Whoever is lost looks for help in the first: it has its place there.
fn fill(rows: impl Iterator<Item = &'static Spec>) -> Vec<Shelf> {
    let mut inc = Shelf { names: &["inc", "incident"], description: "Declare and work incidents", rows: Vec::new() };
    let mut more = Shelf { names: &["inc-more"], description: "More that one can do with incidents", rows: Vec::new() };
    let (help, others): (Vec<_>, Vec<_>) = rows.partition(|spec| spec.name == "help");
    let mut room = limits::COMMAND - limits::NAME - limits::DESCRIPTION;
    for spec in help.into_iter().chain(others) {
        let size = size(&subcommand(spec));
        if size <= room && inc.rows.len() < limits::OPTIONS {
            room -= size;
            inc.rows.push(spec);
        } else {
            more.rows.push(spec);
        }
    }
    [inc, more].into_iter().filter(|shelf| !shelf.rows.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_goes_where_there_is_room_and_help_stays() {
        let shelves = fill(TABLE.iter().chain(&TABLE[..10]));
        let [inc, more] = shelves.as_slice() else { panic!("{} shelves", shelves.len()) };
        assert!(inc.rows.len() <= limits::OPTIONS && inc.rows.iter().any(|spec| spec.name == "help"));
        assert_eq!(inc.rows.len() + more.rows.len(), TABLE.len() + 10);
    }

    #[test]
    fn as_long_as_everything_fits_there_is_one_place_for_it() {
        assert_eq!(fill(TABLE[..5].iter()).len(), 1);
    }
}
