//! A dashboard, made over REST as an admin: a database, datasets, charts, and where it may be embedded.

use crate::server::{Server, password};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// Three organisations, four cities each.
pub const SALES: &str = "CREATE TABLE sales (org INTEGER, city TEXT, amount INTEGER);
    INSERT INTO sales SELECT org, city, org * 10 FROM
    (SELECT 1 AS org UNION SELECT 2 UNION SELECT 3), (SELECT 'Bern' AS city UNION SELECT 'Oslo' UNION SELECT 'Rome'
     UNION SELECT 'O''Brien''s');";
/// Two of each organisation.
pub const ORDERS: &str = "CREATE TABLE orders (org INTEGER, item TEXT);
    INSERT INTO orders SELECT org, item FROM
    (SELECT 1 AS org UNION SELECT 2 UNION SELECT 3), (SELECT 'cup' AS item UNION SELECT 'jar');";

/// Settings of a server whose dashboards can be embedded; `more` are lines beside them.
pub fn embedding_settings(more: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".py").tempfile().unwrap();
    let flags = "FEATURE_FLAGS = {'EMBEDDED_SUPERSET': True}\nGUEST_ROLE_NAME = 'Gamma'\n";
    writeln!(file, "{flags}{more}").unwrap();
    file
}

/// A server of the test's own, with such settings.
pub fn embedding_server(more: &str) -> Server {
    let file = embedding_settings(more);
    Server::start("main", &["--no-mcp", "--config", file.path().to_str().unwrap()])
}

/// Somebody who speaks Superset's REST by hand, with a token of theirs.
pub struct Rest {
    base: String,
    bearer: String,
    csrf: Option<(String, String)>,
}

impl Rest {
    pub fn signed_in(url: &str, user: &str) -> Self {
        let mut rest = Self { base: url.to_owned(), bearer: String::new(), csrf: None };
        let login = json!({"username": user, "password": password(user), "provider": "db"});
        let (_, body, _) = rest.send("POST", "/api/v1/security/login", Some(&login), &[]);
        body["access_token"].as_str().expect("the test users can sign in").clone_into(&mut rest.bearer);
        let (_, body, cookies) = rest.send("GET", "/api/v1/security/csrf_token/", None, &[]);
        rest.csrf = Some((body["result"].as_str().unwrap().to_owned(), cookies));
        rest
    }

    /// With an API key in the place of a session.
    pub fn with_key(url: &str, key: &str) -> Self {
        let mut rest = Self { base: url.to_owned(), bearer: key.to_owned(), csrf: None };
        let (status, body, cookies) = rest.send("GET", "/api/v1/security/csrf_token/", None, &[]);
        assert_eq!(status, 200, "{body}");
        rest.csrf = Some((body["result"].as_str().unwrap().to_owned(), cookies));
        rest
    }

    /// Done, or the test ends here.
    pub fn done(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer, _) = self.send(method, path, Some(body), &[]);
        assert!(matches!(status, 200 | 201), "{method} {path}: {status} {answer}");
        answer
    }

    pub fn get(&self, path: &str) -> (u16, Value) {
        let (status, answer, _) = self.send("GET", path, None, &[]);
        (status, answer)
    }

    pub fn delete(&self, path: &str) {
        let (status, answer, _) = self.send("DELETE", path, None, &[]);
        assert_eq!(status, 200, "{path}: {answer}");
    }

    /// A guest's token, for what a dashboard is named by.
    pub fn mint(&self, named: &str) -> String {
        let wanted = json!({"user": {"username": "guest"}, "rls": [],
            "resources": [{"type": "dashboard", "id": named}]});
        self.done("POST", "/api/v1/security/guest_token/", &wanted)["token"].as_str().unwrap().to_owned()
    }

    /// The status of a call with a guest's token alone.
    pub fn as_guest(&self, token: &str, method: &str, path: &str, body: Option<&Value>) -> u16 {
        let nobody = Self { base: self.base.clone(), bearer: String::new(), csrf: None };
        nobody.send(method, path, body, &[("X-GuestToken", token)]).0
    }

    /// Status, JSON, and the cookies that were set.
    fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> (u16, Value, String) {
        let host = self.base.strip_prefix("http://").expect("plain http on this computer");
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut lines = vec![
            format!("{method} {path} HTTP/1.0"),
            format!("Host: {host}"),
            "Accept: application/json".to_owned(),
        ];
        if !body.is_empty() {
            lines.push("Content-Type: application/json".to_owned());
            lines.push(format!("Content-Length: {}", body.len()));
        }
        if !self.bearer.is_empty() {
            lines.push(format!("Authorization: Bearer {}", self.bearer));
        }
        if let Some((token, cookies)) = &self.csrf {
            lines.push(format!("X-CSRFToken: {token}"));
            lines.push(format!("Cookie: {cookies}"));
            lines.push(format!("Referer: {}/", self.base));
        }
        lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
        let head = lines.join("\r\n");
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer of HTTP");
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let cookies = head.lines().filter_map(|line| line.strip_prefix("Set-Cookie: ")?.split(';').next());
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        (status, serde_json::from_str(body).unwrap_or_default(), cookies)
    }
}

