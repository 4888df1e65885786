//! Every view and form of core as every platform shows it, under one another, to be read by people: does it say at three
//! in the morning what one must know and do? And whatever an incident holds, every platform takes it.
//!
//! Change the words, look at the difference, keep it: `INSTA_UPDATE=always cargo test -p muster-tests --test views`.

mod bulletins;
mod cards;
mod hostile;
mod runs;

use muster_core::view::form::Form;
use muster_core::view::{Line, View};
use muster_tests::look::{Look, looks};
use muster_tests::shown::Shown;
use muster_tests::world::World;
use std::fmt::Write as _;

/// Several pictures on one page, each under what was typed for it, as every platform shows it.
#[derive(Default)]
struct Page(String);

impl Page {
    fn add(&mut self, caption: &str, picture: impl Fn(&dyn Look) -> String) {
        let _ = writeln!(self.0, "=== {caption}");
        for look in looks() {
            let _ = writeln!(self.0, "--- {}\n{}\n", look.name(), picture(look));
        }
    }

    /// A view whose actions all come back as what they mean.
    fn view(&mut self, caption: &str, view: &View) {
        looks().iter().for_each(|look| look.leads_back(view));
        self.add(caption, |look| look.view(view));
    }

    fn shown(&mut self, caption: &str, shown: &Shown) {
        self.view(caption, shown.view());
    }

    fn form(&mut self, caption: &str, form: &Form) {
        self.add(caption, |look| look.form(form));
    }

    fn topic(&mut self, caption: &str, line: &Line) {
        self.add(caption, |look| look.topic(line));
    }

    async fn type_all(&mut self, world: &World, who: &str, lines: &[&str]) {
        for line in lines {
            let shown = world.person(who).types(line).await;
            self.shown(&format!("{who}: {line}"), &shown);
        }
    }
}
