//! A real mail server: Python's aiosmtpd, which prints each letter it takes.

use crate::python;
use serde::Deserialize;
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Stdio};

/// Takes letters, refuses some receivers as real servers do, and prints what it has taken, a line of JSON each.
const SERVER: &str = r#"
import asyncio, email, email.policy, json, sys
from aiosmtpd.smtp import SMTP

class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone@"):
            return "550 5.1.1 <" + address + ">: no such user"
        if address.startswith("later@"):
            return "451 4.7.1 <" + address + ">: greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        part = lambda kind: letter.get_body((kind,)).get_content().replace("\r\n", "\n")
        print(json.dumps({
            "receivers": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in letter.items()],
            "plain": part("plain"), "html": part("html"),
        }), flush=True)
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

/// A mail server of one test.
pub struct MailServer {
    /// Its port.
    pub port: u16,
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl MailServer {
    /// Starts one; `None`, said aloud, where aiosmtpd is not installed.
    ///
    /// # Panics
    /// When it does not start, or is not installed although `MUSTER_TEST_REQUIRE` names `smtp`.
    #[must_use]
    pub fn start(test: &str) -> Option<Self> {
        let mut command = python::with(test, &["aiosmtpd"], "smtp")?;
        command.args(["-c", SERVER]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("Python starts");
        let mut lines = BufReader::new(process.stdout.take().expect("it has an output")).lines();
        let port = lines.next().expect("it names its port").expect("a line");
        Some(Self { port: port.parse().expect("a port"), process, lines })
    }

    /// The next letter it takes; waits for it.
    ///
    /// # Panics
    /// When there is none.
    pub fn letter(&mut self) -> Letter {
        let line = self.lines.next().expect("a letter").expect("a line");
        serde_json::from_str(&line).expect("a letter")
    }
}
