//! Tests of runbooks: cases beside a runbook, each played through the real decisions with nothing done outside.

mod cast;
mod play;

use muster_core::org::Organisation;
use muster_core::runbook::Runbook;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The most bytes of a file of tests.
const LONGEST: usize = 256 * 1024;

/// The tests of a runbook, as `NAME.test.yaml` holds them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trials {
    /// Each is played by itself.
    pub cases: Vec<Case>,
}

/// A run with what is given to it, and what must come of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What is shown, in a sentence.
    pub name: String,
    /// The severity of the incident.
    #[serde(default = "worst")]
    pub severity: String,
    /// The inputs that are not as their defaults.
    #[serde(default)]
    pub inputs: BTreeMap<String, Value>,
    /// What is answered to questions, by the id of the step; `STEP/ID` in a runbook that a step runs.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// What comes of steps. Of others comes the example of each output.
    #[serde(default)]
    pub steps: BTreeMap<String, Stub>,
    /// Whether somebody takes the run back at its end.
    #[serde(default)]
    pub undo: bool,
    /// What must come of it.
    pub expect: Expected,
}

fn worst() -> String {
    "SEV1".to_owned()
}

/// What comes of a step.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Stub {
    /// How it ends.
    Word(Ending),
    /// It works, and this comes of it; or taking it back ends so.
    With(Given),
}

/// How a step ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It does not work.
    Fails,
    /// Nobody knows whether it took effect.
    Unknown,
    /// People do not allow it.
    Denied,
}

/// What comes of a step that works.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Given {
    /// Its outputs; of those that are not here, the examples.
    pub outputs: BTreeMap<String, Value>,
    /// How taking it back ends, if not well.
    pub undo: Option<Ending>,
}

/// What must come of a run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// Where it stands: `done`, `stopped`, `undone`, `undo_stopped`, `aborted`.
    pub state: String,
    /// The steps that were carried out, in order; those that failed included, those that were not needed not.
    pub order: Vec<String>,
    /// The steps that were taken back, in order.
    #[serde(default)]
    pub undone: Vec<String>,
}

impl Trials {
    /// Reads a file of tests.
    ///
    /// # Errors
    /// Why it cannot be read, with its line.
    pub fn read(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("a file of tests has {} KB at most", LONGEST / 1024));
        }
        let options = serde_saphyr::options! {
            budget: serde_saphyr::budget! { max_depth: 24, max_nodes: 20_000, max_anchors: 0, max_aliases: 0 },
            with_snippet: false,
        };
        serde_saphyr::from_str_with_options(text, options).map_err(|error| error.without_snippet().to_string())
    }
}

impl Case {
    /// Plays it, and says what is not as it must be; nothing, if all is.
    #[must_use]
    pub fn judge(&self, book: &Runbook, org: &Organisation) -> Vec<String> {
        let came = match play::play(self, book, org) {
            Ok(came) => came,
            Err(why) => return vec![why],
        };
        let mut wrong = Vec::new();
        if came.state != self.expect.state {
            let why = came.why.map(|why| format!(" ({why})")).unwrap_or_default();
            wrong.push(format!("the run is {}{why}, and should be {}", came.state, self.expect.state));
        }
        let lists =
            [("carried out", &came.order, &self.expect.order), ("taken back", &came.undone, &self.expect.undone)];
        for (what, came, wanted) in lists.into_iter().filter(|(_, came, wanted)| came != wanted) {
            wrong.push(format!("{what}: [{}]\n    expected: [{}]", came.join(", "), wanted.join(", ")));
        }
        wrong
    }
}
