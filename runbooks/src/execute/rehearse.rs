//! Rehearsals: nothing is done, but all is looked at that can be wrong before it is.

use super::text::Filling;
use super::{Settings, call, program, words};
use muster_core::runbook::{Ended, Output, Report, Task, Work};

/// What would be done.
pub(super) fn rehearse(task: &Task, settings: &Settings) -> Report {
    let filling = Filling::Names(settings.secrets.sources.keys().map(String::as_str).collect());
    match shown(task, settings, &filling) {
        Ok(text) => {
            let example = |output: &Output| (output.name.clone(), output.example.clone().unwrap_or_default());
            let outputs = task.outputs.iter().map(example).collect();
            Report { ended: Ended::Well { outputs }, output: words::clean(text.as_bytes()), cut: false }
        }
        Err(reason) => Report { ended: Ended::Badly { reason }, output: String::new(), cut: false },
    }
}

fn shown(task: &Task, settings: &Settings, filling: &Filling<'_>) -> Result<String, String> {
    let within = words::span(task.timeout);
    match &task.work {
        Work::Call(work) => {
            call::request(work, &task.id.to_string(), filling)?;
            let expected = call::in_words(&work.expect);
            Ok(format!("Would send, and expect {expected} within {within}:\n{}", call::shown(work, filling)?))
        }
        Work::Probe(work) => {
            call::request(&work.call, &task.id.to_string(), filling)?;
            let every = words::span(work.every);
            let until = match &work.holds {
                Some(expr) => format!("`{}` holds", expr.as_str()),
                None => format!("it answers {}", call::in_words(&work.call.expect)),
            };
            let times = if work.times > 1 { format!(" {} times in a row", work.times) } else { String::new() };
            let request = call::shown(&work.call, filling)?;
            Ok(format!("Would send every {every}, until {until}{times}, for at most {within}:\n{request}"))
        }
        Work::Program(work) => {
            let order = program::order(work, task, (settings, filling))?;
            Ok(format!("Would run for at most {within}:\n{}", program::shown(work, &order)))
        }
    }
}
