//! Running a program, with a guard in between.

use super::guard::{Order, Verdict};
use super::listen::{Heard, Listener};
use super::outputs::{self, Said};
use super::redact::Redactor;
use super::spare::{Guards, Waiting};
use super::text::{Filling, Origin};
use super::{Settings, words};
use muster_core::runbook::{Ended, JobId, ProgramWork, Rendered, Report, Task};
use std::io;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::Child;
use tokio::sync::watch;

/// How long a program may take to end once it is asked to.
const GRACE: Duration = Duration::from_secs(5);
/// How long its guard may take beyond that.
const BEYOND: Duration = Duration::from_secs(10);
/// Where programs look for others.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What is to run; the sentence says why it cannot.
pub(super) fn order(
    work: &ProgramWork,
    task: &Task,
    (settings, filling): (&Settings, &Filling<'_>),
) -> Result<Order, String> {
    let name = &work.program;
    let program = settings.programs.get(name);
    let program =
        program.ok_or_else(|| format!("{name} is not among the programs of [runbooks.program] in the config"))?;
    let mut env = environment(&task.id);
    for (name, text) in &work.env {
        if !is_variable(name) {
            return Err(format!("“{name}” is no variable that a step may set"));
        }
        let value = whole(filling.text(text)?, &format!("the variable {name}"))?;
        env.push((name.clone(), value));
    }
    let args = arguments(&work.args, filling)?;
    let limits = work.limits;
    let timeout = task.timeout;
    Ok(Order { program: program.clone(), args, env, timeout, grace: GRACE, limits, user: settings.user })
}

/// What every program is told. `HOME` is added by the guard, which makes the folder.
fn environment(job: &JobId) -> Vec<(String, String)> {
    let told = [
        ("PATH", PATH.to_owned()),
        ("LANG", "C.UTF-8".to_owned()),
        ("TZ", "UTC".to_owned()),
        ("MUSTER_INCIDENT", job.incident.to_string()),
        ("MUSTER_RUN", job.run.to_string()),
        ("MUSTER_STEP", job.step.clone()),
        ("MUSTER_ATTEMPT", job.attempt.to_string()),
    ];
    told.map(|(name, value)| (name.to_owned(), value)).into()
}

/// Whether a step may set it: not what Muster says, nor what makes the loader run other code (ld.so(8)).
fn is_variable(name: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins && name.chars().all(is_name) && !name.starts_with("MUSTER_") && !name.starts_with("LD_")
}

/// The arguments, one by one. A value that was filled in is no option, unless the author has let all options end before it:
/// POSIX, Utility Syntax Guidelines, 10.
fn arguments(args: &[Rendered], filling: &Filling<'_>) -> Result<Vec<String>, String> {
    let mut given = Vec::new();
    let mut options_ended = false;
    for (place, text) in args.iter().enumerate() {
        let parts = filling.parts(text)?;
        let first = parts.iter().find(|(_, part)| !part.is_empty());
        let is_option = matches!(first, Some((Origin::Filled, part)) if part.starts_with('-'));
        if is_option && !options_ended {
            return Err(format!(
                "argument {} is filled in and begins with a dash, so it would be taken for an option; \
                 put \"--\" before it if the program understands that",
                place + 1
            ));
        }
        options_ended |= matches!(parts[..], [(Origin::Author, ref part)] if part == "--");
        let whole = parts.iter().map(|(_, part)| part.as_ref()).collect();
        given.push(self::whole(whole, &format!("argument {}", place + 1))?);
    }
    Ok(given)
}

/// A NUL would end it early.
fn whole(text: String, what: &str) -> Result<String, String> {
    if text.contains('\0') { Err(format!("{what} has a NUL character in it")) } else { Ok(text) }
}

/// What every program needs.
pub(super) struct With<'a> {
    pub(super) settings: &'a Settings,
    pub(super) guards: &'a Guards,
    pub(super) filling: &'a Filling<'a>,
    pub(super) redactor: &'a Redactor,
}

