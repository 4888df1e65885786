//! Listening to a program and its guard at once, so that neither ever waits for us.

use super::guard::Verdict;
use super::redact::Redactor;
use super::words;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::UnixStream;
use tokio::process::{ChildStderr, ChildStdout};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

/// How often the last lines are told, at most.
const RHYTHM: Duration = Duration::from_millis(500);
/// The longest line that is waited for before it is mixed with what the other stream says.
const LINE: usize = 8 * 1024;
const CHUNK: usize = 16 * 1024;

/// What there is to listen to.
pub(super) struct Listener {
    pub(super) out: ChildStdout,
    pub(super) err: ChildStderr,
    /// It is let go of, and ends all, when this is dropped.
    pub(super) guard: UnixStream,
}

/// What was heard.
#[derive(Default)]
pub(super) struct Heard {
    /// Standard output, as it came.
    pub(super) out: Vec<u8>,
    /// Standard output and error, line by line as they came.
    pub(super) shown: Vec<u8>,
    /// Whether there was more of either.
    pub(super) cut: bool,
    /// What the guard said last.
    pub(super) verdict: Option<Verdict>,
    /// Lines that are not whole yet.
    partial: [Vec<u8>; 2],
}

impl Listener {
    /// Listens until all is said.
    pub(super) async fn listen(mut self, limit: u64, redactor: &Redactor, tail: &watch::Sender<Vec<String>>) -> Heard {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut heard = Heard::default();
        let mut told = Vec::new();
        let [mut out, mut err, mut word] = [(); 3].map(|()| vec![0; CHUNK]);
        let mut open = [true; 3];
        let mut is_new = false;
        let mut rhythm = tokio::time::interval(RHYTHM);
        rhythm.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while open.contains(&true) {
            tokio::select! {
                read = read(&mut self.out, &mut out), if open[0] => {
                    open[0] = read > 0;
                    heard.take(0, &out[..read], limit);
                    is_new |= open[0];
                }
                read = read(&mut self.err, &mut err), if open[1] => {
                    open[1] = read > 0;
                    heard.take(1, &err[..read], limit);
                    is_new |= open[1];
                }
                read = read(&mut self.guard, &mut word), if open[2] => {
                    open[2] = read > 0;
                    told.extend_from_slice(&word[..read]);
                }
                _ = rhythm.tick(), if is_new => {
                    is_new = false;
                    tail.send_replace(words::tail(&redactor.text(&words::clean(&heard.shown))));
                }
            }
        }
        heard.verdict = serde_json::from_slice(&told).ok();
        heard
    }
}

/// What was read; nothing at the end, however it came.
async fn read(from: &mut (impl AsyncRead + Unpin), buffer: &mut [u8]) -> usize {
    from.read(buffer).await.unwrap_or(0)
}

impl Heard {
    /// Takes in what a stream has said; nothing means that it has ended.
    fn take(&mut self, stream: usize, said: &[u8], limit: usize) {
        if stream == 0 {
            let room = limit.saturating_sub(self.out.len());
            self.out.extend_from_slice(&said[..said.len().min(room)]);
        }
        self.partial[stream].extend_from_slice(said);
        let partial = &self.partial[stream];
        let is_over = said.is_empty() || partial.len() > LINE;
        let whole =
            if is_over { partial.len() } else { partial.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1) };
        let room = limit.saturating_sub(self.shown.len());
        self.cut |= whole > room;
        self.shown.extend(self.partial[stream].drain(..whole).take(room));
    }
}
