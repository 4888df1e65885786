//! `docs/comms-templates.md` is true: the template that it shows is one.

use crate::world::{facts, file, known, locale, same};
use muster_core::comms::Locales;
use muster_core::comms::library;
use muster_core::comms::template::read;

const PAGE: &str = include_str!("../../../docs/comms-templates.md");

#[test]
fn the_template_of_the_page_is_sound() {
    let blocks: Vec<&str> = PAGE.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let [whole, _, list] = blocks[..] else { panic!("three pieces of TOML") };
    let whole = file("public-investigating.toml", &whole.replace("# severities", "severities").replace("# max", "max"));
    let next = library::files().into_iter().find(|file| file.name == "partials/next.toml").expect("the partial");
    let (templates, faults) = read(&[whole, file("choices/impact.toml", list), next], &known());
    assert_eq!(faults, []);
    let filled =
        templates[0].fill(&same(&[("impact", "cards")]), &facts(), &Locales::new(locale("en"), [locale("sv")]));
    assert_eq!(filled.texts.len(), 2, "{filled:?}");
}

#[test]
fn the_page_names_every_template() {
    let short = |id: &str| id.rsplit('-').next().map(|last| format!("-{last}`")).unwrap_or_default();
    for template in library::templates(&library::own()) {
        assert!(PAGE.contains(&format!("`{}`", template.id)) || PAGE.contains(&short(&template.id)), "{}", template.id);
    }
}
