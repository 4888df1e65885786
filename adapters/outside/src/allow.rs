//! What an operator lets be reached although it is inside: networks, and names whatever they resolve to.

use crate::guard::is_public;
use ipnet::IpNet;
use std::net::IpAddr;

/// What may be reached although it is inside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    networks: Vec<IpNet>,
    names: Vec<String>,
}

/// It is neither a network nor a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is neither a network nor a name; write it as 10.1.0.0/16, 10.1.2.3 or alerts.internal")]
pub struct NotAllowable(pub String);

impl Allowed {
    /// The same and one more: `10.1.0.0/16`, `127.0.0.1` or `alerts.internal`.
    ///
    /// # Errors
    /// When it is neither a network nor a name.
    pub fn and(mut self, typed: &str) -> Result<Self, NotAllowable> {
        let not_allowable = || NotAllowable(typed.to_owned());
        if let Ok(network) = typed.parse::<IpNet>() {
            self.networks.push(network);
            return Ok(self);
        }
        match url::Host::parse(typed).map_err(|_| not_allowable())? {
            url::Host::Ipv4(address) => self.networks.push(IpAddr::V4(address).into()),
            url::Host::Ipv6(address) => self.networks.push(IpAddr::V6(address).into()),
            url::Host::Domain(name) if name.contains(['*', '/', ':']) => return Err(not_allowable()),
            url::Host::Domain(name) => self.names.push(bare(&name).to_owned()),
        }
        Ok(self)
    }

    /// Whether an address may be reached.
    #[must_use]
    pub fn admits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.networks.iter().any(|network| network.contains(&address))
    }

    /// Whether a name may be reached, whatever it resolves to.
    #[must_use]
    pub fn admits_name(&self, name: &str) -> bool {
        self.names.iter().any(|known| known.eq_ignore_ascii_case(bare(name)))
    }
}

/// A name without the dot that may stand at its end.
fn bare(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(typed: &[&str]) -> Allowed {
        typed.iter().fold(Allowed::default(), |allowed, one| allowed.and(one).expect("a network or a name"))
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_network_lets_in_what_is_in_it_and_nothing_beside() {
        let allowed = allowed(&["10.1.0.0/16", "127.0.0.1", "fd00:1::/32"]);
        for inside in ["10.1.0.0", "10.1.255.255", "127.0.0.1", "::ffff:10.1.2.3", "fd00:1::5", "8.8.8.8"] {
            assert!(allowed.admits(address(inside)), "{inside}");
        }
        for beside in ["10.0.255.255", "10.2.0.0", "127.0.0.2", "::1", "fd00:2::1", "169.254.169.254"] {
            assert!(!allowed.admits(address(beside)), "{beside}");
        }
    }

    #[test]
    fn a_name_lets_in_itself_and_no_name_below_or_above_it() {
        let allowed = allowed(&["Alerts.Internal."]);
        assert!(allowed.admits_name("alerts.internal") && allowed.admits_name("ALERTS.internal."));
        for other in ["x.alerts.internal", "internal", "alerts.internal.example.com", ""] {
            assert!(!allowed.admits_name(other), "{other}");
        }
    }

    #[test]
    fn what_is_neither_is_refused() {
        for typed in ["", "10.1.0.0/33", "*.internal", "https://alerts.internal", "a b", "alerts.internal:80"] {
            assert_eq!(Allowed::default().and(typed), Err(NotAllowable(typed.to_owned())));
        }
    }
}
