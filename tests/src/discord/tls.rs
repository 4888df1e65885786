//! Serving over loopback: plain, or over TLS as `discord.com` with a certificate of its own authority.

use super::Inner;
use super::server;
use crate::wire::{Door, Knife};
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::SocketAddr;
use std::sync::Weak;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// Serves until the fake is dropped.
pub(super) async fn serve_plain(listener: TcpListener, discord: Weak<Inner>) {
    let service = server::router(discord).into_make_service_with_connect_info::<Knife>();
    axum::serve(Door(listener), service).await.expect("a server on loopback does not fail");
}

/// The same over TLS.
pub(super) async fn serve(listener: TcpListener, acceptor: TlsAcceptor, discord: Weak<Inner>) {
    let service = server::router(discord).into_make_service_with_connect_info::<Knife>();
    axum::serve(Gate { listener, acceptor }, service).await.expect("a server on loopback does not fail");
}

/// Accepts TLS on a loopback port. These connections cannot be cut.
struct Gate {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Gate {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, Gate>> for Knife {
    fn connect_info(_: IncomingStream<'_, Gate>) -> Self {
        Self::default()
    }
}