/// Datasets, each with a chart of its own name.
pub struct Tables {
    _folder: TempDir,
    database: i64,
    pub datasets: Vec<(String, i32)>,
    charts: Vec<(String, i64)>,
}

impl Tables {
    /// Of a database that holds what this SQL makes.
    pub fn made(admin: &Rest, sql: &str, names: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data.db");
        fill(&file, sql);
        let uri = format!("sqlite:///{}", file.display());
        let name = folder.path().file_name().unwrap().to_string_lossy().into_owned();
        let database = json!({"database_name": name, "sqlalchemy_uri": uri});
        let database = admin.done("POST", "/api/v1/database/", &database)["id"].as_i64().unwrap();
        let mut tables = Self { _folder: folder, database, datasets: Vec::new(), charts: Vec::new() };
        for name in names {
            tables.add(admin, name);
        }
        tables
    }

    fn add(&mut self, admin: &Rest, name: &str) {
        let dataset = json!({"database": self.database, "schema": "main", "table_name": name});
        let id = admin.done("POST", "/api/v1/dataset/", &dataset)["id"].as_i64().unwrap();
        let params = json!({"viz_type": "table", "datasource": format!("{id}__table"), "query_mode": "raw",
            "all_columns": ["org"], "row_limit": 100});
        let chart = json!({"slice_name": name, "viz_type": "table", "datasource_id": id,
            "datasource_type": "table", "params": params.to_string()});
        let chart = admin.done("POST", "/api/v1/chart/", &chart)["id"].as_i64().unwrap();
        self.datasets.push((name.to_owned(), id.try_into().unwrap()));
        self.charts.push((name.to_owned(), chart));
    }

    pub fn dataset(&self, name: &str) -> i32 {
        self.datasets.iter().find(|(of, _)| of == name).unwrap().1
    }
}

/// A dashboard of all charts of some tables.
pub struct Dashboard {
    pub id: i32,
    /// What its embedding is known by.
    pub embedding: String,
}

impl Dashboard {
    /// Embedded for these sites, all of them where none is named.
    pub fn embedded(admin: &Rest, title: &str, tables: &Tables, sites: &[&str]) -> Self {
        let board = json!({"dashboard_title": title, "published": true});
        let id = admin.done("POST", "/api/v1/dashboard/", &board)["id"].as_i64().unwrap();
        let mut layout = json!({
            "DASHBOARD_VERSION_KEY": "v2",
            "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
            "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": ["ROW-1"], "parents": ["ROOT_ID"]},
            "ROW-1": {"type": "ROW", "id": "ROW-1", "children": [], "parents": ["ROOT_ID", "GRID_ID"],
                "meta": {"background": "BACKGROUND_TRANSPARENT"}},
        });
        for (name, chart) in &tables.charts {
            let place = format!("CHART-{chart}");
            layout["ROW-1"]["children"].as_array_mut().unwrap().push(json!(place));
            layout[&place] = json!({"type": "CHART", "id": place, "children": [],
                "parents": ["ROOT_ID", "GRID_ID", "ROW-1"],
                "meta": {"chartId": chart, "sliceName": name, "width": 4, "height": 50}});
            // A chart joins a dashboard by its own list; the layout only places it.
            admin.done("PUT", &format!("/api/v1/chart/{chart}"), &json!({"dashboards": [id]}));
        }
        let metadata = json!({"json_metadata": json!({"positions": layout}).to_string()});
        admin.done("PUT", &format!("/api/v1/dashboard/{id}"), &metadata);
        let sites = json!({"allowed_domains": sites});
        let made = admin.done("POST", &format!("/api/v1/dashboard/{id}/embedded"), &sites);
        let embedding = made["result"]["uuid"].as_str().unwrap().to_owned();
        Self { id: id.try_into().unwrap(), embedding }
    }
}

fn fill(file: &Path, sql: &str) {
    let program = "import sqlite3, sys\nsqlite3.connect(sys.argv[1]).executescript(sys.argv[2])";
    let filled = Command::new("python3").args(["-c", program]).arg(file).arg(sql).status().unwrap();
    assert!(filled.success());
}
