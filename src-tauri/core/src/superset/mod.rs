//! HTTP to Superset: what it is asked, what it answers, and what its answers really mean.
//!
//! Measured on Superset 6.1.0 with Flask-AppBuilder 5.3.0, whose `ApiKeyApi` this talks to; 5.2.0 is the first
//! that has one.

mod api_keys;
mod auth;
mod chart_data;
mod client;
mod csrf;
mod dashboards;
mod databases;
mod datasets;
mod detect;
mod embedded_page;
mod guest_calls;
mod guest_tokens;
mod journey;
mod log;
mod pages;
mod problem;
mod roles;
mod rows;
mod sql_lab;
mod users;

pub use api_keys::{CreateRequest, Created, Listed};
pub use auth::{AccessToken, KeyPermissions, Me, Tokens, named_in};
pub use chart_data::ChartQuery;
pub use client::Superset;
pub use dashboards::{Dashboard, DashboardChart, DashboardDataset, Embedding};
pub use databases::Database;
pub use datasets::{Dataset, DatasetForm, Made};
pub use detect::{ApiKeysSupport, Detection, SignInWays};
pub use embedded_page::{HostPageAnswer, PageAnswer};
pub use guest_calls::{Counted, GuestChart, GuestReception};
pub use guest_tokens::{GuestIdentity, GuestRule};
pub use journey::{BrowserCookie, BrowserRefusal, Journey, REMOTE_USER, Stage, cookies_for, is_octet};
pub use log::LoggedAction;
pub use roles::{Grantable, Permission, Permissions};
pub use rows::{After, Rows};
pub use sql_lab::{SqlQuery, client_id};
pub use users::{Account, AccountRoles, NewAccount};
