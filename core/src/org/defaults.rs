//! What an organisation has before its config says anything.

use super::{AlertRules, Organisation, PagingRules, Right, Role, RoomRules, RunbookRules, Severity};
use crate::comms::{CommsRules, ComponentState, PublicRules};
use crate::ids::{RoleKey, SeverityKey};
use crate::incident::role::COMMANDER;
use std::time::Duration;

const MINUTE: u64 = 60;

impl Organisation {
    /// An organisation of nobody, with the usual severities and roles.
    #[must_use]
    pub fn empty(name: &str, console_url: &str) -> Self {
        Self {
            name: name.to_owned(),
            console_url: console_url.trim_end_matches('/').to_owned(),
            severities: Severity::usual(),
            roles: Role::usual(),
            people: Vec::new(),
            teams: Vec::new(),
            services: Vec::new(),
            sites: Vec::new(),
            categories: Vec::new(),
            fields: Vec::new(),
            guest_right: Right::None,
            commander_within: Duration::from_secs(5 * MINUTE),
            chats: Vec::new(),
            groups: Vec::new(),
            rooms: RoomRules {
                rename: false,
                archive_after: Some(Duration::from_secs(24 * 60 * MINUTE)),
                invite_owners: true,
                invite_teams: Vec::new(),
            },
            schedules: Vec::new(),
            policies: Vec::new(),
            paging: PagingRules {
                last_resort: Vec::new(),
                patience: Duration::from_secs(5 * MINUTE),
                per_minute: 3,
                per_quarter: 10,
                proof_good_for: Duration::from_secs(90 * 24 * 60 * MINUTE),
                test_every: None,
            },
            alerting: AlertRules::default(),
            runbooks: RunbookRules::default(),
            comms: CommsRules { rules: public_rules(), ..CommsRules::default() },
        }
    }
}

/// How soon and how often customers are told at the usual severities.
fn public_rules() -> Vec<PublicRules> {
    let minutes = |minutes: u64| Duration::from_secs(minutes * MINUTE);
    let rule = |severity: &str, told: Option<(u64, u64)>, state| PublicRules {
        severity: SeverityKey::from(severity),
        first_within: told.map(|(first, _)| minutes(first)),
        every: told.map(|(_, every)| minutes(every)),
        state: Some(state),
    };
    vec![
        rule("SEV1", Some((15, 30)), ComponentState::MajorOutage),
        rule("SEV2", Some((30, 60)), ComponentState::PartialOutage),
        rule("SEV3", None, ComponentState::DegradedPerformance),
        rule("SEV4", None, ComponentState::DegradedPerformance),
    ]
}

impl Severity {
    /// `SEV1` to `SEV4`.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        let level = |key: &str, meaning: &str, minutes: Option<u64>| Self {
            key: SeverityKey::from(key),
            meaning: meaning.to_owned(),
            update_every: minutes.map(|minutes| Duration::from_secs(minutes * MINUTE)),
        };
        vec![
            level("SEV1", "customers cannot buy, or data is at risk: all hands", Some(30)),
            level("SEV2", "an important part is down or badly degraded", Some(60)),
            level("SEV3", "a part is degraded and there is a way around it", Some(240)),
            level("SEV4", "a nuisance: fix it in working hours", None),
        ]
    }
}

impl Role {
    /// Commander, Deputy, Scribe, Comms Lead, Internal Liaison, Subject Matter Expert.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        let role = |key: &str, name: &str, aliases: &[&str], brief: &str| Self {
            key: RoleKey::from(key),
            name: name.to_owned(),
            aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
            brief: brief.to_owned(),
            many: key == "sme",
        };
        vec![
            role(
                COMMANDER,
                "Incident Commander",
                &["ic", "lead"],
                "decides, delegates, and keeps everybody on one plan",
            ),
            role("deputy", "Deputy", &[], "stands in for the commander and takes over when asked"),
            role("scribe", "Scribe", &[], "writes down what happens and when"),
            role("comms", "Comms Lead", &["cl"], "tells customers and stakeholders what they need to know"),
            role("liaison", "Internal Liaison", &[], "keeps other teams and management informed"),
            role("sme", "Subject Matter Expert", &["expert"], "knows the part that is broken"),
        ]
    }
}
