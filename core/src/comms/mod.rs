//! What customers and the company are told, pure: messages and their workflow, templates, what is public, who has subscribed.
//! Nothing here does IO.

mod address;
mod approval;
mod bulletin;
mod clock;
mod component;
mod event;
pub mod library;
mod links;
mod locale;
mod message;
mod outward;
mod public;
mod rules;
mod status;
mod subscriber;
pub mod template;

pub use address::{address, folded, mailbox};
pub use bulletin::{Bulletin, Cleared, NotForCustomers};
pub use clock::{Clock, Next};
pub use component::{Component, ComponentGroup, Grouped, PublicSite};
pub use event::CommsEvent;
pub use links::{LinkKey, LinkUse};
pub use locale::{Locale, Locales, NotALocale, Texts, Tongue, Written, nearest};
pub use message::{Approval, Brief, Message, Missing, Rejection, Revision, Stage, Value, Values, WaitingStep};
pub use outward::{Words, moment, words};
pub use public::{Correction, Post, PublicIncident, Window};
pub use rules::{Audience, CommsRules, Destination, Digest, Logo, LogoKind, PageRules, PublicRules, Theme};
pub use status::{ComponentState, Impact, PublicStatus};
pub use subscriber::{
    Bulk, Channel, Consignment, FAULTS, Fault, NotASubscriber, Parcel, ParcelOutcome, Subscriber, SubscriberId,
    SubscriberState, Tally,
};
