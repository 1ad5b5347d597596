//! What is said beside a text for a host page or its backend.

use superset_keys_core::actions::EmbeddingSnippetView;

pub fn beside_snippet(view: &EmbeddingSnippetView) -> String {
    let mut lines = vec![format!("For {}:", view.file)];
    if let Some(install) = &view.install {
        lines.push(format!("- It stands on: {install}"));
    }
    match &view.variable {
        Some(variable) => lines.push(format!(
            "- It reads a key from the environment variable {variable}. Give it one that can mint guest tokens and do \
             nothing else, never an Admin's."
        )),
        None => lines.push("- Its backend answers POST /guest-token: the same command with python, node, curl or rust.".to_owned()),
    }
    lines.join("\n")
}
