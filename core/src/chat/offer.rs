//! What is offered of many choices while somebody types.

use crate::view::form::Choice;

/// The choices that fit what was typed, best first: those that begin with it, then those that hold it.
pub fn best<'a>(choices: &'a [Choice], typed: &str) -> impl Iterator<Item = &'a Choice> {
    let typed = typed.trim().trim_start_matches('@').to_lowercase();
    let rank = move |choice: &Choice| {
        let (label, value) = (choice.label.to_lowercase(), choice.value.to_lowercase());
        match () {
            () if label.starts_with(&typed) || value.trim_start_matches('@').starts_with(&typed) => Some(0),
            () if label.contains(&typed) || value.contains(&typed) => Some(1),
            () => None,
        }
    };
    let mut ranked: Vec<_> = choices.iter().filter_map(|choice| Some((rank(choice)?, choice))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, choice)| choice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_offered_the_best_first() {
        let choice = |value: &str, label: &str| Choice { value: value.into(), label: label.into() };
        let people = [choice("eva", "Eva Alm"), choice("al", "Alice Ek"), choice("bob", "Bob Alm")];
        let labels = |typed: &str| best(&people, typed).map(|choice| choice.label.as_str()).collect::<Vec<_>>();
        assert_eq!(labels("al"), ["Alice Ek", "Eva Alm", "Bob Alm"]);
        assert_eq!(labels("@bo"), ["Bob Alm"]);
        assert_eq!(labels(""), ["Eva Alm", "Alice Ek", "Bob Alm"]);
        assert!(labels("zz").is_empty());
    }
}
