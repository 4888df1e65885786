//! The library that Muster brings: runbooks of an imaginary shop, each with its tests, to start from.

/// A runbook of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Its id, and the name of its file without `.yaml`.
    pub id: &'static str,
    /// What it says, as YAML.
    pub text: &'static str,
    /// Its tests, for a file beside it that ends with `.test.yaml`.
    pub tests: &'static str,
}

macro_rules! samples {
    ($($id:literal),+ $(,)?) => {
        [$(Sample {
            id: $id,
            text: include_str!(concat!("../library/", $id, ".yaml")),
            tests: include_str!(concat!("../library/", $id, ".test.yaml")),
        }),+]
    };
}

/// All of them.
pub const LIBRARY: [Sample; 13] = samples![
    "cdn-dns-outage",
    "certificate-expired",
    "checkout-down",
    "database-failover",
    "ddos",
    "deploy-rollback",
    "inventory-out-of-step",
    "payment-failover",
    "pos-offline-region",
    "restore-backup",
    "suspected-intrusion",
    "third-party-outage",
    "traffic-spike",
];

/// What they expect of whoever takes them over: which addresses, programs and secrets they name.
pub const README: &str = include_str!("../library/README.md");
