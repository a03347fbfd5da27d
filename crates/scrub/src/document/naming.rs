//! Names that a person gave to cells: they are numbered, also where formulas speak of them.

use std::collections::HashMap;

/// Names as formulas compare them, and what stands for them.
#[derive(Default)]
pub(super) struct Naming(HashMap<String, String>);

impl Naming {
    pub(super) fn add(&mut self, name: &str) {
        let next = format!("Range_{}", self.0.len() + 1);
        self.0.entry(name.to_lowercase()).or_insert(next);
    }

    pub(super) fn get(&self, name: &str) -> Option<&String> {
        self.0.get(&name.to_lowercase())
    }

    /// A formula with the new names. What stands in quotation marks, is called or names a sheet stays.
    pub(super) fn rewrite(&self, formula: &str) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let mut out = String::with_capacity(formula.len());
        let mut rest = formula;
        let mut is_changed = false;
        while let Some(first) = rest.chars().next() {
            let len = match first {
                '"' | '\'' => quoted(rest, first),
                // The columns of a table.
                '[' => rest.find(']').map_or(rest.len(), |end| end + 1),
                c if c.is_alphabetic() || c == '_' || c == '\\' => {
                    let end = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '\\'));
                    rest.find(end).unwrap_or(rest.len())
                }
                c if c.is_ascii_digit() => {
                    let end = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'));
                    rest.find(end).unwrap_or(rest.len())
                }
                c => c.len_utf8(),
            };
            let (token, after) = rest.split_at_checked(len).unwrap_or((rest, ""));
            let new = self.get(token).filter(|_| !after.starts_with(['(', '!']));
            is_changed |= new.is_some_and(|new| new != token);
            out.push_str(new.map_or(token, String::as_str));
            rest = after;
        }
        is_changed.then_some(out)
    }
}

/// Octets of what stands between two of `mark` at the front.
fn quoted(text: &str, mark: char) -> usize {
    let inner = text.get(1..).unwrap_or_default();
    inner.find(mark).map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbered_in_formulas_but_not_in_texts_and_calls() {
        let mut naming = Naming::default();
        naming.add("Sum_of_Ann");
        naming.add("x");
        let rewritten = naming.rewrite("SUM(sum_of_ann;X)&\"x\"&x(1)+'x'!A1+ax+x.y");
        let expected = "SUM(Range_1;Range_2)&\"x\"&x(1)+'x'!A1+ax+x.y";
        assert_eq!(rewritten.as_deref(), Some(expected));
        assert_eq!(naming.rewrite("A1+B2"), None);
        let rewritten = naming.rewrite("SUM(Sum_of_Ann[[#All],[x]])");
        assert_eq!(rewritten.as_deref(), Some("SUM(Range_1[[#All],[x]])"));
    }
}
