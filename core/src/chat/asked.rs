//! Forms as chats ask them: a title that fits, and what is chosen before anybody has touched a field.

use super::fit::length;
use crate::view::form::{Choice, Form, FormField};

/// What a toggle that is on holds; the command table says so.
pub const ON: &str = "yes";

/// What is said where a field begins with less than was written.
pub const CUT: &str = "What you wrote was too long for this form and is cut";
/// What is said where a choice is of a kind that the platform does not hold.
pub const LACKING: &str = "Not every choice can be offered here: type the command for the others";

/// The title of a form where there is little room for it, and whether it says all.
#[must_use]
pub fn title(form: &Form, limit: usize) -> (String, bool) {
    if length(&form.title) <= limit {
        return (form.title.clone(), true);
    }
    let short = match form.target.incident {
        Some(incident) => format!("{} · {incident}", form.submit),
        None => form.submit.clone(),
    };
    (short, false)
}

/// The choices that are chosen at first: by value, or by label, as people type them.
pub fn chosen<'a>(field: &FormField, choices: &'a [Choice], many: bool) -> impl Iterator<Item = &'a Choice> {
    let value = field.value.as_deref().unwrap_or_default();
    let typed: Vec<&str> = if many { value.split(',').collect() } else { vec![value] };
    let found: Vec<_> = choices.iter().filter(|choice| typed.iter().any(|word| choice.is(word))).collect();
    found.into_iter()
}

/// What is said of a field in which one types how things are, where a chat has no choice for each: what they are called.
#[must_use]
pub fn named(of: &[Choice]) -> String {
    let names: Vec<_> = of.iter().map(|one| one.value.as_str()).collect();
    if names.is_empty() { String::new() } else { format!("There are {}", names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Invocation;
    use crate::ids::IncidentId;
    use crate::view::form::Input;

    #[test]
    fn a_title_that_does_not_fit_says_what_the_button_does() {
        let target = Invocation::of("update").on(IncidentId(1));
        let form =
            Form { title: "Write an internal update".into(), submit: "Update".into(), target, fields: Vec::new() };
        assert_eq!(title(&form, 24), ("Write an internal update".to_owned(), true));
        assert_eq!(title(&form, 23), ("Update · INC-1".to_owned(), false));
    }

    #[test]
    fn what_was_typed_is_chosen_by_value_or_by_name() {
        let choices = [("bob", "Bob Lind"), ("eva", "Eva Alm"), ("al", "Alice Ek")];
        let choices = choices.map(|(value, label)| Choice { value: value.into(), label: label.into() });
        let chosen = |value: &str, many: bool| {
            let field = FormField {
                name: "person".into(),
                label: "Person".into(),
                hint: String::new(),
                input: Input::Person(Vec::new()),
                required: false,
                aside: false,
                value: Some(value.to_owned()),
            };
            super::chosen(&field, &choices, many).map(|choice| choice.value.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(chosen("@BOB", false), ["bob"]);
        assert_eq!(chosen("bob, alice ek", true), ["bob", "al"]);
        assert_eq!(chosen("bob, alice ek", false), Vec::<&str>::new());
        assert_eq!(chosen("", true), Vec::<&str>::new());
    }
}
