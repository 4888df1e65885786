//! Ways to stall a database under a running Muster.

use super::Database;
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// When effects are to be out after a stall.
const DRAIN: Duration = Duration::from_secs(20);
/// When they are out at the latest if an answer to a lease was lost: nobody knows of that lease, and it has to run out.
const LEASE: Duration = Duration::from_secs(75);

/// A way to stall a database.
pub trait Stall {
    /// From now on, nothing can be written.
    fn begin(&mut self) -> impl Future<Output = ()>;
    /// It is over.
    fn end(&mut self) -> impl Future<Output = ()>;
    /// Whether what only reads is stalled, too.
    fn stops_reading(&self) -> bool;
    /// When the effects are to be out.
    fn drain(&self) -> Duration {
        DRAIN
    }
}

/// Somebody else holds SQLite's lock for writing: a backup, a tool, a shell.
#[derive(Debug)]
pub struct Locked(Database);

impl Locked {
    /// Who will hold the lock of the database at that address.
    pub async fn at(url: &str) -> Self {
        Self(Database::open(url).await)
    }
}

impl Stall for Locked {
    async fn begin(&mut self) {
        self.0.execute("BEGIN EXCLUSIVE").await;
    }

    async fn end(&mut self) {
        self.0.execute("COMMIT").await;
    }

    fn stops_reading(&self) -> bool {
        false
    }
}

/// What a connection through the proxy does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// What is said arrives.
    Open,
    /// Nothing arrives, and nothing is lost.
    Silent,
    /// What is asked arrives, and what is answered is lost.
    Deaf,
    /// Connections break, and new ones break at once.
    Cut,
}

/// A proxy between Muster and PostgreSQL.
#[derive(Debug)]
pub struct Proxy {
    line: watch::Sender<Line>,
    store: String,
    during: &'static [Line],
}

impl Proxy {
    /// One before the database of a private cluster at that address. When it stalls, the line is `during`, a second for
    /// each state but the last.
    ///
    /// # Panics
    /// When the address is not of a private cluster, or there is no port.
    pub async fn before(url: &str, during: &'static [Line]) -> Self {
        let (_, rest) = url.split_once("localhost/").expect("the address of a private cluster");
        let (name, home) = rest.split_once("?host=").expect("a socket");
        let socket = PathBuf::from(home).join(".s.PGSQL.5432");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (line, watching) = watch::channel(Line::Open);
        tokio::spawn(async move {
            loop {
                let Ok((near, _)) = listener.accept().await else { return };
                tokio::spawn(through(near, socket.clone(), watching.clone()));
            }
        });
        Self { line, store: format!("postgres://muster@127.0.0.1:{port}/{name}?sslmode=disable"), during }
    }

    /// The address of the database through the proxy.
    #[must_use]
    pub fn store(&self) -> &str {
        &self.store
    }
}

impl Stall for Proxy {
    async fn begin(&mut self) {
        self.line.send_replace(self.during[0]);
        let (line, rest) = (self.line.clone(), &self.during[1..]);
        tokio::spawn(async move {
            for next in rest {
                tokio::time::sleep(Duration::from_secs(1)).await;
                line.send_replace(*next);
            }
        });
    }

    async fn end(&mut self) {
        self.line.send_replace(Line::Open);
    }

    fn stops_reading(&self) -> bool {
        true
    }

    fn drain(&self) -> Duration {
        if self.during.contains(&Line::Deaf) { LEASE } else { DRAIN }
    }
}

async fn through(near: TcpStream, socket: PathBuf, mut line: watch::Receiver<Line>) {
    if *line.borrow() == Line::Cut {
        return;
    }
    let Ok(far) = UnixStream::connect(&socket).await else { return };
    let (from_muster, to_muster) = near.into_split();
    let (from_database, to_database) = far.into_split();
    let (asking, answering) = (line.clone(), line.clone());
    let cut = async {
        let _ = line.wait_for(|line| *line == Line::Cut).await;
    };
    tokio::select! {
        () = cut => {}
        () = pump(from_muster, to_database, asking, |line| line == Line::Deaf) => {}
        () = pump(from_database, to_muster, answering, |_| false) => {}
    }
}

/// Carries bytes while the line is open, or `passes` in the state it is in.
async fn pump(
    mut from: impl tokio::io::AsyncRead + Unpin,
    mut to: impl tokio::io::AsyncWrite + Unpin,
    mut line: watch::Receiver<Line>,
    passes: impl Fn(Line) -> bool,
) {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let Ok(count @ 1..) = from.read(&mut bytes).await else { return };
        if line.wait_for(|line| *line == Line::Open || passes(*line)).await.is_err() {
            return;
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
