//! What is learnt from: a table of texts, each with its class and what it is about.

/// A text of which the class is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example<C> {
    /// Its class.
    pub class: C,
    /// What it is about. Examples of one domain are never on both sides of a cross-validation.
    pub domain: String,
    /// The text.
    pub text: String,
}

/// Reads examples, one a line, their columns with tabs between. `class` reads the first column, and `columns` names all three.
///
/// # Errors
/// Which line is none, and why.
pub(in crate::ingest) fn examples<C>(
    table: &str,
    columns: &str,
    class: impl Fn(&str) -> Option<C>,
) -> Result<Vec<Example<C>>, String> {
    let example = |(line, row): (usize, &str)| {
        let wrong = |why: &str| format!("line {}: {why}", line + 1);
        let [name, domain, text] = row.split('\t').collect::<Vec<_>>()[..] else {
            return Err(wrong(&format!("not {columns} with tabs between them")));
        };
        let class = class(name).ok_or_else(|| wrong(&format!("no type is called `{name}`")))?;
        Ok(Example { class, domain: domain.to_owned(), text: text.to_owned() })
    };
    table.lines().enumerate().filter(|(_, row)| !row.is_empty()).map(example).collect()
}
