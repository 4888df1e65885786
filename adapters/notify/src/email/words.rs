//! What letters say of themselves, in the language of those who read them.

use muster_core::comms::{CommsRules, Locale, Subscriber, Tongue};

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
    /// What is asked for: where, of what, in which language; and that of everything there is.
    pub(super) wish: Wish,
    /// The answer yes.
    pub(super) yes: &'static str,
    /// How to answer no.
    pub(super) no: &'static str,
}

/// What somebody asks for.
pub(super) struct Wish {
    /// Where they are told.
    pub(super) address: &'static str,
    /// Of what.
    pub(super) services: &'static str,
    /// Where that is everything.
    pub(super) all: &'static str,
    /// In which language.
    pub(super) language: &'static str,
}

const ENGLISH: Words = Words {
    because: "You get this because you have subscribed to status updates from {page}.",
    named: "You get this because you are on a list of those whom {page} keeps informed.",
    about: "You hear of: {list}.",
    leave: "Unsubscribe",
    ask: "Please confirm your subscription",
    asked: "Somebody, most likely you, has asked for status updates from {page} to be sent to this address.",
    wish: Wish { address: "Address", services: "Services", all: "All", language: "Language" },
    yes: "Yes, send me status updates",
    no: "If it was not you, do nothing: you will hear nothing more from us.",
};

const SWEDISH: Words = Words {
    because: "Du får det här brevet för att du prenumererar på driftinformation från {page}.",
    named: "Du får det här brevet för att du står på en sändlista hos {page}.",
    about: "Du prenumererar på: {list}.",
    leave: "Avsluta prenumerationen",
    ask: "Bekräfta din prenumeration",
    asked: "Någon, troligen du, har bett om att få driftinformation från {page} till den här adressen.",
    wish: Wish { address: "Adress", services: "Tjänster", all: "Alla", language: "Språk" },
    yes: "Ja, skicka driftinformation till mig",
    no: "Om det inte var du behöver du inte göra något. Då hör vi inte av oss igen.",
};

const GERMAN: Words = Words {
    because: "Sie erhalten diese Nachricht, weil Sie Statusmeldungen von {page} abonniert haben.",
    named: "Sie erhalten diese Nachricht, weil Sie im Verteiler von {page} stehen.",
    about: "Ihr Abonnement umfasst: {list}.",
    leave: "Abmelden",
    ask: "Bitte bestätigen Sie Ihr Abonnement",
    asked: "Jemand, vermutlich Sie selbst, möchte Statusmeldungen von {page} an diese Adresse erhalten.",
    wish: Wish { address: "Adresse", services: "Dienste", all: "Alle", language: "Sprache" },
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

impl Wish {
    /// What somebody asks for, fact by fact.
    pub(super) fn of(&self, subscriber: &Subscriber, rules: &CommsRules) -> Vec<(String, String)> {
        let services = subscriber.hears_of(rules).join(", ");
        let services = if services.is_empty() { self.all.to_owned() } else { services };
        let language = subscriber.locale.own_name().to_owned();
        let facts = [(self.address, subscriber.address.clone()), (self.services, services), (self.language, language)];
        facts.map(|(label, value)| (label.to_owned(), value)).to_vec()
    }
}
