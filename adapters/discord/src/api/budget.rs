//! The budget of invalid requests: Discord shuts out an address that makes too many, so we make very few.
//! <https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans>

use chrono::TimeDelta;
use muster_core::clock::Timestamp;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// So many requests that are refused are made at most within 10 minutes. Discord counts to 10,000: all else that runs
/// behind our address has the rest.
const MOST: usize = 10;
/// How long a refused one counts with us: a little longer than with Discord, which counts it when it arrives.
const REFUSED: TimeDelta = TimeDelta::minutes(11);
/// How long one counts that came too early. Gates keep it from being repeated, and what many bots behind one token meet
/// at times must not silence us: so there are at most a hundred of these within 10 minutes.
const EARLY: TimeDelta = TimeDelta::minutes(1);

/// The budget: a call holds a place while it is under way, and keeps it for a while if it turns out invalid. So there
/// cannot be more invalid ones than places, however many calls are under way when a token dies.
#[derive(Debug, Default)]
pub(super) struct Budget {
    places: Mutex<Places>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct Places {
    under_way: usize,
    /// Until when each counts.
    spent: Vec<Timestamp>,
}

impl Places {
    fn are_taken(&self) -> bool {
        self.under_way + self.spent.len() >= MOST
    }
}

/// A place in the budget, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place<'a>(&'a Budget);

impl Budget {
    /// Takes a place, and waits for one as long as calls are under way that may give theirs back.
    ///
    /// # Errors
    /// How long to wait, when every place is spent.
    pub(super) async fn enter(&self, now: impl Fn() -> Timestamp) -> Result<Place<'_>, Duration> {
        loop {
            if let Some(place) = self.try_enter(now())? {
                return Ok(place);
            }
            self.freed.notified().await;
        }
    }

    /// One who waits is woken, and wakes the next if there is another place or if there will be none.
    fn try_enter(&self, now: Timestamp) -> Result<Option<Place<'_>>, Duration> {
        let mut places = self.lock();
        places.spent.retain(|until| *until > now);
        if places.are_taken() {
            return match places.spent.iter().min() {
                Some(first) if places.under_way == 0 => {
                    self.freed.notify_one();
                    Err((*first - now).to_std().unwrap_or_default())
                }
                Some(_) | None => Ok(None),
            };
        }
        places.under_way += 1;
        if !places.are_taken() {
            self.freed.notify_one();
        }
        Ok(Some(Place(self)))
    }

    fn lock(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place<'_> {
    /// It was refused: we may not do that, or are not who we say.
    pub(super) fn refused(&self, now: Timestamp) {
        self.0.lock().spent.push(now + REFUSED);
    }

    /// It came too early.
    pub(super) fn was_early(&self, now: Timestamp) {
        self.0.lock().spent.push(now + EARLY);
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.lock().under_way -= 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream::FuturesUnordered;
    use futures::{FutureExt, StreamExt};
    use std::cell::Cell;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn entered(budget: &Budget, now: Timestamp) -> Option<Place<'_>> {
        budget.try_enter(now).ok().flatten()
    }

    #[test]
    fn no_more_are_under_way_than_may_fail() {
        let budget = Budget::default();
        let places: Vec<_> = std::iter::from_fn(|| entered(&budget, NOW)).take(100).collect();
        assert_eq!(places.len(), MOST);
        drop(places);
        assert!(entered(&budget, NOW).is_some());
    }

    #[test]
    fn what_is_spent_comes_back_when_it_no_longer_counts() {
        let budget = Budget::default();
        for second in 0..10 {
            let place = entered(&budget, NOW).expect("a place");
            place.refused(NOW + TimeDelta::seconds(second));
        }
        let later = NOW + TimeDelta::minutes(10);
        assert_eq!(budget.try_enter(later).map(|_| ()), Err(Duration::from_secs(60)));
        let first = entered(&budget, NOW + REFUSED).expect("the first one is forgotten");
        assert!(entered(&budget, NOW + REFUSED).is_none(), "and only that one");
        drop(first);
    }

    #[test]
    fn what_came_too_early_is_forgiven_sooner_than_what_was_refused() {
        let budget = Budget::default();
        for n in 0..MOST {
            let place = entered(&budget, NOW).expect("a place");
            if n < 3 { place.was_early(NOW) } else { place.refused(NOW) }
        }
        let later = NOW + TimeDelta::seconds(30);
        assert_eq!(budget.try_enter(later).map(|_| ()), Err(Duration::from_secs(30)));
        let places: Vec<_> = std::iter::from_fn(|| entered(&budget, NOW + EARLY)).take(MOST).collect();
        assert_eq!(places.len(), 3);
    }

    #[tokio::test]
    async fn a_place_that_is_given_back_wakes_one_of_those_who_wait() {
        let budget = Budget::default();
        let mut places: Vec<_> = std::iter::from_fn(|| entered(&budget, NOW)).take(MOST).collect();
        let looks = Cell::new(0);
        let look = || {
            looks.set(looks.get() + 1);
            NOW
        };
        let mut waiting: FuturesUnordered<_> = (0..50).map(|_| budget.enter(look)).collect();
        assert!(waiting.next().now_or_never().is_none());
        looks.set(0);
        places.pop();
        places.push(waiting.next().await.expect("one of them").expect("a place"));
        assert!(waiting.next().now_or_never().is_none());
        assert_eq!(looks.get(), 1);
        places.iter().for_each(|place| place.refused(NOW));
        drop(places);
        let told: Vec<_> = waiting.map(|told| told.is_err()).collect().await;
        assert_eq!(told, [true; 49], "and when there will be none, all are told");
    }

    #[tokio::test]
    async fn one_who_waits_goes_on_when_a_place_is_given_back_and_is_told_when_none_will_be() {
        let budget = Budget::default();
        let mut places: Vec<_> = std::iter::from_fn(|| entered(&budget, NOW)).take(MOST).collect();
        let waits = budget.enter(|| NOW);
        let gives = async { drop(places.pop()) };
        let (came_in, ()) = tokio::join!(waits, gives);
        places.extend(came_in);
        assert_eq!(places.len(), MOST);
        let fail = async {
            places.iter().for_each(|place| place.refused(NOW));
            drop(places);
        };
        let (told, ()) = tokio::join!(budget.enter(|| NOW), fail);
        assert_eq!(told.map(|_| ()), Err(Duration::from_secs(660)));
    }
}
