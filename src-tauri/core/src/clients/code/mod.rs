//! Code of a person's own that calls an MCP server: SDKs, makers' interfaces, curl.

pub(super) mod anthropic;
pub(super) mod curl;
pub(super) mod fastmcp;
pub(super) mod langchain;
pub(super) mod openai;
pub(super) mod openai_agents;
pub(super) mod python;
pub(super) mod python_1;
mod shape;
pub(super) mod typescript;
