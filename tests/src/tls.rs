//! TLS with an authority of our own: certificates that only who is told so believes, and a proxy that shows one.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// A new authority, as PEM, and what shows its certificate for these names.
///
/// # Panics
/// When a name is none.
#[must_use]
pub fn certified(names: &[&str]) -> (String, TlsAcceptor) {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let authority = params.self_signed(&key).expect("an authority").pem();
    let issuer = Issuer::new(params, key);
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(names).expect("names");
    // A certificate of the same name as its authority counts as signed by itself.
    params.distinguished_name.push(DnType::CommonName, "muster");
    let certificate = params.signed_by(&key, &issuer).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.expect("versions of TLS").with_no_client_auth();
    let secret = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let mut config =
        config.with_single_cert(vec![certificate.der().clone()], secret).expect("a certificate and its key");
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    (authority, TlsAcceptor::from(Arc::new(config)))
}

/// A proxy with TLS in front of a server, as operators put one there.
#[derive(Debug)]
pub struct Front {
    /// Where it is.
    pub url: String,
    /// The authority that has signed its certificate, as PEM.
    pub authority: String,
}

impl Front {
    /// Puts one in front of `server` until the test ends.
    ///
    /// # Panics
    /// When there is no port left.
    pub async fn of(server: SocketAddr) -> Self {
        let (authority, acceptor) = certified(&["localhost"]);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // Whoever breaks off is no concern of the others.
                    let Ok(mut outside) = acceptor.accept(stream).await else { return };
                    let Ok(mut inside) = TcpStream::connect(server).await else { return };
                    let _ = copy_bidirectional(&mut outside, &mut inside).await;
                });
            }
        });
        Self { url: format!("https://localhost:{port}"), authority }
    }
}
