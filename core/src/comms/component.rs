//! What customers know of the organisation: components in their groups, and sites.

use super::{CommsRules, Locale};
use std::collections::BTreeMap;

/// Something customers know, and see the state of. The names are in their languages; the first language always has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Its id, `card-payments`.
    pub id: String,
    /// As customers call it, in each language.
    pub names: BTreeMap<Locale, String>,
    /// What it is, in a line, in each language; there may be none.
    pub descriptions: BTreeMap<Locale, String>,
    /// The group it is shown in, by id.
    pub group: Option<String>,
    /// The services behind it, by id: an incident of theirs is one of this component.
    pub services: Vec<String>,
    /// The sites it is at, by id: at none of them if it is online only, and everywhere where nothing is said.
    pub sites: Option<Vec<String>>,
}

/// Components that are shown together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentGroup {
    /// Its id.
    pub id: String,
    /// As customers call it, in each language.
    pub names: BTreeMap<Locale, String>,
}

/// A site that customers know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicSite {
    /// The site, by id.
    pub site: String,
    /// As customers call it.
    pub name: String,
    /// The region it is in, as customers call it.
    pub region: Option<String>,
}

/// The components as they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouped<'a> {
    /// Each group in which there is something, with what is in it.
    pub groups: Vec<(&'a ComponentGroup, Vec<&'a Component>)>,
    /// Those in no group.
    pub others: Vec<&'a Component>,
}

impl Component {
    /// Whether it is at a site of that kind.
    #[must_use]
    pub fn is_at(&self, is_here: impl Fn(&String) -> bool) -> bool {
        self.sites.as_ref().is_none_or(|sites| sites.iter().any(is_here))
    }

    /// As customers call it in that language, or in the first it has a name in.
    #[must_use]
    pub fn name(&self, locale: &Locale, rules: &CommsRules) -> &str {
        rules.nearest(&self.names, locale).map_or(&self.id, |(_, name)| name)
    }

    /// What it is in the nearest language, and which that is, if anybody has said it.
    #[must_use]
    pub fn description(&self, locale: &Locale, rules: &CommsRules) -> Option<(&Locale, &str)> {
        let (language, said) = rules.nearest(&self.descriptions, locale)?;
        (!said.is_empty()).then_some((language, said))
    }
}

impl ComponentGroup {
    /// As customers call it in the nearest language.
    #[must_use]
    pub fn name(&self, locale: &Locale, rules: &CommsRules) -> &str {
        rules.nearest(&self.names, locale).map_or(&self.id, |(_, name)| name)
    }
}
