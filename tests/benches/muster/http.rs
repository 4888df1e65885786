//! A load generator: HTTP/1.1 by hand over connections that are kept, so that it costs little beside what it measures.

use crate::report::Times;
use std::future::Future;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Runs something on this thread alone.
pub(crate) fn alone<T>(task: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(task)
}

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a request and reads the whole answer: its status and its body.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> std::io::Result<(u16, &[u8])> {
        self.stream.write_all(request).await?;
        self.received.clear();
        loop {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if let Some((status, body, end)) = whole(&self.received) {
                return Ok((status, &self.received[body..end]));
            }
        }
    }
}

/// The status, and where the body begins and ends, once all of it is there.
fn whole(received: &[u8]) -> Option<(u16, usize, usize)> {
    let body = received.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&received[..body]).expect("a head is text");
    let status = head.get(9..12).and_then(|status| status.parse().ok()).expect("a status");
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let end = body + length.expect("a length");
    (received.len() >= end).then_some((status, body, end))
}

/// A request that looks.
pub(crate) fn get(path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n").into_bytes()
}

/// A line typed into the API, under a key of its own.
pub(crate) fn line(line: &str, key: &str, token: &str) -> Vec<u8> {
    let body = format!(r#"{{"line":"{line}"}}"#);
    format!(
        "POST /api/v1/commands HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\nidempotency-key: {key}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// JSON that is sent with a bearer's key.
pub(crate) fn post(path: &str, key: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What came of a load.
pub(crate) struct Load {
    /// How long each request took.
    pub(crate) times: Times,
    /// How long all of them took.
    pub(crate) took: Duration,
}

/// Sends `times` requests, one after another, over one connection.
pub(crate) async fn sequence(address: SocketAddr, times: u64, make: impl Fn(u64) -> Vec<u8>) -> Load {
    let mut connection = Connection::open(address).await.expect("it listens");
    let mut load = Load { times: Times::new(), took: Duration::ZERO };
    let began = Instant::now();
    for number in 0..times {
        load.times.add(one(&mut connection, &make(number)).await);
    }
    load.took = began.elapsed();
    load
}

/// Keeps `count` requests in flight for that long, each over a connection of its own.
pub(crate) async fn flight(address: SocketAddr, count: u64, lasts: Duration, make: impl Fn(u64) -> Vec<u8>) -> Load {
    let times = std::cell::RefCell::new(Times::new());
    let number = std::cell::Cell::new(0);
    let began = Instant::now();
    let hand = async || {
        let mut connection = Connection::open(address).await.expect("it listens");
        while began.elapsed() < lasts {
            let request = make(number.replace(number.get() + 1));
            let took = one(&mut connection, &request).await;
            times.borrow_mut().add(took);
        }
    };
    futures::future::join_all((0..count).map(|_| hand())).await;
    Load { times: times.into_inner(), took: began.elapsed() }
}

async fn one(connection: &mut Connection, request: &[u8]) -> Duration {
    let began = Instant::now();
    let (status, body) = connection.ask(request).await.expect("it answers");
    let took = began.elapsed();
    assert!(matches!(status, 200 | 202), "{status} {}", String::from_utf8_lossy(body));
    took
}

/// Asks until the first 200 of `/readyz`.
pub(crate) async fn ready(address: SocketAddr) {
    let request = get("/readyz", "");
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(60) {
        if let Ok(mut connection) = Connection::open(address).await
            && let Ok((200, _)) = connection.ask(&request).await
        {
            return;
        }
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
    panic!("nothing is ready at {address}");
}
