//! Values into a text.

/// Puts values in the place of their names, `«name»`. What a value says is not looked at again.
pub(in crate::embedding) fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut text = String::with_capacity(template.len() + 256);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('«') {
        text.push_str(before);
        let Some((name, after)) = after.split_once('»') else { break };
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            text.push_str(value);
        }
        rest = after;
    }
    text + rest
}
