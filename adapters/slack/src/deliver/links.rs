//! Links above a room, as bookmarks. <https://docs.slack.dev/reference/methods/bookmarks.add>

use super::failed::failed_in;
use super::spot::Spot;
use crate::Slack;
use crate::api::{ApiError, part};
use muster_core::incident::room::Room;
use muster_core::ports::chat::{Delivery, DeliveryError, Receipt};
use muster_core::view::Bookmark;
use serde_json::{Value, json};

/// One thing to do so that the bookmarks are as they should be.
#[derive(Debug, PartialEq)]
enum Step {
    Add(Bookmark),
    Edit { id: String, link: Bookmark },
    Remove { id: String },
}

impl Slack {
    pub(super) async fn links(
        &self,
        delivery: &Delivery,
        room: &Room,
        links: &[Bookmark],
    ) -> Result<Receipt, DeliveryError> {
        let is_fresh = delivery.attempt <= 1 && delivery.made.is_none();
        let kept = self.keep_links(room, links, is_fresh).await;
        kept.map(|()| Receipt::of(&room.address)).map_err(|error| failed_in(room, &error))
    }

    async fn keep_links(&self, room: &Room, links: &[Bookmark], is_fresh: bool) -> Result<(), ApiError> {
        let (spot, channel) = (Spot::of(room), room.address.as_str());
        let there = if is_fresh {
            Vec::new()
        } else {
            let me = self.api.who_am_i().await?;
            let answer = self.call_at(&spot, "bookmarks.list", &json!({ "channel_id": channel })).await?;
            ours(part::list(&answer, "bookmarks")?, &me.user)
        };
        for step in steps(links, &there) {
            let (method, body) = call(&step, channel);
            match self.call_at(&spot, method, &body).await {
                Err(error) if error.is(&["not_found", "bookmark_not_found"]) => {}
                answer => drop(answer?),
            }
        }
        Ok(())
    }
}

fn call(step: &Step, channel: &str) -> (&'static str, Value) {
    match step {
        Step::Add(Bookmark { label, url }) => {
            ("bookmarks.add", json!({ "channel_id": channel, "title": label, "type": "link", "link": url }))
        }
        Step::Edit { id, link: Bookmark { label, url } } => {
            ("bookmarks.edit", json!({ "channel_id": channel, "bookmark_id": id, "title": label, "link": url }))
        }
        Step::Remove { id } => ("bookmarks.remove", json!({ "channel_id": channel, "bookmark_id": id })),
    }
}

/// The bookmarks that we have put there, with their ids. People's own are theirs.
fn ours(bookmarks: &[Value], user: &str) -> Vec<(String, Bookmark)> {
    let ours = bookmarks.iter().filter(|one| one["last_updated_by_user_id"] == user);
    ours.filter_map(|one| {
        let text = |name: &str| one[name].as_str().map(str::to_owned);
        Some((text("id")?, Bookmark { label: text("title")?, url: text("link")? }))
    })
    .collect()
}

fn steps(wanted: &[Bookmark], there: &[(String, Bookmark)]) -> Vec<Step> {
    let mut left: Vec<_> = there.iter().collect();
    let mut steps = Vec::new();
    for link in wanted {
        match left.iter().position(|(_, one)| one.label == link.label) {
            None => steps.push(Step::Add(link.clone())),
            Some(place) => {
                let (id, one) = left.remove(place);
                if one != link {
                    steps.push(Step::Edit { id: id.clone(), link: link.clone() });
                }
            }
        }
    }
    steps.extend(left.into_iter().map(|(id, _)| Step::Remove { id: id.clone() }));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(label: &str, url: &str) -> Bookmark {
        Bookmark { label: label.into(), url: url.into() }
    }

    #[test]
    fn only_what_differs_is_done() {
        let there = [("B1", "Console", "https://a"), ("B2", "Runbook", "https://b"), ("B3", "Old", "https://c")];
        let there = there.map(|(id, label, url)| (id.to_owned(), link(label, url)));
        let wanted = [link("Console", "https://a"), link("Runbook", "https://new"), link("Status", "https://d")];
        let expected = [
            Step::Edit { id: "B2".into(), link: wanted[1].clone() },
            Step::Add(wanted[2].clone()),
            Step::Remove { id: "B3".into() },
        ];
        assert_eq!(steps(&wanted, &there), expected);
        assert_eq!(steps(&wanted[..1], &there[..1]), []);
    }

    #[test]
    fn a_second_bookmark_of_ours_with_the_same_title_is_one_too_many() {
        let there = [("B1".to_owned(), link("Console", "https://a")), ("B2".to_owned(), link("Console", "https://a"))];
        assert_eq!(steps(&[link("Console", "https://a")], &there), [Step::Remove { id: "B2".into() }]);
    }

    #[test]
    fn peoples_own_bookmarks_are_left_alone() {
        let one = |user: &str| json!({ "id": "B1", "title": "Console", "link": "x", "last_updated_by_user_id": user });
        assert_eq!(ours(&[one("UALICE")], "UBOT"), []);
        assert_eq!(ours(&[one("UBOT")], "UBOT").len(), 1);
    }
}
