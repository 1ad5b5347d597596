//! The tools of Superset's MCP server, kept here so that a person can choose before any server was asked.
//!
//! Source: Superset 6.1.0, `superset/mcp_service`, each tool's `ToolAnnotations` (read 2026-11-29). "Reads" is its own
//! `readOnlyHint`. A list of names, and not what a server says of its tools: that is the server's to change.

use serde::Serialize;

/// What a tool is for, as a person would sort them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ToolGroup {
    LookUp,
    MakeALink,
    RunSql,
    MakeOrChange,
}

/// One tool of Superset's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SupersetTool {
    pub name: &'static str,
    pub group: ToolGroup,
    /// It changes nothing on the server, and runs no SQL that a client wrote.
    pub reads: bool,
}

const fn reads(name: &'static str, group: ToolGroup) -> SupersetTool {
    SupersetTool { name, group, reads: true }
}

const fn writes(name: &'static str, group: ToolGroup) -> SupersetTool {
    SupersetTool { name, group, reads: false }
}

/// All of them but those that hide the others, by group and name.
pub const SUPERSET_TOOLS: [SupersetTool; 24] = [
    reads("get_chart_data", ToolGroup::LookUp),
    reads("get_chart_info", ToolGroup::LookUp),
    reads("get_chart_preview", ToolGroup::LookUp),
    reads("get_chart_type_schema", ToolGroup::LookUp),
    reads("get_dashboard_info", ToolGroup::LookUp),
    reads("get_database_info", ToolGroup::LookUp),
    reads("get_dataset_info", ToolGroup::LookUp),
    reads("get_instance_info", ToolGroup::LookUp),
    reads("get_schema", ToolGroup::LookUp),
    reads("health_check", ToolGroup::LookUp),
    reads("list_charts", ToolGroup::LookUp),
    reads("list_dashboards", ToolGroup::LookUp),
    reads("list_databases", ToolGroup::LookUp),
    reads("list_datasets", ToolGroup::LookUp),
    // It keeps the chart's settings on the server under a new key.
    writes("generate_explore_link", ToolGroup::MakeALink),
    reads("open_sql_lab_with_context", ToolGroup::MakeALink),
    writes("execute_sql", ToolGroup::RunSql),
    writes("add_chart_to_existing_dashboard", ToolGroup::MakeOrChange),
    writes("create_virtual_dataset", ToolGroup::MakeOrChange),
    writes("generate_chart", ToolGroup::MakeOrChange),
    writes("generate_dashboard", ToolGroup::MakeOrChange),
    writes("save_sql_query", ToolGroup::MakeOrChange),
    writes("update_chart", ToolGroup::MakeOrChange),
    writes("update_chart_preview", ToolGroup::MakeOrChange),
];
