//! Serving over loopback: plain, or over TLS as `discord.com` with a certificate of its own authority.

use super::Inner;
use super::server;
use crate::wire::{Door, Knife};
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Weak};
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

/// A new authority, as PEM, and what shows its certificate for `discord.com`.
pub(super) fn certified() -> (String, TlsAcceptor) {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let authority = params.self_signed(&key).expect("an authority").pem();
    let issuer = Issuer::new(params, key);
    let names = vec!["discord.com".to_owned(), "gateway.discord.gg".to_owned()];
    let key = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new(names).expect("names").signed_by(&key, &issuer).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.expect("versions of TLS").with_no_client_auth();
    let secret = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let mut config =
        config.with_single_cert(vec![certificate.der().clone()], secret).expect("a certificate and its key");
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    (authority, TlsAcceptor::from(Arc::new(config)))
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
