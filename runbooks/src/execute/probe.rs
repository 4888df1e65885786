//! Checking again and again until it holds.

use super::call::{self, NoAnswer};
use super::outputs::{self, Said};
use super::redact::Redactor;
use super::text::Filling;
use super::words;
use http::Response;
use muster_core::clock::Clock;
use muster_core::ports::outside::Outside;
use muster_core::runbook::{Ended, ProbeWork, Report, Task};
use serde_json::Value;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

/// How long one try may take, if the whole leaves that much.
const TRY: Duration = Duration::from_secs(10);
/// Tries in a line of the graph, and lines that are kept.
const IN_A_LINE: usize = 6;
const LINES: usize = 100;

/// What every try needs.
pub(super) struct Prober<'a> {
    pub(super) outside: &'a dyn Outside,
    pub(super) clock: &'a dyn Clock,
    pub(super) filling: &'a Filling<'a>,
    pub(super) redactor: &'a Redactor,
}

/// What a try has shown.
struct Seen {
    /// In a word: a status, or why there is none.
    word: String,
    /// Why it does not hold; nothing if it does.
    against: Option<String>,
    answer: Option<Response<Vec<u8>>>,
}

impl Prober<'_> {
    /// Checks until it holds as often in a row as it must, or the time is up.
    pub(super) async fn probe(&self, work: &ProbeWork, task: &Task, tail: &watch::Sender<Vec<String>>) -> Report {
        let deadline = Instant::now() + task.timeout;
        let mut graph = Graph::default();
        let (mut in_a_row, mut last) = (0, "it was never answered".to_owned());
        for number in 1_u64.. {
            let began = Instant::now();
            let key = format!("{}/{number}", task.id);
            let left = deadline.saturating_duration_since(began).min(TRY);
            let seen = match self.try_once(work, &key, left).await {
                Ok(seen) => seen,
                // What cannot be sent now cannot be sent later either.
                Err(reason) => return graph.into_report(Ended::Badly { reason }),
            };
            in_a_row = if seen.against.is_none() { in_a_row + 1 } else { 0 };
            graph.add(&self.clock.now().format("%H:%M:%S").to_string(), &seen, (in_a_row, work.times));
            tail.send_replace(words::tail(&graph.text()));
            if let (true, Some(answer)) = (in_a_row >= work.times.max(1), &seen.answer) {
                return graph.into_report(self.held(task, answer));
            }
            if let Some(against) = seen.against {
                last = against;
            }
            // The pause is between beginnings, so that slow answers do not make it slower still.
            let next = began + work.every;
            if next >= deadline || timeout_at(deadline, tokio::time::sleep_until(next)).await.is_err() {
                break;
            }
        }
        let reason = format!("it did not hold within {}; the last time {last}", words::span(task.timeout));
        graph.into_report(Ended::Badly { reason })
    }

    async fn try_once(&self, work: &ProbeWork, key: &str, patience: Duration) -> Result<Seen, String> {
        let request = call::request(&work.call, key, self.filling)?;
        let answer = match call::send(self.outside, request, patience).await {
            Ok(answer) => answer,
            Err(NoAnswer { reason, .. }) => {
                return Ok(Seen { word: "no answer".to_owned(), against: Some(reason), answer: None });
            }
        };
        let status = answer.status().as_u16();
        let against = if call::is_expected(status, &work.call.expect) {
            self.holds(work, &answer).err()
        } else {
            Some(format!("it answered {status}, not {}", call::in_words(&work.call.expect)))
        };
        Ok(Seen { word: status.to_string(), against, answer: Some(answer) })
    }

    fn holds(&self, work: &ProbeWork, answer: &Response<Vec<u8>>) -> Result<(), String> {
        let Some(expr) = &work.holds else { return Ok(()) };
        let body = String::from_utf8_lossy(answer.body());
        let mut scope = work.scope.clone();
        scope.0.insert("status".to_owned(), Value::from(answer.status().as_u16()));
        scope.0.insert("json".to_owned(), serde_json::from_str(&body).unwrap_or_default());
        scope.0.insert("body".to_owned(), Value::String(body.into_owned()));
        match expr.holds(&scope) {
            Ok(true) => Ok(()),
            Ok(false) => Err(format!("`{}` was not true", expr.as_str())),
            Err(error) => Err(error.sentence),
        }
    }

    fn held(&self, task: &Task, answer: &Response<Vec<u8>>) -> Ended {
        let text = String::from_utf8_lossy(answer.body());
        let said = Said { status: i64::from(answer.status().as_u16()), text: &text, cut: false };
        match outputs::find(&task.outputs, &said, self.redactor) {
            Ok(outputs) => Ended::Well { outputs },
            Err(reason) => Ended::Badly { reason },
        }
    }
}

/// The tries in words: `10:42:10 ✗ 503 · 10:42:20 ✓ 1/3`.
#[derive(Default)]
struct Graph {
    lines: Vec<Vec<String>>,
    cut: bool,
}

impl Graph {
    fn add(&mut self, at: &str, seen: &Seen, (in_a_row, times): (u32, u32)) {
        let word = match (&seen.against, times) {
            (Some(_), _) => format!("{at} ✗ {}", seen.word),
            (None, 0..=1) => format!("{at} ✓"),
            (None, times) => format!("{at} ✓ {in_a_row}/{times}"),
        };
        match self.lines.last_mut().filter(|line| line.len() < IN_A_LINE) {
            Some(line) => line.push(word),
            None => self.lines.push(vec![word]),
        }
        if self.lines.len() > LINES {
            self.lines.remove(0);
            self.cut = true;
        }
    }

    fn text(&self) -> String {
        self.lines.iter().map(|line| line.join(" · ")).collect::<Vec<_>>().join("\n")
    }

    fn into_report(self, ended: Ended) -> Report {
        Report { ended, output: self.text(), cut: self.cut }
    }
}
