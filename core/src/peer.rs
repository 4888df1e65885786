//! The address somebody comes from, as what counts how often they try takes it.

use std::net::{IpAddr, Ipv6Addr};

/// The address somebody comes from; an IPv6 network of 64 bits counts as one, since it is what one household or machine gets.
/// <https://www.rfc-editor.org/rfc/rfc6177>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Peer(Option<IpAddr>);

impl Peer {
    /// Whoever is at that address, as a listener saw it. Headers that a client could write are not believed.
    #[must_use]
    pub fn at(address: Option<IpAddr>) -> Self {
        Self(address.map(|address| network(address.to_canonical())))
    }

    /// Whether the peer is this machine.
    #[must_use]
    pub fn is_loopback(self) -> bool {
        self.0.is_some_and(|address| address.is_loopback())
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) if v6.is_loopback() => address,
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(address: &str) -> Peer {
        Peer::at(Some(address.parse().expect("an address")))
    }

    #[test]
    fn a_whole_ipv6_network_counts_as_one_peer() {
        assert_eq!(peer("2001:db8::1"), peer("2001:db8::2"));
        assert_ne!(peer("2001:db8::1"), peer("2001:db8:0:1::1"));
        assert_eq!(peer("::ffff:192.0.2.1"), peer("192.0.2.1"));
        assert!(peer("::1").is_loopback() && !peer("192.0.2.1").is_loopback());
    }
}
