//! What letters say of themselves, in the language of those who read them.

use muster_core::comms::{Locale, Tongue};

/// The phrases of letters in one language. `{page}` stands for the name of the page, `{list}` for names of components.
pub(super) struct Words {
    /// Why a subscriber gets it.
    pub(super) because: &'static str,
    /// Why somebody gets it whom the config names.
    pub(super) named: &'static str,
    /// Of which components they hear.
    pub(super) about: &'static str,
    /// What leads out.
    pub(super) leave: &'static str,
    /// The question whether it was them who asked.
    pub(super) ask: &'static str,
    /// What it is about.
    pub(super) asked: &'static str,
    /// The answer yes.
    pub(super) yes: &'static str,
    /// How to answer no.
    pub(super) no: &'static str,
}

const ENGLISH: Words = Words {
    because: "You get this because you have subscribed to status updates from {page}.",
    named: "You get this because {page} is to keep you informed.",
    about: "You hear of: {list}.",
    leave: "Unsubscribe",
    ask: "Please confirm your subscription",
    asked: "Somebody, most likely you, has asked for status updates from {page} to be sent to this address.",
    yes: "Yes, send me status updates",
    no: "If it was not you, do nothing: you will hear nothing more from us.",
};

const SWEDISH: Words = Words {
    because: "Du får det här brevet för att du prenumererar på driftinformation från {page}.",
    named: "Du får det här brevet för att {page} ska hålla dig underrättad.",
    about: "Du prenumererar på: {list}.",
    leave: "Avsluta prenumerationen",
    ask: "Bekräfta din prenumeration",
    asked: "Någon, troligen du, har bett om att få driftinformation från {page} till den här adressen.",
    yes: "Ja, skicka driftinformation till mig",
    no: "Om det inte var du behöver du inte göra något. Då hör vi inte av oss igen.",
};

const GERMAN: Words = Words {
    because: "Sie erhalten diese Nachricht, weil Sie Statusmeldungen von {page} abonniert haben.",
    named: "Sie erhalten diese Nachricht, weil {page} Sie auf dem Laufenden halten soll.",
    about: "Ihr Abonnement umfasst: {list}.",
    leave: "Abmelden",
    ask: "Bitte bestätigen Sie Ihr Abonnement",
    asked: "Jemand, vermutlich Sie selbst, möchte Statusmeldungen von {page} an diese Adresse erhalten.",
    yes: "Ja, ich möchte Statusmeldungen erhalten",
    no: "Wenn Sie das nicht waren, brauchen Sie nichts zu tun. Sie hören dann nicht wieder von uns.",
};

/// The words of a language; English for those Muster does not speak.
pub(super) fn words(locale: &Locale) -> &'static Words {
    match locale.tongue() {
        Tongue::English => &ENGLISH,
        Tongue::Swedish => &SWEDISH,
        Tongue::German => &GERMAN,
    }
}

impl Words {
    /// A phrase with the name of the page in it.
    pub(super) fn of(phrase: &str, page: &str) -> String {
        phrase.replace("{page}", page)
    }

    /// Of which components they hear.
    pub(super) fn hears_of(&self, names: &[&str]) -> Option<String> {
        (!names.is_empty()).then(|| self.about.replace("{list}", &names.join(", ")))
    }
}
