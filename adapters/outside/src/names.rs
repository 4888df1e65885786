//! How names become addresses: whatever a name resolves to at this moment, only what may be reached is connected to.

use crate::allow::Allowed;
use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Where names are looked up.
#[async_trait]
pub trait Names: Send + Sync {
    /// The addresses of a name.
    ///
    /// # Errors
    /// When there are none.
    async fn look_up(&self, name: &str) -> std::io::Result<Vec<IpAddr>>;
}

/// The names as this machine knows them.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemNames;

#[async_trait]
impl Names for SystemNames {
    async fn look_up(&self, name: &str) -> std::io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((name, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// A name leads nowhere but inside.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("all addresses of the name are inside")]
pub(crate) struct Inside;

/// Resolves names for connections. There is no second look-up after the judgement: the connection is made to what it let
/// through, so a name that changes its mind in between changes nothing.
pub(crate) struct Judged {
    pub(crate) names: Arc<dyn Names>,
    pub(crate) allowed: Arc<Allowed>,
}

impl Resolve for Judged {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, allowed) = (Arc::clone(&self.names), Arc::clone(&self.allowed));
        Box::pin(async move {
            let found = names.look_up(name.as_str()).await?;
            let by_name = allowed.admits_name(name.as_str());
            let may = |address: &IpAddr| by_name || allowed.admits(*address);
            let open: Vec<_> = found.iter().copied().filter(may).map(|address| SocketAddr::new(address, 0)).collect();
            if open.is_empty() && !found.is_empty() {
                return Err(Inside.into());
            }
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}
