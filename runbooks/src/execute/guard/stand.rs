//! One guard: from the order to the verdict.

use super::order::{Order, Verdict};
use super::{kin, limits};
use rustix::process::{Pid, WaitOptions, WaitStatus, getpid, set_child_subreaper, setsid, wait};
use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::chown;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::Builder;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The longest order that is read, in bytes.
const LONGEST: u64 = 16 << 20;
/// How long what is being killed may take before it is looked for again.
const PASS: Duration = Duration::from_millis(20);
/// The stack of a thread that does next to nothing.
const STACK: usize = 64 << 10;

/// What a guard waits for.
enum Event {
    /// A process below it has ended.
    Ended(Pid, WaitStatus),
    /// Nothing is left below it.
    NoneLeft,
    /// Muster has let go, or is gone.
    LetGo,
}

/// Standard input is a socket: the order comes in by it, the verdict goes out, and its end says that nobody wants it any more.
pub(super) fn stand() -> io::Result<()> {
    let socket = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    // A session of its own: what a terminal or a supervisor does to Muster's is not meant for this one.
    let _ = setsid();
    set_child_subreaper(Some(getpid()))?;
    rustix::thread::set_no_new_privs(true)?;
    let mut line = String::new();
    let mut reader = BufReader::new(socket.try_clone()?.take(LONGEST));
    reader.read_line(&mut line)?;
    let order: Order = serde_json::from_str(&line)?;
    let verdict = guard(&order, reader);
    let mut told = serde_json::to_vec(&verdict)?;
    told.push(b'\n');
    // Nobody may be there to hear it.
    let _ = (&socket).write_all(&told);
    Ok(())
}

fn guard(order: &Order, muster: impl Read + Send + 'static) -> Verdict {
    match prepared(order, muster) {
        Ok((folder, events, program)) => {
            let verdict = watch(program, &events, order.timeout);
            end(&events, order.grace);
            // What the program has left there may belong to nobody who could remove it.
            let _ = folder.close();
            verdict
        }
        Err(reason) => Verdict::NotStarted(reason),
    }
}

/// Starts the program, once everything is there that guards it.
fn prepared(order: &Order, muster: impl Read + Send + 'static) -> Result<(TempDir, Receiver<Event>, Pid), String> {
    fs::metadata("/proc/self/stat")
        .map_err(|_| "/proc is not there, without which nothing can be guarded".to_owned())?;
    let folder = folder(order).map_err(|error| format!("no working directory can be made: {error}"))?;
    let (tell, events) = channel();
    let (begin, begun) = channel();
    let told = tell.clone();
    let listening = thread(move || listen(muster, &told));
    let reaping = thread(move || {
        if begun.recv().is_ok() {
            reap(&tell);
        }
    });
    listening.and(reaping).map_err(|error| format!("no guard can be set up: {error}"))?;
    let program = start(order, folder.path())?;
    let _ = begin.send(());
    Ok((folder, events, program))
}

/// An empty folder that belongs to whoever the program runs as.
fn folder(order: &Order) -> io::Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("muster-step-").tempdir()?;
    if fs::metadata(folder.path()).is_ok_and(|about| !order.user.owns(&about)) {
        chown(folder.path(), Some(order.user.uid), Some(order.user.gid))?;
    }
    Ok(folder)
}

fn start(order: &Order, folder: &Path) -> Result<Pid, String> {
    limits::take(order).map_err(|error| format!("its limits cannot be set: {error}"))?;
    let mut command = Command::new(&order.program);
    command.args(&order.args).env_clear().envs(order.env.iter().map(|(name, value)| (name, value)));
    command.env("HOME", folder).current_dir(folder).stdin(Stdio::null());
    // The group is its own, so that it does not hit its guard when it ends its group.
    command.uid(order.user.uid).gid(order.user.gid).process_group(0);
    limits::bind(order.limits.memory, || {
        let child = command.spawn().map_err(|error| not_started(&error, order))?;
        i32::try_from(child.id()).ok().and_then(Pid::from_raw).ok_or_else(|| "it has no process id".to_owned())
    })
}

fn not_started(error: &io::Error, order: &Order) -> String {
    let (shown, user) = (order.program.display(), &order.user);
    let known = [
        (ErrorKind::NotFound, format!("{shown} is not there, or the interpreter that its first line names is not")),
        (ErrorKind::PermissionDenied, format!("the user {user} may not execute {shown}")),
        (ErrorKind::WouldBlock, format!("the user {user} runs too many processes already")),
        (ErrorKind::ArgumentListTooLong, "its arguments and environment are too long for this machine".to_owned()),
    ];
    let found = known.into_iter().find(|(kind, _)| *kind == error.kind());
    found.map_or_else(|| format!("{shown} cannot be started: {error}"), |(_, sentence)| sentence)
}

/// Waits until the program ends, or must.
fn watch(program: Pid, events: &Receiver<Event>, timeout: Duration) -> Verdict {
    let deadline = Instant::now() + timeout;
    loop {
        match events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Event::Ended(pid, status)) if pid == program => {
                return status
                    .exit_status()
                    .map_or_else(|| Verdict::Killed(status.terminating_signal().unwrap_or_default()), Verdict::Exited);
            }
            Ok(Event::Ended(..)) => {}
            Ok(Event::NoneLeft | Event::LetGo) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                return Verdict::Late;
            }
        }
    }
}

/// Ends whatever is left: it is asked to, and killed when its grace is over. Returns when nothing is.
fn end(events: &Receiver<Event>, grace: Duration) {
    if none_left(events, Instant::now() + PASS) {
        return;
    }
    kin::ask_to_end();
    if none_left(events, Instant::now() + grace) {
        return;
    }
    loop {
        kin::kill();
        if none_left(events, Instant::now() + PASS) {
            return;
        }
    }
}

fn none_left(events: &Receiver<Event>, until: Instant) -> bool {
    loop {
        match events.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(Event::NoneLeft) | Err(RecvTimeoutError::Disconnected) => return true,
            Ok(Event::Ended(..) | Event::LetGo) => {}
            Err(RecvTimeoutError::Timeout) => return false,
        }
    }
}

fn thread(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    Builder::new().stack_size(STACK).spawn(work).map(drop)
}

/// Tells when the other end is closed. Nothing else comes from there.
fn listen(mut muster: impl Read, tell: &Sender<Event>) {
    let mut byte = [0];
    while matches!(muster.read(&mut byte), Ok(1)) {}
    let _ = tell.send(Event::LetGo);
}

/// Takes leave of every process that ends below this one, and tells.
fn reap(tell: &Sender<Event>) {
    loop {
        let told = match wait(WaitOptions::empty()) {
            Ok(Some((pid, status))) => tell.send(Event::Ended(pid, status)),
            Ok(None) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(_) => {
                let _ = tell.send(Event::NoneLeft);
                return;
            }
        };
        if told.is_err() {
            return;
        }
    }
}
