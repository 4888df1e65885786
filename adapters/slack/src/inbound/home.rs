//! The home tab: what is open, and what is mine. <https://docs.slack.dev/reference/events/app_home_opened>

use super::ask::Asking;
use super::payload::Event;
use crate::Slack;
use crate::render;
use muster_core::chat::{Told, answer};
use muster_core::command::Invocation;
use muster_core::inbound::Ask;
use muster_core::reply::Body;
use muster_core::view::{Section, View};
use serde_json::json;
use std::sync::Arc;

impl Slack {
    /// Shows somebody their home tab.
    pub(super) async fn home_opened(self: &Arc<Self>, event: &Event, id: String) {
        if !matches!(event.tab.as_str(), "" | "home") || event.user.id().is_empty() {
            return;
        }
        let user = event.user.id();
        let menu = self.looked_up(user, &id, Invocation::of("help menu")).await;
        let mine = self.looked_up(user, &id, Invocation::of("list").with("which", "mine")).await;
        let Some(view) = menu.map(|menu| home(menu, mine)) else { return };
        let home = self.rendered(&view, |names| render::home(&view, names)).await;
        let body = json!({ "user_id": user, "view": home });
        if let Err(error) = self.api.call("views.publish", &body).await {
            tracing::warn!(%error, "a home tab could not be shown");
        }
    }

    async fn looked_up(self: &Arc<Self>, user: &str, id: &str, call: Invocation) -> Option<View> {
        let asking = Asking {
            user: user.to_owned(),
            shown: String::new(),
            channel: None,
            request: id.to_owned(),
            ask: Ask::Call(call),
        };
        match self.ask(asking).await {
            Told::Done(reply) => match reply.body {
                Body::View(view) => Some(*view),
                Body::Form(_) => None,
            },
            told @ (Told::Refused(_) | Told::Failed(_)) => Some(answer::sentence(&told)),
            Told::Ignored => None,
        }
    }
}

/// The menu, with what is mine under it.
fn home(menu: View, mine: Option<View>) -> View {
    let Some(mine) = mine.filter(|mine| !mine.sections.is_empty()) else { return menu };
    mine.sections.into_iter().fold(menu.with(Section::Heading("Mine".to_owned())), View::with)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;
    use muster_core::view::{Tone, text};

    #[test]
    fn what_is_mine_stands_under_what_is_open() {
        let menu = View::titled(Tone::Neutral, vec![text("What do you want to do?")]);
        let mine = View::titled(Tone::Neutral, vec![text("Incidents")]).with(Section::Text(vec![text("INC-1")]));
        let shown = muster_core::view::text::plain(&home(menu.clone(), Some(mine)), Tz::UTC);
        assert_eq!(shown, "What do you want to do?\n\nMine\nINC-1");
        assert_eq!(home(menu.clone(), None), menu);
    }
}
