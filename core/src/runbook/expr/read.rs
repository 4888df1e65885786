//! Reading expressions: what is too long or too deep is refused before it is parsed, and what is not known to end, after.

use super::{Expr, ExprError, Name};
use cel::IdedExpr as Node;
use cel::common::ast::{CallExpr, EntryExpr, Expr as Form, LiteralValue, operators};
use cel::parser::PrattParser;
use regex::RegexBuilder;

/// The deepest nesting of brackets.
const BRACKETS: usize = 16;
/// The most `?` of an expression: each is a turn of the parser within itself.
const BRANCHES: usize = 8;
/// The deepest nesting of what was parsed.
const DEEPEST: usize = 32;
/// The longest pattern, and the most memory it may take.
const PATTERN: (usize, usize) = (200, 64 * 1024);
/// Functions, and how many arguments each takes, the one in front of the dot included.
const FUNCTIONS: [(&str, usize); 8] = [
    ("size", 1),
    ("contains", 2),
    ("startsWith", 2),
    ("endsWith", 2),
    ("matches", 2),
    ("int", 1),
    ("double", 1),
    ("string", 1),
];
/// Operators, and how each is typed.
const OPERATORS: [(&str, &str); 16] = [
    (operators::CONDITIONAL, "?"),
    (operators::LOGICAL_AND, "&&"),
    (operators::LOGICAL_OR, "||"),
    (operators::LOGICAL_NOT, "!"),
    (operators::SUBSTRACT, "-"),
    (operators::ADD, "+"),
    (operators::MULTIPLY, "*"),
    (operators::DIVIDE, "/"),
    (operators::MODULO, "%"),
    (operators::EQUALS, "=="),
    (operators::NOT_EQUALS, "!="),
    (operators::GREATER_EQUALS, ">="),
    (operators::LESS_EQUALS, "<="),
    (operators::GREATER, ">"),
    (operators::LESS, "<"),
    (operators::NEGATE, "-"),
];
/// What people write who come from other languages, and what is meant.
const SLIPS: [(&str, &str); 6] =
    [(" and ", "&&"), (" or ", "||"), ("not ", "!"), (" = ", "=="), ("===", "=="), (" & ", "&&")];

/// Parses an expression, and refuses what is not of our part of CEL.
pub(super) fn read(text: &str) -> Result<Node, ExprError> {
    bounded(text)?;
    let tree = PrattParser::new().max_recursion_depth(DEEPEST as u16).parse(text).map_err(|errors| {
        let at = errors.errors.iter().map(|error| error.pos).find(|(line, _)| *line > 0);
        unreadable(text, at.map_or(0, |(_, column)| usize::try_from(column).unwrap_or(0)))
    })?;
    check(&tree, 0)?;
    Ok(tree)
}

fn bounded(text: &str) -> Result<(), ExprError> {
    if text.is_empty() {
        return Err(ExprError::new("there is no expression"));
    }
    if text.chars().count() > Expr::LONGEST {
        return Err(ExprError::new(format!("an expression has {} characters at most", Expr::LONGEST)));
    }
    if text.chars().any(char::is_control) {
        return Err(ExprError::new("an expression is one line, without tabs and other control characters"));
    }
    let (mut depth, mut branches) = (0_usize, 0_usize);
    for (at, letter) in outside_quotes(text) {
        let before = text[..at].chars().next_back();
        if is_quote(letter) && before.is_some_and(|before| before.is_alphanumeric() || is_quote(before)) {
            return Err(ExprError::new(
                "a text is written `\"…\"`, without a letter before it, and not with three quotes",
            ));
        }
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '?' => branches += 1,
            _ => {}
        }
        if depth > BRACKETS || branches > BRANCHES {
            return Err(too_deep());
        }
    }
    Ok(())
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '\'')
}

/// The characters of an expression that are in no text of it, with their places; of a text only the quote that opens it.
pub(in crate::runbook) fn outside_quotes(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    let mut escaped = false;
    text.char_indices().filter(move |(_, letter)| match quote {
        Some(_) if escaped => {
            escaped = false;
            false
        }
        Some(open) => {
            escaped = *letter == '\\';
            if *letter == open {
                quote = None;
            }
            false
        }
        None => {
            quote = Some(*letter).filter(|letter| is_quote(*letter));
            true
        }
    })
}

fn too_deep() -> ExprError {
    ExprError::new("the expression is nested too deeply; let an earlier step or an output say part of it")
}

fn unreadable(text: &str, column: usize) -> ExprError {
    let plain: String = outside_quotes(text).map(|(_, letter)| letter).collect();
    if let Some((slip, meant)) = SLIPS.iter().find(|(slip, _)| plain.contains(slip)) {
        return ExprError::new(format!("`{text}` cannot be read; write `{meant}` for `{}`", slip.trim()));
    }
    let rest: String = text.chars().skip(column.saturating_sub(1)).take(20).collect();
    let place = if rest.trim().is_empty() { "its end".to_owned() } else { format!("`{rest}`") };
    ExprError::new(format!("`{text}` cannot be read at {place}"))
}

