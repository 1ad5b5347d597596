//! Why a file is left alone.

pub(super) use crate::error::{EditProblem, EditProblemKind};

pub(super) type Result<T> = std::result::Result<T, EditProblem>;
