//! Words of a shell as one line of Muster.

/// The line that these words mean. One word is a line as it is; among several, a word with spaces in it was quoted
/// for the shell and is quoted again.
pub(super) fn of(words: &[String]) -> String {
    match words {
        [line] => line.clone(),
        words => words.iter().map(|word| one(word)).collect::<Vec<_>>().join(" "),
    }
}

fn one(word: &str) -> String {
    if !word.is_empty() && !word.contains(char::is_whitespace) {
        return word.to_owned();
    }
    // `--title="checkout is down"`: a flag in quotes would only be text.
    match word.strip_prefix("--").and_then(|flag| flag.split_once('=')) {
        Some((name, value)) if !name.contains(char::is_whitespace) => format!("--{name} {}", quoted(value)),
        Some(_) | None => quoted(word),
    }
}

/// As core reads it: inside quotes of any kind, a backslash makes a quote or a backslash stand for itself.
fn quoted(text: &str) -> String {
    let mut line = String::from('"');
    for c in text.chars() {
        if matches!(c, '\\' | '"' | '“' | '”' | '„') {
            line.push('\\');
        }
        line.push(c);
    }
    line.push('"');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_the_line_that_was_meant() {
        let table: [(&[&str], &str); 7] = [
            (&[], ""),
            (&["new sev2 checkout down"], "new sev2 checkout down"),
            (&["new", "sev2", "checkout", "down"], "new sev2 checkout down"),
            (&["note", "rolled back, all is well"], "note \"rolled back, all is well\""),
            (&["note", "--at", "20m ago", "it's \"on\""], "note --at \"20m ago\" \"it's \\\"on\\\"\""),
            (&["new", "--title=checkout is down"], "new --title \"checkout is down\""),
            (&["summary", ""], "summary \"\""),
        ];
        for (words, line) in table {
            let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
            assert_eq!(of(&words), line);
        }
    }
}
