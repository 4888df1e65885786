//! A real mail server: Python's aiosmtpd, which prints each letter it takes.

use crate::python;
use serde::Deserialize;
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// Takes letters, refuses some receivers as real servers do, is slow to say that it has taken what is for others, and prints what it has taken, a line of JSON each: the letter, or when
/// there are to be many, the receiver and the Message-ID alone.
const SERVER: &str = r#"
import asyncio, email, email.policy, json, sys
from aiosmtpd.smtp import SMTP

REFUSED = {
    "gone": "550 5.1.1 <{}>: no such user",
    "later": "451 4.7.1 <{}>: greylisted",
    "full": "552 5.2.2 <{}>: mailbox full",
    "blocked": "554 5.7.1 <{}>: we do not like your server",
}

class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        for name, answer in REFUSED.items():
            if address.startswith(name):
                return answer.format(address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("heavy"):
            return "552 5.3.4 message too big"
        if len(sys.argv) > 1:
            letter = email.message_from_bytes(envelope.content, policy=email.policy.compat32)
            print(json.dumps([envelope.rcpt_tos[0], letter["Message-ID"]]), flush=True)
            return "250 OK"
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        part = lambda kind: letter.get_body((kind,)).get_content().replace("\r\n", "\n")
        print(json.dumps({
            "raw": envelope.original_content.decode("latin-1"),
            "sender": envelope.mail_from, "receivers": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in letter.items()],
            "plain": part("plain"), "html": part("html"),
        }), flush=True)
        if envelope.rcpt_tos[0].startswith("slow"):
            await asyncio.sleep(1)
        return "250 OK"

async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler()), "127.0.0.1", 0)
    print(json.dumps(server.sockets[0].getsockname()[1]), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)

asyncio.run(main())
"#;

/// A letter as its receiver reads it.
#[derive(Debug, Clone, Deserialize)]
pub struct Letter {
    /// As it came down the line, a character for each byte.
    pub raw: String,
    /// From whom the envelope was, where it comes back to.
    pub sender: String,
    /// To whom it was given.
    pub receivers: Vec<String>,
    /// Its headers, unfolded and decoded.
    pub headers: Vec<(String, String)>,
    /// Its text.
    pub plain: String,
    /// The same as a page.
    pub html: String,
}

impl Letter {
    /// The one header of that name.
    ///
    /// # Panics
    /// When there is none, or more.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let mut found = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let (Some((_, value)), None) = (found.next(), found.next()) else {
            panic!("not one header {name}: {:?}", self.headers)
        };
        value
    }
}

/// Stops with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the server; `None`, said aloud, where aiosmtpd is not installed. Gives its port and what it prints.
fn start(test: &str, mode: &[&str]) -> Option<(Running, u16, Lines<BufReader<ChildStdout>>)> {
    let mut command = python::with(test, &["aiosmtpd"], "smtp")?;
    command.args(["-c", SERVER]).args(mode).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = command.spawn().expect("Python starts");
    let mut lines = BufReader::new(process.stdout.take().expect("it has an output")).lines();
    let port = lines.next().expect("it names its port").expect("a line");
    Some((Running(process), port.parse().expect("a port"), lines))
}

/// A mail server of one test.
pub struct MailServer {
    /// Its port.
    pub port: u16,
    lines: Lines<BufReader<ChildStdout>>,
    process: Running,
}

impl MailServer {
    /// Starts one; `None`, said aloud, where aiosmtpd is not installed.
    ///
    /// # Panics
    /// When it does not start, or is not installed although `MUSTER_TEST_REQUIRE` names `smtp`.
    #[must_use]
    pub fn start(test: &str) -> Option<Self> {
        let (process, port, lines) = start(test, &[])?;
        Some(Self { port, lines, process })
    }

    /// The next letter it takes; waits for it.
    ///
    /// # Panics
    /// When there is none.
    pub fn letter(&mut self) -> Letter {
        let line = self.lines.next().expect("a letter").expect("a line");
        serde_json::from_str(&line).expect("a letter")
    }

    /// Stops it: all the letters that nobody has looked at.
    ///
    /// # Panics
    /// When it prints what is no letter.
    #[must_use]
    pub fn rest(mut self) -> Vec<Letter> {
        // It ends once nobody can tell it anything any more, and says then all that it has taken.
        drop(self.process.0.stdin.take());
        let lines = self.lines.map(|line| line.expect("a line"));
        lines.map(|line| serde_json::from_str(&line).expect("a letter")).collect()
    }
}

/// A mail server that takes very many letters, and keeps of each only whom it was for, and its Message-ID.
pub struct SortingOffice {
    /// Its port.
    pub port: u16,
    letters: Arc<Mutex<Vec<(String, String)>>>,
    _process: Running,
}

impl SortingOffice {
    /// Starts one; `None`, said aloud, where aiosmtpd is not installed.
    ///
    /// # Panics
    /// As [`MailServer::start`].
    #[must_use]
    pub fn start(test: &str) -> Option<Self> {
        let (process, port, lines) = start(test, &["many"])?;
        let letters = Arc::new(Mutex::new(Vec::new()));
        let book = Arc::clone(&letters);
        // It must be read, or it blocks.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let letter = serde_json::from_str(&line).expect("a receiver and a Message-ID");
                book.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
            }
        });
        Some(Self { port, letters, _process: process })
    }

    /// Whom the letters were for that it has taken so far.
    #[must_use]
    pub fn receivers(&self) -> Vec<String> {
        self.letters().into_iter().map(|(receiver, _)| receiver).collect()
    }

    /// The letters that it has taken so far: whom each was for, and its Message-ID.
    #[must_use]
    pub fn letters(&self) -> Vec<(String, String)> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
