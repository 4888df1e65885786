//! Starting the binary, watching what it says, and waiting for it with a deadline.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Nothing in these tests takes longer on a machine that works.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// A folder of its own.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// The binary in a folder, with an environment that says nothing of Muster.
fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    command.current_dir(folder).args(args).stdin(Stdio::null());
    for variable in ["MUSTER_CONFIG", "MUSTER_URL", "MUSTER_TOKEN", "MUSTER_LOG"] {
        command.env_remove(variable);
    }
    command
}

/// What a short command said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs a short command to its end.
pub(crate) fn muster(folder: &Path, args: &[&str]) -> Said {
    muster_with(folder, &[], args)
}

/// The same with variables in the environment.
pub(crate) fn muster_with(folder: &Path, variables: &[(&str, &str)], args: &[&str]) -> Said {
    let output = command(folder, args).envs(variables.iter().copied()).output().expect("the binary runs");
    Said {
        code: output.status.code().expect("it ended by itself"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

/// A server that is killed when it is no longer needed.
pub(crate) struct Server {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
    /// Everything that was on standard error so far.
    pub(crate) log: Vec<String>,
    /// Where it is.
    pub(crate) url: String,
}

impl Server {
    /// Starts in local mode on any free port, and waits for the banner.
    pub(crate) fn local(folder: &Path) -> Self {
        let mut server = Self::spawn(command(folder, &["--listen", "127.0.0.1:0"]));
        let line = server.say("Muster is running at ");
        let url = line.split("at ").nth(1).and_then(|rest| rest.split(',').next()).expect("a URL in the banner");
        server.url = url.to_owned();
        server
    }

    /// Starts with the config of the folder on any free port, and waits until it is ready.
    pub(crate) fn configured(folder: &Path) -> Self {
        let mut server = Self::spawn(command(folder, &["serve", "--listen", "127.0.0.1:0"]));
        let line = server.logged("ready");
        let address = line.split(['=', '"', ' ', ',']).find(|word| word.starts_with("127.0.0.1:")).expect("an address");
        server.url = format!("http://{address}");
        server
    }

    fn spawn(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let out = lines(child.stdout.take().expect("piped"));
        let err = lines(child.stderr.take().expect("piped"));
        Self { child, out, err, log: Vec::new(), url: String::new() }
    }

    /// The next line on standard output that holds `text`.
    pub(crate) fn say(&mut self, text: &str) -> String {
        loop {
            match self.out.recv_timeout(DEADLINE) {
                Ok(line) if line.contains(text) => return line,
                Ok(_) => {}
                Err(_) => panic!("it never said “{text}”; it logged: {:?}", self.err.try_iter().collect::<Vec<_>>()),
            }
        }
    }

    /// The next line of the log that holds `text`.
    pub(crate) fn logged(&mut self, text: &str) -> String {
        loop {
            match self.err.recv_timeout(DEADLINE) {
                Ok(line) => {
                    self.log.push(line.clone());
                    if line.contains(text) {
                        return line;
                    }
                }
                Err(_) => panic!("it never logged “{text}”, but: {:?}", self.log),
            }
        }
    }

    /// Sends a signal, `TERM`, `INT`, `HUP` or `KILL`.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &pid]).status().expect("kill is there");
        assert!(sent.success());
    }

    /// Waits until it has ended.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child of ours") {
                return status;
            }
            assert!(
                started.elapsed() < DEADLINE,
                "it did not end; it logged: {:?}",
                self.err.try_iter().collect::<Vec<_>>()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// A connection to it.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.url.trim_start_matches("http://")).expect("it listens");
        stream.set_read_timeout(Some(DEADLINE)).expect("a timeout");
        stream
    }

    /// The whole answer to a request that closes its connection.
    pub(crate) fn request(&self, head: &str, body: &str) -> String {
        let mut stream = self.connect();
        let length = body.len();
        let request = format!("{head}\r\nHost: muster\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                return;
            }
        }
    });
    receive
}

/// Asks again until it is so.
pub(crate) fn eventually(is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < DEADLINE, "it never came true");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Reads until `text` was there.
pub(crate) fn read_until(stream: &mut TcpStream, text: &str) -> String {
    let mut read = Vec::new();
    let mut byte = [0];
    while !String::from_utf8_lossy(&read).contains(text) {
        assert_eq!(
            stream.read(&mut byte).expect("more to read"),
            1,
            "it ended after {:?}",
            String::from_utf8_lossy(&read)
        );
        read.push(byte[0]);
    }
    String::from_utf8_lossy(&read).into_owned()
}