/// Runs the program of a step.
pub(super) async fn run(work: &ProgramWork, task: &Task, with: &With<'_>, tail: &watch::Sender<Vec<String>>) -> Report {
    let With { settings, filling, redactor, .. } = *with;
    let nothing = |reason| Report { ended: Ended::Badly { reason }, output: String::new(), cut: false };
    if !cfg!(target_os = "linux") {
        return nothing("programs run only where Muster runs on Linux: nothing else lets them be guarded".to_owned());
    }
    let order = match order(work, task, (settings, filling)) {
        Ok(order) => order,
        Err(reason) => return nothing(reason),
    };
    let (mut child, listener) = match begin(with.guards, settings, &order).await {
        Ok(begun) => begun,
        Err(error) => return nothing(format!("{} could not be started: {error}", work.program)),
    };
    let heard = listener.listen(order.limits.output, redactor, tail);
    let longest = order.timeout + order.grace + BEYOND;
    let Ok(heard) = tokio::time::timeout(longest, heard).await else {
        let reason = format!("{} could not be stopped: it may still run", work.program);
        return Report { ended: Ended::Unclear { reason }, output: String::new(), cut: false };
    };
    // It has said its last word. One that does not go is left to the runtime.
    let _ = tokio::time::timeout(BEYOND, child.wait()).await;
    let shown = redactor.text(&words::clean(&heard.shown));
    let ended = ended(work, task, &heard, (redactor, &shown));
    Report { ended, output: words::noted(shown, heard.cut, order.limits.output), cut: heard.cut }
}

/// Tells a guard what to do.
async fn begin(guards: &Guards, settings: &Settings, order: &Order) -> io::Result<(Child, Listener)> {
    let Waiting { mut child, mut socket } = guards.take(&settings.guard)?;
    let mut line = serde_json::to_vec(order)?;
    line.push(b'\n');
    socket.write_all(&line).await?;
    let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
    let listener = Listener {
        out: child.stdout.take().ok_or_else(gone)?,
        err: child.stderr.take().ok_or_else(gone)?,
        guard: socket,
    };
    Ok((child, listener))
}

fn ended(work: &ProgramWork, task: &Task, heard: &Heard, (redactor, shown): (&Redactor, &str)) -> Ended {
    let name = &work.program;
    let said = words::last_words(shown);
    let reason = match &heard.verdict {
        Some(Verdict::Exited(0)) => {
            let text = String::from_utf8_lossy(&heard.out);
            let said = Said { status: 0, text: &text, cut: heard.cut };
            match outputs::find(&task.outputs, &said, redactor) {
                Ok(outputs) => return Ended::Well { outputs },
                Err(reason) => reason,
            }
        }
        Some(Verdict::Exited(status)) => format!("{name} ended with status {status}{said}"),
        Some(Verdict::Killed(signal)) => format!("{name} was killed by signal {signal}{said}"),
        Some(Verdict::Late) => format!("{name} took longer than {} and was stopped{said}", words::span(task.timeout)),
        Some(Verdict::NotStarted(reason)) => format!("{name} was not started: {reason}"),
        None => {
            let reason = format!("what guarded {name} is gone, so nobody knows how it ended{said}");
            return Ended::Unclear { reason };
        }
    };
    Ended::Badly { reason }
}

/// What would run, for people.
pub(super) fn shown(work: &ProgramWork, order: &Order) -> String {
    let quoted = |text: &Rendered| serde_json::Value::from(text.shown()).to_string();
    let mut lines = vec![format!("{} ({})", work.program, order.program.display())];
    lines.extend(work.args.iter().map(|text| format!("  argument {}", quoted(text))));
    lines.extend(work.env.iter().map(|(name, text)| format!("  {name}={}", quoted(text))));
    lines.join("\n")
}