/// Refuses what is not of our part of CEL, wherever it is in the tree.
fn check(node: &Node, depth: usize) -> Result<(), ExprError> {
    if depth > DEEPEST {
        return Err(too_deep());
    }
    match &node.expr {
        Form::Ident(name) if name == "secrets" => Err(ExprError::new(
            "nothing is computed with a secret; write `${{ secrets.NAME }}` where its value belongs",
        )),
        Form::Ident(_) => Ok(()),
        Form::Literal(literal) => check_literal(literal),
        Form::Call(call) => check_call(call, depth),
        Form::Select(select) => check(&select.operand, depth + 1),
        Form::List(list) => list.elements.iter().try_for_each(|element| check(element, depth + 1)),
        Form::Map(map) => map.entries.iter().try_for_each(|entry| match &entry.expr {
            EntryExpr::MapEntry(entry) => check(&entry.key, depth + 1).and_then(|()| check(&entry.value, depth + 1)),
            EntryExpr::StructField(_) => Err(ExprError::new("expressions know no structures")),
        }),
        Form::Comprehension(_) => {
            Err(ExprError::new("expressions have no loops: `map`, `filter`, `all` and `exists` are not known here"))
        }
        Form::Struct(_) => Err(ExprError::new("expressions know no structures; write a map, `{\"key\": value}`")),
        Form::Unspecified => Err(ExprError::new("the expression cannot be read")),
    }
}

fn check_literal(literal: &LiteralValue) -> Result<(), ExprError> {
    match literal {
        LiteralValue::Boolean(_)
        | LiteralValue::Double(_)
        | LiteralValue::Int(_)
        | LiteralValue::Null
        | LiteralValue::String(_) => Ok(()),
        LiteralValue::Bytes(_) => Err(ExprError::new("expressions know no bytes; write a text, `\"…\"`")),
        LiteralValue::UInt(_) => Err(ExprError::new("a whole number is written without `u`")),
    }
}

fn check_call(call: &CallExpr, depth: usize) -> Result<(), ExprError> {
    let name = call.func_name.as_str();
    let given = call.args.len() + usize::from(call.target.is_some());
    let is_operator =
        OPERATORS.iter().any(|(operator, _)| *operator == name) || [operators::IN, operators::INDEX].contains(&name);
    match FUNCTIONS.iter().find(|(function, _)| *function == name) {
        Some((_, wanted)) if given != *wanted => {
            return Err(ExprError::new(format!(
                "`{name}` is about {wanted} value{}, not {given}",
                if *wanted == 1 { "" } else { "s" }
            )));
        }
        Some(_) => {}
        None if is_operator => {}
        None => {
            let known = FUNCTIONS.map(|(function, _)| function).join(", ");
            return Err(ExprError::new(format!("there is no function `{name}`; there are {known} and has")));
        }
    }
    if name == "matches" {
        check_pattern(call.args.last())?;
    }
    call.target.iter().map(AsRef::as_ref).chain(&call.args).try_for_each(|part| check(part, depth + 1))
}

fn check_pattern(pattern: Option<&Node>) -> Result<(), ExprError> {
    let Some(Form::Literal(LiteralValue::String(pattern))) = pattern.map(|node| &node.expr) else {
        return Err(ExprError::new("the pattern of `matches` is written out, `\"…\"`: nothing is filled in there"));
    };
    let pattern = pattern.inner();
    let (longest, memory) = PATTERN;
    if pattern.len() > longest {
        return Err(ExprError::new(format!("the pattern of `matches` has {longest} characters at most")));
    }
    match RegexBuilder::new(pattern).size_limit(memory).build() {
        Ok(_) => Ok(()),
        Err(_) => Err(ExprError::new(format!("`{pattern}` is no regular expression, or one that is too big"))),
    }
}

/// How an operator or function is typed.
pub(super) fn as_typed(function: &str) -> String {
    let typed = OPERATORS.iter().find(|(operator, _)| *operator == function).map(|(_, typed)| *typed);
    match (typed, function) {
        (Some(typed), _) => format!("`{typed}`"),
        (None, operators::IN) => "`in`".to_owned(),
        (None, operators::INDEX) => "`[…]`".to_owned(),
        (None, "_._") => "`.`".to_owned(),
        (None, _) => format!("`{function}`"),
    }
}

/// All that an expression speaks of.
pub(super) fn names(tree: &Node) -> Vec<Name> {
    let mut found = Vec::new();
    collect(tree, &mut found);
    found
}

fn collect(node: &Node, found: &mut Vec<Name>) {
    if let Some(path) = path(node) {
        let tested = matches!(&node.expr, Form::Select(select) if select.test);
        found.push(Name { path, tested });
        return;
    }
    match &node.expr {
        Form::Call(call) => {
            call.target.iter().map(AsRef::as_ref).chain(&call.args).for_each(|part| collect(part, found))
        }
        Form::Select(select) => collect(&select.operand, found),
        Form::List(list) => list.elements.iter().for_each(|element| collect(element, found)),
        Form::Map(map) => {
            for entry in &map.entries {
                if let EntryExpr::MapEntry(entry) = &entry.expr {
                    collect(&entry.key, found);
                    collect(&entry.value, found);
                }
            }
        }
        Form::Unspecified | Form::Comprehension(_) | Form::Ident(_) | Form::Literal(_) | Form::Struct(_) => {}
    }
}

/// The parts of a name: `a.b` and `a["b"]` alike.
fn path(node: &Node) -> Option<Vec<String>> {
    let (inner, last) = match &node.expr {
        Form::Ident(name) => return Some(vec![name.clone()]),
        Form::Select(select) => (select.operand.as_ref(), select.field.clone()),
        Form::Call(call) if call.func_name == operators::INDEX => match call.args.as_slice() {
            [inner, Node { expr: Form::Literal(LiteralValue::String(key)), .. }] => (inner, key.inner().to_owned()),
            _ => return None,
        },
        Form::Call(_)
        | Form::Unspecified
        | Form::Comprehension(_)
        | Form::List(_)
        | Form::Literal(_)
        | Form::Map(_)
        | Form::Struct(_) => return None,
    };
    let mut path = path(inner)?;
    path.push(last);
    Some(path)
}
