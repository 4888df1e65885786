//! The files of templates: one TOML file each, read as a whole, everything wrong with it told at once.

mod body;
mod heading;
mod place;
mod variables;

use super::tags::is_file_name;
use super::{Fault, File, Known, Template};
use crate::section::Section;
use crate::section::problem::Problems;
use body::Partials;
use toml::de::DeTable;
use variables::Lists;

/// The longest file, in bytes.
pub const LONGEST_FILE: usize = 128 * 1_024;

/// The folders of what templates share.
const SHARED: [&str; 2] = ["choices", "partials"];

/// Reads the files of a folder: the templates that are sound, and what is wrong with the others. A template that names an audience,
/// severity or language that is not there is at fault too.
#[must_use]
pub fn read(files: &[File], known: &Known) -> (Vec<Template>, Vec<Fault>) {
    let mut faults = Vec::new();
    // What is at fault is known all the same, so that nobody is told that it is not there.
    let (mut partials, mut lists) = (Partials::new(), Lists::new());
    for file in files.iter().filter(|file| file.name.starts_with("partials/")) {
        let texts = read_one(file, &mut faults, |reader| Some(body::partial(reader, known)));
        partials.insert(stem(file).to_owned(), texts);
    }
    for file in files.iter().filter(|file| file.name.starts_with("choices/")) {
        let options = read_one(file, &mut faults, |reader| Some(variables::list(&reader.root)));
        lists.insert(stem(file).to_owned(), options);
    }
    let mut read: Vec<Template> = Vec::new();
    let is_shared = |file: &&File| SHARED.iter().any(|folder| file.name.starts_with(&format!("{folder}/")));
    for file in files.iter().filter(|file| !is_shared(file)) {
        let template = read_one(file, &mut faults, |reader| {
            heading::template(reader, stem(file), &Around { known, partials: &partials, lists: &lists, others: &read })
        });
        read.extend(template);
    }
    (read, faults)
}

/// What a template is among.
struct Around<'a> {
    known: &'a Known,
    partials: &'a Partials,
    lists: &'a Lists,
    others: &'a [Template],
}

/// The name of a file without its folder and ending.
fn stem(file: &File) -> &str {
    let name = file.name.rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".toml").unwrap_or(name)
}

/// What is in a file, unless something is wrong with it.
fn read_one<T>(file: &File, faults: &mut Vec<Fault>, read: impl FnOnce(&Reader<'_, '_>) -> Option<T>) -> Option<T> {
    let fault = |line, column, what| Fault { file: file.name.clone(), line, column, what };
    if file.text.len() > LONGEST_FILE {
        faults.push(fault(1, 1, format!("this file is longer than {LONGEST_FILE} bytes; shorten it")));
        return None;
    }
    let problems = Problems::of(&file.text);
    let mut made = None;
    match DeTable::parse(&file.text) {
        Ok(table) => made = read(&Reader { root: Section::root(&table, &problems), source: &file.text }),
        Err(error) => problems.add(error.span().unwrap_or(0..0), "", error.message().replace('\n', ", ")),
    }
    if let Some((folder, _)) = file.name.split_once('/')
        && !SHARED.contains(&folder)
    {
        problems.add(0..0, "", "templates are in the folder itself; what they share is in choices and partials");
    }
    if !is_file_name(stem(file)) {
        problems.add(
            0..0,
            "",
            "the name of this file must be of small letters, digits and dashes: public-resolved.toml",
        );
    }
    let found = problems.into_sorted();
    let is_sound = found.is_empty();
    faults.extend(found.into_iter().map(|problem| {
        let key = if problem.key.is_empty() { String::new() } else { format!("{}: ", problem.key) };
        fault(problem.line, problem.column, key + &problem.sentence)
    }));
    made.filter(|_| is_sound)
}

/// Reads one file.
struct Reader<'a, 'i> {
    root: Section<'a, 'i>,
    source: &'i str,
}
