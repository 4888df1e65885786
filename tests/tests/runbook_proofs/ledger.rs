//! The world outside Muster, which counts what is done to it, and kills Muster at exact moments.

use muster_core::runbook::JobId;
use muster_tests::process::{SOON, eventually};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// When Muster dies, seen from a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The deed is done, and nobody was told.
    Done,
    /// The answer is on the wire.
    Answered,
    /// So long after the answer: while the outcome is written, and the next step begins.
    Between(Duration),
    /// Somebody has seen that it is done.
    Seen,
}

/// What was done, in order: at which step, under which idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deed {
    pub(crate) what: String,
    pub(crate) key: String,
}

#[derive(Debug, Default)]
struct Books {
    deeds: Vec<Deed>,
    plan: BTreeMap<String, Moment>,
    struck: Vec<String>,
    /// Steps whose first request gets no answer.
    silent: BTreeSet<String>,
    takes: Duration,
    victim: Option<u32>,
    open: usize,
}

/// The world outside. Requests and programs tell it what they do: `POST /STEP`, with their idempotency key.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    address: SocketAddr,
    books: Arc<Mutex<Books>>,
}

impl Ledger {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let ledger = Self { address: listener.local_addr().expect("an address"), books: Arc::default() };
        let here = ledger.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let here = here.clone();
                here.books().open += 1;
                tokio::spawn(async move {
                    let _ = here.hear(stream).await;
                    here.books().open -= 1;
                });
            }
        });
        ledger
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("no test has panicked")
    }

    /// Whom to kill from now on.
    pub(crate) fn aims_at(&self, pid: u32) {
        self.books().victim = Some(pid);
    }

    /// Kills at that step, at that moment, once.
    pub(crate) fn plans(&self, step: &str, moment: Moment) {
        self.books().plan.insert(step.to_owned(), moment);
    }

    /// Does not answer the first request of that step.
    pub(crate) fn is_silent_once(&self, step: &str) {
        self.books().silent.insert(step.to_owned());
    }

    /// Every answer takes so long from now on.
    pub(crate) fn takes(&self, time: Duration) {
        self.books().takes = time;
    }

    /// What was planned and has not come.
    pub(crate) fn left(&self) -> Vec<String> {
        self.books().plan.keys().cloned().collect()
    }

    /// What is planned at that step.
    pub(crate) fn planned(&self, step: &str) -> Option<Moment> {
        self.books().plan.get(step).copied()
    }

    /// Where it has killed.
    pub(crate) fn struck(&self) -> Vec<String> {
        self.books().struck.clone()
    }

    /// All that was done.
    pub(crate) fn deeds(&self) -> Vec<Deed> {
        self.books().deeds.clone()
    }

    /// Whether that attempt took effect.
    pub(crate) fn has(&self, job: &JobId) -> bool {
        let key = job.to_string();
        self.books().deeds.iter().any(|deed| deed.key == key)
    }

    /// kill -9, now; the plan for that step is carried out with it.
    pub(crate) fn strike(&self, step: &str) {
        let mut books = self.books();
        if books.plan.remove(step).is_none() {
            return;
        }
        // Whoever has just died of another's moment does not die again.
        let Some(victim) = books.victim.take() else { return };
        let killed = Command::new("kill").args(["-9", &victim.to_string()]).status();
        if killed.is_ok_and(|status| status.success()) {
            books.struck.push(step.to_owned());
        }
    }

    /// Returns once all that was said to it before has been heard.
    pub(crate) async fn is_quiet(&self) {
        // Connections are taken in the order they came.
        let mut last = TcpStream::connect(self.address).await.expect("it listens");
        last.write_all(b"GET / HTTP/1.1\r\n\r\n").await.expect("it is heard");
        let mut answer = Vec::new();
        last.read_to_end(&mut answer).await.expect("it answers");
        eventually("everything is heard", SOON, async || (self.books().open == 0).then_some(())).await;
    }

    async fn hear(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let (mut line, mut key, mut length) = (String::new(), String::new(), 0);
        stream.read_line(&mut line).await?;
        let what = line.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
        loop {
            let mut header = String::new();
            stream.read_line(&mut header).await?;
            let Some((name, value)) = header.trim().split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "idempotency-key" => value.trim().clone_into(&mut key),
                "content-length" => length = value.trim().parse().unwrap_or(0),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        if what.is_empty() {
            return stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").await;
        }
        let (moment, is_silent, takes) = {
            let mut books = self.books();
            books.deeds.push(Deed { what: what.clone(), key });
            (books.plan.get(&what).copied(), books.silent.remove(&what), books.takes)
        };
        if moment == Some(Moment::Done) {
            self.strike(&what);
        }
        tokio::time::sleep(takes).await;
        if !is_silent {
            // Whoever asked may be dead by another's moment; this one comes all the same.
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            let _ = stream.write_all(answer).await;
            let _ = stream.flush().await;
        }
        match moment {
            Some(Moment::Answered) => self.strike(&what),
            Some(Moment::Between(pause)) => {
                // The moment is the point: nothing is waited for.
                tokio::time::sleep(pause).await;
                self.strike(&what);
            }
            Some(Moment::Done | Moment::Seen) | None => {}
        }
        Ok(())
    }
}
