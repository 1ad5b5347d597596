//! Where an entry stands, and a document's values with and without it.

use serde_json::{Map, Value};

/// The place of our entry in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The keys on the way to it, such as `mcpServers`. `amp.mcpServers` is one key with a dot in it.
    pub path: &'a [&'a str],
    /// What the entry is called there.
    pub name: &'a str,
    pub kept: Kept,
}

/// How a client keeps its entries apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Each under its name.
    ByName,
    /// In a list, each with its `name` inside. YAML only.
    InList,
}

/// What an entry in a list is told by.
pub(super) const NAME: &str = "name";

impl Place<'_> {
    /// Our entry, from a document's values.
    pub(super) fn entry_in(&self, tree: &Value) -> Option<Value> {
        let parent = self.path.iter().try_fold(tree, |tree, key| tree.get(key))?;
        match self.kept {
            Kept::ByName => parent.get(self.name).cloned(),
            Kept::InList => {
                let mut entry = parent.as_array()?.iter().find(|item| self.is_named(item))?.clone();
                entry.as_object_mut()?.shift_remove(NAME);
                Some(entry)
            }
        }
    }

    /// Whether this item of a list is ours.
    pub(super) fn is_named(&self, item: &Value) -> bool {
        item.get(NAME).and_then(Value::as_str) == Some(self.name)
    }

    /// The entry as it stands in the file: in a list with its name.
    pub(super) fn whole(&self, entry: &Map<String, Value>) -> Map<String, Value> {
        let name = (self.kept == Kept::InList).then(|| (NAME.to_owned(), Value::from(self.name)));
        let others = entry.iter().filter(|(key, _)| name.is_none() || *key != NAME);
        name.clone().into_iter().chain(others.map(|(key, value)| (key.clone(), value.clone()))).collect()
    }

    pub(super) fn put_in(&self, tree: &mut Value, entry: &Map<String, Value>, obsolete: &[&str]) {
        let whole = self.whole(entry);
        let mut parent = tree;
        for key in self.path {
            parent = object(parent).entry(*key).or_insert(Value::Null);
        }
        let ours = match self.kept {
            Kept::ByName => object(parent).entry(self.name).or_insert(Value::Null),
            Kept::InList => {
                if !parent.is_array() {
                    *parent = Value::Array(Vec::new());
                }
                let Some(items) = parent.as_array_mut() else { return };
                let at = items.iter().position(|item| self.is_named(item)).unwrap_or(items.len());
                if at == items.len() {
                    items.push(Value::Null);
                }
                &mut items[at]
            }
        };
        let ours = object(ours);
        ours.retain(|key, _| whole.contains_key(key) || !obsolete.contains(&key.as_str()));
        ours.extend(whole);
    }

    pub(super) fn remove_from(&self, tree: &mut Value) {
        let parent = self.path.iter().try_fold(tree, |tree, key| tree.get_mut(key));
        match (parent, self.kept) {
            (Some(Value::Object(entries)), Kept::ByName) => drop(entries.shift_remove(self.name)),
            (Some(Value::Array(items)), Kept::InList) => items.retain(|item| !self.is_named(item)),
            _ => {}
        }
    }
}

impl Place<'_> {
    /// Moves our entry to the end of its list.
    pub(super) fn set_last(&self, tree: &mut Value) {
        let list = self.path.iter().try_fold(tree, |tree, key| tree.get_mut(key));
        let Some(items) = list.and_then(Value::as_array_mut) else { return };
        if let Some(at) = items.iter().position(|item| self.is_named(item)) {
            items[at..].rotate_left(1);
        }
    }

    /// Takes out the objects on the way to our entry that hold nothing.
    pub(super) fn drop_empty(&self, tree: &mut Value) {
        drop_empty(tree, self.path);
    }
}

fn drop_empty(tree: &mut Value, path: &[&str]) {
    let ([key, rest @ ..], Some(entries)) = (path, tree.as_object_mut()) else { return };
    let Some(inner) = entries.get_mut(*key) else { return };
    drop_empty(inner, rest);
    if inner.as_object().is_some_and(Map::is_empty) {
        entries.shift_remove(*key);
    }
}

/// What stands here as an object; nothing counts as an empty one.
fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(entries) => entries,
        _ => unreachable!("it was made an object"),
    }
}
