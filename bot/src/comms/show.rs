//! `muster comms show`: templates as people read them.

use crate::say;
use muster_core::comms::template::{Purpose, Template, Variable, VariableKind};

/// Lists templates.
pub(super) fn all(templates: &[Template]) {
    let row = |template: &Template| {
        vec![
            template.id.clone(),
            template.audience.clone(),
            template.status.word().to_owned(),
            marks(template),
            template.name.clone(),
        ]
    };
    let rows: Vec<_> = templates.iter().map(row).collect();
    say::out(&say::table(&["TEMPLATE", "AUDIENCE", "STATUS", "", "NAME"], &rows));
}

/// Prints one: what it is, what it asks for, what it says in each language.
pub(super) fn one(template: &Template) {
    let mut lines = vec![
        format!("{} ({})", template.name, template.id),
        format!("for {}, says {}{}", template.audience, template.status.word(), told(template)),
    ];
    lines.extend(template.variables.iter().map(asks));
    for (locale, source) in &template.sources {
        lines.push(format!("\n── {locale}\n{}\n\n{}", source.title, source.body.to_string().trim_end()));
    }
    say::out(&lines.join("\n"));
}

fn marks(template: &Template) -> String {
    match (template.purpose, template.preapproved) {
        (Purpose::Word, true) => "preapproved".to_owned(),
        (Purpose::Word, false) => String::new(),
        (purpose, _) => purpose.word().replace('_', " "),
    }
}

fn told(template: &Template) -> String {
    let severities: Vec<&str> = template.severities.iter().map(|severity| severity.as_str()).collect();
    let at = if severities.is_empty() { String::new() } else { format!(", at {}", severities.join(", ")) };
    let purpose = match template.purpose {
        Purpose::Word => "",
        Purpose::Holding => "; a holding statement",
        Purpose::Free => "; in words of one's own",
        Purpose::Retraction => "; when something is taken back",
        Purpose::Reminder => "; when planned work is near",
        Purpose::NewEnd => "; when planned work ends at another time",
        Purpose::CalledOff => "; when planned work is called off",
    };
    let approved = match (template.purpose, template.preapproved) {
        (_, false) => "",
        (Purpose::Word, true) => "; approved beforehand",
        (_, true) => ", approved beforehand",
    };
    format!("{at}{purpose}{approved}")
}

fn asks(variable: &Variable) -> String {
    let takes = match &variable.kind {
        VariableKind::Text { max } => format!("text of at most {max} characters, in every language"),
        VariableKind::Choice { options } => {
            let values: Vec<&str> = options.iter().map(|(value, _)| value.as_str()).collect();
            format!("one of {}", values.join(", "))
        }
        VariableKind::Number => "a number".to_owned(),
        VariableKind::Duration => "a stretch of time".to_owned(),
        VariableKind::Moment => "a moment".to_owned(),
        VariableKind::Url => "an https address".to_owned(),
    };
    let needed = if variable.required { ", needed" } else { "" };
    let default = variable.default.as_ref().map(|value| format!(", {value} unless said otherwise")).unwrap_or_default();
    format!("  asks for {}: {}: {takes}{needed}{default}", variable.name, variable.label)
}
