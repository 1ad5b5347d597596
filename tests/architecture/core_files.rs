//! Which files of the core import which. What a file hands on (`pub use`) is no import of its own: whoever uses that
//! name imports the file that defines it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree, Visibility};

/// Each file by its path as a module (`clients::edit`; the crate's root is empty), and the files it imports.
pub type Imports = BTreeMap<String, BTreeSet<String>>;

type Segments = Vec<String>;

pub fn imports() -> Imports {
    let root = super::root().join("src-tauri/core/src");
    let mut files = BTreeMap::new();
    for (path, text) in super::sources("src-tauri/core/src", &["rs"]) {
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        files.insert(module(path.strip_prefix(&root).unwrap()), file);
    }
    let mut handed_on: HashMap<(Segments, String), Segments> = HashMap::new();
    let mut named = BTreeMap::new();
    for (module, file) in &files {
        let mut read = Names { module, files: &files, paths: Vec::new(), handed_on: Vec::new() };
        read.visit_file(file);
        for (name, path) in read.handed_on {
            handed_on.insert((module.clone(), name), path);
        }
        named.insert(module.clone(), read.paths);
    }
    let resolve = |path: &Segments| -> Option<Segments> {
        let mut path = path.clone();
        // A name can be handed on by several files in a row.
        for _ in 0..8 {
            let length = (0..=path.len()).rev().find(|length| files.contains_key(&path[..*length]))?;
            let Some(name) = path.get(length) else { return Some(path) };
            match handed_on.get(&(path[..length].to_vec(), name.clone())) {
                Some(next) => path = next.iter().chain(&path[length + 1..]).cloned().collect(),
                None => return Some(path[..length].to_vec()),
            }
        }
        None
    };
    let known = |module: &Segments, paths: &[Segments]| -> BTreeSet<String> {
        paths.iter().filter_map(resolve).filter(|file| file != module).map(|file| file.join("::")).collect()
    };
    named.iter().map(|(module, paths)| (module.join("::"), known(module, paths))).collect()
}

/// The files of a circle that can be reached from `file`, if there is one.
pub fn circle(
    files: &Imports,
    file: &str,
    way: &mut Vec<String>,
    done: &mut HashSet<String>,
) -> Option<Vec<String>> {
    if let Some(begin) = way.iter().position(|before| before == file) {
        return Some(way[begin..].to_vec());
    }
    if done.contains(file) {
        return None;
    }
    way.push(file.to_owned());
    let found = files[file].iter().find_map(|next| circle(files, next, way, done));
    way.pop();
    done.insert(file.to_owned());
    found
}

/// A file's lines up to its tests, which stand last.
pub fn without_tests(text: &str) -> Vec<&str> {
    text.split("#[cfg(test)]\nmod ").next().unwrap_or(text).lines().collect()
}

fn module(path: &Path) -> Segments {
    let text = path.with_extension("").to_string_lossy().replace('\\', "/");
    let mut segments: Segments = text.split('/').map(str::to_owned).collect();
    if matches!(segments.last().map(String::as_str), Some("mod")) || segments == ["lib"] {
        segments.pop();
    }
    segments
}

struct Names<'a> {
    module: &'a Segments,
    files: &'a BTreeMap<Segments, syn::File>,
    paths: Vec<Segments>,
    handed_on: Vec<(String, Segments)>,
}

impl Names<'_> {
    /// From the crate's root; none for what is another crate's, or this file's own.
    fn absolute(&self, path: &[String]) -> Option<Segments> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some(self.module.iter().chain(rest).cloned().collect()),
            "super" => {
                let above = path.iter().take_while(|segment| *segment == "super").count();
                let base = self.module.len().checked_sub(above)?;
                Some(self.module[..base].iter().chain(&path[above..]).cloned().collect())
            }
            _ => {
                let child: Segments = self.module.iter().chain([first]).cloned().collect();
                self.files.contains_key(&child).then(|| self.module.iter().chain(path).cloned().collect())
            }
        }
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => &Vec::new(),
        };
        if !attributes.iter().any(is_for_tests) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        // A file of its own is looked at by itself; one that stands here is part of this file.
        visit::visit_item_mod(self, item);
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {
        // `pub(in …)` names a place, and imports nothing.
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut leaves = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut leaves);
        for (path, name) in leaves {
            let Some(path) = self.absolute(&path) else { continue };
            // A private import too can be used by the files below.
            self.handed_on.push((name, path.clone()));
            if matches!(item.vis, Visibility::Inherited) {
                self.paths.push(path);
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.len() > 1
            && let Some(path) = self.absolute(&segments)
        {
            self.paths.push(path);
        }
        visit::visit_path(self, path);
    }
}

fn is_for_tests(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Ident>().is_ok_and(|what| what == "test")
}

fn flatten(tree: &UseTree, before: &mut Segments, leaves: &mut Vec<(Segments, String)>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, leaves);
            before.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, leaves)),
        UseTree::Name(name) if name.ident == "self" => {
            leaves.push((before.clone(), before.last().cloned().unwrap_or_default()));
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            leaves.push((before.iter().cloned().chain([name.clone()]).collect(), name));
        }
        UseTree::Rename(rename) => {
            let path = before.iter().cloned().chain([rename.ident.to_string()]).collect();
            leaves.push((path, rename.rename.to_string()));
        }
        UseTree::Glob(_) => leaves.push((before.clone(), String::new())),
    }
}
