//! Whether an address is on the public internet, by IANA's registries of what is not.
//!
//! <https://www.iana.org/assignments/iana-ipv4-special-registry>
//! <https://www.iana.org/assignments/iana-ipv6-special-registry>

use ipnet::{Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(a: u16, b: u16, c: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), length)
}

/// What is not public in IPv4. The few addresses of 192.0.0.0/24 that are reachable serve protocols, not people.
const INSIDE_V4: [Ipv4Net; 15] = [
    v4(0, 0, 0, 0, 8),       // this network
    v4(10, 0, 0, 0, 8),      // private
    v4(100, 64, 0, 0, 10),   // shared by a carrier's customers
    v4(127, 0, 0, 0, 8),     // loopback
    v4(169, 254, 0, 0, 16),  // link-local, and the metadata of clouds: 169.254.169.254
    v4(172, 16, 0, 0, 12),   // private
    v4(192, 0, 0, 0, 24),    // protocol assignments
    v4(192, 0, 2, 0, 24),    // documentation
    v4(192, 88, 99, 0, 24),  // relays of 6to4
    v4(192, 168, 0, 0, 16),  // private
    v4(198, 18, 0, 0, 15),   // benchmarks
    v4(198, 51, 100, 0, 24), // documentation
    v4(203, 0, 113, 0, 24),  // documentation
    v4(224, 0, 0, 0, 4),     // multicast
    v4(240, 0, 0, 0, 4),     // reserved, and broadcast
];

/// All that is given out as public in IPv6. Loopback, private (`fc00::/7`, where `fd00:ec2::254` is), link-local and
/// multicast addresses are outside it.
const PUBLIC_V6: Ipv6Net = v6(0x2000, 0, 0, 3);

/// What is not public within that.
const INSIDE_V6: [Ipv6Net; 4] = [
    v6(0x2001, 0, 0, 23), // protocol assignments; Teredo, whose addresses hold IPv4 ones, is among them
    v6(0x2001, 0xdb8, 0, 32), // documentation
    v6(0x2002, 0, 0, 16), // 6to4: its addresses hold IPv4 ones
    v6(0x3fff, 0, 0, 20), // documentation
];

/// Where translators show the IPv4 internet to those who have only IPv6: the last 32 bits are the address that is meant.
/// <https://www.rfc-editor.org/rfc/rfc6052#section-2.1>
const NAT64: Ipv6Net = v6(0x64, 0xff9b, 0, 96);

/// Whether an address is on the public internet. An IPv6 address that stands for an IPv4 one is judged by that.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) if NAT64.contains(&v6) => is_public_v4(embedded(v6)),
        IpAddr::V6(v6) => PUBLIC_V6.contains(&v6) && !INSIDE_V6.iter().any(|inside| inside.contains(&v6)),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !INSIDE_V4.iter().any(|inside| inside.contains(&address))
}

/// The IPv4 address in the last 32 bits.
fn embedded(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(address: &str) -> bool {
        is_public(address.parse().expect("an address"))
    }

    #[test]
    fn nothing_that_is_inside_counts_as_public_from_its_first_address_to_its_last() {
        for network in INSIDE_V4 {
            assert!(!is_public(network.network().into()), "the first of {network}");
            assert!(!is_public(network.broadcast().into()), "the last of {network}");
        }
        for network in INSIDE_V6 {
            assert!(!is_public(network.network().into()), "the first of {network}");
            assert!(!is_public(network.broadcast().into()), "the last of {network}");
        }
    }

    #[test]
    fn what_lies_beside_it_is_public() {
        for address in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "191.255.255.255",
            "192.0.1.0",
            "192.0.3.0",
            "192.88.98.255",
            "192.88.100.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "198.51.99.255",
            "198.51.101.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "8.8.8.8",
        ] {
            assert!(judge(address), "{address}");
        }
        for address in
            ["2000::", "2001:200::", "2001:db7:ffff::", "2001:db9::", "2003::", "2606:4700::1111", "3ffe:ffff::"]
        {
            assert!(judge(address), "{address}");
        }
    }

    #[test]
    fn what_each_rule_is_for_is_kept_in() {
        for (address, what) in [
            ("0.0.0.0", "this machine"),
            ("127.0.0.1", "loopback"),
            ("10.1.2.3", "private"),
            ("172.31.255.255", "private"),
            ("192.168.1.1", "private"),
            ("100.100.100.200", "the metadata of a cloud, in a carrier's network"),
            ("169.254.169.254", "the metadata of clouds"),
            ("169.254.170.2", "the credentials of containers"),
            ("224.0.0.1", "multicast"),
            ("239.255.255.250", "multicast"),
            ("240.0.0.1", "reserved"),
            ("255.255.255.255", "broadcast"),
            ("::", "this machine"),
            ("::1", "loopback"),
            ("::7f00:1", "an IPv4 address, as it was once written"),
            ("fc00::1", "private"),
            ("fd00:ec2::254", "the metadata of a cloud"),
            ("fe80::1", "link-local"),
            ("fec0::1", "site-local"),
            ("ff02::1", "multicast"),
            ("100::1", "discarded"),
            ("5f00::1", "segment routing"),
            ("2001::1", "Teredo"),
            ("2001:db8::1", "documentation"),
            ("4000::1", "never given out"),
        ] {
            assert!(!judge(address), "{address} is {what}");
        }
    }

    #[test]
    fn an_ipv4_address_in_an_ipv6_one_is_judged_like_itself() {
        for inside in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.0.1", "100.64.0.1", "0.0.0.0"] {
            let address: Ipv4Addr = inside.parse().expect("an address");
            let [a, b, c, d] = address.octets();
            let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            assert!(!is_public(address.to_ipv6_mapped().into()), "mapped {inside}");
            assert!(!is_public(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low).into()), "NAT64 {inside}");
            assert!(!is_public(Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, high, low).into()), "local NAT64 {inside}");
            assert!(!is_public(Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1).into()), "6to4 {inside}");
            assert!(!is_public(Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, high, low).into()), "translated {inside}");
        }
        assert!(judge("::ffff:8.8.8.8") && judge("64:ff9b::8.8.8.8"));
        assert!(!judge("64:ff9b:1::8.8.8.8"), "what a local translator does is not known");
    }
}
